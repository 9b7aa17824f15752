"""Advice as a whole: what it is given on, in which order, in both languages."""

from __future__ import annotations

import json
import re
import time

import pytest

from kb.store import parse
from ontology.label import Label
from service.sparql.advice import advising
from service.sparql.advice.advising import MOST, SHAPES, advise, texts
from service.sparql.advice.known import Known
from service.sparql.advice.reading import read_tree
from service.sparql.text import Refused, tokens
from tests.service.sparql.advice.conftest import PROLOGUE, Judge


def test_what_is_no_query_has_no_advice() -> None:
    with pytest.raises(SyntaxError):
        advise("SELECT * { OPTIONAL { ?s ?p ?o } ?s ?p }", Known())
    for text in ("DELETE WHERE { ?s ?p ?o }", "ASK { SERVICE <http://x/> { ?s ?p ?o } }"):
        with pytest.raises(Refused):
            advise(text, Known())


def test_reading_a_query_runs_nothing() -> None:
    """`kb.store.parse` relies on what pyoxigraph checks first: this query would take hours."""
    numbers = " ".join(map(str, range(2000)))
    blocks = " ".join(f"VALUES ?{name} {{ {numbers} }}" for name in "abcd")
    since = time.process_time()
    parse(f"ASK {{ {blocks} FILTER(?a + ?b + ?c + ?d < 0) }}")
    assert time.process_time() - since < 5
    with pytest.raises(SyntaxError):
        parse("ASK { ?s ?p }")


def test_advice_comes_in_the_order_of_the_text_and_has_an_end(judge: Judge) -> None:
    query = "SELECT * { OPTIONAL { ?a zr:nope 'x' } ?b eli:titel ?c } LIMIT 2 OFFSET 2"
    found = advise(PROLOGUE + query, judge.known)
    assert [(a.line, a.column) for a in found] == sorted((a.line, a.column) for a in found)
    assert {a.slug for a in found} >= {"optional-first", "unknown-property"}
    many = " ".join(f"?s zr:nope{n} ?v{n} ." for n in range(MOST + 9))
    assert len(advise(f"{PROLOGUE}SELECT * {{ {many} }}", judge.known)) == MOST


def test_advice_is_json_with_both_languages(judge: Judge) -> None:
    (found,) = advise(f"{PROLOGUE}SELECT * {{ ?a eli:titel ?b }}", judge.known)
    told = json.loads(json.dumps(found.to_json()))
    assert told.keys() == {"slug", "severity", "line", "column", "message", "rewrite"}
    assert told["message"].keys() == told["rewrite"]["when"].keys() == {"zh", "en"}
    assert "eli:title" in told["rewrite"]["query"]


def test_every_text_is_there_in_both_languages_with_the_same_words() -> None:
    for slug, said in texts().items():
        for one in said.values() if slug == "when" else [said]:
            label = Label.from_json(one)
            left = set(re.findall(r"\{\w+\}", label.zh)) - {"{label}"}
            assert left == set(re.findall(r"\{\w+\}", label.en)), slug
            assert re.search("[\u4e00-\u9fff]", label.zh)
            assert not re.search("[\u4e00-\u9fff]", label.en)


def test_words_of_a_query_are_put_in_as_they_are(judge: Judge) -> None:
    query = f'{PROLOGUE}SELECT * {{ ?s rdfs:label "{{meant}} {{property}}" }}'
    found = advise(query, judge.known)
    assert '"{meant} {property}"' in found[0].message.zh


def test_a_rewritten_query_that_is_none_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advising, "rewritten", lambda text, edits: "SELECT {")
    query = "SELECT * { ?s <x:a> ?o OPTIONAL { ?s <x:b> ?c } ?s <x:d> ?e }"
    (found,) = advise(query, Known())
    assert found.rewrite is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p <<( ?a ?b ?c )>> }",  # SPARQL 1.2
        "SELECT * { ?s ?p ?o LATERAL { ?o ?q ?r } }",
        "SELECT * {" + "{" * 60 + "OPTIONAL { ?s ?p ?o } ?s ?q ?r" + "}" * 61,
    ],
)
def test_what_cannot_be_followed_has_no_advice(query: str) -> None:
    parse(query)
    assert advise(query, Known()) == ()


@pytest.mark.parametrize(
    "query",
    [
        "ASK {}",
        "DESCRIBE <x:a>",
        "DESCRIBE ?s FROM <x:g> WHERE { ?s a <x:C> } LIMIT 1",
        "CONSTRUCT WHERE { ?s ?p ?o ; a <x:C> . }",
        "CONSTRUCT { ?s ?p [ <x:q> 'a}' ] } WHERE { ?s ?p ( 1 ?o [] ) } LIMIT 5",
        "SELECT ?s (COUNT(*) AS ?n) FROM NAMED <x:g> { GRAPH ?g { ?s ?p ?o } } GROUP BY (?s AS ?t)",
        "SELECT * { ?s !(^<x:a>|a|<x:b>)+/<x:c>? ?o ; <x:d> -1.5, +2, true, 'x'^^<x:t> ; ; . }",
        "SELECT DISTINCT ?a { { SELECT REDUCED * { VALUES (?a ?b) { (UNDEF 1) } } } } HAVING (1<2)",
        "SELECT * { ?s ?p ?o FILTER(?o IN (1, 2) && NOT EXISTS { ?o ?q ?r FILTER(?r<3) }) } "
        "ORDER BY DESC(EXISTS { ?s a <x:C> }) VALUES ?s { <x:a> }",
        "SELECT * { FILTER <x:f>(1) FILTER regex('a', 'b') BIND(<x:f>(?a, ?b) AS ?c) [] ?p [] }",
    ],
)
def test_the_whole_grammar_is_read(query: str) -> None:
    parse(query)
    read_tree(tokens(query))


def test_long_and_deep_queries_take_little_time(judge: Judge) -> None:
    """A query may have 100,000 bytes and 400 levels; advice on it is given in the web process."""
    wide = " ".join(f"?s{n} zr:quote ?o{n} OPTIONAL {{ ?s{n} zr:held ?h{n} }}" for n in range(900))
    deep = "{" * 300 + " ?s ?p ?o OPTIONAL { ?s ?q ?r } ?s ?t ?u " + "}" * 300
    for pattern in (wide, deep, "?s ?p ?o ." * 5000, " ".join(["?s zr:nope 'x' ."] * 4000)):
        since = time.process_time()
        advise(f"{PROLOGUE}SELECT * {{ {pattern} }}"[:100_000], judge.known, SHAPES)
        assert time.process_time() - since < 5
