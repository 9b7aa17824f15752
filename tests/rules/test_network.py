"""Conditions as literals and paths: the same three-valued meaning (DESIGN §4–5)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.condition import All, Condition, Either, Not, from_json, to_json
from rules.condition import Test as Comparison
from rules.domain import ABSENT
from rules.model import InForce
from rules.network import (
    MAX_LITERALS_PER_PATH,
    CompileError,
    Network,
    Window,
    compile_rules,
)
from rules.state import Frame, State, kleene
from tests.rules.generate import KIND
from tests.rules.small import book, fact, is_, rule
from tests.rules.strategies import FACTS, conditions, network_of, states


def plainly(tree: Condition, network: Network, state: State) -> float:
    """Strong Kleene value by its definition: false 0, unknown ½, true 1."""
    match tree:
        case Comparison(name):
            slot = network.slots[name]
            held = [bool(network.domains[slot].truth[tree] & m) for m in _singles(state[slot])]
            return 1.0 if all(held) else 0.0 if not any(held) else 0.5
        case Not(part):
            return 1.0 - plainly(part, network, state)
        case All(parts):
            return min([plainly(part, network, state) for part in parts], default=1.0)
        case Either(parts):
            return max([plainly(part, network, state) for part in parts], default=0.0)


def _singles(mask: int) -> list[int]:
    return [1 << i for i in range(mask.bit_length()) if mask >> i & 1]


def by_paths(network: Network, state: State) -> tuple[int, int]:
    """Certain and possible bits read off the paths, as the engine is to answer."""
    certain = possible = 0
    for path in network.paths:
        literals = [network.literals[number] for number in path.literals]
        if all(state[x.slot] & x.mask for x in literals):
            possible |= 1 << path.bit
        if all(not state[x.slot] & ~x.mask for x in literals):
            certain |= 1 << path.bit
    return certain, possible


@given(st.data())
def test_paths_keep_the_kleene_value_of_every_tree(data: st.DataObject) -> None:
    trees = data.draw(st.lists(conditions, min_size=1, max_size=3))
    network = network_of(trees, data.draw(conditions))
    state = data.draw(states(network))
    certain, possible = by_paths(network, state)
    for bit, tree in enumerate(network.trees):
        value = plainly(tree, network, state)
        assert (certain >> bit & 1) + (possible >> bit & 1) == 2 * value, tree
        assert kleene(tree, network, state) == 2 * value


@given(st.data())
def test_what_could_be_met_is_met_by_some_change_of_the_changeable(data: st.DataObject) -> None:
    """Curable ⇔ some values of the facts somebody can change meet it; what exists stays."""
    that = data.draw(conditions)
    network = network_of([], that)
    raw = tuple(data.draw(st.sampled_from(d.split(d.everything))) for d in network.domains)
    state = Frame(network).settle(raw)
    met, curable = network.met[0], network.curable[0]
    changed = [
        _singles(domain.everything)
        if slot < len(FACTS) and FACTS[slot].changeable_by != "none" and state[slot] != ABSENT
        else [state[slot]]
        for slot, domain in enumerate(network.domains)
    ]
    could = any(plainly(that, network, other) == 1 for other in _product(changed))
    certain, possible = by_paths(network, state)
    assert certain == possible, "everything is known"
    assert bool(certain >> curable & 1) is could
    assert could or not certain >> met & 1


def _product(choices: list[list[int]]) -> list[State]:
    found: list[State] = [()]
    for choice in choices:
        found = [(*state, mask) for state in found for mask in choice]
    return found


def test_paths_are_minimal_and_shared() -> None:
    one, two = Comparison("a", "is", (True,)), Comparison("b", "is", (True,))
    network = network_of([Either((one, All((one, two)))), one])
    assert [path.bit for path in network.paths] == [0, 1], "a or (a and b) is a"
    assert network.paths[0].literals == network.paths[1].literals


@pytest.mark.parametrize(
    ("period", "day", "truth"),
    [
        (InForce(date(2015, 7, 13)), "2015-07-12", False),
        (InForce(date(2015, 7, 13)), "2015-07-13", True),
        (InForce(date(2015, 7, 13), None, date(2016, 1, 1)), "2015-12-31", True),
        (InForce(date(2015, 7, 13), None, date(2016, 1, 1)), "2016-01-01", False),
        # 吉民发〔2015〕44号: some day of 2015-07-13…2015-12-31, so the last one is certain.
        (InForce(date(2015, 7, 13), date(2015, 12, 31)), "2015-07-12", False),
        (InForce(date(2015, 7, 13), date(2015, 12, 31)), "2015-07-13", None),
        (InForce(date(2015, 7, 13), date(2015, 12, 31)), "2015-12-30", None),
        (InForce(date(2015, 7, 13), date(2015, 12, 31)), "2015-12-31", True),
    ],
)
def test_a_period_is_half_open_and_an_uncertain_start_is_in_doubt(
    period: InForce, day: str, truth: bool | None
) -> None:
    assert Window("w", period).truth(date.fromisoformat(day)) is truth


def test_rules_of_one_instrument_share_its_doubt_whatever_their_end() -> None:
    doubt: dict[str, Any] = {"start": "2015-07-13", "latest": "2015-12-31"}
    made = book(
        [fact("a")],
        [
            rule("one", "permits", **doubt),
            rule("two", "permits", **doubt, end="2020-01-01"),
            rule("other", "permits", **doubt, instrument="j"),
        ],
    )
    network = compile_rules(KIND, made.rules[KIND], made.vocabulary)
    begun = [
        {slot for slot in range(len(network.facts), len(network.domains)) if read >> slot & 1}
        for read in network.slots_of_bit
    ]
    assert begun[0] < begun[1]
    assert not begun[0] & begun[2]


def test_what_cannot_be_executed_is_refused_by_name() -> None:
    broken = {
        "nobody is not a fact": [rule("r", "permits", is_("nobody"))],
        "r: a has no order": [rule("r", "permits", {"fact": "a", "at-least": 1})],
    }
    for message, rules in broken.items():
        made = book([fact("a")], rules)
        with pytest.raises(CompileError, match=message):
            compile_rules(KIND, made.rules[KIND], made.vocabulary)


def test_conditions_too_wide_for_the_engine_are_refused() -> None:
    facts = [fact(f"f{i}") for i in range(MAX_LITERALS_PER_PATH + 1)]
    every = {"all": [is_(f.name) for f in facts]}
    made = book(facts, [rule("long", "permits", every)])
    with pytest.raises(CompileError, match="long: too many comparisons"):
        compile_rules(KIND, made.rules[KIND], made.vocabulary)
    pairs = [{"any": [is_(f"f{2 * i}"), is_(f"f{2 * i + 1}")]} for i in range(20)]
    made = book(facts, [rule("wide", "permits", {"all": pairs})])
    with pytest.raises(CompileError, match="too many alternatives"):
        compile_rules(KIND, made.rules[KIND], made.vocabulary)


@given(conditions)
def test_the_written_form_of_a_condition_reads_back(tree: Condition) -> None:
    assert from_json(to_json(tree)) == tree
