"""Small vocabularies, rulebooks and requests, drawn from a seed: everything the semantics has.

Facts of every type, nested `applies_when`, presumptions, acts of change, hierarchies of codes;
rules with defeat chains, requirements, jurisdictions, periods in force with uncertain starts; and
requests with several kinds and derived facts. `SIZE` bounds the worlds a brute force has to try.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from ontology.label import Label
from ontology.places import PlaceTable
from ontology.vocabulary import (
    Change,
    CodeList,
    Computation,
    Concept,
    DecisionKind,
    Fact,
    Presumption,
    VerdictBy,
    Vocabulary,
    load_vocabulary,
)
from rules.condition import Condition, from_json
from rules.model import (
    GROUNDS,
    Citation,
    Defeat,
    Effect,
    InForce,
    Requirement,
    Rule,
    Rulebook,
)

KIND = "admissibility"
DAY = date(2019, 6, 1)
PLACES = ("220102", "220102", "220000", "222401", "370000", "110000")
_EFFECTS: tuple[Effect, ...] = ("forbids", "permits", "requires", "advises", "none")
_STARTS = (
    InForce(date(2010, 1, 1)),
    InForce(date(2019, 6, 1)),
    InForce(date(2015, 1, 1), None, date(2019, 6, 1)),
    InForce(date(2019, 6, 2)),
)
_UNCERTAIN = {
    "i1": (date(2019, 5, 1), date(2019, 7, 1)),
    "i2": (date(2019, 6, 1), date(2019, 6, 2)),
    "i3": (date(2019, 5, 1), date(2019, 6, 1)),
}


@dataclass(frozen=True)
class Derived:
    """A derived fact as the knowledge base would hand it over."""

    fact: str
    value: bool | int | str
    part: Mapping[str, str]
    source: Label = field(default_factory=lambda: label("list"))
    list: str | None = None
    row: int | None = None


@dataclass(frozen=True)
class Asked:
    """One generated request."""

    facts: Mapping[str, object]
    derived: tuple[Derived, ...] = ()


@cache
def places() -> PlaceTable:
    """The shipped table of places."""
    return load_vocabulary().places


def label(text: str) -> Label:
    """One text for both languages."""
    return Label(text, text)


def rulebook(seed: int, *, facts: int = 6, rules: int = 10) -> Rulebook:
    """The rulebook of a seed: 3 to `facts` facts, 2 to `rules` rules."""
    random = Random(seed)
    words = _vocabulary(random, facts)
    return Rulebook(words, {KIND: _rules(random, words, random.randint(2, rules))})


def measuring(seed: int, *, by: VerdictBy = "standards") -> Rulebook:
    """A rulebook of standards: computed facts, more requirements, and some that only advise."""
    random = Random(seed)
    words = _vocabulary(random, 6)
    numbers = [f for f in words.facts(KIND) if f.type in ("integer", "decimal")]
    facts = words.facts(KIND)
    if numbers and random.random() < 0.8:
        above, below = random.choice(numbers), random.choice(numbers)
        facts = (*facts, _computed(random, len(facts), above, below))
    words = replace(words, kinds={KIND: facts}, decisions={KIND: DecisionKind(by)})
    weights = (12, 6, 60, 18, 4) if by == "standards" else (12, 40, 25, 18, 5)
    return Rulebook(words, {KIND: _rules(random, words, random.randint(2, 8), weights)})


def _computed(random: Random, number: int, above: Fact, below: Fact) -> Fact:
    name = f"computed.{number}"
    factor = random.choice(("1", "1", "0.5", "100"))
    return Fact(
        name,
        "decimal",
        label(name),
        label("?"),
        label(""),
        scale=random.randint(0, 2),
        changeable_by=random.choice(("none", "assigner")),
        computed=Computation(above.name, below.name, Decimal(factor)),
    )


def requests(seed: int, book: Rulebook, count: int) -> list[Asked]:
    """Requests to a rulebook, from nearly nothing known to nearly everything."""
    random = Random(seed)
    return [_request(random, book) for _ in range(count)]


def day(seed: int) -> date:
    """The day asked about: mostly the one on which the generated periods turn."""
    return DAY + timedelta(days=Random(seed).choice((0, 0, 0, 0, 0, -1, 1, 40, 40, -4000)))


# --- vocabulary ----------------------------------------------------------------------------------


def _vocabulary(random: Random, most: int) -> Vocabulary:
    lists = {
        "kinds": _codes(random, "kinds", "k", random.randint(2, 4)),
        "roles": _codes(random, "roles", "r", random.randint(2, 3)),
        **{
            name: CodeList(name, label(name), (Concept("none", None, label("-")),))
            for name in ("changers", "addressees")
        },
    }
    kinds = ["boolean", "boolean", "boolean", "boolean", "code", "integer", "decimal", "date"]
    random.shuffle(kinds)
    chosen = kinds[: random.randint(2, most - 2)]
    if random.random() < 0.7:
        chosen.insert(0, "codes")
    if random.random() < 0.7:
        chosen.append("place")
    if random.random() < 0.1:
        chosen.append("codes")
    if random.random() < 0.1:
        chosen.append("text")
    if random.random() < 0.3:
        random.shuffle(chosen)
    facts: list[Fact] = []
    for number, kind in enumerate(chosen):
        facts.append(_fact(random, number, kind, lists, facts))
    return Vocabulary({KIND: tuple(facts)}, lists, places())


def _codes(random: Random, name: str, letter: str, count: int) -> CodeList:
    concepts: list[Concept] = []
    for i in range(count):
        broader = random.choice([None, *(c.code for c in concepts)])
        concepts.append(Concept(f"{letter}{i}", broader, label(f"{letter}{i}")))
    return CodeList(name, label(name), tuple(concepts))


def _fact(
    random: Random, number: int, kind: Any, lists: Mapping[str, CodeList], before: list[Fact]
) -> Fact:
    name = f"{kind}.{number}"
    codes = {"codes": "kinds", "code": "roles"}.get(kind)
    blank = Fact(name, kind, label(name), label("?"), label(""), codes=codes, scale=number % 3)
    values = [] if kind in ("codes", "place", "text") else _constants(blank, lists)
    applies = None
    governors = _governors(kind, before)
    if governors and kind not in ("place", "text") and random.random() < 0.35:
        some = random.sample(governors, k=random.choice((1, 1, min(2, len(governors)))))
        applies = {random.choice(("all", "any")): [_tree(random, [f], lists, 0) for f in some]}
    presumption = None
    if values and random.random() < 0.2:
        presumption = Presumption(random.choice(values), label("ground"))
    changer, changes = "none", tuple[Change, ...]()
    if values and random.random() < 0.6:
        changer = "assigner"
        to = random.sample(values, k=random.randint(0, min(2, len(values))))
        changes = tuple(Change(value, label("act"), label("proof")) for value in to)
    return Fact(
        name,
        kind,
        label(name),
        label(f"{name}?"),
        label(""),
        codes=codes,
        scale=blank.scale,
        changeable_by=changer,
        applies_when=applies,
        presumption=presumption,
        changes=changes,
        derived=kind not in ("codes", "place", "text") and random.random() < 0.2,
    )


def _governors(kind: str, before: list[Fact]) -> list[Fact]:
    """Facts that may decide whether a fact exists.

    A set of codes splits the task into parts, once: what it hangs on must be plain to see.
    """
    facts = [f for f in before if f.type != "text"]
    if kind == "codes":
        return [
            f
            for f in facts
            if f.applies_when is None and f.presumption is None and f.changeable_by == "none"
        ]
    return facts


def _constants(fact: Fact, lists: Mapping[str, CodeList]) -> list[Any]:
    match fact.type:
        case "boolean":
            return [False, True]
        case "code" | "codes":
            return list(lists[str(fact.codes)].codes)
        case "integer":
            return [0, 1, 3]
        case "decimal":
            # At most as fine as the fact itself, save the last, which no value can equal.
            return [["1", "2"], ["0.5", "0.6"], ["0.25", "0.26"]][fact.scale or 0]
        case "date":
            return ["2019-05-31", "2019-06-01", "2020-01-01"]
        case _:
            return ["22", "2201"]


# --- rules ---------------------------------------------------------------------------------------


def _tree(
    random: Random, facts: list[Fact], lists: Mapping[str, CodeList], depth: int
) -> dict[str, Any]:
    if depth <= 0 or random.random() < 0.35:
        test = _test(random, random.choice(facts), lists)
        return {"not": test} if random.random() < 0.25 else test
    word = random.choice(("all", "all", "any", "any", "not"))
    if word == "not":
        return {"not": _tree(random, facts, lists, depth - 1)}
    count = random.choice((1, 2, 2, 2, 3))
    return {word: [_tree(random, facts, lists, depth - 1) for _ in range(count)]}


def _test(random: Random, fact: Fact, lists: Mapping[str, CodeList]) -> dict[str, Any]:
    constants = _constants(fact, lists)
    if fact.type in ("integer", "decimal") and random.random() < 0.7:
        constants += ["0.55"] if fact.type == "decimal" and not fact.computed else []
        op = random.choice(("at-least", "more-than", "at-most", "less-than"))
        return {"fact": fact.name, op: random.choice(constants)}
    if fact.type == "date" and random.random() < 0.7:
        op = random.choice(("on-or-after", "after", "on-or-before", "before"))
        return {"fact": fact.name, op: random.choice(constants)}
    if random.random() < 0.4:
        some = random.sample(constants, k=random.randint(1, min(2, len(constants))))
        return {"fact": fact.name, "in": some}
    return {"fact": fact.name, "is": random.choice(constants)}


def _condition(random: Random, words: Vocabulary, depth: int) -> Condition:
    facts = [f for f in words.facts(KIND) if f.type != "text"]
    if random.random() < 0.1:
        return from_json({"all": []})
    return from_json(_tree(random, facts, words.code_lists, depth))


def _rules(
    random: Random, words: Vocabulary, count: int, weights: tuple[int, ...] = (18, 42, 30, 5, 5)
) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    depths: dict[str, int] = {}
    for i in range(count):
        effect = random.choices(_EFFECTS, weights)[0]
        instrument, in_force = _in_force(random)
        targets = [r for r in rules if depths[r.id] < 3 and random.random() < 0.2]
        requirement = None
        if effect == "requires" or (effect == "advises" and weights[3] > 5):
            that = _demanded(random, words)
            requirement = Requirement("assigner", that, label(f"text {i}"))
        rule = Rule(
            f"rule.{i}",
            label(f"rule {i}"),
            KIND,
            "obligation",
            "strict",
            (Citation(instrument, instrument, "title", "一", "iri", "quote"),),
            random.choice(("", "", "", "22", "22", "2201", "37")),
            in_force,
            _condition(random, words, random.choice((0, 1, 1, 2))),
            effect,
            requirement,
            tuple(Defeat(t.id, random.choice(GROUNDS)) for t in targets),
        )
        depths[rule.id] = 1 + max((depths[t.id] for t in targets), default=0)
        rules.append(rule)
    random.shuffle(rules)
    return tuple(rules)


def _demanded(random: Random, words: Vocabulary) -> Condition:
    """What is required: often something that an act brings about."""
    acts = [(f, c.to) for f in words.facts(KIND) for c in f.changes]
    if acts and random.random() < 0.7:
        fact, value = random.choice(acts)
        return from_json({"fact": fact.name, "is": value})
    return _condition(random, words, random.choice((0, 0, 1, 2)))


def _in_force(random: Random) -> tuple[str, InForce]:
    if random.random() < 0.8:
        return random.choice(("i1", "i4")), random.choices(_STARTS, (10, 2, 1, 1))[0]
    instrument = random.choice(tuple(_UNCERTAIN))
    start, latest = _UNCERTAIN[instrument]
    end = random.choice((None, None, None, date(2019, 6, 30), date(2019, 6, 1)))
    return instrument, InForce(start, latest, end if end and end > latest else None)


# --- requests ------------------------------------------------------------------------------------


def _request(random: Random, book: Rulebook) -> Asked:
    known = random.choice((0.2, 0.5, 0.8, 1.0))
    facts: dict[str, object] = {}
    derived: list[Derived] = []
    words = book.vocabulary
    for fact in words.facts(KIND):
        if random.random() < known:
            facts[fact.name] = _given(random, fact, words.code_lists)
        if fact.derived and random.random() < 0.5:
            value = random.choice(_constants(fact, words.code_lists))
            derived.append(Derived(fact.name, value, _part(random, words, facts)))
    names = list(facts)
    random.shuffle(names)
    return Asked({name: facts[name] for name in names}, tuple(derived))


def _part(random: Random, words: Vocabulary, facts: Mapping[str, object]) -> dict[str, str]:
    """The part a fact is derived for: of all, or of one kind that is given."""
    kinds = next(
        (
            fact
            for fact in words.facts(KIND)
            if fact.type == "codes" and fact.applies_when is None and fact.name in facts
        ),
        None,
    )
    given = facts[kinds.name] if kinds else None
    if kinds is None or not isinstance(given, list) or not given or random.random() < 0.6:
        return {}
    return {kinds.name: random.choice(given)}


def _given(random: Random, fact: Fact, lists: Mapping[str, CodeList]) -> object:
    match fact.type:
        case "codes":
            codes = lists[str(fact.codes)].codes
            most = random.choice((1, 1, 1, 1, 1, 2, 2, min(4, len(codes))))
            return random.sample(codes, k=0 if random.random() < 0.05 else most)
        case "integer":
            return random.randint(-2, 5)
        case "decimal":
            constants = [*_constants(fact, lists), "-7", "100"]
            return random.choice(constants)
        case "date":
            return (DAY + timedelta(days=random.choice((-900, -1, 0, 1, 30, 900)))).isoformat()
        case "place":
            return random.choice(PLACES)
        case "text":
            return random.choice(("事项", "a task"))
        case _:
            return random.choice(_constants(fact, lists))
