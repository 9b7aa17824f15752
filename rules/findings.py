"""Findings: what each rule comes to on the facts, exactly, with the facts that made it so."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from rules.case import Case, Part
from rules.condition import All, Condition, Either, Not, Test
from rules.judge import effective
from rules.model import Defeat, Rule
from rules.network import WINDOW, Literal
from rules.state import State, kleene, single

Status = typing.Literal["holds", "fails", "unknown", "defeated"]
RequirementStatus = typing.Literal["met", "unmet", "unknown"]
Applies = typing.Literal["applies", "may-apply"]

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


@dataclass(frozen=True, slots=True)
class Demanded:
    """A requirement that applies or may apply, and whether it is met."""

    rule: Rule
    status: RequirementStatus
    applies: Applies
    changeable: bool
    parts: tuple[int, ...] = ()


def findings(case: Case, silent: frozenset[int] = frozenset()) -> tuple[Finding, ...]:
    """The findings of all parts, the deciding ones first; equal ones are told once.

    `silent` are the parts in which nothing permits: there the nearest permits are added.
    """
    told: dict[tuple[str, str, tuple[tuple[str, int], ...]], Finding] = {}
    for number, part in enumerate(case.parts):
        found = _of_part(case, part)
        kept = [f for f in found if f.status != "fails"]
        if number in silent:
            kept += _nearest(case, part, [f for f in found if f.status == "fails"])
        for finding in kept:
            key = (finding.rule.id, finding.status, finding.because)
            before = told.get(key, finding)
            told[key] = replace(before, parts=(*before.parts, number))
    order = {rule.id: i for i, rule in enumerate(case.compiled.network.rules)}
    return tuple(
        sorted(
            told.values(),
            key=lambda f: (_SEQUENCE.get((f.status, f.rule.effect), 9), order[f.rule.id], f.parts),
        )
    )


def demands(case: Case) -> tuple[Demanded, ...]:
    """The requirements of all parts that apply or may apply; equal ones are told once."""
    told: dict[tuple[str, str, str, bool], Demanded] = {}
    for number, part in enumerate(case.parts):
        for demanded in _demands_of_part(case, part):
            key = (demanded.rule.id, demanded.status, demanded.applies, demanded.changeable)
            before = told.get(key, demanded)
            told[key] = replace(before, parts=(*before.parts, number))
    return tuple(told.values())


def _of_part(case: Case, part: Part) -> list[Finding]:
    compiled, explorer = case.compiled, case.explorer
    state = compiled.frame.settle(part.raw)
    certain, possible = explorer.masks(state)
    sure, may = effective(compiled.table, certain, possible)
    found: list[Finding] = []
    for i, rule in enumerate(compiled.network.rules):
        window, place = _scope(case, i, state)
        if not (window and place):
            continue
        if sure >> i & 1:
            status: Status = "holds"
        elif not possible >> i & 1:
            status = "fails"
        elif certain >> i & 1 and not may >> i & 1:
            status = "defeated"
        elif compiled.read_once >> i & 1:
            status = "unknown"
        else:
            fates = explorer.fates(part.raw, i)
            status = "unknown" if len(fates) > 1 else _STATUS[next(iter(fates))]
        defeats = _defeats(case, i, may) if status == "defeated" else ()
        because = _because(case, i, state, status)
        found.append(Finding(rule, status, because, defeats, start_in_doubt=window == 1))
    return found


_STATUS: Final[Mapping[str, Status]] = {"holds": "holds", "fails": "fails", "defeated": "defeated"}


def _scope(case: Case, number: int, state: State) -> tuple[int, int]:
    """Kleene values of "in force that day" and "of that place" for a rule."""
    tree = case.compiled.network.trees[number]
    if not isinstance(tree, All):
        raise TypeError("a compiled rule is a conjunction of its condition and its scope")
    window, *place = (kleene(part, case.compiled.network, state) for part in tree.parts[1:])
    return window, min(place, default=2)


def _defeats(case: Case, number: int, may: int) -> tuple[Defeat, ...]:
    target = case.compiled.network.rules[number].id
    return tuple(
        Defeat(rule.id, defeat.ground)
        for i, rule in enumerate(case.compiled.network.rules)
        for defeat in rule.defeats
        if defeat.rule == target and may >> i & 1
    )


def _because(case: Case, number: int, state: State, status: Status) -> tuple[tuple[str, int], ...]:
    network = case.compiled.network
    tree = network.trees[number]
    # The rule's own condition explains what holds or fails; what is open may also be its place.
    asked = tree if status == "unknown" else network.rules[number].when
    slots = dict.fromkeys(
        network.slots[name] for name in _reasons(case, asked, state) if not name.startswith(WINDOW)
    )
    return tuple((network.facts[slot].name, state[slot]) for slot in sorted(slots))


def _reasons(case: Case, tree: Condition, state: State) -> list[str]:
    """Facts that suffice for the Kleene value of a condition; the shortest where one part does."""
    network = case.compiled.network
    value = kleene(tree, network, state)
    match tree:
        case Test(fact):
            return [fact]
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


def _misses(literal: Literal, state: State) -> bool:
    return not state[literal.slot] & literal.mask


def _demands_of_part(case: Case, part: Part) -> list[Demanded]:
    compiled = case.compiled
    certain, possible = case.explorer.masks(compiled.frame.settle(part.raw))
    sure, may = effective(compiled.table, certain, possible)
    found: list[Demanded] = []
    for demand in compiled.table.demands:
        if not may & demand.trigger or "holds" not in _trigger_fates(case, part, demand.rule, sure):
            continue
        status: RequirementStatus = "unknown"
        if certain & demand.met:
            status = "met"
        elif not possible & demand.met:
            status = "unmet"
        found.append(
            Demanded(
                compiled.network.rules[demand.rule],
                status,
                "applies" if sure & demand.trigger else "may-apply",
                changeable=bool(possible & demand.curable),
            )
        )
    return found


def _trigger_fates(case: Case, part: Part, rule: int, sure: int) -> frozenset[str]:
    if sure >> rule & 1 or case.compiled.read_once >> rule & 1:
        return frozenset({"holds"})
    return case.explorer.fates(part.raw, rule)


def known(mask: int) -> bool:
    """Whether a mask stands for one value of an existing fact."""
    return single(mask) and mask != 1
