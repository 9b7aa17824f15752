"""Findings: what each rule comes to on the facts, exactly, with the facts that made it so."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from rules.case import Case, Part
from rules.condition import All, Condition, Either, Not, Test, facts_of
from rules.domain import ABSENT
from rules.judge import Fate, effective, fate
from rules.model import Defeat, Rule
from rules.state import State, kleene, scope, single, unsettled

Status = typing.Literal["holds", "fails", "unknown", "defeated"]

NEAREST: Final = 3
"""How many permits that came nearest are named where nothing permits."""

_SEQUENCE: Final[Mapping[tuple[str, str], int]] = {
    ("holds", "forbids"): 0,
    ("unknown", "forbids"): 1,
    ("holds", "permits"): 2,
    ("unknown", "permits"): 3,
    ("holds", "requires"): 4,
    ("unknown", "requires"): 5,
    ("defeated", "forbids"): 6,
    ("defeated", "permits"): 7,
    ("fails", "permits"): 8,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule on one set of facts. `because` names facts; `parts` the parts it was found in."""

    rule: Rule
    status: Status
    because: tuple[tuple[str, int], ...]
    defeated_by: tuple[Defeat, ...] = ()
    start_in_doubt: bool = False
    parts: tuple[int, ...] = ()


def findings(case: Case, silent: frozenset[int] = frozenset()) -> tuple[Finding, ...]:
    """The findings of all parts, the deciding ones first; equal ones are told once.

    `silent` are the parts in which nothing permits: there the nearest permits are added.
    """
    told: dict[Finding, Finding] = {}
    for number, part in enumerate(case.parts):
        found = _of_part(case, part)
        kept = [f for f in found if f.status != "fails"]
        if number in silent:
            kept += _nearest(case, part, [f for f in found if f.status == "fails"])
        for finding in kept:
            before = told.get(finding, finding)
            told[finding] = replace(before, parts=(*before.parts, number))
    order = {rule.id: i for i, rule in enumerate(case.compiled.network.rules)}
    return tuple(
        sorted(
            told.values(),
            key=lambda f: (_SEQUENCE.get((f.status, f.rule.effect), 9), order[f.rule.id], f.parts),
        )
    )


def statuses_of(case: Case, rule: str) -> frozenset[Status]:
    """What one rule comes to where it is in force and does not fail: as `findings` tells it."""
    number = next(i for i, each in enumerate(case.compiled.network.rules) if each.id == rule)
    found = (_status_of(case, part, number, *_masks(case, part)) for part in case.parts)
    return frozenset(status for status in found if status not in (None, "fails"))


def _of_part(case: Case, part: Part) -> list[Finding]:
    state, masks = _masks(case, part)
    found: list[Finding] = []
    for i, rule in enumerate(case.compiled.network.rules):
        status = _status_of(case, part, i, state, masks)
        if status is None:
            continue
        defeats = defeats_of(case, part, state, i) if status == "defeated" else ()
        because = _because(case, i, state, status)
        in_doubt = scope(case.compiled.network, i, state)[0] == 1
        found.append(Finding(rule, status, because, defeats, start_in_doubt=in_doubt))
    return found


def _masks(case: Case, part: Part) -> tuple[State, tuple[int, int]]:
    """The settled state of a part, and what holds certainly and possibly in it."""
    state = case.compiled.frame.settle(part.raw)
    return state, case.explorer.masks(state)


def _status_of(
    case: Case, part: Part, rule: int, state: State, masks: tuple[int, int]
) -> Status | None:
    """What a rule comes to in a part; None where it is not in force."""
    begun, there = scope(case.compiled.network, rule, state)
    if not (begun and there):
        return None
    fates = fates_of(case, part, state, rule, fate(case.compiled.table, rule, *masks))
    return next(iter(fates)) if len(fates) == 1 else "unknown"


