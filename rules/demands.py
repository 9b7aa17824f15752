"""What rules demand: which requirements apply, and whether they are met, over all completions."""

from __future__ import annotations

import typing
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from rules.case import Case, Part
from rules.judge import Demand, Table, effective, fate
from rules.model import Rule
from rules.state import unsettled

RequirementStatus = typing.Literal["met", "unmet", "unknown"]
Applies = typing.Literal["applies", "may-apply"]


@dataclass(frozen=True, slots=True)
class Demanded:
    """A requirement that applies or may apply, and whether it is met."""

    rule: Rule
    status: RequirementStatus
    applies: Applies
    changeable: bool
    parts: tuple[int, ...] = ()


def demands(case: Case) -> tuple[Demanded, ...]:
    """The requirements of all parts that apply or may apply; equal ones are told once."""
    told: dict[tuple[str, str, str, bool], Demanded] = {}
    for number, part in enumerate(case.parts):
        for demand in case.compiled.table.demands:
            demanded = demanded_of(case, part, demand)
            if demanded is not None:
                key = (demanded.rule.id, demanded.status, demanded.applies, demanded.changeable)
                before = told.get(key, demanded)
                told[key] = replace(before, parts=(*before.parts, number))
    return tuple(told.values())


def demanded_of(case: Case, part: Part, demand: Demand) -> Demanded | None:
    """A requirement in one part; None where it applies in no completion."""
    sights = _sights(case, part, demand)
    triggered = [sight for sight in sights if sight.triggered]
    if not triggered:
        return None
    met = {sight.met for sight in triggered}
    return Demanded(
        case.compiled.network.rules[demand.rule],
        "unknown" if len(met) > 1 else "met" if True in met else "unmet",
        "applies" if len(triggered) == len(sights) else "may-apply",
        changeable=any(sight.curable for sight in triggered),
    )


@dataclass(frozen=True, slots=True)
class _Sight:
    """A requirement in one completion: triggered, met, and whether it could be met."""

    triggered: bool
    met: bool = False
    curable: bool = False


_IDLE: Final = _Sight(triggered=False)


def _sights(case: Case, part: Part, demand: Demand) -> frozenset[_Sight]:
    """What a requirement comes to over all completions."""
    compiled, table = case.compiled, case.compiled.table
    state = compiled.frame.settle(part.raw)
    certain, possible = case.explorer.masks(state)
    settled = _sight(table, demand, certain, possible)
    if settled is not None:
        return frozenset((settled,))
    if compiled.repeated[demand.rule] & unsettled(state):
        bits = table.families[demand.rule] | demand.met | demand.curable
        return case.explorer.outcomes(part.raw, bits, partial(_sight, table, demand))
    # Nothing open is read twice: what may be is, independently of the rest, in some completion.
    sure, may = effective(table, certain, possible)
    if not may & demand.trigger:
        return frozenset((_IDLE,))
    met = {bool(mask & demand.met) for mask in (certain, possible)}
    curable = bool(possible & demand.curable)
    sights = frozenset(_Sight(True, value, value or curable) for value in met)
    return sights if sure & demand.trigger else sights | {_IDLE}


def _sight(table: Table, demand: Demand, certain: int, possible: int) -> _Sight | None:
    known = fate(table, demand.rule, certain, possible)
    if known is None or known != "holds":
        return None if known is None else _IDLE
    if possible & ~certain & (demand.met | demand.curable):
        return None
    return _Sight(True, bool(certain & demand.met), bool(certain & demand.curable))
