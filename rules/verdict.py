"""Verdicts: drawn from the standings of all completions, and from several parts (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final

from ontology.vocabulary import VerdictBy
from rules.explore import Explorer
from rules.judge import Standing
from rules.state import State, narrowed, scope, single


class Verdict(StrEnum):
    """The verdicts, the strictest first: four by permission, three by standards."""

    INADMISSIBLE = "inadmissible"
    NON_COMPLIANT = "non-compliant"
    UNDETERMINED = "undetermined"
    CONDITIONAL = "conditional"
    ADMISSIBLE = "admissible"
    COMPLIANT = "compliant"


class Reason(StrEnum):
    """Why a verdict is undetermined."""

    PLACE = "place"
    DAY = "day"
    NOT_A_TASK = "not-a-task"
    NO_RULE = "no-rule"
    FACTS = "facts"
    READING = "reading"


VERDICTS: Final[Mapping[VerdictBy, tuple[Verdict, ...]]] = {
    "permission": (
        Verdict.INADMISSIBLE,
        Verdict.UNDETERMINED,
        Verdict.CONDITIONAL,
        Verdict.ADMISSIBLE,
    ),
    "standards": (Verdict.NON_COMPLIANT, Verdict.UNDETERMINED, Verdict.COMPLIANT),
}
"""The verdicts of each way to come to one, the strictest first and the best last."""

REFUSALS: Final = frozenset({Verdict.INADMISSIBLE, Verdict.NON_COMPLIANT})

_ORDER = {verdict: i for i, verdict in enumerate(Verdict)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Verdict and, where undetermined, its reason."""

    verdict: Verdict
    reason: Reason | None = None


def strictest(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that stands for several parts; undetermined where there is no part."""
    return min(verdicts, key=_ORDER.__getitem__, default=Verdict.UNDETERMINED)


REFUSED: Final = frozenset({Standing.FORBIDDEN, Standing.BARRED, Standing.OPEN_BARRED})
PERMITTED: Final = frozenset({Standing.BARRED, Standing.CONDITIONAL, Standing.ADMISSIBLE})
VIOLATED: Final = frozenset({Standing.VIOLATED})
UNVIOLATED: Final = frozenset({Standing.KEPT, Standing.SILENT})
_SILENCES: Final = (
    frozenset({Standing.OPEN, Standing.OPEN_BARRED}),
    frozenset({Standing.SILENT}),
)


_SETTLED: Final = (REFUSED, PERMITTED, VIOLATED, UNVIOLATED)


def verdict_of(standings: frozenset[Standing]) -> Verdict:
    """The verdict over completions with these standings (first match, DESIGN §4)."""
    if standings & (VIOLATED | UNVIOLATED):
        if standings == VIOLATED:
            return Verdict.NON_COMPLIANT
        kept = standings <= UNVIOLATED and Standing.KEPT in standings
        return Verdict.COMPLIANT if kept else Verdict.UNDETERMINED
    if standings <= REFUSED:
        return Verdict.INADMISSIBLE
    if not standings <= PERMITTED:
        return Verdict.UNDETERMINED
    if standings == {Standing.ADMISSIBLE}:
        return Verdict.ADMISSIBLE
    return Verdict.CONDITIONAL


def alone(verdict: Verdict) -> frozenset[Standing]:
    """The standings that, each taken alone, make this verdict."""
    return frozenset(s for s in Standing if verdict_of(frozenset((s,))) is verdict)


def at_least(verdict: Verdict) -> frozenset[Standing]:
    """The standings that, each taken alone, make this verdict or a less strict one."""
    return frozenset(s for v in Verdict if _ORDER[v] >= _ORDER[verdict] for s in alone(v))


def undecided(standings: frozenset[Standing]) -> bool:
    """Whether these standings already make the verdict undetermined, and not by silence alone."""
    return not any(standings <= settled for settled in (*_SETTLED, *_SILENCES))


def silent(standings: frozenset[Standing]) -> bool:
    """Whether the rules say nothing in any completion."""
    return any(standings <= silence for silence in _SILENCES)


def outcome(explorer: Explorer, raw: State) -> Outcome:
    """Verdict and reason for one part. Raises OutOfBudget, EngineFault."""
    standings = explorer.standings(raw, undecided)
    verdict = verdict_of(standings)
    if verdict is not Verdict.UNDETERMINED:
        return Outcome(verdict)
    if silent(standings):
        return Outcome(verdict, _silence(explorer, raw))
    return Outcome(verdict, Reason.READING if _turns_on_a_doubt(explorer, raw) else Reason.FACTS)


def _silence(explorer: Explorer, raw: State) -> Reason:
    """Why nothing speaks: no text for the place, none in force that day, or none on the matter.

    Rules that only advise or tell decide nothing, and give a place no law of its own.
    """
    network = explorer.network
    if network.place_slot is None:
        return Reason.NO_RULE
    scopes = [scope(network, rule, raw) for rule in explorer.frame.scopes]
    if not any(there for _, there in scopes):
        return Reason.PLACE
    return Reason.NO_RULE if any(begun and there for begun, there in scopes) else Reason.DAY


def _turns_on_a_doubt(explorer: Explorer, raw: State) -> bool:
    """Whether each way of settling the recorded doubts gives one verdict, but not the same one."""
    offset = len(explorer.network.facts)
    doubtful = [offset + i for i, mask in enumerate(raw[offset:]) if not single(mask)]
    if not doubtful:
        return False
    verdicts = set()
    for settled in product(*(explorer.network.domains[slot].split(raw[slot]) for slot in doubtful)):
        known = raw
        for slot, mask in zip(doubtful, settled, strict=True):
            known = narrowed(known, slot, mask)
        standings = explorer.standings(known, undecided)
        if undecided(standings):
            return False
        verdicts.add(verdict_of(standings))
    return len(verdicts) > 1