def fates_of(
    case: Case, part: Part, state: State, rule: int, known: Fate | None
) -> frozenset[Status]:
    """What becomes of a rule over all completions; its Kleene value where that is exact."""
    if known is not None:
        return frozenset((known,))
    if not case.compiled.repeated[rule] & unsettled(state):
        return frozenset(("unknown",))
    table = case.compiled.table
    return case.explorer.outcomes(
        part.raw, table.families[rule], partial(fate, table, rule), lambda fates: len(fates) > 1
    )


def may_hold(case: Case, part: Part, state: State, rule: int) -> bool:
    """Whether a rule holds undefeated in some completion."""
    compiled, table = case.compiled, case.compiled.table
    sure, may = effective(table, *case.explorer.masks(state))
    if sure >> rule & 1 or not may >> rule & 1:
        return bool(sure >> rule & 1)
    if not compiled.repeated[rule] & unsettled(state):
        return True
    return "holds" in case.explorer.outcomes(
        part.raw, table.families[rule], partial(fate, table, rule), lambda fates: "holds" in fates
    )


def defeats_of(case: Case, part: Part, state: State, number: int) -> tuple[Defeat, ...]:
    """The defeats of a rule that take effect in some completion."""
    rules = case.compiled.network.rules
    return tuple(
        Defeat(rule.id, defeat.ground)
        for i, rule in enumerate(rules)
        for defeat in rule.defeats
        if defeat.rule == rules[number].id and may_hold(case, part, state, i)
    )


def _because(case: Case, number: int, state: State, status: Status) -> tuple[tuple[str, int], ...]:
    network = case.compiled.network
    tree = network.trees[number]
    # The rule's own condition explains what holds or fails; what is open may also be its place.
    asked = tree if status == "unknown" else network.rules[number].when
    if status != "unknown" and kleene(asked, network, state) == 1:
        # It came out one way by trying every completion: no fact by itself made it so.
        slots = {network.slots[name] for name in facts_of(tree)}
        slots = slots.union(*(case.compiled.frame.depends_on(slot) for slot in slots))
    else:
        slots = {network.slots[name] for name in _reasons(case, asked, state)}
    return tuple(
        (network.facts[slot].name, state[slot] & ~ABSENT)
        for slot in sorted(slots)
        if slot < len(network.facts) and state[slot] != ABSENT
    )


def _reasons(case: Case, tree: Condition, state: State) -> list[str]:
    """Facts that suffice for the Kleene value of a condition; the shortest where one part does."""
    network = case.compiled.network
    value = kleene(tree, network, state)
    match tree:
        case Test(fact):
            slot = network.slots[fact]
            if not state[slot] & ABSENT:
                return [fact]
            # That a fact does not exist, or may not, is owed to the facts that decide it.
            there = state[slot] & ~ABSENT
            if there and value != 1:
                return [fact]
            owed = _reasons(case, network.applies_when[slot], state)
            return owed if single(there) else [*owed, fact]
        case Not(part):
            return _reasons(case, part, state)
        case All(parts) | Either(parts):
            same = [_reasons(case, p, state) for p in parts if kleene(p, network, state) == value]
            decisive = 0 if isinstance(tree, All) else 2
            if value == decisive:
                return min(same, key=len, default=[])
            return [fact for facts in same for fact in facts]


def _nearest(case: Case, part: Part, failed: list[Finding]) -> list[Finding]:
    network = case.compiled.network
    state = case.compiled.frame.settle(part.raw)
    number = {rule.id: i for i, rule in enumerate(network.rules)}

    def distance(finding: Finding) -> int:
        bit = number[finding.rule.id]
        return min(
            (
                sum(
                    not state[x.slot] & x.mask for x in (network.literals[n] for n in path.literals)
                )
                for path in network.paths
                if path.bit == bit
            ),
            default=len(network.literals),
        )

    permits = [finding for finding in failed if finding.rule.effect == "permits"]
    return sorted(permits, key=lambda f: (distance(f), number[f.rule.id]))[:NEAREST]
