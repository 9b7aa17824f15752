"""CONTAINS of Chinese words is narrowed by the index, and finds the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from service.sparql.advice.advising import advise
from service.sparql.advice.scanning import contains_for_search
from service.sparql.prefixes import ENDPOINT
from service.sparql.searching import Dataset, TextSearch
from tests.service.sparql.advice.conftest import PROLOGUE, Judge

FIRES = (
    'SELECT * { ?n zr:quote ?q FILTER(CONTAINS(?q, "社区")) }',
    'SELECT * { ?n a zr:Norm ; zr:quote ?q ; zr:strength ?s . FILTER CONTAINS(STR(?q), "清单") }',
    'SELECT ?q { ?n zr:quote ?q OPTIONAL { ?n zr:doubt ?d } FILTER((CONTAINS(?q, "区居"))) }',
    "SELECT ?l { ?n rdfs:label ?l .\n  FILTER(CONTAINS(?l, '证'))\n}",
)
NONE = (
    'SELECT * { ?n zr:quote ?q FILTER(CONTAINS(?q, "a")) }',  # words of letters have boundaries
    'SELECT * { ?n zr:quote ?q FILTER(!CONTAINS(?q, "社区")) }',
    'SELECT * { ?n zr:quote ?q FILTER(CONTAINS(?q, "社区") || ?n = <x:a>) }',
    'SELECT * { ?n zr:quote ?q ; zr:matches "社区" FILTER(CONTAINS(?q, "社区")) }',
    'SELECT * { ?d zr:ground ?q FILTER(CONTAINS(?q, "社区")) }',  # few
    'SELECT * { <x:a> zr:quote ?q FILTER(CONTAINS(?q, "社区")) }',
)


@pytest.mark.parametrize("query", FIRES)
def test_the_answer_stays_the_same(judge: Judge, search: TextSearch, query: str) -> None:
    advice = judge.one(contains_for_search, query, "FILTER")
    assert advice.rewrite is not None
    assert advice.rewrite.equal == "always"
    assert 'zr:matches "\\"' in judge.rewritten(advice)
    asked = search.ready(advice.rewrite.query, Dataset(), ENDPOINT)
    rows: Counter[str] = judge.rows(query)
    assert rows
    assert judge.rows(asked) == rows
    assert judge.found(contains_for_search, judge.rewritten(advice)) == []


@pytest.mark.parametrize("query", NONE)
def test_what_is_no_such_shape_is_left_alone(judge: Judge, query: str) -> None:
    assert judge.found(contains_for_search, query) == []


def test_a_store_without_an_index_is_left_alone(judge: Judge) -> None:
    without = replace(judge.known, searches=False)
    assert advise(PROLOGUE + FIRES[0], without, (contains_for_search,)) == ()
