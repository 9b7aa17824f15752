"""Presumptions that decide: shown where another answer would alter the verdict (DESIGN §4)."""

from __future__ import annotations

from dataclasses import dataclass

from rules.case import Case
from rules.domain import ABSENT
from rules.questions import Answer, Question, ask
from rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Assumption:
    """A presumed fact, its presumed mask, and the other answers with where they lead."""

    slot: int
    mask: int
    answers: tuple[Answer, ...]


def assumptions(case: Case, verdict: Verdict) -> tuple[Assumption, ...]:
    """The presumptions whose opposite would alter the verdict. Raises EngineFault."""
    found: list[Assumption] = []
    for slot, fact in enumerate(case.compiled.network.facts):
        masks = {
            part.raw[slot]
            for part in case.parts
            if part.origins[fact.name] == "presumed"
            and case.compiled.frame.settle(part.raw)[slot] != ABSENT
        }
        for mask in masks:
            question: Question = ask(case, slot)
            others = tuple(
                Answer(answer.mask & ~mask, answer.verdict)
                for answer in question.answers
                if answer.mask & ~mask
            )
            if any(answer.verdict is not verdict for answer in others):
                found.append(Assumption(slot, mask, others))
    return tuple(found)
