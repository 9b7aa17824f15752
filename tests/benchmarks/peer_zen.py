"""GoRules ZEN through zen-engine: a decision graph whose node tells 0, 1 or 2 for each bit.

0 is false, 1 possibly, 2 certainly true. The graph is loaded by the engine's own static loader,
which keeps it compiled; `create_decision` would prepare it anew for every question. Unknown is 0.

Three encodings are timed. *Table*: a decision table of hit policy `collect`, a row a conjunction
and mask: the engine's own form of rules. *Expressions*: an expression a bit, each under its name.
*List*: one expression for all bits, whose result is one list. The last is the fastest that the
engine can do, though it holds one formula and no rules any more: no rule can be added, found or
traced in it. It is the counterpart of our generated function, in the engine's language; the
language alone, without the engine, is timed beside it. The bar is against the faster of the forms
that hold rules, a row or an expression each; all four stand in the table of results.

Tried, on the practice cases, microseconds a question: `create_decision` with an expression a bit
and mask 450, as a list 270 (of which 79 for an empty graph); by the static loader table 69,
expressions 40, list 22 (for an empty graph 6); a JavaScript function node 2360. Long tests as `in`
or as equalities make no difference, nor does the context as bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import zen

from rules.state import State
from tests.benchmarks.coding import Atom, Coding, Masks, Tree, infix
from tests.benchmarks.rounds import Contender

TABLE, EXPRESSIONS, LIST, LANGUAGE = (
    "zen-engine, decision table",
    "zen-engine, an expression a bit",
    "zen-engine, one expression",
    "zen expression without the engine",
)


def contenders(coding: Coding, states: Sequence[State]) -> list[Contender]:
    """The encodings, the most rule-like first."""
    facts = [coding.facts(state) for state in states]
    return [
        Contender(TABLE, _Table(coding), facts),
        Contender(EXPRESSIONS, _Expressions(coding), facts),
        Contender(LIST, _List(coding), facts),
        Contender(LANGUAGE, _Language(coding), facts),
    ]


class _Table:
    def __init__(self, coding: Coding) -> None:
        self._always = coding.always
        self._made_true: list[tuple[bool, int]] = []
        rows: list[dict[str, str]] = []
        for certain in (True, False):
            for atoms, bits in coding.alternatives:
                cells: dict[str, list[str]] = {name: [] for name in coding.names}
                for atom in atoms:
                    cells[atom.name].append(_test(atom, certain, "$"))
                number = str(len(rows))
                row = {name: " and ".join(tests) for name, tests in cells.items()}
                rows.append({"_id": number, "row": number, **row})
                self._made_true.append((certain, bits))
        columns = [{"id": name, "name": name, "field": name} for name in coding.names]
        output = [{"id": "row", "name": "row", "field": "row"}]
        content = {"hitPolicy": "collect", "inputs": columns, "outputs": output, "rules": rows}
        self._engine = _engine("decisionTableNode", content)

    def __call__(self, facts: dict[str, int]) -> Masks:
        certain = possible = self._always
        for hit in self._engine.evaluate("rules", facts)["result"]:
            certainly, bits = self._made_true[int(hit["row"])]
            if certainly:
                certain |= bits
            else:
                possible |= bits
        return certain, possible


class _Expressions:
    def __init__(self, coding: Coding) -> None:
        self._always = coding.always
        self._bits = [(f"b{bit}", 1 << bit) for bit, _ in coding.trees]
        expressions = [
            {"id": f"b{bit}", "key": f"b{bit}", "value": _kleene(tree)}
            for bit, tree in coding.trees
        ]
        self._engine = _engine("expressionNode", {"expressions": expressions})

    def __call__(self, facts: dict[str, int]) -> Masks:
        result = self._engine.evaluate("rules", facts)["result"]
        certain = possible = self._always
        for name, bit in self._bits:
            value = result[name]
            if value:
                possible |= bit
                if value == 2:
                    certain |= bit
        return certain, possible


class _List:
    def __init__(self, coding: Coding) -> None:
        self._always = coding.always
        self._bits = [1 << bit for bit, _ in coding.trees]
        expressions = [{"id": "bits", "key": "bits", "value": _all_bits(coding)}]
        self._engine = _engine("expressionNode", {"expressions": expressions})

    def __call__(self, facts: dict[str, int]) -> Masks:
        values = self._engine.evaluate("rules", facts)["result"]["bits"]
        return _masks(self._always, self._bits, values)


class _Language:
    def __init__(self, coding: Coding) -> None:
        self._always = coding.always
        self._bits = [1 << bit for bit, _ in coding.trees]
        self._expression = zen.compile_expression(_all_bits(coding))

    def __call__(self, facts: dict[str, int]) -> Masks:
        return _masks(self._always, self._bits, self._expression.evaluate(facts))


def _masks(always: int, bits: Sequence[int], values: Sequence[int]) -> Masks:
    certain = possible = always
    for bit, value in zip(bits, values, strict=True):
        if value:
            possible |= bit
            if value == 2:
                certain |= bit
    return certain, possible


def _all_bits(coding: Coding) -> str:
    return "[" + ", ".join(_kleene(tree) for _, tree in coding.trees) + "]"


def _kleene(tree: Tree) -> str:
    possibly = infix(tree, "and", "or", lambda atom: _test(atom, False, atom.name))
    certainly = infix(tree, "and", "or", lambda atom: _test(atom, True, atom.name))
    return f"({possibly} ? ({certainly} ? 2 : 1) : 0)"


def _test(atom: Atom, certain: bool, name: str) -> str:
    passing, failing = atom.values(certain)
    if len(failing) < len(passing):
        return f"{name} != {failing[0]}" if len(failing) == 1 else f"{name} not in {list(failing)}"
    return f"{name} == {passing[0]}" if len(passing) == 1 else f"{name} in {list(passing)}"


def _engine(kind: str, content: dict[str, Any]) -> Any:
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": place},
        {"id": "node", "name": "node", "type": kind, "position": place, "content": content},
        {"id": "out", "name": "out", "type": "outputNode", "position": place},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "node", "type": "edge"},
        {"id": "2", "sourceId": "node", "targetId": "out", "type": "edge"},
    ]
    graph = {"nodes": nodes, "edges": edges}
    return zen.ZenEngine({"loader": {"type": "static", "content": {"rules": graph}}})
