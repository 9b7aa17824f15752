"""EXISTS with a join is offered as a subquery or MINUS (SPARQL 1.1 §8.1, §8.2, §18.6)."""

from __future__ import annotations

import pytest

from service.sparql.advice.exists import exists_with_path, exists_with_search
from service.sparql.prefixes import ENDPOINT
from service.sparql.searching import Dataset, TextSearch
from tests.service.sparql.advice.conftest import JILIN, PROLOGUE, Judge

SAFE = (
    f"SELECT * {{ ?s zr:fullName ?n FILTER EXISTS {{ ?s zr:partOf+ {JILIN} }} }}",
    f"SELECT * {{ ?s zr:fullName ?n FILTER NOT EXISTS {{ ?s zr:partOf+ {JILIN} }} }}",
    "SELECT * { ?s zr:fullName ?n . FILTER EXISTS { ?s zr:partOf/zr:fullName '吉林省' } . }",
    """SELECT ?s ?c {
  ?s zr:usedUntil ?n .
  FILTER NOT EXISTS { ?s zr:partOf/zr:partOf/zr:partOf ?x }
  ?s zr:divisionCode ?c .
}""",
    "SELECT * { ?b a ?c FILTER NOT EXISTS { ?b a ?n . ?n rdfs:subClassOf+ ?c } }",
    "SELECT * { ?s a zr:Norm FILTER EXISTS { ?s zr:topic ?t . ?t skos:notation ?n } }",
    """SELECT * { ?s a zr:Instrument OPTIONAL { ?s zr:issued ?d }
      FILTER EXISTS { ?s zr:hasProvision/zr:label ?l FILTER(STRLEN(?l) > 2) } }""",
)
NOT_REWRITTEN = (
    # ?n is asked in the FILTER inside only: a subquery would not know it.
    "SELECT * { ?s rdfs:label ?n FILTER EXISTS { ?s zr:topic/skos:prefLabel ?l FILTER(?l = ?n) } }",
    # ?d need not have a value outside.
    "SELECT * { ?s a zr:Norm OPTIONAL { ?s zr:on ?d } FILTER EXISTS { ?s zr:of/zr:issued ?d } }",
    "SELECT * { ?s a ?c FILTER(EXISTS { ?s zr:of/zr:issued ?d } || ?c = zr:Norm) }",
    "SELECT * { ?s a ?c FILTER EXISTS { ?t zr:topic/skos:notation ?n } }",
    "SELECT * { ?s a ?c FILTER EXISTS { ?s zr:of/zr:on ?d { SELECT ?s { ?s a ?e } } } }",
)
NONE = (
    "SELECT * { ?s a zr:Norm FILTER NOT EXISTS { ?r zr:executes ?s } }",
    "SELECT * { ?s a zr:Place FILTER EXISTS { ?s zr:partOf+ ?any } }",
    "SELECT * { ?s a zr:Norm ; zr:topic ?t FILTER EXISTS { ?s zr:bearer ?b . ?t zr:order ?o } }",
    "SELECT * { ?s a zr:Norm FILTER EXISTS { ?s ^zr:executes ?r } }",
    f"SELECT * {{ ?s zr:partOf/zr:partOf {JILIN} MINUS {{ ?s zr:partOf+/zr:label ?x }} }}",
)


@pytest.mark.parametrize("query", SAFE)
def test_the_answer_stays_the_same(judge: Judge, query: str) -> None:
    negated = "NOT EXISTS" in query
    advice = judge.one(exists_with_path, query, "NOT EXISTS" if negated else "EXISTS")
    assert advice.severity == "slow"
    assert ("MINUS" if negated else "SELECT DISTINCT ?") in judge.rewritten(advice)
    judge.keeps(query, advice)
    assert judge.found(exists_with_path, judge.rewritten(advice)) == []


@pytest.mark.parametrize("query", NOT_REWRITTEN)
def test_nothing_is_offered_that_may_answer_otherwise(judge: Judge, query: str) -> None:
    (advice,) = judge.found(exists_with_path, query)
    assert advice.rewrite is None


@pytest.mark.parametrize("query", NONE)
def test_what_is_no_such_shape_is_left_alone(judge: Judge, query: str) -> None:
    assert judge.found(exists_with_path, query) == []


def test_a_search_in_not_exists_is_offered_as_minus(judge: Judge, search: TextSearch) -> None:
    query = 'SELECT * { ?s zr:quote ?q FILTER NOT EXISTS { ?s zr:matches "社区" } }'
    advice = judge.one(exists_with_search, query, "NOT")
    assert judge.rewritten(advice) == ('SELECT * { ?s zr:quote ?q MINUS { ?s zr:matches "社区" } }')
    assert advice.rewrite is not None
    assert advice.rewrite.equal == "always"
    before, after = (
        judge.rows(search.ready(text, Dataset(), ENDPOINT))
        for text in (PROLOGUE + query, advice.rewrite.query)
    )
    assert before == after
    assert 0 < after.total() < judge.rows("SELECT * { ?s zr:quote ?q }").total()
    assert judge.found(exists_with_path, query) == []
    plain = 'SELECT * { ?s zr:quote ?q . ?s zr:matches "社区" FILTER NOT EXISTS { ?s a zr:Norm } }'
    assert judge.found(exists_with_search, plain) == []
