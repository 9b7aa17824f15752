"""SUM and the like over what may be missing: an error in the group is one in the sum (§18.5.1)."""

from __future__ import annotations

import pytest

from service.sparql.advice.aggregates import aggregate_of_optional
from tests.service.sparql.advice.conftest import Judge

DATA = """VALUES (?g ?x) { ("a" 1) ("a" 2) ("b" 3) ("b" 4) ("c" 5) }
  OPTIONAL { VALUES (?x ?v) { (1 10) (2 5) (3 7) } }"""
FIRES = (
    ("SUM(?v)", "SUM(COALESCE(?v, 0))"),
    ("SUM(DISTINCT ?v)", "SUM(DISTINCT COALESCE(?v, 0))"),
    ("SUM(?v * 2)", "SUM(COALESCE(?v * 2, 0))"),
    ("AVG(?v)", "(SUM(COALESCE(?v, 0)) / COUNT(?v))"),
    ("MAX(?v)", None),
    ('GROUP_CONCAT(?v; SEPARATOR=",")', None),
)
NONE = (
    "SELECT (COUNT(?v) AS ?n) { ?s a zr:Norm OPTIONAL { ?s zr:number ?v } }",
    "SELECT (SUM(?v) AS ?n) { ?s a zr:Norm OPTIONAL { ?s zr:of ?o } ?s zr:number ?v }",
    "SELECT (SUM(COALESCE(?v, 0)) AS ?n) { ?s a zr:Norm OPTIONAL { ?s zr:number ?v } }",
    "SELECT (SUM(IF(BOUND(?v), 1, 0)) AS ?n) { ?s a zr:Norm OPTIONAL { ?s zr:number ?v } }",
    "SELECT (SUM(?v) AS ?n) { ?s zr:number ?w BIND(?w * 2 AS ?v) }",
    # All rows of a group have a name, or the group has one row without any.
    "SELECT ?s (MAX(?v) AS ?n) { ?s a zr:Norm OPTIONAL { ?s zr:number ?v } } GROUP BY ?s",
    """SELECT ?s (GROUP_CONCAT(?i) AS ?n) { ?s a zr:Norm
      OPTIONAL { ?r zr:executes ?s ; zr:ruleId ?i } } GROUP BY ?s""",
)


@pytest.mark.parametrize(("written", "offered"), FIRES)
def test_it_is_named_and_sums_are_offered_without_what_is_missing(
    judge: Judge, written: str, offered: str | None
) -> None:
    query = f"SELECT ?g ({written} AS ?n) {{ {DATA} }} GROUP BY ?g"
    advice = judge.one(aggregate_of_optional, query, written)
    assert advice.severity == "misleading"
    # This is what misleads: of b one row is missing, of c all, and neither has a result.
    assert judge.rows(query)['"b"\t'] == 1
    if offered is None:
        assert advice.rewrite is None
        return
    rewritten = judge.rewritten(advice)
    assert offered in rewritten
    assert advice.rewrite is not None
    assert advice.rewrite.equal == "sometimes"
    assert judge.rows(rewritten)['"b"\t'] == 0
    assert judge.found(aggregate_of_optional, rewritten) == []


@pytest.mark.parametrize("written", [written for written, offered in FIRES if offered])
def test_where_nothing_is_missing_the_rewritten_query_says_the_same(
    judge: Judge, written: str
) -> None:
    query = f"SELECT ?g ({written} AS ?n) {{ {DATA} FILTER(?x < 3) }} GROUP BY ?g"
    (advice,) = judge.found(aggregate_of_optional, query)
    assert judge.rows(judge.rewritten(advice)) == judge.rows(query)


def test_having_and_subqueries_are_looked_at(judge: Judge) -> None:
    query = f"SELECT ?g {{ {{ SELECT ?g {{ {DATA} }} GROUP BY ?g HAVING(SUM(?v) > 3) }} }}"
    judge.one(aggregate_of_optional, query, "SUM")


@pytest.mark.parametrize("query", NONE)
def test_what_is_no_such_shape_is_left_alone(judge: Judge, query: str) -> None:
    assert judge.found(aggregate_of_optional, query) == []
