"""Patterns that nothing joins multiply (SPARQL 1.1 §18.5, Join of disjoint domains)."""

from __future__ import annotations

import pytest

from service.sparql.advice.advising import advise
from service.sparql.advice.known import Known
from service.sparql.advice.product import cartesian_product
from tests.service.sparql.advice.conftest import JILIN, PROLOGUE, Judge

FIRES = (
    ("SELECT * { ?a zr:quote ?b . ?c zr:fullName ?d }", "?c"),
    ("SELECT * { ?a a zr:Place . ?b a zr:Provision FILTER(STRLEN(STR(?a)) > 3) }", "?b"),
    ("SELECT * { ?a zr:quote ?b . [] zr:fullName ?d }", "[]"),
    ("SELECT * { { ?a zr:quote ?b . ?c zr:fullName ?d } UNION { ?a zr:held ?b } }", "?c"),
    ("SELECT * { ?a a zr:Norm FILTER EXISTS { ?a zr:quote ?b . ?c zr:fullName ?d } }", "?c"),
)
NONE = (
    "SELECT * { ?a zr:quote ?b . ?a zr:action ?c }",
    "SELECT * { ?a zr:quote ?b . ?c zr:fullName ?d FILTER(CONTAINS(?b, ?d)) }",
    "SELECT * { ?a zr:quote ?b . ?c zr:fullName ?d BIND(CONCAT(?b, ?d) AS ?e) FILTER(?e > '') }",
    "SELECT * { ?a zr:quote ?b . ?c zr:fullName ?d OPTIONAL { ?a zr:inJurisdiction ?c } }",
    f"SELECT * {{ ?a zr:fullName ?b . {JILIN} zr:fullName ?d }}",  # of one thing
    "SELECT * { VALUES ?d { 1 } ?a zr:fullName ?b }",
    "SELECT * { ?a a zr:DecisionKind . ?b a zr:List }",  # a few by a few
    "SELECT * { ?a zr:topic [ skos:notation ?b ] }",
    "SELECT * { ?a zr:topic _:t . _:t skos:notation ?b }",
    "ASK { <x:a> <x:b> <x:c> . ?a zr:quote ?b }",
    "SELECT * { { ?a zr:quote ?b } UNION { ?c zr:fullName ?d } }",
)


@pytest.mark.parametrize(("query", "at"), FIRES)
def test_the_part_that_nothing_joins_is_named(judge: Judge, query: str, at: str) -> None:
    advice = judge.one(cartesian_product, query, at)
    assert advice.severity == "misleading"
    assert advice.rewrite is None


@pytest.mark.parametrize("query", NONE)
def test_parts_that_are_joined_or_small_are_left_alone(judge: Judge, query: str) -> None:
    assert judge.found(cartesian_product, query) == []


def test_how_many_rows_there_may_be_is_told_by_the_data(judge: Judge) -> None:
    query = "SELECT * { ?a zr:quote ?b . ?c zr:fullName ?d }"
    advice = judge.one(cartesian_product, query, "?c")
    rows = judge.rows("SELECT ?a { ?a zr:quote ?b }").total()
    names = judge.rows("SELECT ?a { ?a zr:fullName ?b }").total()
    assert f" {rows * names:,} " in advice.message.zh
    (uncounted,) = advise(PROLOGUE + query, Known(), (cartesian_product,))
    assert "multiply" in uncounted.message.en
