"""Generated cases fill the holes they name, and the engine decides what they come to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules.case_text import case_yaml
from rules.cases import Example, load_cases, read_cases, run_case
from rules.exercised import Bench, Exercise, exercise, exercise_of
from rules.filling import proposals
from rules.model import Rulebook
from tests.rules.generate import label
from tests.rules.small import book, fact, is_, rule

DAY = date(2019, 6, 1)
RULES = (
    "jl-2017-36.five-matters",
    "jl-2017-36.centre-area",
    "cn-2020-20.kinship-verifiable",
    "jl-2017-36.residual-admission",
)


def case(**facts: Any) -> Example:
    """A case of the rule r."""
    return Example("r", label("base"), DAY, facts, "holds", None, None, "x:1:1", "x:1:1", {})


def of(rulebook: Rulebook, *examples: Example) -> tuple[Bench, Exercise]:
    bench = Bench(rulebook)
    (found,) = exercise(bench, examples)
    return bench, found


def test_one_fact_is_changed_where_one_is_enough() -> None:
    rulebook = book([fact("a"), fact("b")], [rule("r", "forbids", {"all": [is_("a"), is_("b")]})])
    made, unfilled = proposals(*of(rulebook, case(a=True, b=True)))
    assert unfilled == ()
    assert {proposal.changes for proposal in made} == {
        (("a", False),), (("a", None),), (("b", False),), (("b", None),),
    }  # fmt: skip
    by_change = {proposal.changes: proposal.example for proposal in made}
    assert by_change[(("a", False),)].status == "fails"
    assert by_change[(("a", None),)].status == "unknown"
    assert "a" not in by_change[(("a", None),)].facts


def test_two_facts_are_changed_where_one_is_not_enough() -> None:
    """The requirement is reached only where the rule speaks."""
    rulebook = book([fact("a"), fact("b")], [rule("r", "requires", is_("a"), that=is_("b"))])
    made, unfilled = proposals(*of(rulebook, case(a=False, b=False)))
    assert unfilled == ()
    reached = {(h.compared.role, h.truth) for proposal in made for h in proposal.fills}
    assert {("requires", "true"), ("requires", "unknown"), ("requires", "false")} <= reached


def test_a_rule_without_cases_keeps_its_holes() -> None:
    rulebook = book([fact("a")], [rule("r", "forbids", is_("a"))])
    made, unfilled = proposals(*of(rulebook))
    assert made == ()
    assert len(unfilled) == 3


@pytest.fixture(scope="module")
def bench(rulebook: Rulebook) -> Bench:
    """The shipped rules, compiled once."""
    return Bench(rulebook)


@pytest.fixture(scope="module")
def held() -> dict[str, Example]:
    """The first case of each shipped rule in which it holds."""
    cases = [case for case in load_cases()[0] if case.status == "holds"]
    return {case.rule: case for case in reversed(cases)}


def alone(bench: Bench, example: Example) -> Exercise:
    """What one case shows of its rule."""
    rules = [r for rules in bench.rulebook.rules.values() for r in rules]
    return exercise_of(bench, next(r for r in rules if r.id == example.rule), (example,))


@pytest.mark.parametrize("name", RULES)
def test_a_proposal_passes_as_a_case_once_it_is_written_down(
    bench: Bench, held: dict[str, Example], name: str
) -> None:
    found = alone(bench, held[name])
    made, unfilled = proposals(bench, found)
    assert made
    text = "cases:\n" + "".join(case_yaml(p.example, ["made"]) for p in made)
    read, issues = read_cases(text, "made.cases.yaml")
    assert issues == []
    assert [(e.facts, e.title, e.status) for e in read] == [
        (p.example.facts, p.example.title, p.example.status) for p in made
    ]
    assert all(run_case(example, bench.rulebook).passed for example in read)
    again = exercise_of(bench, found.rule, (held[name], *read))
    assert set(again.holes) == set(unfilled)


def test_the_title_says_what_was_changed(bench: Bench, held: dict[str, Example]) -> None:
    made, _ = proposals(bench, alone(bench, held[RULES[0]]))
    assert made
    for proposal in made:
        assert proposal.base.title.zh in proposal.example.title.zh
        assert "待审核" in proposal.example.title.zh
        assert "to be reviewed" in proposal.example.title.en
