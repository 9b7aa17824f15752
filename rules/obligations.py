"""What any way to compliance must touch: where standards decide, each that may be violated.

A standard whose facts stay as they are stays as violated as it was. So of all sets of acts only
those can help that touch every one of them, which spares looking at the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules import condition as conditions
from rules.case import Case, Part
from rules.condition import Condition
from rules.demands import demanded_of
from rules.findings import may_hold


def obligations(case: Case) -> tuple[frozenset[int], ...]:
    """The slots each standard depends on that may be violated; none where permission decides."""
    if case.compiled.table.by != "standards":
        return ()
    found = (slots for part in case.parts for slots in _of_part(case, part))
    return tuple(dict.fromkeys(found))


def _of_part(case: Case, part: Part) -> Iterator[frozenset[int]]:
    network, table = case.compiled.network, case.compiled.table
    state = case.compiled.frame.settle(part.raw)
    for demand in table.demands:
        demanded = demanded_of(case, part, demand)
        if demanded is not None and demanded.status != "met":
            bits = table.families[demand.rule] | demand.met
            yield _slots(case, [t for i, t in enumerate(network.trees) if bits >> i & 1])
    for number in range(len(network.rules)):
        if table.forbids >> number & 1 and may_hold(case, part, state, number):
            bits = table.families[number]
            yield _slots(case, [t for i, t in enumerate(network.trees) if bits >> i & 1])


def _slots(case: Case, trees: Sequence[Condition]) -> frozenset[int]:
    """The slots that conditions read, and those that these exist by or are computed from."""
    slots = case.compiled.network.slots
    found: set[int] = {slots[test.fact] for tree in trees for test in conditions.tests(tree)}
    waiting = list(found)
    while waiting:
        slot = waiting.pop()
        more = case.compiled.frame.depends_on(slot) | case.operands_of(slot)
        waiting += more - found
        found |= more
    return frozenset(found)
