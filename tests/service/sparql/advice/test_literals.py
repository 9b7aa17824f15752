"""A text with a language tag and one without are two terms (RDF 1.1 Concepts §3.3)."""

from __future__ import annotations

import pytest

from service.sparql.advice.literals import text_of_other_kind, unknown_language
from tests.service.sparql.advice.conftest import Judge

# Of these properties all values are of one kind: labels tagged, numbers of documents plain.
FIRES = (
    ('SELECT * { ?s rdfs:label "规则" }', '"规则"', 'rdfs:label "规则"@zh'),
    ('SELECT * { ?s rdfs:label "rule" }', '"rule"', '"rule"@en'),
    ("SELECT * { ?s skos:prefLabel 'x', '居民'@zh }", "'x'", "'x'@en, '居民'@zh"),
    ('SELECT * { ?s zr:strength/skos:prefLabel "刚性" }', '"刚性"', '"刚性"@zh'),
    ('SELECT * { VALUES ?l { "社区" } ?s rdfs:label ?l }', '"社区"', '{ "社区"@zh }'),
    ('SELECT * { ?s rdfs:label ?l VALUES (?l ?n) { ("社区" 1) } }', '"社区"', '("社区"@zh 1)'),
    ('SELECT * { ?s rdfs:label ?l FILTER(?l = "社区") }', '"社区"', '= "社区"@zh)'),
    ('SELECT * { ?s rdfs:label ?l FILTER("社区"=?l || !?l) }', '"社区"', '("社区"@zh=?l'),
    (
        'SELECT * { ?s rdfs:label ?l FILTER(?l IN ("村"@zh, "社区")) }',
        '"社区"',
        '("村"@zh, "社区"@zh)',
    ),
    ('SELECT * { ?s zr:documentNumber "吉发〔2017〕36号"@zh }', '"吉发', '36号" }'),
    ('SELECT * { ?s zr:documentNumber ?n FILTER(?n = "x"@en) }', '"x"', '= "x")'),
    ('SELECT * { ?s rdfs:label "规则"@zh-CN }', '"规则"', '"规则"@zh }'),
    (
        'SELECT * { ?s zr:inForceFrom ?d FILTER(?d >= "2017-01-01") }',
        '"2017',
        '"2017-01-01"^^xsd:date)',
    ),
    ('SELECT * { ?s zr:held "true" }', '"true"', "zr:held true }"),
)
NONE = (
    'SELECT * { ?s rdfs:label "规则"@zh ; zr:documentNumber "吉发〔2017〕36号" }',
    'SELECT * { ?s rdfs:label "规则"@ZH }',  # tags are the same in any case
    'SELECT * { ?s rdfs:label ?l FILTER(STR(?l) = "规则") }',
    'SELECT * { ?s rdfs:label ?l FILTER(CONTAINS(?l, "规则")) }',
    'SELECT * { ?s rdfs:label ?l FILTER(LANG(?l) = "zh") }',
    'SELECT * { ?s zr:nothing "规则" ; ?p "规则" }',
    'SELECT * { ?s rdfs:label|zr:documentNumber "规则" }',
    'SELECT * { ?s zr:inForceFrom ?d FILTER(?d >= "2017-01-01"^^xsd:date) }',
    'SELECT * { ?s zr:inForceFrom ?d FILTER(STR(?d) >= "2017") }',
    'SELECT * { ?s rdfs:label ?l FILTER(?l != "规则") }',
)


@pytest.mark.parametrize(("query", "at", "rewritten"), FIRES)
def test_the_term_that_was_meant_is_offered(
    judge: Judge, query: str, at: str, rewritten: str
) -> None:
    advice = judge.one(text_of_other_kind, query, at)
    assert advice.severity == "misleading"
    assert rewritten in judge.rewritten(advice)
    assert judge.found(text_of_other_kind, judge.rewritten(advice)) == []


@pytest.mark.parametrize("query", NONE)
def test_texts_that_may_be_meant_are_left_alone(judge: Judge, query: str) -> None:
    assert judge.found(text_of_other_kind, query) == []


def test_it_is_true_that_the_query_as_written_finds_nothing(judge: Judge) -> None:
    for query in ('SELECT * { ?s rdfs:label ?l FILTER(?l = "规范") }', FIRES[9][0]):
        (advice,) = judge.found(text_of_other_kind, query)
        assert judge.rows(query).total() == 0
        assert judge.rows(judge.rewritten(advice)).total() > 0


def test_a_language_that_no_text_has(judge: Judge) -> None:
    query = 'SELECT * { ?s rdfs:label ?l FILTER(LANG(?l) = "zh-cn") }'
    advice = judge.one(unknown_language, query, '"zh-cn"')
    assert 'LANG(?l) = "zh")' in judge.rewritten(advice)
    for good in ('LANG(?l) = "zh"', 'LANG(?l) = ""', 'STR(?l) = "zh-cn"'):
        assert judge.found(unknown_language, query.replace('LANG(?l) = "zh-cn"', good)) == []
