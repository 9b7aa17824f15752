"""The composition root: the only place that reads settings and opens stores.

`create_app` describes the application; what it needs is opened when it starts and closed, in the
reverse order, when it ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from kb.library import Library
from service import problems
from service.api import (
    advice,
    decisions,
    description,
    docs,
    graph_store,
    health,
    lists,
    openapi,
    plans,
    queries,
    receipts,
    rulebook,
    search,
    sparql,
    terms,
    vocabulary,
)
from service.decision_service import DecisionService
from service.dumps import Dumps
from service.guard import Faults, Guard
from service.linked import routes as linked
from service.lists.keeping import Lists
from service.metrics import Metrics
from service.publishing import publish_release
from service.questions import kept as kept_results
from service.questions import queries as query_results
from service.questions import routes as questions
from service.questions.keeping import Keeping
from service.questions.terms import Terms
from service.receipts import Receipts
from service.revisions import Revisions
from service.settings import Settings
from service.shipped import Shipped, load_shipped
from service.sparql.asking import Graph
from service.sparql.decided import DecidedGraph
from service.sparql.describing import Counts
from service.sparql.examples import EndpointProjection
from service.sparql.knowing import Knowing
from service.sparql.opening import open_graph
from service.sparql.projection import ListsProjection, RulesProjection
from service.sparql.published import RevisionsProjection
from service.store.changes import look
from service.store.database import open_database
from service.store.kept import KeptStore
from service.store.lists import ListStore
from service.store.migrate import upgrade
from service.store.remote import RemoteWriter
from service.store.revisions import RevisionStore
from service.store.tokens import TokenStore
from service.store.writer import Receiver, Writer
from service.version import engine_version, version
from service.web import pages
from service.web.assets import load_assets
from service.web.templates import Pages
from service.why import routes as why

STATIC: Final = Path(__file__).with_name("static")


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers use; lives as long as the application runs."""

    deciding: DecisionService
    receipts: Receipts
    graph: Graph
    lists: Lists
    tokens: TokenStore
    keeping: Keeping


@contextmanager
def open_services(settings: Settings, shipped: Shipped, metrics: Metrics) -> Iterator[Services]:
    """Open the store, bring it up to date, publish the shipped rulebook where it is new."""
    with ExitStack() as opened:
        engine = open_database(settings.database_url)
        opened.callback(engine.dispose)
        upgrade(engine)
        store = RevisionStore(engine)
        opened.callback(store.close)
        revisions = Revisions(store, shipped.rulebook.vocabulary.places, settings.cached_revisions)
        publish_release(revisions, shipped.rulebook)
        writer: Receiver = (
            RemoteWriter(settings.writer_socket, settings.write_queue)
            if settings.writer_socket
            else Writer(engine, settings.write_queue)
        )
        opened.callback(writer.close)
        list_store = ListStore(engine)
        opened.callback(list_store.close)
        registered = Lists(list_store, shipped.register, shipped.rulebook.vocabulary)
        changes = look(engine)
        opened.callback(changes.close)
        deciding = DecisionService(
            settings, revisions, registered.register, changes, writer, metrics, engine_version()
        )
        opened.callback(deciding.close)

        def library() -> Library:
            return shipped.library

        graph = open_graph(
            settings,
            [
                RulesProjection(revisions.head, library),
                ListsProjection(registered.register, list_store.generation, library),
                RevisionsProjection(store, revisions.look),
                EndpointProjection(),
            ],
            DecidedGraph(engine, settings.sparql_decisions, settings.sparql_decisions_seconds),
            changes,
        )
        replays = Receipts(engine, revisions, shipped.register)
        keeping = Keeping(KeptStore(engine, settings.kept_results), settings.kept_bytes)
        yield Services(deciding, replays, graph, registered, TokenStore(engine), keeping)


class Application(FastAPI):
    """The framework's application, with the guard and two shortcuts before its own layers.

    A middleware would stand within the framework's: each costs every decision a little.
    """

    def __init__(self, guard: Callable[[ASGIApp], ASGIApp], **described: Any) -> None:
        super().__init__(**described)
        self._entry = guard(decisions.Shortcut(sparql.Shortcut(super().__call__)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        scope["app"] = self
        await self._entry(scope, receive, send)


def create_app(
    settings: Settings | None = None, load: Callable[[], Shipped] | None = None
) -> FastAPI:
    """The application; `load` brings the shipped content (tests bring their own)."""
    chosen = Settings() if settings is None else settings
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        shipped = load() if load else load_shipped(chosen.rulebook_path, chosen.graph_path.parent)
        with open_services(chosen, shipped, metrics) as services:
            app.state.service = services.deciding
            app.state.receipts = services.receipts
            app.state.shipped = shipped
            app.state.graph = services.graph
            app.state.counts = Counts(services.graph)
            app.state.terms = Terms(services.graph)
            app.state.knowing = Knowing(services.graph)
            folder = chosen.dumps_path or chosen.graph_path.with_name("dumps")
            app.state.dumps = Dumps(services.graph, folder)
            app.state.lists = services.lists
            app.state.tokens = services.tokens
            app.state.keeping = services.keeping
            # Loads while the first requests come, so that the first query need not wait.
            warming = asyncio.create_task(services.graph.warm())
            yield
            warming.cancel()
            await services.graph.close()

    app = Application(
        guard=partial(
            Guard, hosts=chosen.hosts, max_body_bytes=chosen.max_body_bytes, metrics=metrics
        ),
        title="Zhunru",
        summary="判定一项工作能否交由社区承担，并引用所依据的条款",
        version=version(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.metrics = metrics
    app.add_middleware(Faults)
    problems.install(app)
    app.router.routes.insert(0, decisions.route())
    asking = (sparql, advice, search, graph_store, description, queries, terms)
    for api in (receipts, vocabulary, rulebook, lists, plans, *asking, health, docs):
        app.include_router(api.router)
    shown = Pages(load_assets(STATIC / "dist"))
    app.include_router(pages.router(shown))
    for answers in (questions, query_results, kept_results):
        app.include_router(answers.router(shown))
    app.include_router(linked.router(shown))
    app.include_router(why.router(shown))
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
    openapi.describe(app)
    return app
