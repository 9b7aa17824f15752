"""Denials say of every conjunction what strong Kleene logic says (Kleene 1952, §64)."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import denial
from rules.denial import Denials, Names
from rules.network import Network, compile_rules
from rules.reference import generate as reference
from tests.rules.generate import KIND, rulebook
from tests.rules.small import book, fact, is_, rule

NAMES = Names(tuple(f"k{i}" for i in range(16)), tuple(f"x{i}" for i in range(200)))


def network(seed: int) -> Network:
    book = rulebook(seed)
    return compile_rules(KIND, book.rules[KIND], book.vocabulary)


def states(made: Network, random: Random, count: int) -> list[tuple[int, ...]]:
    """States with any masks at all, absence only where a fact may not exist."""
    found = []
    for _ in range(count):
        masks = []
        for slot, domain in enumerate(made.domains):
            whole = domain.everything | (1 if slot in made.applies_when else 0)
            regions = [1 << i for i in range(whole.bit_length()) if whole >> i & 1]
            some = random.sample(regions, random.randint(1, len(regions))) if regions else []
            masks.append(sum(some))
        found.append(tuple(masks))
    return found


def masks(denials: Denials, state: tuple[int, ...]) -> tuple[int, int]:
    """The two masks, by doing in Python what the engine does with keys and denials."""
    asks, told = denials.of(state)
    for ruleset, said in asks:
        named = json.loads("{" + said.removeprefix(",") + "}").keys()
        for one in denials.rulesets[ruleset]:
            if one.key in named and not named & set(one.denials):
                told |= one.told
    return denials.masks(told)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7))
def test_what_is_free_of_denials_is_what_possibly_holds(seed: int, most: int) -> None:
    made = network(seed)
    denials = Denials(made, NAMES, most)
    evaluate = reference(made)
    for state in states(made, Random(seed), 20):
        assert masks(denials, state) == evaluate(state)


@pytest.mark.parametrize("most", [1, 3, 60])
@pytest.mark.parametrize(("keys", "names"), [(1, 20), (16, 20), (16, 200)])
def test_rulesets_keep_their_limits(most: int, keys: int, names: int) -> None:
    limited = Names(NAMES.keys[:keys], NAMES.denials[:names])
    for seed in range(30):
        made = network(seed)
        for rules in Denials(made, limited, most).rulesets:
            assert len(rules) <= most
            assert len({one.key for one in rules}) <= keys
            assert len({name for one in rules for name in one.denials}) <= names
            assert {one.key for one in rules} <= set(limited.keys)
            assert {name for one in rules for name in one.denials} <= set(limited.denials)


def kinds(count: int) -> Network:
    """Rules for values of one fact, alike in all else."""
    rules = [
        rule(f"r{i}", "permits", {"all": [is_("n", i), is_("far"), is_("x")]}) for i in range(count)
    ]
    law = book([fact("n", "integer"), fact("far"), fact("x")], rules)
    return compile_rules(KIND, law.rules[KIND], law.vocabulary)


def test_what_cannot_fire_is_not_asked() -> None:
    """No key may hold, or a literal that all need cannot: nothing is said to that ruleset."""
    made = kinds(8)
    denials = Denials(made, NAMES, 60)

    def asked(name: str, mask: int) -> int:
        state = [domain.everything for domain in made.domains]
        state[made.slots[name]] = mask
        return len(denials.of(tuple(state))[0])

    values = made.domains[made.slots["n"]]
    assert [asked("n", values.locate(value)) for value in (0, 7, 8)] == [1, 1, 0]
    assert [asked("far", mask) for mask in (2, 4, 6)] == [0, 1, 1]


def test_what_differs_in_an_unknown_value_alone_fires_as_one() -> None:
    made = kinds(8)
    denials = Denials(made, NAMES, 60)
    [(ruleset, said)], _ = denials.of(tuple(domain.everything for domain in made.domains))
    firing = [one for one in denials.rulesets[ruleset] if f'"{one.key}"' in said]
    assert len(firing) == 1
    evaluate = reference(made)
    for state in states(made, Random(1), 50):
        assert masks(denials, state) == evaluate(state)


def test_what_is_kept_of_masks_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests choose the masks; none may make the tables grow without end."""
    monkeypatch.setattr(denial, "_MOST_KNOWN", 3)
    made = network(3)
    denials, evaluate = Denials(made, NAMES, 60), reference(made)
    for state in states(made, Random(3), 200):
        assert masks(denials, state) == evaluate(state)
        assert all(len(run.known) <= 3 for run in denials._runs)
