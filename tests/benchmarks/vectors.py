"""What is asked: the practice cases, and cases like them with facts forgotten, added and changed.

Generated cases start from a practice case, because facts go together in a way that independent
draws would not show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from kb.library import load_library
from ontology.vocabulary import Fact, Vocabulary, load_vocabulary
from rules.case import open_case
from rules.compiled import Compiled
from rules.facts import BadFacts, read_facts
from rules.model import Rulebook
from rules.publish import build_rulebook
from rules.state import State

KIND: Final = "admissibility"
PRACTICE: Final = Path(__file__).parents[1] / "fixtures" / "practice.jsonl"
SEED: Final = 20190601

# Places and days on either side of what the rules tell apart.
_PLACES: Final = ("吉林省长春市南关区", "吉林省", "220102", "222401", "山东省济宁市", "110000")
_DAYS: Final = ("2010-01-01", "2015-10-01", "2017-12-08", "2019-11-15", "2020-03-01", "2021-05-01")


@dataclass(frozen=True)
class Asked:
    """Facts and the day whose rules are asked."""

    facts: Mapping[str, Any]
    as_of: date


def shipped_rulebook() -> Rulebook:
    """The rulebook of this revision, built from the texts."""
    return build_rulebook(load_vocabulary(), load_library())


def requests() -> list[dict[str, Any]]:
    """The practice requests, as services send them."""
    with PRACTICE.open(encoding="utf-8") as lines:
        return [json.loads(line)["request"] for line in lines]


def practice() -> list[Asked]:
    """The practice cases; of a request with several items each item."""
    found = []
    for request in requests():
        common = request.get("common", request.get("facts", {}))
        for item in request.get("items", [{"facts": {}}]):
            day = date.fromisoformat(request["as_of"])
            found.append(Asked({**common, **item["facts"]}, day))
    return found


def generated(words: Vocabulary, count: int) -> list[Asked]:
    """`count` cases like the practice cases, always the same ones."""
    random = Random(SEED)
    known = practice()
    facts = words.facts(KIND)
    return [_varied(random, random.choice(known), facts, words) for _ in range(count)]


def states(compiled: Compiled, words: Vocabulary, asked: list[Asked]) -> list[State]:
    """The distinct settled states of the cases, part by part, in a fixed random order."""
    found: dict[State, None] = {}
    for case in asked:
        given = read_facts(KIND, case.facts, case.as_of, words)
        for part in open_case(compiled, given, case.as_of).parts:
            found[compiled.frame.settle(part.raw)] = None
    shuffled = list(found)
    Random(SEED).shuffle(shuffled)
    return shuffled


def _varied(random: Random, case: Asked, facts: tuple[Fact, ...], words: Vocabulary) -> Asked:
    while True:
        varied: dict[str, Any] = {}
        for fact in facts:
            if fact.name in case.facts and random.random() < 0.6:
                varied[fact.name] = case.facts[fact.name]
            elif random.random() < 0.4:
                value = _value(random, fact, words)
                if value is not None:
                    varied[fact.name] = value
        day = case.as_of
        if random.random() < 0.25:
            day = date.fromisoformat(random.choice(_DAYS)) + timedelta(days=random.randint(-9, 9))
        try:
            read_facts(KIND, varied, day, words)
        except BadFacts:
            continue  # a place that had no such code on that day
        return Asked(varied, day)


def _value(random: Random, fact: Fact, words: Vocabulary) -> Any:
    match fact.type:
        case "boolean":
            return random.random() < 0.5
        case "code":
            return random.choice(words.code_lists[str(fact.codes)].codes)
        case "codes":
            return [random.choice(words.code_lists[str(fact.codes)].codes)]
        case "place":
            return random.choice(_PLACES)
        case _:
            return None


def bodies() -> Iterator[bytes]:
    """The practice requests that ask about one case, as JSON bodies."""
    for request in requests():
        if "facts" in request:
            yield json.dumps(request, ensure_ascii=False).encode()
