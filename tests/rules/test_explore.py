"""Completions: every one accounted for, none that cannot be, and work that is counted."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.case import Case, open_case
from rules.compiled import reference_kind
from rules.explore import Explorer, OutOfBudget
from rules.facts import read_facts
from rules.judge import Standing, standing
from rules.state import State
from tests.rules.generate import KIND, day, requests, rulebook
from tests.rules.small import book, fact, is_, rule


def cases(seed: int) -> list[Case]:
    """The generated cases of a seed."""
    made, asked_on = rulebook(seed), day(seed)
    compiled = reference_kind(made, KIND)
    return [
        open_case(
            compiled,
            read_facts(KIND, asked.facts, asked_on, made.vocabulary),
            asked_on,
            asked.derived,
        )
        for asked in requests(seed, made, 3)
    ]


def completions(explorer: Explorer, raw: State) -> list[State]:
    """Every raw state with one region a slot; texts have none, since no rule reads them."""
    slots = zip(explorer.network.domains, raw, strict=True)
    return list(product(*(domain.split(mask) or (0,) for domain, mask in slots)))


@given(st.integers(0, 400))
def test_standings_are_those_of_all_completions(seed: int) -> None:
    for case in cases(seed):
        explorer = case.explorer
        for part in case.parts:
            every: set[Standing | None] = set()
            for raw in completions(explorer, part.raw):
                masks = explorer.masks(explorer.frame.settle(raw))
                every.add(standing(explorer.table, *masks))
            assert explorer.standings(part.raw) == every
            assert {found for _, found in explorer.leaves(part.raw)} == every


@given(st.integers(0, 400))
def test_leaves_are_the_case_cut_in_pieces(seed: int) -> None:
    """Each completion lies in some leaf, and has that leaf's standing."""
    for case in cases(seed):
        explorer = case.explorer
        for part in case.parts:
            leaves = list(explorer.leaves(part.raw))
            for raw in completions(explorer, part.raw):
                masks = explorer.masks(explorer.frame.settle(raw))
                # A value of a fact that does not exist there makes no difference.
                found = {
                    kind
                    for leaf, kind in leaves
                    if all(a & b or not b for a, b in zip(leaf, raw, strict=True))
                }
                assert found <= {standing(explorer.table, *masks)}


def test_an_early_stop_is_not_remembered_as_the_whole() -> None:
    law = book([fact("x"), fact("y")], [rule("ban", "forbids", is_("x"))])
    case = open_case(
        reference_kind(law, KIND), read_facts(KIND, {}, day(0), law.vocabulary), day(0)
    )
    raw = case.parts[0].raw
    assert len(case.explorer.standings(raw, bool)) == 1
    assert case.explorer.standings(raw) == {Standing.FORBIDDEN, Standing.OPEN}


def test_work_is_counted_once_a_state_and_limited() -> None:
    law = book([fact(n) for n in "xyz"], [rule("r", "permits", {"all": [is_(n) for n in "xyz"]})])
    compiled = reference_kind(law, KIND)
    given_ = read_facts(KIND, {}, day(0), law.vocabulary)
    first, second = (open_case(compiled, given_, day(0)) for _ in range(2))
    first.explorer.standings(first.parts[0].raw)
    spent = first.explorer.spent
    assert spent > 2
    list(first.explorer.leaves(first.parts[0].raw))
    assert first.explorer.spent == spent, "what was evaluated is remembered"
    second.explorer.limit = spent - 1
    with pytest.raises(OutOfBudget):
        second.explorer.standings(second.parts[0].raw)
    assert second.explorer.spent == spent - 1
