"""Presumptions that decide: shown where another answer would alter the verdict (DESIGN §4)."""

from __future__ import annotations

from dataclasses import dataclass

from rules.case import Case
from rules.domain import ABSENT
from rules.questions import Answer, ask
from rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Assumption:
    """A presumed fact and where each answer to it leads, the presumed one among them."""

    slot: int
    answers: tuple[Answer, ...]


def assumptions(case: Case, verdict: Verdict) -> tuple[Assumption, ...]:
    """The presumptions whose opposite would alter the verdict. Raises EngineFault."""
    found: list[Assumption] = []
    for slot, fact in enumerate(case.compiled.network.facts):
        if fact.presumption and any(
            part.origins[fact.name] == "presumed"
            and case.compiled.frame.settle(part.raw)[slot] != ABSENT
            for part in case.parts
        ):
            domain = case.compiled.network.domains[slot]
            answers = ask(case, slot).answers
            others = [a for a in answers if domain.values(a.mask, fact.presumption.value)]
            if any(answer.verdict is not verdict for answer in others):
                found.append(Assumption(slot, answers))
    return tuple(found)
