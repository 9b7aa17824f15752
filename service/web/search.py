"""The page that searches the texts: hits by instrument, the words marked, each led to its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import Response

from kb.instrument import Instrument
from kb.library import Library
from kb.search_texts import KINDS
from ontology.vocabulary import Vocabulary
from service.deps import LibraryDep, ServiceDep
from service.errors import QueryFailed
from service.search.answer import Answer, Result, answer
from service.search.asked import NAMES, Asked, Fault, read_asked
from service.sparql.asker import asker_of
from service.sparql.asking import Graph
from service.sparql.streaming import unless_gone
from service.web.language import language_of
from service.web.query import graph_of
from service.web.rulebook import place_name
from service.web.templates import Pages

_ADDRESS: Final = "/search"
_HEADING: Final = "heading"
EXAMPLES: Final = (
    "社区 清单",
    "证明 NOT 居住证明",
    "(牌子 OR 台账) AND 清理",
    "“权随责走、费随事转”",
    "三（五）",
    "社區減負",
)
"""What one may begin with; each finds something in the texts that are held."""


@dataclass(frozen=True, slots=True)
class Run:
    """Some characters of a snippet, marked where they are what was searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit with its snippet; `heading` tells that the words stand in a heading."""

    result: Result
    runs: tuple[Run, ...]
    heading: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one instrument, in the place of the best of them."""

    instrument: Instrument | None
    hits: tuple[ShownHit, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, how many hits it has, and the address of the page with it chosen."""

    value: str
    name: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A faulty search in three parts, the character at fault in the middle."""

    before: str
    at: str
    after: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The form, what is wrong with what it holds, and the hits.

    `given` is what the address holds, empty where it says nothing; `words` shows where the search
    itself is at fault.
    """

    given: dict[str, str]
    asked: Asked
    faults: tuple[Fault, ...]
    words: Said | None
    failed: QueryFailed | None
    answer: Answer | None
    groups: tuple[Group, ...]
    kinds: tuple[Choice, ...]
    instruments: tuple[Choice, ...]
    provinces: tuple[tuple[str, str], ...]
    library: Library
    next: str
    data: str
    sparql: str
    examples: tuple[tuple[str, str], ...]


class SearchDesk:
    """Handler of the page."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def page(
        self,
        request: Request,
        graph: Annotated[Graph, Depends(graph_of)],
        service: ServiceDep,
        library: LibraryDep,
    ) -> Response:
        """The empty form, or the hits of what it holds."""
        given = {name: request.query_params.get(name, "") for name in NAMES}
        asks = any(value.strip() for value in given.values())
        vocabulary = service.head().vocabulary
        asked, faults = read_asked(given, library, vocabulary.places)
        faults = faults if asks else ()
        found, failed = None, None
        if asks and not faults:
            try:
                asker = await asker_of(request, graph.allowance)
                # Who leaves the page stops the search.
                work = answer(graph, library, asked, language_of(request), asker)
                found = await unless_gone(request.receive, work)
            except QueryFailed as error:
                failed = error
        page = SearchPage(
            given=given,
            asked=asked,
            faults=faults,
            words=next((_said(given["q"], f) for f in faults if f.column), None),
            failed=failed,
            answer=found,
            groups=tuple(_groups(found)) if found else (),
            kinds=tuple(_kinds(found, given)) if found else (),
            instruments=tuple(_instruments(found, given)) if found else (),
            provinces=tuple(_provinces(library, vocabulary)),
            library=library,
            next=_address(given, cursor=found.next) if found and found.next else "",
            data=f"/v1{_address(given)}",
            sparql=_sparql(asked.words),
            examples=tuple((words, _address({}, q=words)) for words in EXAMPLES),
        )
        status = 422 if faults else 503 if failed else 200
        return self._pages.render(request, "search.html", page, status)


def _address(given: dict[str, str], **changed: str) -> str:
    """The page with something else chosen; what is empty is left out."""
    told = {**given, **changed}
    return f"{_ADDRESS}?{urlencode({k: v for k, v in told.items() if v})}"


def _said(words: str, fault: Fault) -> Said:
    at = fault.column - 1
    return Said(words[:at], words[at : at + 1] or "\N{OPEN BOX}", words[at + 1 :])


def _groups(found: Answer) -> Iterator[Group]:
    grouped: dict[str, list[Result]] = {}
    for result in found.results:
        key = result.instrument.key if result.instrument else ""
        grouped.setdefault(key, []).append(result)
    for results in grouped.values():
        yield Group(results[0].instrument, tuple(map(_shown, results)))


def _shown(result: Result) -> ShownHit:
    heading = result.hit.property.rpartition("#")[2] == _HEADING
    return ShownHit(result, tuple(_runs(result)), heading)


def _runs(result: Result) -> Iterator[Run]:
    text, marks = result.hit.snippet, result.hit.marks
    edges = sorted({0, len(text), *(edge for mark in marks for edge in mark)})
    for start, end in pairwise(edges):
        yield Run(text[start:end], any(s <= start and end <= e for s, e in marks))


def _kinds(found: Answer, given: dict[str, str]) -> Iterator[Choice]:
    for kind in KINDS:
        href = _address(given, kind=kind, cursor="")
        yield Choice(kind, kind, found.kinds[kind], href, kind == found.asked.kind)


def _instruments(found: Answer, given: dict[str, str]) -> Iterator[Choice]:
    chosen = found.asked.instrument
    for instrument, count in found.instruments:
        here = chosen is not None and chosen.key == instrument.key
        href = _address(given, instrument="" if here else instrument.key, cursor="")
        name = instrument.number or instrument.title
        yield Choice(instrument.key, name, count, href, here)


def _provinces(library: Library, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for code in sorted({i.jurisdiction[:2] for i in library.instruments if i.jurisdiction}):
        yield code, place_name(code, vocabulary)


def _sparql(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    text = f"""PREFIX zr: <https://zhunru.example/ns#>
SELECT ?provision ?label ?score ?snippet {{
  (?provision ?score ?snippet) zr:search "{escaped}" .
  ?provision a zr:Provision ; zr:label ?label .
}} ORDER BY DESC(?score)"""
    return f"/query?{urlencode({'query': text})}"
