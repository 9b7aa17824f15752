"""The answer to a search: hits of the query process, each with where it is read."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kb.instrument import Instrument
from kb.library import Library
from kb.search_index import After
from kb.search_texts import KINDS, Kind
from service.linked.labels import labels
from service.linked.naming import in_query, page_of
from service.search.asked import Asked, cursor, graph_of
from service.sparql.asker import Asker
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.finding import Find, FoundHit, asking, found
from service.sparql.streaming import told
from service.sparql.wire import Query
from service.web.language import Language
from service.web.links import provision_href

# The provision of a hit, and what it is called; by the kind of the hit.
_PROVISIONS: Final[Mapping[Kind, str]] = {
    "provision": "BIND(?s AS ?p)",
    "sentence": "?p zr:hasSentence ?s",
    "norm": "?s zr:inProvision ?p",
}
_CONTEXT: Final = """
PREFIX zr: <https://zhunru.example/ns#>
SELECT ?s ?p ?label { VALUES ?s { %s } %s OPTIONAL { ?p zr:label ?label } }
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """The provision that a hit is in."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Result:
    """A hit: the instrument and provision that it is in, where there are such, and its page.

    `name` is what a thing of the kind label is called.
    """

    hit: FoundHit
    kind: Kind
    href: str
    instrument: Instrument | None
    provision: Seat | None
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of hits.

    `kinds` counts hits by kind within the instruments that were asked for; `instruments` counts
    those of the kind by instrument, within the province alone. `next` is the cursor of the page
    after this one, empty where there is none.
    """

    asked: Asked
    results: tuple[Result, ...]
    kinds: Mapping[Kind, int]
    instruments: tuple[tuple[Instrument, int], ...]
    next: str
    generation: str

    @property
    def total(self) -> int:
        """All hits of the kind that was asked for."""
        return self.kinds[self.asked.kind]


async def answer(
    graph: Graph, library: Library, asked: Asked, language: Language, asker: Asker
) -> Answer:
    """Ask the query process, under the limits of who asks. Raises QueryFailed."""
    since = time.monotonic()
    try:
        return await _answer(graph, library, asked, language, asker)
    except Failed as failed:
        raise told(failed.failure, since) from None


async def _answer(
    graph: Graph, library: Library, asked: Asked, language: Language, asker: Asker
) -> Answer:
    chosen = asked.instruments(library)
    graphs = None if chosen is None else tuple(map(graph_of, chosen))
    wanted = Find(asked.words, asked.kind, graphs, asked.limit + 1, asked.after)
    loaded = await graph.current()
    _, body = await graph.fetch(asker.within(Query("", find=asking(wanted))))
    told_of = found(body)
    hits = told_of.hits[: asked.limit]
    more = len(told_of.hits) > asked.limit
    results = await _results(graph, library, asked.kind, hits, language)
    kinds = {
        kind: sum(n for iri, n in told_of.census[kind].items() if graphs is None or iri in graphs)
        for kind in KINDS
    }
    counted = told_of.census[asked.kind]
    beside = Asked(asked.words, province=asked.province).instruments(library)
    by_instrument = (
        (i, counted.get(graph_of(i), 0))
        for i in (library.instruments if beside is None else beside)
    )
    return Answer(
        asked,
        results,
        kinds,
        tuple(sorted((each for each in by_instrument if each[1]), key=lambda each: -each[1])),
        cursor(After(hits[-1].score, hits[-1].subject, hits[-1].graph)) if more else "",
        loaded.generation[:32],
    )


async def _results(
    graph: Graph, library: Library, kind: Kind, hits: tuple[FoundHit, ...], language: Language
) -> tuple[Result, ...]:
    subjects = [hit.subject for hit in hits]
    names = await labels(graph, subjects, language) if kind == "label" else {}
    seats = await _seats(graph, kind, subjects)
    instruments = {graph_of(i): i for i in library.instruments}
    return tuple(
        Result(
            hit,
            kind,
            _href(hit, kind),
            instruments.get(hit.graph),
            seats.get(hit.subject),
            names.get(hit.subject, ""),
        )
        for hit in hits
    )


async def _seats(graph: Graph, kind: Kind, subjects: list[str]) -> dict[str, Seat]:
    named = [name for iri in dict.fromkeys(subjects) if (name := in_query(iri))]
    if kind not in _PROVISIONS or not named:
        return {}
    text = _CONTEXT % (" ".join(named), _PROVISIONS[kind])
    seats: dict[str, Seat] = {}
    for subject, provision, label in (await graph.first(text, 10 * len(named))).rows:
        if subject and provision:
            seats.setdefault(subject.text, Seat(provision.text, label.text if label else ""))
    return seats


def _href(hit: FoundHit, kind: Kind) -> str:
    """The page of a hit; of a text, with the longest of the words marked that were found in it."""
    start, end = max(hit.marks, key=lambda mark: mark[1] - mark[0], default=(0, 0))
    marked = provision_href(hit.subject, hit.snippet[start:end])
    return marked if kind in ("provision", "sentence") and marked else page_of(hit.subject)
