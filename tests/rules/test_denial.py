"""Denials say of every conjunction what strong Kleene logic says (Kleene 1952, §64)."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import denial
from rules.denial import Denials
from rules.network import Network, compile_rules
from rules.reference import generate as reference
from tests.rules.generate import KIND, rulebook

NAMES = [f"x{i}" for i in range(200)]


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
    """The two masks, by doing in Python what the engine does with denials."""
    texts, unsure, certain, possible = denials.of(state)
    for part, text in zip(denials.parts, texts, strict=True):
        denied = json.loads("{" + text.removeprefix(",") + "}")
        for conjunction in part:
            if not denied.keys() & set(conjunction.names):
                possible |= conjunction.bits
                if not unsure & conjunction.place:
                    certain |= conjunction.bits
    return certain, possible


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7))
def test_what_is_free_of_denials_is_what_possibly_holds(seed: int, most: int) -> None:
    made = network(seed)
    denials = Denials(made, NAMES, most)
    evaluate = reference(made)
    for state in states(made, Random(seed), 20):
        assert masks(denials, state) == evaluate(state)


@pytest.mark.parametrize("most", [1, 3, 60])
@pytest.mark.parametrize("names", [20, 200])
def test_parts_keep_their_limits_and_lose_nothing(most: int, names: int) -> None:
    for seed in range(30):
        made = network(seed)
        denials = Denials(made, NAMES[:names], most)
        kept = [conjunction for part in denials.parts for conjunction in part]
        joined = {frozenset(path.literals) for path in made.paths if len(path.literals) > 1}
        assert len(kept) == len(joined)
        assert len({conjunction.place for conjunction in kept}) == len(kept)
        for part in denials.parts:
            assert len(part) <= most
            assert len({name for conjunction in part for name in conjunction.names}) <= names


def test_what_is_kept_of_masks_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests choose the masks; none may make the tables grow without end."""
    monkeypatch.setattr(denial, "_MOST_KNOWN", 3)
    made = network(3)
    denials, evaluate = Denials(made, NAMES, 60), reference(made)
    for state in states(made, Random(3), 200):
        assert masks(denials, state) == evaluate(state)
        assert all(len(known) <= 3 for _, _, known in denials._runs)
