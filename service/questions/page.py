"""The pages of questions: the index, and a question with its fields, its answer and its chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from kb.query import Query, queries
from service.questions.answer import Answer, answer_of
from service.questions.permalink import Compared, Then, address, compared
from service.sparql.asker import Asker
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.streaming import unless_gone
from service.sparql.wire import Failure
from service.web.language import language_of
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
class QuestionPage:
    """A question with what its fields hold, and what came of it.

    `permalink` is where the answer can be had again; `compared` is what became of the one that the
    address names. `values` is what the fields hold, as addresses say it.
    """

    asked: AskedQuestion
    answer: Answer | None
    failure: Failure | None
    permalink: str
    compared: Compared | None
    values: str
    shown: int = SHOWN


class QuestionPages:
    """Renders the pages."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def index(self, request: Request) -> Response:
        """Every question."""
        page = self._pages.render(request, "questions.html", QuestionsPage(queries()))
        page.headers["vary"] = "Accept, Cookie"
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
        answer, failure = None, None
        if asked.sound:
            try:
                language, show = language_of(request), asked.question.show
                work = answer_of(graph, asked.text, asker, language, show, SHOWN)
                # Who leaves the page stops the query.
                answer = await unless_gone(request.receive, work)
            except Failed as failed:
                failure = failed.failure
        values = {field.param.name: field.value for field in asked.fields}
        path = f"/q/{asked.question.name}"
        page = QuestionPage(
            asked=asked,
            answer=answer,
            failure=failure,
            permalink=address(path, values, answer.result) if answer else "",
            compared=compared(then, answer.result) if answer and then else None,
            values=urlencode(values),
        )
        status = 200 if asked.sound else 422
        if failure is not None:
            status = STATUS.get(failure.slug, 500)
        shown = self._pages.render(request, "question.html", page, status)
        shown.headers["vary"] = "Accept, Cookie"
        return shown
