"""The pages of questions and queries: what was asked, its answer, its chart, and how to keep it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kb.query import Query, queries
from kb.query_show import Show
from service.questions.answer import PLAIN, Answer, answer_of
from service.questions.answering import VARY
from service.questions.keeping import Keeping
from service.questions.permalink import Compared, Then, address, compared
from service.sparql.asker import Asker
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.streaming import unless_gone
from service.sparql.wire import Failure
from service.store.kept import Kept
from service.web.language import language_of
from service.web.login import Writer, writer_of
from service.web.query_fields import AskedQuestion
from service.web.templates import Pages

SHOWN: Final = 500
"""Rows that a page shows; all are in the files it leads to."""

STATUS: Final = {
    "bad-query": 400,
    "read-only": 400,
    "query-refused": 403,
    "query-too-large": 422,
    "query-busy": 429,
    "no-graph": 503,
    "query-deadline": 504,
}


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """The index."""

    questions: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a query, or why nothing did.

    `permalink` is where it can be had again; `compared` is what became of the result that the
    address names, `kept` that very result where it was kept.
    """

    text: str
    answer: Answer | None
    failure: Failure | None
    permalink: str
    compared: Compared | None
    kept: Kept | None
    shown: int = SHOWN

    @property
    def status(self) -> int:
        """The status of the page."""
        return STATUS.get(self.failure.slug, 500) if self.failure else 200


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A question with what its fields hold; `values` is that as addresses say it."""

    asked: AskedQuestion
    found: Found | None
    values: str
    writer: Writer | None


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A query."""

    found: Found
    writer: Writer | None


class QuestionPages:
    """Renders the pages of questions."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def index(self, request: Request) -> Response:
        """Every question."""
        page = self._pages.render(request, "questions.html", QuestionsPage(queries()))
        page.headers["vary"] = VARY
        return page

    async def one(
        self,
        request: Request,
        graph: Graph,
        asker: Asker,
        asked: AskedQuestion,
        then: Then | None,
    ) -> Response:
        """A question, with its answer where its fields hold nothing that is wrong."""
        values = {field.param.name: field.value for field in asked.fields}
        found = None
        if asked.sound:
            text, show, path = asked.text, asked.question.show, f"/q/{asked.question.name}"
            found = await found_of(request, graph, asker, text, show, then, path, values)
        writer = await run_in_threadpool(writer_of, request, "analyst")
        page = QuestionPage(asked, found, urlencode(values), writer)
        status = found.status if found else 422
        shown = self._pages.render(request, "question.html", page, status)
        shown.headers["vary"] = VARY
        return shown


class ResultPages:
    """Renders the pages of queries."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def one(
        self, request: Request, graph: Graph, asker: Asker, text: str, then: Then | None
    ) -> Response:
        """A query with its result."""
        asked = {"query": text}
        found = await found_of(request, graph, asker, text, PLAIN, then, "/result", asked)
        writer = await run_in_threadpool(writer_of, request, "analyst")
        page = ResultPage(found, writer)
        shown = self._pages.render(request, "result-of-query.html", page, found.status)
        shown.headers["vary"] = VARY
        return shown


async def found_of(
    request: Request,
    graph: Graph,
    asker: Asker,
    text: str,
    show: Show,
    then: Then | None,
    path: str,
    values: dict[str, str],
) -> Found:
    """What comes of a query, for a page. Whoever leaves the page stops it."""
    try:
        work = answer_of(graph, text, asker, language_of(request), show, SHOWN)
        answer = await unless_gone(request.receive, work)
    except Failed as failed:
        return Found(text, None, failed.failure, "", None, None)
    if answer is None or answer.result.cut:
        return Found(text, answer, None, "", None, None)
    keeping: Keeping = request.app.state.keeping
    kept = await run_in_threadpool(keeping.store.of_result, then.sha256, text) if then else None
    return Found(
        text=text,
        answer=answer,
        failure=None,
        permalink=address(path, values, answer.result),
        compared=compared(then, answer.result) if then else None,
        kept=kept,
    )
