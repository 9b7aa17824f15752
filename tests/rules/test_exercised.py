"""What cases show of comparisons: true, false, unknown, each where the comparison decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ontology.vocabulary import Computation
from rules import condition
from rules.cases import Example, load_cases
from rules.exercised import TRUTHS, Bench, Compared, Truth, comparisons, exercise
from rules.model import Rulebook
from tests.rules.generate import label
from tests.rules.small import book, fact, is_, rule

DAY = date(2019, 6, 1)


def case(rule_id: str, as_of: date = DAY, **facts: Any) -> Example:
    """A case of a rule; its expectation does not matter here."""
    return Example(rule_id, label(""), as_of, facts, "holds", None, None, "x:1:1", "x:1:1", {})


def shown(rulebook: Rulebook, *examples: Example) -> dict[tuple[str, str], dict[Truth, int]]:
    """The counts of each comparison, by role and fact, of the only rule."""
    (found,) = exercise(Bench(rulebook), examples)
    return {(s.compared.role, s.compared.test.fact): dict(s.cases) for s in found.shown}


def holes(rulebook: Rulebook, *examples: Example) -> set[tuple[str, str, str]]:
    (found,) = exercise(Bench(rulebook), examples)
    return {(h.compared.role, h.compared.test.fact, h.truth) for h in found.holes}


def test_each_value_is_counted_by_case() -> None:
    rulebook = book([fact("a"), fact("b")], [rule("r", "forbids", {"all": [is_("a"), is_("b")]})])
    counts = shown(rulebook, case("r", a=True), case("r", a=False, b=True), case("r", a=True))
    assert counts[("when", "a")] == {"true": 2, "false": 1, "unknown": 0}
    assert counts[("when", "b")] == {"true": 1, "false": 0, "unknown": 2}


def test_a_comparison_that_stands_twice_is_told_once() -> None:
    twice = {"any": [is_("a"), {"not": is_("a")}]}
    rulebook = book([fact("a")], [rule("r", "forbids", twice)])
    assert len(comparisons(rulebook.rules["admissibility"][0])) == 1


def test_a_case_before_the_rule_or_elsewhere_shows_nothing() -> None:
    facts = [fact("a"), fact("where", "place")]
    rulebook = book(facts, [rule("r", "forbids", is_("a"), place="22", start="2015-01-01")])
    before = case("r", date(2014, 12, 31), a=True)
    elsewhere = case("r", a=True, where="370000")
    assert shown(rulebook, before, elsewhere)[("when", "a")] == dict.fromkeys(TRUTHS, 0)
    assert shown(rulebook, case("r", a=True, where="220102"))[("when", "a")]["true"] == 1


def test_a_requirement_is_shown_only_where_its_rule_speaks() -> None:
    rulebook = book([fact("a"), fact("b")], [rule("r", "requires", is_("a"), that=is_("b"))])
    silent = case("r", a=False, b=True)
    assert shown(rulebook, silent)[("requires", "b")]["true"] == 0
    assert shown(rulebook, case("r", a=True, b=True))[("requires", "b")]["true"] == 1
    assert shown(rulebook, case("r", b=True))[("requires", "b")]["true"] == 1


def test_what_is_presumed_or_does_not_exist_counts() -> None:
    facts = [fact("a", presumed=True), fact("b", when=is_("a"))]
    rulebook = book(facts, [rule("r", "forbids", {"all": [is_("a"), is_("b")]})])
    counts = shown(rulebook, case("r"), case("r", a=False))
    assert counts[("when", "a")] == {"true": 1, "false": 1, "unknown": 0}
    assert counts[("when", "b")] == {"true": 0, "false": 1, "unknown": 1}
    assert holes(rulebook, case("r"), case("r", a=False)) == {("when", "b", "true")}


def test_what_is_computed_counts() -> None:
    one = fact("ratio", "decimal", scale=2)
    ratio = type(one)(
        one.name, one.type, one.label, one.question, one.meaning, scale=2,
        computed=Computation("area", "households", Decimal(100)),
    )  # fmt: skip
    facts = [fact("area", "integer"), fact("households", "integer"), ratio]
    rulebook = book(facts, [rule("r", "forbids", {"fact": "ratio", "at-least": 30})])
    counts = shown(rulebook, case("r", area=30, households=100), case("r", area=30))
    assert counts[("when", "ratio")] == {"true": 1, "false": 0, "unknown": 1}


def test_every_part_of_a_set_is_looked_at() -> None:
    rulebook = book([fact("k", "codes")], [rule("r", "forbids", is_("k", "k1"))])
    assert shown(rulebook, case("r", k=["k1", "k3"]))[("when", "k")] == {
        "true": 1,
        "false": 1,
        "unknown": 0,
    }


def test_what_no_facts_can_show_is_no_hole() -> None:
    """The requirement asks for what the condition has ruled out: it is never true there."""
    rulebook = book([fact("a"), fact("b")], [rule("r", "requires", is_("a"), that=is_("a", False))])
    assert holes(rulebook, case("r", a=True), case("r"), case("r", a=False)) == set()
    assert holes(rulebook) == {("when", "a", t) for t in TRUTHS} | {
        ("requires", "a", "false"),
        ("requires", "a", "unknown"),
    }


def test_facts_that_cannot_be_read_show_nothing() -> None:
    rulebook = book([fact("a")], [rule("r", "forbids", is_("a"))])
    assert shown(rulebook, case("r", a="yes"))[("when", "a")] == dict.fromkeys(TRUTHS, 0)


@pytest.fixture(scope="module")
def examples() -> tuple[Example, ...]:
    found, issues = load_cases()
    assert issues == []
    return found


def test_the_shipped_rules_are_all_told_and_what_is_shown_is_so(
    rulebook: Rulebook, examples: tuple[Example, ...]
) -> None:
    """A rule whose case holds has shown a comparison; all that is missing could be shown."""
    bench = Bench(rulebook)
    found = exercise(bench, examples)
    assert [e.rule for e in found] == [r for rules in rulebook.rules.values() for r in rules]
    held = {example.rule for example in examples if example.status == "holds"}
    for one in found:
        if one.rule.id in held:
            assert all(sum(s.cases.values()) for s in one.shown if s.compared.role == "when")
        assert {(h.compared, h.truth) for h in one.holes} <= bench.possible(one.rule)


def test_a_comparison_is_named_by_role_and_test(rulebook: Rulebook) -> None:
    members = next(
        r
        for rules in rulebook.rules.values()
        for r in rules
        if r.id == "jl-2017-36.committee-members-urban"
    )
    assert [(c.role, c.test.fact) for c in comparisons(members)] == [
        ("when", "subject.kind"),
        ("requires", "committee.members"),
        ("requires", "committee.members"),
    ]
    assert [str(c) for c in comparisons(members)][1:] == [
        "committee.members at-least 5",
        "committee.members at-most 9",
    ]
    assert str(Compared("when", condition.Test("a", "in", (True, "x")))) == "a in true, x"
