"""The pages of kept results: what is kept, and one of them with how it is cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from kb.query import queries
from kb.query_show import Chart
from service.questions.answer import Answer
from service.questions.answering import VARY
from service.questions.document import Document
from service.questions.page import SHOWN
from service.questions.permalink import address
from service.store.kept import Kept
from service.web.language import language_of
from service.web.templates import Pages


@dataclass(frozen=True, slots=True)
class KeptIndex:
    """What is kept; `next` leads on, empty on the last page."""

    kept: tuple[Kept, ...]
    next: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A kept result; `again` asks anew and compares, `chart` is that of its question."""

    kept: Kept
    answer: Answer
    chart: Chart | None
    again: str
    url: str
    shown: int = SHOWN


class KeptPages:
    """Renders the pages."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def index(self, request: Request, kept: Sequence[Kept], following: str) -> Response:
        """What is kept."""
        page = KeptIndex(tuple(kept), f"/kept?before={following}" if following else "")
        shown = self._pages.render(request, "kept-results.html", page)
        shown.headers["vary"] = VARY
        return shown

    def one(self, request: Request, kept: Kept, document: Document, origin: str) -> Response:
        """One of them."""
        page = KeptPage(
            kept,
            document.answer(language_of(request), SHOWN),
            _chart(document),
            permalink(document),
            f"{origin}/kept/{kept.hash}",
        )
        shown = self._pages.render(request, "kept-result.html", page)
        shown.headers["vary"] = VARY
        return shown


def permalink(document: Document) -> str:
    """Where what was kept is asked anew, and compared."""
    asked = document.asked
    known = any(question.name == asked.question for question in queries())
    if asked.question and known:
        return address(f"/q/{asked.question}", dict(asked.parameters), document.result)
    return address("/result", {"query": document.result.text}, document.result)


def _chart(document: Document) -> Chart | None:
    asked = document.asked.question
    chart = next((q.show.chart for q in queries() if q.name == asked), None)
    fits = chart is not None and set(chart.columns) <= set(document.result.table.names)
    return chart if fits else None
