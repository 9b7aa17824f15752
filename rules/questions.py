"""What is missing: the smallest sets of unknown facts some answer to which settles the verdict.

From `undetermined` a verdict is settled when it is any other; from `conditional`, when no further
answer can alter it. Sets come by size, then in vocabulary order; the search counts evaluations, so
it ends deterministically, and says so when it ended early.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from rules.case import Case
from rules.explore import OutOfBudget
from rules.state import single
from rules.verdict import Verdict, strictest, varied, verdict_of

MAX_SETS: Final = 5
BUDGET: Final = 20_000
"""Evaluations allowed for one search; a search beyond it says `complete: false`."""

Known = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer (mask of regions) to a question and the verdict it leads to."""

    mask: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for, and where each answer leads while the rest stays as it is."""

    slot: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class MissingSet:
    """Facts that settle the verdict together: `settles` lists the answers that do."""

    slots: tuple[int, ...]
    settles: tuple[tuple[Known, Verdict], ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Sets and questions; not `complete` where the work allowed ran out."""

    complete: bool = True
    sets: tuple[MissingSet, ...] = ()
    questions: tuple[Question, ...] = ()


def missing(case: Case, verdict: Verdict) -> Missing:
    """What is missing for a case with this verdict. Raises EngineFault."""
    if verdict not in (Verdict.UNDETERMINED, Verdict.CONDITIONAL) or not case.parts:
        return Missing()
    explorer = case.explorer
    explorer.limit = explorer.spent + BUDGET
    sets: list[MissingSet] = []
    questions: dict[int, Question] = {}
    complete = True
    try:
        for slots in _subsets(_candidates(case), sets):
            settles = _settling(case, slots, verdict)
            if settles:
                for slot in slots:
                    questions.setdefault(slot, ask(case, slot))
                sets.append(MissingSet(slots, _merged(settles)))
                if len(sets) == MAX_SETS:
                    break
    except OutOfBudget:
        complete = False
    finally:
        explorer.limit = None
    return Missing(complete, tuple(sets), tuple(questions[slot] for slot in sorted(questions)))


def ask(case: Case, slot: int) -> Question:
    """Where each answer to one fact leads; answers with one verdict are told together."""
    leads: dict[Verdict, int] = {}
    for mask in _answers(case, slot):
        verdict = case.verdict({slot: mask})
        leads[verdict] = leads.get(verdict, 0) | mask
    return Question(slot, tuple(Answer(mask, verdict) for verdict, mask in leads.items()))


def _answers(case: Case, slot: int) -> tuple[int, ...]:
    domain = case.compiled.network.domains[slot]
    return domain.split(domain.everything)


def _candidates(case: Case) -> tuple[int, ...]:
    """Unknown facts that rules still turn on, in vocabulary order."""
    found: set[int] = set()
    network, table = case.compiled.network, case.compiled.table
    for part in case.parts:
        state = case.compiled.frame.settle(part.raw)
        certain, possible = case.explorer.masks(state)
        open_bits = possible & ~certain & table.relevant
        for slot, fact in enumerate(network.facts):
            unknown = not single(state[slot]) and not single(part.raw[slot])
            if unknown and fact.type != "text" and _read(network.slots_of_bit, open_bits, slot):
                found.add(slot)
        for slot in tuple(found):
            # Whether a fact exists may have to be asked before the fact itself.
            governors = case.compiled.frame.governed_by.get(slot, 0)
            found |= {s for s, m in enumerate(part.raw) if governors >> s & 1 and not single(m)}
    return tuple(sorted(found))


def _read(slots_of_bit: tuple[int, ...], bits: int, slot: int) -> bool:
    return any(bits >> bit & 1 and read >> slot & 1 for bit, read in enumerate(slots_of_bit))


def _subsets(candidates: tuple[int, ...], found: list[MissingSet]) -> Iterator[tuple[int, ...]]:
    """Sets by size, then vocabulary order; none that contains one already found."""
    for size in range(1, len(candidates) + 1):
        for slots in combinations(candidates, size):
            if not any(set(smaller.slots) <= set(slots) for smaller in found):
                yield slots


def _settling(
    case: Case, slots: tuple[int, ...], verdict: Verdict
) -> list[tuple[dict[int, int], Verdict]]:
    settling: list[tuple[dict[int, int], Verdict]] = []
    for masks in product(*(_answers(case, slot) for slot in slots)):
        known = dict(zip(slots, masks, strict=True))
        reached = _settled(case, known, verdict)
        if reached is not None:
            settling.append((known, reached))
    return settling


def _settled(case: Case, known: Known, verdict: Verdict) -> Verdict | None:
    if verdict is Verdict.UNDETERMINED:
        reached = case.verdict(known)
        return None if reached is Verdict.UNDETERMINED else reached
    standings = [case.explorer.standings(case.state(part, known), varied) for part in case.parts]
    verdicts = [None if varied(s) else verdict_of(s) for s in standings]
    if Verdict.INADMISSIBLE in verdicts:
        # One part that cannot come out otherwise settles the whole, whatever the others do.
        return Verdict.INADMISSIBLE
    return None if None in verdicts else strictest(v for v in verdicts if v)


def _merged(
    settling: list[tuple[dict[int, int], Verdict]],
) -> tuple[tuple[Known, Verdict], ...]:
    """Answers that differ in one fact only and lead to one verdict told together."""
    for slot in settling[0][0]:
        groups: dict[tuple[Verdict, tuple[tuple[int, int], ...]], dict[int, int]] = {}
        for known, verdict in settling:
            rest = tuple((s, m) for s, m in known.items() if s != slot)
            group = groups.setdefault((verdict, rest), {**known, slot: 0})
            group[slot] |= known[slot]
        settling = [(known, verdict) for (verdict, _), known in groups.items()]
    return tuple(settling)
