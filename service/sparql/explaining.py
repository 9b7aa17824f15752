"""A query explained by running it: time, size, the graphs its patterns are matched in, advice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ontology.label import Label
from service.sparql.advice.advising import Advice
from service.sparql.advice.reading import read_tree
from service.sparql.asking import Graph, query_id
from service.sparql.client import Failed
from service.sparql.knowing import Knowing
from service.sparql.rows import counter
from service.sparql.terms import Table, read_table
from service.sparql.text import Refused, read, tokens
from service.sparql.tracing import Pattern, Trace, trace
from service.sparql.wire import Query

WHOLE: Final = "whole"
_FIRST: Final = "text/tab-separated-values, application/n-triples"
_ALL: Final = "application/sparql-results+json, application/n-triples"
# What a query may end with and still be explained; any other failure is told as it is.
_ENDS: Final = ("query-deadline", "query-too-large", "query-ended")
_MOST_COMBINED: Final = 5000
_LEAST_SECONDS: Final = 0.05
_TEXTS: Final = Path(__file__).with_name("explaining.json")


@dataclass(frozen=True, slots=True)
class Traced:
    """A pattern with the graphs it is matched in, sorted."""

    pattern: Pattern
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What running a query showed.

    `ended` is `whole`, or the slug of the limit that it met; `detail` says which. `first` and `all`
    are seconds until the first rows or statements have come (the engine hands over some kilobytes
    at a time) and until the last one has, None where that was not reached. `rows` counts what came,
    statements too, and `bytes` what it takes as JSON or N-Triples. `patterns` is None where their
    graphs could not be told, for the reason `untold`.
    """

    ended: str
    detail: str
    first: float | None
    all: float | None
    rows: int
    bytes: int
    generation: str | None
    patterns: tuple[Traced, ...] | None
    untold: Label | None
    advice: tuple[Advice, ...]

    @property
    def graphs(self) -> dict[str, int]:
        """The graphs touched, with how many patterns are matched in each, most first."""
        count: dict[str, int] = {}
        for traced in self.patterns or ():
            for graph in traced.graphs:
                count[graph] = count.get(graph, 0) + 1
        return dict(sorted(count.items(), key=lambda each: (-each[1], each[0])))

    @property
    def ways(self) -> list[str]:
        """In what ways the graphs of the patterns were asked."""
        return sorted({traced.pattern.how for traced in self.patterns or ()})

    @property
    def told(self) -> list[Label]:
        """What these ways are."""
        return [said(how) for how in self.ways]

    @property
    def plan(self) -> Label:
        """Why there is no plan."""
        return said("plan")

    def to_json(self) -> dict[str, Any]:
        """The explanation as it leaves the service."""
        return {
            "ended": self.ended,
            "detail": self.detail or None,
            "seconds": {"first": self.first, "all": self.all},
            "rows": self.rows,
            "bytes": self.bytes,
            "generation": self.generation,
            "graphs": None if self.patterns is None else _graphs(self.graphs),
            "patterns": None if self.patterns is None else list(map(_traced, self.patterns)),
            "how": {how: said(how).to_json() for how in self.ways},
            "untold": self.untold and self.untold.to_json(),
            "plan": None,
            "plan_reason": self.plan.to_json(),
            "advice": [each.to_json() for each in self.advice],
        }


def said(name: str) -> Label:
    """A text of explanations."""
    return Label.from_json(_texts()[name])


async def explain(graph: Graph, knowing: Knowing, query: Query) -> Explanation:
    """Run a query under its limits, three times at most, all within its deadline.

    First until there is a row, then to its end, then for the graphs of its patterns. Raises Failed
    where it cannot be run.
    """
    advice = await knowing.advice(query.text)
    ends = time.monotonic() + query.seconds
    left = _left(ends)
    loaded = await graph.current()
    ended, detail = WHOLE, ""
    first = whole = None
    size = _Size()
    try:
        since = time.monotonic()
        await graph.fetch(_again(query, left(), accept=_FIRST, first=1))
        first = time.monotonic() - since
        since = time.monotonic()
        await _run(graph, _again(query, left(), accept=_ALL), size)
        whole = time.monotonic() - since
    except Failed as failed:
        if failed.failure.slug not in _ENDS:
            raise
        ended, detail = failed.failure.slug, failed.failure.detail
    patterns, untold = await _patterns(graph, query, left)
    return Explanation(
        ended,
        detail,
        first and round(first, 6),
        whole and round(whole, 6),
        size.rows,
        size.bytes,
        loaded.generation if graph.tells_generation else None,
        patterns,
        untold,
        advice,
    )


