"""OPTIONAL before what must hold: groups are answered from their beginning (SPARQL 1.1 §18.2.2)."""

from __future__ import annotations

import pytest

from service.sparql.advice.optional import optional_first
from tests.service.sparql.advice.conftest import Judge

# What is optional hangs on a variable that has a value by then: moving it changes nothing.
SAFE = (
    "SELECT * { ?s a zr:Instrument OPTIONAL { ?s zr:documentNumber ?n } ?s eli:title ?t }",
    "SELECT * { ?s a zr:Instrument . OPTIONAL { ?s zr:documentNumber ?n } . ?s eli:title ?t . }",
    """SELECT * {
  ?s a zr:Instrument .
  OPTIONAL { ?s zr:documentNumber ?n FILTER(STRLEN(?n) > 9) }
  # and a comment }
  OPTIONAL { ?s zr:issued ?d }
  ?s eli:title ?t .
  FILTER(?t != "x")
}""",
    "SELECT ?s ?t { GRAPH ?g { ?s a zr:Instrument OPTIONAL { ?s zr:issued ?d } ?s eli:title ?t } }",
    "SELECT * { ?s a zr:Norm OPTIONAL { ?s zr:doubt ?d } { SELECT ?s { ?s zr:quote ?q } } }",
    """SELECT * { VALUES ?s { <https://zhunru.example/id/doc/jl-jifa-2017-36> }
      OPTIONAL { ?s zr:issued ?d } ?s eli:title ?t }""",
)
# Here it decides what the group is about, or shares more with what follows.
UNSAFE = (
    "SELECT * { OPTIONAL { ?s zr:documentNumber ?n } ?s eli:title ?t }",
    "SELECT * { ?s a zr:Norm OPTIONAL { ?s zr:reportedFrom ?o } ?o eli:title ?t }",
    "SELECT * { ?s a zr:Instrument OPTIONAL { ?s zr:issued ?d FILTER(?h) } ?s zr:held ?h }",
)
NONE = (
    "SELECT * { ?s a zr:Instrument ; eli:title ?t OPTIONAL { ?s zr:documentNumber ?n } }",
    "SELECT * { ?s eli:title ?t OPTIONAL { ?s zr:issued ?n } FILTER(BOUND(?n)) }",
    "SELECT * { ?s eli:title ?t OPTIONAL { ?s zr:issued ?n } BIND(COALESCE(?n, '') AS ?m) }",
    "SELECT * { ?s eli:title ?t OPTIONAL { ?s zr:issued ?n } MINUS { ?s zr:held true } }",
    "SELECT * { ?s eli:title ?t OPTIONAL { ?s zr:issued ?n } OPTIONAL { ?s zr:held ?h } }",
    # What follows BIND may need what the OPTIONAL has given.
    "SELECT * { ?s eli:title ?t OPTIONAL { ?s zr:issued ?n } BIND(YEAR(?n) AS ?y) ?s zr:held ?h }",
)


@pytest.mark.parametrize("query", SAFE)
def test_moving_it_keeps_the_answer_where_that_is_said(judge: Judge, query: str) -> None:
    advice = judge.one(optional_first, query, "OPTIONAL")
    assert advice.severity == "slow"
    judge.keeps(query, advice)
    rewritten = judge.rewritten(advice)
    assert judge.found(optional_first, rewritten) == []
    assert rewritten.count("OPTIONAL") == query.count("OPTIONAL")


@pytest.mark.parametrize("query", UNSAFE)
def test_it_is_not_said_where_the_optional_decides(judge: Judge, query: str) -> None:
    advice = judge.one(optional_first, query, "OPTIONAL")
    assert advice.severity == "misleading"
    assert advice.rewrite is not None
    assert advice.rewrite.equal == "sometimes"
    assert judge.found(optional_first, judge.rewritten(advice)) == []


def test_things_without_the_optional_part_were_lost(judge: Judge) -> None:
    """What makes this shape misleading, on the data: titles without a number come back."""
    advice = judge.one(optional_first, UNSAFE[0], "OPTIONAL")
    before, after = judge.rows(UNSAFE[0]), judge.rows(judge.rewritten(advice))
    assert before < after
    assert "?s" in advice.message.zh


@pytest.mark.parametrize("query", NONE)
def test_what_is_no_such_shape_is_left_alone(judge: Judge, query: str) -> None:
    assert judge.found(optional_first, query) == []


def test_a_rewritten_query_keeps_its_layout(judge: Judge) -> None:
    advice = judge.one(optional_first, SAFE[2], "OPTIONAL")
    assert judge.rewritten(advice).splitlines() == [
        "SELECT * {",
        "  ?s a zr:Instrument .",
        "  # and a comment }",
        "  ?s eli:title ?t .",
        "  OPTIONAL { ?s zr:documentNumber ?n FILTER(STRLEN(?n) > 9) }",
        "  OPTIONAL { ?s zr:issued ?d }",
        '  FILTER(?t != "x")',
        "}",
    ]
