"""Cedar through cedarpy: one policy a bit and mask, the facts as the context of a request.

Policies and (no) entities are parsed once. A policy permits where its condition holds; which ones
did is read from the diagnostics. Unknown is 0, so no condition asks whether a member is there;
principal, action and resource are given in the form that needs no parsing.

Tried, on the practice cases, microseconds a question: with `has` for unknown facts 247, unknown as
0 241, sets (`[1, 2].contains(…)`) 278, names of entities as objects instead of text 228, the
context as text 243, all facts instead of those read 249; many requests in one call as long for
each. A single policy that is always true takes 45.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cedarpy

from rules.state import State
from tests.benchmarks.coding import Atom, Coding, Masks, infix
from tests.benchmarks.rounds import Contender

_WHO: Final = {
    "principal": {"type": "U", "id": "u"},
    "action": {"type": "A", "id": "a"},
    "resource": {"type": "R", "id": "r"},
}


def contender(coding: Coding, states: Sequence[State]) -> Contender:
    """One policy a bit and mask."""
    return Contender(
        "cedarpy", _Cedar(coding), [{**_WHO, "context": coding.facts(state)} for state in states]
    )


class _Cedar:
    def __init__(self, coding: Coding) -> None:
        policies: list[str] = []
        self._always = coding.always
        self._certain: dict[str, int] = {}
        self._possible: dict[str, int] = {}
        for certain, bits in ((True, self._certain), (False, self._possible)):
            for bit, tree in coding.trees:
                bits[f"policy{len(policies)}"] = 1 << bit
                condition = infix(tree, "&&", "||", _certainly if certain else _possibly)
                policies.append(f"permit(principal, action, resource) when {{ {condition} }};")
        self._policies = cedarpy.PolicySet.from_str("\n".join(policies))
        self._entities = cedarpy.Entities.from_json_str("[]")

    def __call__(self, request: dict[str, Any]) -> Masks:
        result = cedarpy.is_authorized(request, self._policies, self._entities)
        certain = possible = self._always
        for policy in result.diagnostics.reasons:
            if policy in self._certain:
                certain |= self._certain[policy]
            else:
                possible |= self._possible[policy]
        return certain, possible


def _certainly(atom: Atom) -> str:
    return _test(atom, True)


def _possibly(atom: Atom) -> str:
    return _test(atom, False)


def _test(atom: Atom, certain: bool) -> str:
    passing, failing = atom.values(certain)
    if len(failing) < len(passing):
        return "(" + " && ".join(f"context.{atom.name} != {value}" for value in failing) + ")"
    return "(" + " || ".join(f"context.{atom.name} == {value}" for value in passing) + ")"