@dataclass(slots=True)
class _Size:
    rows: int = 0
    bytes: int = 0


async def _run(graph: Graph, query: Query, size: _Size) -> None:
    """Have all of an answer come, and count it."""
    async with graph.ask(query) as (start, stream):
        rows = counter("json") if start.extension == "json" else None
        async for piece in stream.pieces():
            size.bytes += len(piece)
            size.rows = rows(piece) if rows else size.rows + piece.count(b"\n")


async def _patterns(
    graph: Graph, query: Query, left: Callable[[], float]
) -> tuple[tuple[Traced, ...] | None, Label | None]:
    found = tokens(query.text)
    reading = read(query.text)
    default, named = query.default, query.named
    if default is None and (reading.default or reading.named):
        default = tuple(iri for iri, _ in reading.default)
        named = tuple(iri for iri, _ in reading.named)
    chosen = default is not None or named is not None
    try:
        traced = trace(query.text, found, read_tree(found), alone=chosen)
    except Refused:
        return None, said("graphs-unread")
    if chosen:  # GRAPH is to range over all that the query is asked of
        default = default or ()
        named = tuple(dict.fromkeys((*default, *(named or ()))))
    ask = query._replace(accept=_FIRST, format="", default=default, named=named)
    try:
        return await _told(graph, ask, traced, left), None
    except Failed:
        return None, said("graphs-late")


async def _told(
    graph: Graph, ask: Query, traced: Trace, left: Callable[[], float]
) -> tuple[Traced, ...]:
    by_variable: dict[str, set[str]] = {}
    by_number: dict[int, set[str]] = {}
    if traced.joined:
        table = await _table(graph, _again(ask._replace(text=traced.joined), left()))
        for row in table.rows:
            for name, term in zip(table.names, row, strict=True):
                if term is not None:
                    by_variable.setdefault(name, set()).add(term.text)
    if traced.single:
        table = await _table(graph, _again(ask._replace(text=traced.single), left()))
        for number, term in table.rows:
            if number is not None and term is not None:
                by_number.setdefault(int(number.text), set()).add(term.text)
    return tuple(
        Traced(pattern, tuple(sorted(_of(pattern, n, by_variable, by_number))))
        for n, pattern in enumerate(traced.patterns)
    )


def _of(
    pattern: Pattern,
    number: int,
    by_variable: Mapping[str, set[str]],
    by_number: Mapping[int, set[str]],
) -> set[str]:
    if pattern.given:
        return {pattern.given}
    return by_variable.get(pattern.variable) or by_number.get(number) or set()


async def _table(graph: Graph, query: Query) -> Table:
    start, body = await graph.fetch(query._replace(first=_MOST_COMBINED))
    return read_table(start.extension, body.decode(), _MOST_COMBINED)


def _again(query: Query, seconds: float, **changed: Any) -> Query:
    """The query once more, under an id of its own."""
    return query._replace(id=query_id(), known=(), head=False, seconds=seconds, **changed)


def _left(ends: float) -> Callable[[], float]:
    """Tells the seconds until a time; there are always some, so that a limit is told as one."""
    return lambda: max(round(ends - time.monotonic(), 2), _LEAST_SECONDS)


def _graphs(found: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"graph": graph, "patterns": count} for graph, count in found.items()]


def _traced(each: Traced) -> dict[str, Any]:
    pattern = each.pattern
    return {
        "pattern": pattern.text,
        "line": pattern.line,
        "column": pattern.column,
        "graphs": list(each.graphs),
        "how": pattern.how,
    }


@cache
def _texts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_TEXTS.read_text("utf-8"))
    return found
