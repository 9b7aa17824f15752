"""A query's text is judged by its tokens (SPARQL 1.1 §19), not by what its strings contain."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.sparql.text import MAX_DEPTH, UPDATES, Refused, place, read, tokens

HARMLESS = [
    'SELECT * { ?s ?p "SERVICE <http://x/> { }" }',
    "SELECT * { ?s ?p 'it\\'s SERVICE <http://x/> {' }",
    'SELECT * { ?s ?p """a " SERVICE <x:y> { """ }',
    "SELECT * { ?s ?p '''a ' LOAD <x:y> ''' }",
    "SELECT * { # SERVICE <http://x/> { }\n ?s ?p ?o }",
    "SELECT * { <http://x/SERVICE> <http://x/#LOAD> ?o }",
    "SELECT * { ?SERVICE ?LOAD ?FROM }",
    'SELECT * { ?s ?p "x"@service }',
    "PREFIX service: <http://x/> SELECT * { ?s a service:load . ?s ?p ?o }",
    "PREFIX s: <http://x/> SELECT * { ?s s:service s:load ; s:insert s:from }",
    "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "SELECT * { _:service ?p ?o }",
    "SELECT (?a AS ?insert) { ?s ?p ?a FILTER(?a < 3 && ?a > 1) }",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_the_words_alone_refuse_nothing(text: str) -> None:
    assert read(text).default == ()


CALLS = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "select*{service<http://x/>{?s ?p ?o}}",
    "SELECT * { SeRvIcE SILENT ?where { ?s ?p ?o } }",
    "SELECT * { SERVICE # a comment {\n <http://x/> { ?s ?p ?o } }",
    'SELECT * { ?s ?p "x" . SERVICE <http://x/> { } }',
    "PREFIX e: <http://x/> SELECT * { SERVICE e:a { } }",
    # pyoxigraph reads these as SERVICE, without white space after it.
    "PREFIX e: <http://x/> SELECT * { SERVICEe:a { ?s ?p ?o } }",
    "PREFIX e: <http://x/> SELECT * { serviceSILENTe:a { ?s ?p ?o } }",
    "PREFIX e: <http://x/> SELECT * { SERVICESILENT <http://x/> { ?s ?p ?o } }",
    "ASK { { SELECT * { { SERVICE <http://x/> { } } UNION { } } } }",
    "SELECT * { FILTER(?a <?b) SERVICE <http://x/> { } }",
    'SELECT * { ?s ?p "\\\\" . SERVICE <http://x/> { } FILTER(?o = "") }',
]


@pytest.mark.parametrize("text", CALLS)
def test_a_call_of_another_service_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read(text)
    assert refused.value.slug == "query-refused"
    assert text[refused.value.at :].upper().startswith("SERVICE")


@pytest.mark.parametrize("word", sorted(UPDATES))
@pytest.mark.parametrize("before", ["", "PREFIX a: <http://x/>\nBASE <http://y/>\n# LOAD\n"])
def test_every_update_form_is_refused(word: str, before: str) -> None:
    """SPARQL 1.1 Update §3: an update begins with one of these, after its prologue."""
    with pytest.raises(Refused) as refused:
        read(f"{before}{word.lower()} <http://x/>")
    assert refused.value.slug == "read-only"
    assert place(before + word, refused.value.at) == (before.count("\n") + 1, 1)


def test_the_graphs_of_a_query_are_its_from_clauses() -> None:
    text = """BASE <http://b/> PREFIX g: <http://g/>
    SELECT * FROM <http://a> FROM NAMED g:x from <rel> FROM NAMED <http://\\u0041/> {
      ?s ?p "FROM <http://no>" }"""
    reading = read(text)
    assert [iri for iri, _ in reading.default] == ["http://a", "http://b/rel"]
    assert [iri for iri, _ in reading.named] == ["http://g/x", "http://A/"]


def test_a_relative_graph_starts_at_the_endpoint() -> None:
    """SPARQL 1.1 §4.1.1.2: without BASE, the service says what relative IRIs start at."""
    reading = read("PREFIX p: <graph/> SELECT * FROM <graph/rules> FROM NAMED p:lists { }")
    assert [iri for iri, _ in reading.default] == ["https://zhunru.example/graph/rules"]
    assert [iri for iri, _ in reading.named] == ["https://zhunru.example/graph/lists"]
    assert read("ASK FROM <http://h/#> { }").default[0][0] == "http://h/#"


def test_from_run_together_with_a_name_is_no_way_around() -> None:
    with pytest.raises(Refused, match="a space is missing after FROM"):
        read("PREFIX e: <http://x/> SELECT * FROMe:a { ?s ?p ?o }")


@pytest.mark.parametrize("word", ["NOW", "rand", "UUID", "strUUID", "BNODE"])
def test_what_differs_each_time_is_known(word: str) -> None:
    assert read(f"SELECT ({word}() AS ?x) {{}}").volatile
    assert not read(f'SELECT ?x {{ ?x ?y "{word}()" }}').volatile


@pytest.mark.parametrize(("open_", "close"), ["()", "{}", "[]"])
def test_nesting_is_limited(open_: str, close: str) -> None:
    read("ASK " + open_ * MAX_DEPTH + close * MAX_DEPTH)
    with pytest.raises(Refused, match="levels deep"):
        read("ASK " + open_ * (MAX_DEPTH + 1) + close * (MAX_DEPTH + 1))


def test_operators_in_a_row_are_limited() -> None:
    with pytest.raises(Refused, match="in a row"):
        read("ASK { FILTER(" + "!" * (MAX_DEPTH + 2) + "true) }")


@given(st.text(alphabet=st.sampled_from(list("SERVICELOAD from{}<>\"'\\#?:ae.\n")), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refused):
        read(text)
    assert all(text[token.at :].startswith(token.text) for token in tokens(text))
