"""What lists and code lists say, asked of the graph: computed here from their own values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ontology.vocabulary import Concept
from rules import condition as conditions
from rules.model import Rule
from tests.kb.world import World, in_force


def kinds(world: World) -> Mapping[str, Concept]:
    return {c.code: c for c in world.vocabulary.code_lists["task-kinds"].concepts}


def asked(rule: Rule, fact: str) -> set[str]:
    """The codes of a fact that a condition asks for, outside any negation."""

    def walk(condition: conditions.Condition) -> set[str]:
        match condition:
            case conditions.Test(name, _, values):
                return {str(v) for v in values} if name == fact else set()
            case conditions.Not():
                return set()
            case conditions.All(parts) | conditions.Either(parts):
                return set().union(*(walk(p) for p in parts))

    return walk(rule.when)


def test_duties_of_government_with_their_source(world: World) -> None:
    expected = {
        (c.code, c.label.zh, c.government_duty.source.zh)
        for c in kinds(world).values()
        if c.government_duty and c.government_duty.value
    }
    assert world.answer("government-duties", "code", "label", "source") == expected
    assert any(code == "enforcement" for code, _, _ in expected)


def test_kinds_that_a_community_may_not_be_responsible_for(world: World) -> None:
    """The five matters of 三（五）, with their narrower kinds."""
    on = date(2019, 6, 1)
    codes = world.vocabulary.code_lists["task-kinds"]
    expected = {
        (narrower, r.id)
        for r in world.rules
        if r.effect == "forbids"
        and in_force(r, on, "22")
        and "responsible" in asked(r, "task.role")
        for named in asked(r, "task.kind")
        for narrower in codes.narrower(named)
    }
    found = world.answer("kinds-forbidden-to-bear", "code", "id")
    assert found == expected
    five = {code for code, rule in found if rule == "jl-2017-36.five-matters"}
    assert five >= {
        "enforcement", "demolition", "environmental-remediation", "urban-management",
        "investment-promotion",
    }  # fmt: skip


def test_kinds_that_no_rule_names(world: World) -> None:
    codes = world.vocabulary.code_lists["task-kinds"]
    named = {code for r in world.rules for code in asked(r, "task.kind")}
    found = {code for (code,) in world.answer("kinds-without-rule", "code")}
    required = {
        str(value)
        for r in world.rules
        if r.requirement
        for test in conditions.tests(r.requirement.that)
        if test.fact == "task.kind"
        for value in test.values
    }
    covered = {narrower for code in named | required for narrower in codes.narrower(code)}
    assert found == set(codes.codes) - covered


def test_the_national_negative_list(world: World) -> None:
    """民发〔2020〕20号 附件: twenty rows, each under the ban on what is listed."""
    rows = world.answer("negative-list-certificates", "row", "name", "code", "id")
    (listed,) = [
        found for found in world.library.register.lists if found.id == "cn-minfa-2020-20-list-1"
    ]
    assert {row[:3] for row in rows} == {(str(r.number), r.name, r.code) for r in listed.rows}
    assert len(listed.rows) == 20
    assert {row for row, _, _, rule in rows if rule == "cn-2020-20.negative-list"} == {
        str(n) for n in range(1, 21)
    }
    assert ("1", "亲属关系证明", "kinship", "cn-2020-20.kinship-for-notarisation") in rows


def test_rules_on_certificates_read_their_facts(world: World) -> None:
    read = {
        r.id: {f for f in conditions.facts_of(r.when) if f.startswith("certificate.")}
        for r in world.rules
    }
    rows = world.answer("rules-on-certificates", "id", "facts")
    assert {rule: set(facts.split()) for rule, facts in rows} == {
        r: f for r, f in read.items() if f
    }


def test_the_facts_a_kind_of_decision_asks(world: World) -> None:
    for kind in world.vocabulary.kinds:
        expected = set()
        for fact in world.vocabulary.facts(kind):
            readers = {
                r.id
                for r in world.rulebook.rules.get(kind, ())
                for condition in [r.when, *([r.requirement.that] if r.requirement else [])]
                if fact.name in conditions.facts_of(condition)
            }
            expected.add((fact.name, str(len(readers))))
        found = world.answer("questions-a-decision-asks", "name", "rules", decision=kind)
        assert found == expected


def test_lists_and_rows_whose_start_is_not_known(world: World) -> None:
    expected = set()
    for found in world.library.register.lists:
        if found.latest or not found.start:
            expected.add((found.title, ""))
        expected |= {
            (found.title, str(row.number))
            for row in found.rows
            if row.latest or not (row.start or found.start)
        }
    assert world.answer("lists-without-start", "title", "row") == expected
    assert ("不应由基层群众性自治组织出具证明事项清单（第一批）", "") in expected
