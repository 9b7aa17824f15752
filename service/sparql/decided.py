"""Recent decisions as N-Quads, for the queries of those who may read receipts.

They are in no generation of the graph: a snapshot of them goes along with a query, and a worker has
it only while it answers such queries. So in the queries of others the graph does not exist. Of the
facts only codes of kinds of task are in it: nothing that could be of a person.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

import orjson
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import SQLAlchemyError

from kb.quads import DCT, RDFS, XSD, Graph, literal
from kb.void_graph import VOID
from ontology.ids import BASE, code_iri, decision_iri, graph_iri, mint, rule_iri
from service.sparql.graph_texts import graph_text
from service.store.tables import decisions

GRAPH: Final = graph_iri("decisions")
_READ: Final = 100


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Some decisions: the hash of their statements, and the file that holds these."""

    key: str
    file: IO[bytes]


@dataclass(frozen=True, slots=True)
class Row:
    """What is read of a recorded decision."""

    id: str
    kind: str
    decided_at: str
    as_of: str
    revision: str
    result: bytes


class DecidedGraph:
    """The latest decisions, at most `most` of them (0: none), read anew every `seconds` at most."""

    def __init__(self, engine: Engine, most: int, seconds: float) -> None:
        self._engine = engine
        self._most = most
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._lines: dict[str, tuple[str, ...]] = {}
        self._ids: tuple[str, ...] | None = None
        self._held: Snapshot | None = None
        self._read: float | None = None

    async def snapshot(self) -> Snapshot | None:
        """The decisions as of the last look; None where there are none, or none can be read."""
        if self._most and self._old():
            async with self._lock:
                if self._old():
                    self._held = await asyncio.to_thread(self._look)
                    self._read = time.monotonic()
        return self._held

    def _old(self) -> bool:
        return self._read is None or time.monotonic() - self._read > self._seconds

    def _look(self) -> Snapshot | None:
        try:
            ids = self._latest()
            if ids != self._ids:
                fresh = [one for one in ids if one not in self._lines]
                for row in self._rows(fresh):
                    self._lines[row.id] = tuple(decision_quads(row))
                self._lines = {one: self._lines[one] for one in ids if one in self._lines}
                self._ids = ids
                return self._written() if ids else None
        except SQLAlchemyError:
            return self._held  # what was read before goes on; receipts themselves tell the failure
        return self._held

    def _latest(self) -> tuple[str, ...]:
        # No index leads to the latest; SQLite has its rows in the order they were written in.
        sqlite = self._engine.dialect.name == "sqlite"
        order = text("rowid DESC") if sqlite else decisions.c.decided_at.desc()
        query = select(decisions.c.id).order_by(order).limit(self._most)
        with self._engine.connect() as connection:
            return tuple(connection.execute(query).scalars())

    def _rows(self, ids: Sequence[str]) -> Iterator[Row]:
        columns = [decisions.c[name] for name in Row.__slots__]
        for at in range(0, len(ids), _READ):
            query = select(*columns).where(decisions.c.id.in_(ids[at : at + _READ]))
            with self._engine.connect() as connection:
                yield from (Row(*row) for row in connection.execute(query))

    def _written(self) -> Snapshot:
        lines = [*self._described(), *(line for own in self._lines.values() for line in own)]
        data = "".join(f"{line}\n" for line in sorted(set(lines))).encode()
        file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as somebody may ask with it
        file.write(data)
        file.flush()
        return Snapshot(hashlib.sha256(data).hexdigest(), file)

    def _described(self) -> Iterator[str]:
        """What the graph says of itself: how much of what there is, and how fresh."""
        out = Graph(GRAPH)
        yield from out.type(GRAPH, VOID + "Dataset")
        yield from out.label(GRAPH, RDFS + "label", graph_text("decisions"))
        said = graph_text(
            "decisions-description", most=f"{self._most:,}", seconds=f"{self._seconds:g}"
        )
        yield from out.label(GRAPH, DCT + "description", said)
        yield out.number(GRAPH, VOID + "entities", len(self._lines))


def decision_quads(row: Row) -> Iterator[str]:
    """What is told of one decision."""
    out = Graph(GRAPH)
    iri = decision_iri(row.id)
    result: dict[str, Any] = orjson.loads(row.result)
    yield from out.type(iri, "Decision")
    yield out.line(iri, "decidedAt", literal(row.decided_at, datatype=XSD + "dateTime"))
    yield out.line(iri, "asOf", literal(row.as_of, datatype=XSD + "date"))
    yield out.link(iri, "decidedKind", mint("decision-kind", row.kind))
    yield out.link(iri, "decidedUnder", mint("revision", row.revision))
    yield out.link(iri, "verdict", code_iri("verdicts", result["verdict"]))
    if result.get("reason"):
        yield out.line(iri, "verdictReason", literal(result["reason"]))
    for part in [result, *result.get("items", ())]:
        for code in _codes(part.get("facts", {}).get("task.kind", ())):
            yield out.link(iri, "taskKind", code_iri("task-kinds", code))
        for finding in part.get("findings", ()):
            if finding["status"] == "holds":
                yield out.link(iri, "ruleHeld", rule_iri(finding["rule"]))
                for cited in _cited(finding["citations"]):
                    yield out.link(iri, "decidedBy", cited)


def _codes(value: object) -> Iterable[str]:
    return [code for code in value if isinstance(code, str)] if isinstance(value, list) else ()


def _cited(citations: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The IRIs of what is cited, and of the texts that hand it down."""
    for citation in citations:
        if str(citation.get("iri", "")).startswith(BASE):
            yield citation["iri"]
        if citation.get("quoted_in"):
            yield from _cited([citation["quoted_in"]])
