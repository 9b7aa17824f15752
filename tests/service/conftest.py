"""A running application over a real SQLite file, asked through its ASGI interface."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from kb.build import build
from rules.cases import load_cases
from rules.export_cases import case_quads
from rules.publish import rule_quads
from service.app import create_app
from service.settings import Settings
from service.shipped import Shipped, load_shipped
from service.sparql.process import QueryProcess, query_process
from service.sparql.wire import Limits

T = TypeVar("T")

DEMOLITION: dict[str, Any] = {
    "facts": {
        "task.kind": ["demolition"],
        "task.role": "responsible",
        "task.statutory_basis": False,
        "assigner.type": "sub-district-or-township",
        "community.type": "urban",
        "community.jurisdiction": "吉林省吉林市船营区",
    },
    "as_of": "2019-09-12",
}
"""Responsibility for demolition, put on a committee: 吉发〔2017〕36号 三（五） forbids it."""


class Client:
    """Asks an application whose event loop runs in a thread of its own."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        self.app = app
        self._portal = portal

    def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something on the application's event loop."""
        return self._portal.call(work)

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        return self._portal.call(lambda: self._send(method, url, options))

    async def _send(self, method: str, url: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        base = "http://localhost"
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.request(method, url, **options)

    def get(self, url: str, **options: Any) -> httpx.Response:
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> httpx.Response:
        return self.request("POST", url, **options)

    def decide(
        self, request: object, query: str = "", kind: str = "admissibility"
    ) -> httpx.Response:
        return self.post(
            f"/v1/decisions/{kind}{query}",
            content=json.dumps(request, ensure_ascii=False).encode(),
            headers={"content-type": "application/json"},
        )

    def stream(self, lines: list[object], query: str = "") -> list[Any]:
        """Send NDJSON; text lines go as they are."""
        body = "\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines)
        answer = self.post(
            f"/v1/decisions/admissibility{query}",
            content=body.encode(),
            headers={"content-type": "application/x-ndjson"},
        )
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        return [json.loads(line) for line in answer.text.splitlines()]


@contextmanager
def running(settings: Settings, shipped: Shipped) -> Iterator[Client]:
    """An application from start to end."""
    app = create_app(settings, lambda: shipped)
    with start_blocking_portal() as portal:
        lifespan: AbstractContextManager[Any] = portal.wrap_async_context_manager(
            app.router.lifespan_context(app)
        )
        with lifespan:
            yield Client(app, portal)


@pytest.fixture(scope="session")
def shipped() -> Shipped:
    """The real rulebook, built once."""
    return load_shipped()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose store is a file of this test."""
    return Settings(database_url=f"sqlite:///{tmp_path}/zhunru.db")


@pytest.fixture(scope="module")
def client(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An application for the tests of a module that leave nothing behind they could disturb."""
    file = tmp_path_factory.mktemp("store") / "zhunru.db"
    with running(Settings(database_url=f"sqlite:///{file}"), shipped) as found:
        yield found


@pytest.fixture(scope="session")
def built_graph(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real graph with the rules in it, built once."""
    folder = tmp_path_factory.mktemp("graph")
    told = [*rule_quads(shipped.rulebook, shipped.library), *case_quads(load_cases()[0])]
    build(folder, told, shipped.library)
    return folder / "graph.nq"


@pytest.fixture(scope="session")
def querying() -> Iterator[QueryProcess]:
    """A query process for the tests that do no harm to it."""
    with query_process(Limits(workers=2)) as process:
        yield process


@pytest.fixture(scope="module")
def asking(
    shipped: Shipped,
    built_graph: Path,
    querying: QueryProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Client]:
    """An application with a graph to ask."""
    settings = Settings(
        database_url=f"sqlite:///{tmp_path_factory.mktemp('store')}/zhunru.db",
        graph_path=built_graph,
        sparql_socket=querying.address,
        sparql_rows=20_000,
    )
    with running(settings, shipped) as found:
        yield found
