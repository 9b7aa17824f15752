"""The analysts' workbench: an editor that completes names, and the answer in several views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import Response

from kb.query import Query as Question
from kb.query import queries
from service.sparql.prefixes import load_prefixes
from service.sparql.protocol import MAX_BYTES
from service.web.templates import Pages

SHOWN: Final = 2000
"""Rows that the page loads; what is taken away is whole."""

_FIRST: Final = """
SELECT ?instrument ?title ?number WHERE {
  ?instrument a zr:Instrument ; eli:title ?title .
  OPTIONAL { ?instrument zr:documentNumber ?number }
} ORDER BY ?number
"""


@dataclass(frozen=True, slots=True)
class WorkbenchPage:
    """The query to begin with, whether it runs at once, and the questions to take from."""

    query: str
    runs: bool
    questions: tuple[Question, ...]
    prefixes: dict[str, str]
    shown: int = SHOWN


class WorkbenchDesk:
    """Handler of the page."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def page(
        self, request: Request, query: Annotated[str, Query(max_length=MAX_BYTES)] = ""
    ) -> Response:
        """The workbench, with the query of the address in it or one to begin with."""
        prefixes = load_prefixes()
        used = (f"PREFIX {name}: <{prefixes[name]}>" for name in ("eli", "zr"))
        page = WorkbenchPage(
            query=query or "\n".join(used) + _FIRST,
            runs=bool(query.strip()),
            questions=queries(),
            prefixes=prefixes,
        )
        return self._pages.render(request, "workbench.html", page)
