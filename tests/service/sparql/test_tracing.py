"""In which graphs patterns are matched, against what a scan of the statements tells."""

from __future__ import annotations

import pytest

from kb.store import GraphStore
from service.sparql.advice.reading import read_tree
from service.sparql.text import tokens
from service.sparql.tracing import GRAPH, MOST, NUMBER, Trace, trace

# Of x:a the name stands in two graphs and its kind in a third one.
QUADS = """<x:a> <x:name> "a" <x:g1> .
<x:a> <x:name> "a" <x:g2> .
<x:b> <x:name> "b" <x:g4> .
<x:a> <x:kind> <x:K> <x:g3> .
<x:K> <x:kind> <x:L> <x:g5> .
"""


def traced(query: str, *, alone: bool = False) -> Trace:
    found = tokens(query)
    return trace(query, found, read_tree(found), alone=alone)


def graphs(query: str, *, alone: bool = False) -> list[tuple[str, str, str]]:
    """Each pattern with the way its graphs were asked, and these."""
    store = GraphStore(QUADS.encode())
    told = traced(query, alone=alone)
    joined = store.select(told.joined) if told.joined else []
    single = store.select(told.single) if told.single else []
    out: list[tuple[str, str, str]] = []
    for n, one in enumerate(told.patterns):
        found = {row[one.variable] for row in joined if one.variable in row}
        found |= {row[GRAPH] for row in single if row[NUMBER] == str(n)}
        found |= {one.given} if one.given else set()
        out.append((one.text, one.how, " ".join(sorted(found))))
    return out


def test_a_pattern_is_asked_with_the_others() -> None:
    assert graphs("SELECT ?n { ?s <x:name> ?n ; <x:kind> ?k . } LIMIT 1") == [
        ("?s <x:name> ?n", "solutions", "x:g1 x:g2"),
        ("?s <x:kind> ?k", "solutions", "x:g3"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT * { ?s <x:name> ?n OPTIONAL { ?s <x:kind> ?k } }",
            ["x:g1 x:g2 x:g4", "x:g3"],
        ),
        ("ASK { { ?s <x:name> 'b' } UNION { ?s <x:kind> <x:L> } }", ["x:g4", "x:g5"]),
        ("CONSTRUCT { ?s <x:p> ?n } WHERE { ?s <x:name> ?n , 'a' }", ["x:g1 x:g2"] * 2),
        ("SELECT (COUNT(*) AS ?c) { ?s <x:kind> ?n } GROUP BY ?s HAVING(?c > 9)", ["x:g3 x:g5"]),
        ("SELECT * { ?s <x:name> ?n } VALUES ?n { 'b' }", ["x:g4"]),
        # Blank nodes join patterns, also where these come to stand in different graphs.
        ("SELECT ?n { _:s <x:name> ?n . _:s <x:kind> ?k }", ["x:g1 x:g2", "x:g3"]),
        ("SELECT ?n { [ <x:name> ?n ; <x:kind> [ <x:kind> ?l ] ] }", ["x:g1 x:g2", "x:g3", "x:g5"]),
    ],
)  # fmt: skip
def test_whatever_stands_around_it(query: str, expected: list[str]) -> None:
    found = graphs(query)
    assert [each for _, _, each in found] == expected
    assert {how for _, how, _ in found} == {"solutions"}


def test_what_leaves_no_value_behind_is_asked_by_itself() -> None:
    query = """SELECT * { ?s <x:name> ?n
      FILTER NOT EXISTS { ?s <x:kind> <x:L> }
      { SELECT ?s { ?s <x:name> 'a' } } }"""
    assert graphs(query) == [
        ("?s <x:name> ?n", "solutions", "x:g1 x:g2"),
        ("?s <x:kind> <x:L>", "matches", "x:g5"),
        ("?s <x:name> 'a'", "matches", "x:g1 x:g2"),
    ]


def test_a_path_leads_through_several_graphs() -> None:
    """Put into one GRAPH it would find nothing here."""
    query = "SELECT * { ?s <x:name> ?n ; <x:kind>/<x:kind> ?l }"
    assert graphs(query) == [
        ("?s <x:name> ?n", "solutions", "x:g1 x:g2"),
        ("?s <x:kind>/<x:kind> ?l", "properties", "x:g3 x:g5"),
    ]


def test_graphs_that_the_query_names_itself() -> None:
    query = "SELECT * { GRAPH <x:g1> { ?s <x:name> ?n } GRAPH ?g { ?s <x:kind> ?k } }"
    assert graphs(query) == [
        ("?s <x:name> ?n", "named", "x:g1"),
        ("?s <x:kind> ?k", "solutions", "x:g3"),
    ]


def test_alone_no_pattern_is_joined() -> None:
    query = "SELECT * { ?s <x:name> ?n ; <x:kind> <x:L> }"
    assert [how for _, how, _ in graphs(query, alone=True)] == ["matches", "matches"]
    assert graphs(query, alone=True)[0][2] == "x:g1 x:g2 x:g4"
    assert graphs(query)[0][2] == ""


def test_places_are_those_of_the_text_and_there_is_an_end() -> None:
    told = traced("SELECT * {\n  ?s <x:p> ?o .\n    ?o <x:q> ?r ; <x:t> ?u }")
    assert [(p.line, p.column) for p in told.patterns] == [(2, 3), (3, 5), (3, 5)]
    many = " ".join(f"?s <x:p{n}> ?o{n} ." for n in range(MOST + 5))
    assert len(traced(f"SELECT * {{ {many} }}").patterns) == MOST
