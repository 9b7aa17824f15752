"""Search at the endpoint: over the graph that answers now, in workers that may open nothing."""

from __future__ import annotations

import json

import pytest

from tests.service.conftest import Client
from tests.service.sparql.conftest import Asking

P = "PREFIX zr: <https://zhunru.example/ns#> "


def rows(client: Client, query: str, **more: str) -> list[dict[str, str]]:
    answer = client.post("/sparql", data={"query": P + query, **more})
    assert answer.status_code == 200, answer.text
    found = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def test_a_search_is_joined_with_what_else_is_asked(asking: Client) -> None:
    query = """
    SELECT ?label ?score ?snippet {
      (?p ?score ?snippet) zr:search "減負 AND 清單" .
      ?p a zr:Provision ; zr:label ?label .
      ?text zr:hasProvision ?p ; zr:documentNumber "吉发〔2017〕36号" .
    } ORDER BY DESC(?score)"""
    (found,) = rows(asking, query)
    assert found["label"] == "三（五）"
    assert "⟦减负⟧增效" in found["snippet"] or "⟦清单⟧" in found["snippet"]
    assert float(found["score"]) > 0


def test_search_finds_what_contains_finds(asking: Client) -> None:
    searched = rows(asking, 'SELECT ?s { ?s zr:matches "社区" ; a zr:Sentence }')
    scanned = rows(
        asking, 'SELECT ?s { ?s zr:text ?t ; a zr:Sentence FILTER(CONTAINS(?t, "社区")) }'
    )
    assert {row["s"] for row in searched} == {row["s"] for row in scanned} != set()


def test_the_dataset_of_the_protocol_bounds_it(asking: Client) -> None:
    graph = "https://zhunru.example/graph/doc/sd-luminhan-2019-50"
    query = 'SELECT ?s { ?s zr:matches "社区" }'
    here = rows(asking, query, **{"default-graph-uri": graph})
    assert here
    assert all("/sd-luminhan-2019-50" in row["s"] for row in here)
    by_text = rows(asking, f'SELECT ?s FROM <{graph}> {{ ?s zr:matches "社区" }}')
    assert sorted(row["s"] for row in by_text) == sorted(row["s"] for row in here)


@pytest.mark.parametrize(
    ("query", "line", "column", "said"),
    [
        ('SELECT * {\n ?s zr:matches "社区 AND" }', 2, 23, "词"),
        ('SELECT * {\n ?s zr:matches "社区" .\n ?s ?p }', 3, 9, ""),
        ("SELECT * {\n ?s zr:matches ?w }", 2, 16, "VALUES"),
    ],
)
def test_faults_have_their_place(
    asking: Client, query: str, line: int, column: int, said: str
) -> None:
    answer = asking.post("/sparql", data={"query": P + query})
    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["line"], problem["column"]) == (line, column), problem
    assert said in json.dumps(problem, ensure_ascii=False)


def test_what_is_published_since_is_found(small: Asking) -> None:
    query = P + 'SELECT ?s { ?s zr:matches "社區" }'
    assert b"x:new" not in small.ask(query, format="csv").body
    small.load("next", '<x:new> <x:p> "社区" <x:g0> .')
    assert small.ask(query, format="csv").body == b"s\r\nx:new\r\n"


def test_a_worker_searches_again_and_again(small: Asking) -> None:
    """In a worker that may open no file: sorting and joining stay in memory."""
    query = P + 'SELECT ?s { (?s ?score) zr:search ("0" 9000) . ?s <x:p> ?o }'
    every = P + 'SELECT (COUNT(*) AS ?n) { (?s ?score ?t) zr:search "00001 OR 00002" }'
    for _ in range(3):
        assert small.ask(query, format="csv").failure is None
        assert small.ask(every, format="csv").body == b"n\r\n2\r\n"
