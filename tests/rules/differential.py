"""durable_rules beside the generated function: the same masks, the same decisions.

Everything a decision says is drawn from the pairs of masks an evaluator gives for the states it is
asked about (`rules.explore.Explorer.masks` is the only caller), and which states are asked about
depends on the masks before. So two evaluators that give equal masks for every state give equal
decisions to the byte: equal masks on very many states prove it cheaply, whole decisions beside them
prove that this reasoning left nothing out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from rules.case import open_case
from rules.compiled import Compiled, compile_kind, reference_kind
from rules.decide import decide
from rules.facts import read_facts
from rules.model import Rulebook
from tests.rules.generate import KIND, Asked, day, requests, rulebook

DAYS = tuple(
    date.fromisoformat(written)
    for written in (
        # Around the days on which the shipped instruments begin, and inside both doubts.
        "2010-12-20",
        "2010-12-21",
        "2015-07-13",
        "2015-10-01",
        "2016-01-01",
        "2017-12-07",
        "2017-12-08",
        "2019-06-01",
        "2020-02-15",
        "2020-06-30",
        "2021-01-01",
    )
)


@dataclass(frozen=True)
class Pair:
    """One rulebook compiled both ways."""

    rulebook: Rulebook
    durable: Compiled
    generated: Compiled


def pair(made: Rulebook) -> Pair:
    """Compile a rulebook both ways."""
    return Pair(made, compile_kind(made, KIND), reference_kind(made, KIND))


def vectors(made: Rulebook, seed: int, count: int) -> Iterator[tuple[Asked, date]]:
    """Requests from nearly nothing known to everything, each on one of the days."""
    random = Random(seed)
    for asked in requests(seed, made, count):
        yield asked, random.choice(DAYS)


def generated_vectors(seed: int, count: int) -> tuple[Rulebook, list[tuple[Asked, date]]]:
    """A generated rulebook with requests to it."""
    made = rulebook(seed)
    return made, [(asked, day(seed)) for asked in requests(seed, made, count)]


def masks_differ(two: Pair, asked: Asked, on: date) -> bool:
    """Whether the evaluators disagree on what is known of any part of a request."""
    given = read_facts(KIND, asked.facts, on, two.rulebook.vocabulary)
    case = open_case(two.generated, given, on, asked.derived)
    states = [case.compiled.frame.settle(part.raw) for part in case.parts]
    return any(two.durable.evaluate(s) != two.generated.evaluate(s) for s in states)


def decisions_differ(two: Pair, asked: Asked, on: date) -> bool:
    """Whether the whole decisions differ in any byte."""
    first, second = (
        decide(KIND, asked.facts, on, two.rulebook, derived=asked.derived, compiled=compiled)
        for compiled in (two.durable, two.generated)
    )
    return first.canonical() != second.canonical()
