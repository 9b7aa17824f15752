"""The ground of a statement, read from the graph: premise by premise, down to what is stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from kb.explain import (
    Bindings,
    Statement,
    beside_query,
    bindings,
    cases_query,
    graphs_query,
    members_query,
    premises,
    size_query,
    steps_query,
    way,
    whole_path,
)
from kb.inference import InferenceRule, inference_rule_of, is_derived
from kb.patterns import Pattern
from service.sparql.asker import Asker
from service.sparql.terms import Table, Term
from service.why.asked import written

SHOWN: Final = 20
"""Members of a count that are shown, and cases of a rule that are tried."""
_QUERIES: Final = 400
_EVIDENCE: Final = Path(__file__).with_name("evidence.rq")

Row = Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that a statement rests on, with the provision and the instrument they stand in."""

    quote: str
    provision: str
    label: str
    sentence: str
    instrument: str
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A statement with its graphs ("" the unnamed one), and what it follows from or rests on.

    `size` is how many were counted, of which the premises show the first; `cut` where the premises
    are not followed further here.
    """

    statement: Statement
    graphs: tuple[str, ...]
    rule: InferenceRule | None = None
    case: Bindings = field(default_factory=dict)
    premises: tuple[Reason, ...] = ()
    size: int = 0
    shown: int = 0
    evidence: tuple[Evidence, ...] = ()
    cut: bool = False

    @property
    def derived(self) -> bool:
        """Whether no graph states it."""
        return all(is_derived(graph) for graph in self.graphs)


class Answering(Protocol):
    """What a reader asks of a graph: the first rows of an answer."""

    async def first(
        self, text: str, most: int, seconds: float = 0.0, asker: Asker | None = None
    ) -> Table:
        """May raise Failed."""


class Reader:
    """Reads grounds within so many queries. Every method may raise Failed."""

    def __init__(self, graph: Answering, asker: Asker) -> None:
        self._graph = graph
        self._asker = asker
        self._left = _QUERIES
        self._known: dict[Statement, Reason] = {}

    async def reason(self, statement: Statement, graph: str = "") -> Reason | None:
        """The ground of a statement, of the graph named where one is; None where it is not there.

        A statement that is there, yet of which no premises are found, comes without any.
        """
        graphs = (await self._graphs([statement])).get(statement, ())
        if graph:
            graphs = tuple(name for name in graphs if name == graph)
        if not graphs:
            return None
        return await self._explained(statement, graphs, frozenset()) or Reason(statement, graphs)

    async def near(self, statement: Statement) -> tuple[Statement, ...]:
        """The statements of the same subject and property, else of the same subject."""
        s, p, o = statement.subject, statement.predicate, statement.object
        for pattern in (f"{s} {p} ?o BIND({p} AS ?p)", f"{s} ?p {o} BIND({o} AS ?o)", f"{s} ?p ?o"):
            rows = await self._rows(f"SELECT DISTINCT ?p ?o {{ {pattern} }} ORDER BY ?p ?o", SHOWN)
            found = [Statement(s, written(r["p"]), written(r["o"])) for r in rows]
            if found:
                return tuple(found)
        return ()

    async def _explained(
        self, statement: Statement, graphs: Sequence[str], above: frozenset[Statement]
    ) -> Reason | None:
        """The ground; None where it could only be found in a circle."""
        if statement in self._known:
            return self._known[statement]
        reason = Reason(statement, tuple(graphs))
        if not reason.derived:
            reason = replace(reason, evidence=await self._evidence(statement))
        elif self._left <= 0:
            return replace(reason, rule=inference_rule_of(graphs[0]), cut=True)
        elif rule := inference_rule_of(graphs[0]):
            found = await self._follows(statement, rule, above | {statement})
            if found is None:
                return None
            reason = replace(found, graphs=tuple(graphs))
        self._known[statement] = reason
        return reason

    async def _follows(
        self, statement: Statement, rule: InferenceRule, above: frozenset[Statement]
    ) -> Reason | None:
        if rule.counts:
            return await self._counted(statement, rule, above)
        known = bindings(rule, statement)
        if paths := whole_path(rule, known):
            return await self._case(statement, rule, known, paths, above)
        cases = [
            {**known, **_terms(row)}
            for row in await self._rows(cases_query(rule, known, SHOWN), SHOWN)
        ]
        for case in await self._ranked(rule, cases):
            found = await self._case(statement, rule, case, premises(rule, case), above)
            if found is not None:
                return found
        return None

    async def _ranked(self, rule: InferenceRule, cases: Sequence[Bindings]) -> list[Bindings]:
        """The cases with the fewest derived premises first."""
        of = {n: _statements(premises(rule, case)) for n, case in enumerate(cases)}
        graphs = await self._graphs([s for found in of.values() for s in found])

        def rank(n: int) -> tuple[int, list[Statement]]:
            derived = [s for s in of[n] if all(map(is_derived, graphs.get(s, ())))]
            return len(derived), of[n]

        return [cases[n] for n in sorted(of, key=rank)]

    async def _case(
        self,
        statement: Statement,
        rule: InferenceRule,
        case: Bindings,
        patterns: Sequence[Pattern],
        above: frozenset[Statement],
    ) -> Reason | None:
        """What a rule gives in a case; None where a premise leads back to what it is to ground."""
        wanted: list[Statement] = []
        for pattern in patterns:
            wanted += await self._way(pattern, rule) if pattern.path else _statements([pattern])
        found = await self._all(wanted, above)
        return Reason(statement, (), rule, case, found) if found else None

    async def _way(self, path: Pattern, rule: InferenceRule) -> Sequence[Statement]:
        """The statements along a path, but for those that the rule itself has given."""
        rows = await self._rows(steps_query(path), 10_000)
        own = [r for r in rows if "graph" in r and r["graph"].text == rule.graph]
        steps = [r for r in rows if r not in own]
        return way(path, [(written(r["from"]), written(r["to"])) for r in steps])

    async def _all(
        self, statements: Sequence[Statement], above: frozenset[Statement]
    ) -> tuple[Reason, ...] | None:
        graphs = await self._graphs(statements)
        found: list[Reason] = []
        for statement in statements:
            if statement in above or statement not in graphs:
                return None
            reason = await self._explained(statement, graphs[statement], above)
            if reason is None:
                return None
            found.append(reason)
        return tuple(found) or None

    async def _counted(
        self, statement: Statement, rule: InferenceRule, above: frozenset[Statement]
    ) -> Reason | None:
        rows = await self._rows(beside_query(statement.subject, rule.graph), 100)
        beside = [Statement(statement.subject, written(r["p"]), written(r["o"])) for r in rows]
        known = bindings(rule, statement, beside)
        sizes = await self._rows(size_query(rule, known), 1)
        members = await self._rows(members_query(rule, known, SHOWN), SHOWN * 20)
        wanted: list[Statement] = []
        for row in members:
            wanted += _statements(premises(rule, {**known, **_terms(row)}))
        found = await self._all(list(dict.fromkeys(wanted)), above)
        shown = len({row[rule.counts] for row in members})
        size = int(sizes[0]["size"].text) if sizes else 0
        return Reason(statement, (), rule, known, found, size, shown) if found else None

    async def _evidence(self, statement: Statement) -> tuple[Evidence, ...]:
        subject = statement.subject
        if "/id/" not in subject:
            return ()  # what a term is named in tells of the word, not of what is said of it
        for name in dict.fromkeys((subject, subject.partition("#")[0].rstrip(">") + ">")):
            rows = await self._rows(_evidence_query().replace("?thing", name), SHOWN)
            found = [Evidence(**{n: _text(row, n) for n in _FIELDS}) for row in rows]
            # Of a rule that cites several provisions, the one it is said to rest on.
            said = [e for e in found if f"<{e.provision}>" == statement.object]
            if found:
                return tuple(said or found)
        return ()

    async def _graphs(self, statements: Sequence[Statement]) -> dict[Statement, tuple[str, ...]]:
        """The graphs of those statements that are there; what is stated comes before the rest."""
        asked = [s for s in dict.fromkeys(statements) if "_:" not in (s.subject[:2], s.object[:2])]
        if not asked:
            return {}
        found: dict[Statement, list[str]] = {}
        for row in await self._rows(graphs_query(asked), 20 * len(asked)):
            statement = Statement(*(written(row[name]) for name in ("s", "p", "o")))
            found.setdefault(statement, []).append(_text(row, "graph"))
        return {s: tuple(sorted(names, key=is_derived)) for s, names in found.items()}

    async def _rows(self, query: str, most: int) -> list[Row]:
        """Rows without those that have a blank node, which cannot be asked for again."""
        self._left -= 1
        table = await self._graph.first(query, most, asker=self._asker)
        rows = [
            {name: term for name, term in zip(table.names, row, strict=True) if term is not None}
            for row in table.rows
        ]
        return [row for row in rows if all(term.kind != "blank" for term in row.values())]


_FIELDS: Final = ("quote", "provision", "label", "sentence", "instrument", "number", "title")


@cache
def _evidence_query() -> str:
    return _EVIDENCE.read_text("utf-8")


def _statements(patterns: Sequence[Pattern]) -> list[Statement]:
    return [Statement(*pattern.terms) for pattern in patterns if not pattern.path]


def _terms(row: Row) -> dict[str, str]:
    return {name: written(term) for name, term in row.items() if name != "case_"}


def _text(row: Row, name: str) -> str:
    return row[name].text if name in row else ""
