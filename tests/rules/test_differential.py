"""durable_rules ≡ the generated function (DESIGN §5); the full counts are in `make prove`.

Here 100,000 fact vectors with unknowns are compared by masks, which determine the decision (why:
`tests/rules/differential.py`), and 3,000 by whole decisions, over generated rulebooks and the
shipped one.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules.compiled import compile_kind
from rules.decide import decide
from rules.explore import Explorer
from rules.model import Rulebook
from rules.state import State
from tests.rules.differential import (
    decisions_differ,
    generated_vectors,
    masks_differ,
    pair,
    vectors,
)
from tests.rules.generate import KIND

GENERATED_BOOKS = 100


@pytest.fixture(scope="module")
def shipped(rulebook: Rulebook) -> Rulebook:
    return rulebook


@pytest.mark.parametrize("seed", range(4))
def test_masks_on_the_shipped_rulebook(shipped: Rulebook, seed: int) -> None:
    two = pair(shipped)
    assert not [v for v in vectors(shipped, seed, 15_000) if masks_differ(two, *v)]


@pytest.mark.parametrize("block", range(4))
def test_masks_on_generated_rulebooks(block: int) -> None:
    for seed in range(block * GENERATED_BOOKS // 4, (block + 1) * GENERATED_BOOKS // 4):
        made, found = generated_vectors(seed, 400)
        two = pair(made)
        assert not [v for v in found if masks_differ(two, *v)]


def test_whole_decisions_on_the_shipped_rulebook(shipped: Rulebook) -> None:
    two = pair(shipped)
    assert not [v for v in vectors(shipped, 99, 250) if decisions_differ(two, *v)]


@pytest.mark.parametrize("block", range(3))
def test_whole_decisions_on_generated_rulebooks(block: int) -> None:
    for seed in range(1000 + block * 120, 1120 + block * 120):
        made, found = generated_vectors(seed, 8)
        two = pair(made)
        assert not [v for v in found if decisions_differ(two, *v)]


def test_nothing_but_masks_enters_a_decision(shipped: Rulebook) -> None:
    """The evaluator is asked through `Explorer.masks` alone, and only about states."""
    calls: list[State] = []
    compiled = compile_kind(shipped, KIND)
    real = compiled.evaluate

    def watched(state: State) -> tuple[int, int]:
        calls.append(state)
        return real(state)

    asked: list[State] = []
    masks = Explorer.masks

    def counted(self: Explorer, state: State) -> tuple[int, int]:
        asked.append(state)
        return masks(self, state)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Explorer, "masks", counted)
        for vector, on in vectors(shipped, 7, 20):
            decide(KIND, vector.facts, on, shipped, compiled=replace(compiled, evaluate=watched))
    assert calls
    assert set(calls) <= set(asked)
