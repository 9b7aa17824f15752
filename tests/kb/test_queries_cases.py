"""Cases and tensions, asked of the graph: computed here from their files, without the graph."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from kb.relations import same_wording
from rules.cases import load_cases
from tests.kb.world import World

CASES, _ = load_cases()


def test_each_case_is_in_the_graph_with_what_it_expects(world: World) -> None:
    """Every case of the rulebook, by rule: rulebook folder → graph of cases."""
    expected: Counter[tuple[str, str, str]] = Counter()
    for case in CASES:
        expected[case.rule, case.status, case.verdict or ""] += 1
    rows = world.store.select(
        """PREFIX zr: <https://zhunru.example/ns#>
        SELECT ?rule ?status ?verdict ?case { ?case a zr:Case ; zr:caseOf/zr:ruleId ?rule ;
          zr:caseStatus ?of . BIND(STRAFTER(STR(?of), "case-statuses/") AS ?status)
          OPTIONAL { ?case zr:verdict ?v . BIND(STRAFTER(STR(?v), "verdicts/") AS ?verdict) } }"""
    )
    found = Counter((r["rule"], r["status"], r.get("verdict", "")) for r in rows)
    assert found == expected
    assert len({r["case"] for r in rows}) == len(CASES) > 1000


@pytest.mark.parametrize("rule", ["jl-2017-36.five-matters", "cn-2020-20.negative-list"])
def test_the_cases_of_a_rule(world: World, rule: str) -> None:
    expected = {
        (
            c.title.zh,
            c.as_of.isoformat(),
            c.requirement or "",
            c.reason or "",
            json.dumps(dict(c.facts), ensure_ascii=False, sort_keys=True),
        )
        for c in CASES
        if c.rule == rule
    }
    columns = ("title", "asOf", "requirement", "reason", "facts")
    assert world.answer("cases-of-rule", *columns, rule=rule) == expected
    words = {"holds": "成立", "fails": "不成立", "unknown": "事实不足，未定"}
    told = {(c.title.zh, words[c.status]) for c in CASES if c.rule == rule and c.status in words}
    assert told <= world.answer("cases-of-rule", "title", "status", rule=rule)


def test_rules_whose_norm_is_in_tension(world: World) -> None:
    """From the relations as they were written, whichever of the two norms a rule executes."""
    relations = (*world.library.relations, *same_wording(world.library.instruments))
    tense = {(r.subject.iri, r.object.iri) for r in relations if r.kind == "in-tension"}
    tense |= {(b, a) for a, b in tense}
    executed = world.store.select(
        "PREFIX zr: <https://zhunru.example/ns#> "
        "SELECT ?id ?norm { ?r zr:executes ?norm ; zr:ruleId ?id }"
    )
    expected = {
        (row["id"], norm, other) for row in executed for norm, other in tense if norm == row["norm"]
    }
    assert world.answer("rules-in-tension", "id", "norm", "other") == expected
    assert expected
