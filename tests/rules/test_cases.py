"""Cases beside the rules: read with their places, run against a rulebook, shown as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.case import open_case
from rules.cases import Example, load_cases, read_cases, run_case, run_cases, table
from rules.compiled import shared
from rules.drawn import drawn
from rules.facts import read_facts
from rules.findings import findings, statuses_of
from rules.model import Rulebook

CASE = """\
cases:
  - rule: jl-2017-36.five-matters
    title: {zh: 拆违, en: demolition}
    as-of: "2019-09-12"
    facts:
      task.kind: [demolition]
      task.role: responsible
      community.jurisdiction: 吉林省吉林市船营区
    expect: {status: holds, verdict: inadmissible}
"""


@pytest.fixture
def example() -> Example:
    (example,), issues = read_cases(CASE, "x.cases.yaml")
    assert issues == []
    return example


STANDARD = """\
cases:
  - rule: jl-2017-36.committee-members-urban
    title: {zh: 只有4人, en: only four}
    as-of: "2019-09-12"
    facts:
      subject.kind: urban-community
      subject.jurisdiction: 吉林省吉林市船营区
      committee.members: 4
    expect: {status: holds, requirement: unmet, verdict: non-compliant}
"""


def test_what_a_requirement_comes_to_may_be_expected(rulebook: Rulebook) -> None:
    (wanted,), issues = read_cases(STANDARD, "x.cases.yaml")
    assert issues == []
    assert run_case(wanted, rulebook).passed
    (other,), _ = read_cases(STANDARD.replace("unmet", "met"), "x.cases.yaml")
    assert run_case(other, rulebook).problem == "expected met, found unmet"
    _, issues = read_cases(STANDARD.replace("unmet", "unmeet"), "x.cases.yaml")
    assert "did you mean unmet" in str(issues[0])


def test_a_case_is_read_with_the_places_of_its_facts(example: Example) -> None:
    assert (example.rule, example.title.en) == ("jl-2017-36.five-matters", "demolition")
    assert example.as_of == date(2019, 9, 12)
    assert example.facts["task.kind"] == ["demolition"]
    assert (example.status, example.verdict, example.reason) == ("holds", "inadmissible", None)
    assert (example.where, example.rule_at) == ("x.cases.yaml:2:5", "x.cases.yaml:2:11")
    assert example.places["['task.role']"] == "x.cases.yaml:7:18"
    assert example.places["['task.kind'][0]"] == "x.cases.yaml:6:19"


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("status: holds", "status: held", "9:22", "held is not a status"),
        ("status: holds, ", "", "9:13", "expect lacks status"),
        ("verdict: inad", "verdict: inid", "9:38", "is not a verdict"),
        ("inadmissible}", "inadmissible, reason: fact}", "9:60", "fact is not a reason"),
        ('"2019-09-12"', "2019-09-12", "4:12", "2019-09-12 is not clear"),
        ("    as-of", "    asof", "4:5", "asof is not a member of a case"),
        ("    title: {zh: 拆违, en: demolition}\n", "", "2:5", "a case lacks title"),
    ],
)
def test_a_defect_is_an_issue_at_its_place(old: str, new: str, where: str, message: str) -> None:
    assert old in CASE
    _, issues = read_cases(CASE.replace(old, new, 1), "x.cases.yaml")
    assert any(
        message in issue.message and issue.where == f"x.cases.yaml:{where}" for issue in issues
    ), [str(issue) for issue in issues]


def test_a_case_that_comes_out_as_expected_passes(example: Example, rulebook: Rulebook) -> None:
    outcome = run_case(example, rulebook)
    assert outcome.passed
    assert outcome.problem == ""
    assert (outcome.status, outcome.verdict) == ("holds", "inadmissible")


def test_a_case_that_comes_out_otherwise_fails_and_says_how(
    example: Example, rulebook: Rulebook
) -> None:
    wrong = replace(example, status="fails", verdict="conditional")
    outcome = run_case(wrong, rulebook)
    assert not outcome.passed
    assert (
        outcome.problem == "expected fails, found holds; expected conditional, found inadmissible"
    )


def test_a_rule_is_not_in_force_before_its_day_and_in_another_province(
    example: Example, rulebook: Rulebook
) -> None:
    early = replace(example, as_of=date(2017, 12, 7))
    elsewhere = replace(example, facts={**example.facts, "community.jurisdiction": "山东省"})
    assert [run_case(case, rulebook).status for case in (early, elsewhere)] == ["not-in-force"] * 2


def test_bad_facts_of_a_case_are_issues_where_they_are_written(
    example: Example, rulebook: Rulebook
) -> None:
    outcome = run_case(replace(example, facts={**example.facts, "task.kind": ["demo"]}), rulebook)
    assert not outcome.passed
    assert [issue.where for issue in outcome.issues] == ["x.cases.yaml:6:19"]


def test_what_one_rule_comes_to_is_what_the_findings_tell_of_it(rulebook: Rulebook) -> None:
    """A case asks about its rule alone; an answer tells of all of them."""
    kinds = {rule.id: kind for kind, rules in rulebook.rules.items() for rule in rules}
    known = [each for each in load_cases()[0] if each.rule in kinds]
    seen = set()
    for each in known[::15]:
        kind = kinds[each.rule]
        given = read_facts(kind, each.facts, each.as_of, rulebook.vocabulary)
        derived = drawn(kind, given, each.as_of)
        case = open_case(shared().get(rulebook, kind), given, each.as_of, derived)
        told: dict[str, set[str]] = {}
        for finding in findings(case):
            told.setdefault(finding.rule.id, set()).add(finding.status)
        for rule in rulebook.rules[kind]:
            assert statuses_of(case, rule.id) == told.get(rule.id, set()), each.where
        seen |= {status for statuses in told.values() for status in statuses}
    assert seen == {"holds", "unknown", "defeated"}


def test_cases_of_rules_that_are_not_there_are_not_run(
    example: Example, rulebook: Rulebook
) -> None:
    assert run_cases([replace(example, rule="x.y")], rulebook) == ()
    with pytest.raises(KeyError):
        run_case(replace(example, rule="x.y"), rulebook)


def test_the_table_has_a_row_for_each_rule_with_what_its_cases_reach(
    example: Example, rulebook: Rulebook
) -> None:
    early = replace(example, as_of=date(2017, 12, 7), status="not-in-force", verdict=None)
    wrong = replace(example, status="fails")
    rows = table(run_cases([early, wrong, example], rulebook))
    assert rows == [("jl-2017-36.five-matters", 3, 1, "holds, fails, not-in-force")]


def test_the_shipped_cases_are_found() -> None:
    cases, issues = load_cases()
    assert issues == []
    assert len(cases) > 200
