"""Advice and explanations over HTTP: by address, form and body, within the limits of who asks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from kb.store import GraphStore
from service.settings import Settings
from service.shipped import Shipped
from service.sparql.process import QueryProcess
from tests.service.conftest import Client, running

EARLY = """PREFIX zr: <https://zhunru.example/ns#>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
SELECT ?s ?t ?n {
  OPTIONAL { ?s zr:documentNumber ?n }
  ?s a zr:Instrument ; eli:title ?t .
}"""
# Over all statements, a product of three takes hours and no memory.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def told(client: Client, path: str, query: str, **more: str) -> Any:
    answer = client.get(f"{path}?{urlencode({'query': query, **more})}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", ["/sparql/advice", "/sparql/explain"])
def test_a_query_comes_by_address_form_or_body(asking: Client, path: str) -> None:
    by_address = told(asking, path, EARLY)
    sparql = {"content-type": "application/sparql-query"}
    by_body = asking.post(path, content=EARLY.encode(), headers=sparql)
    by_form = asking.post(path, data={"query": EARLY})
    assert by_address["query"] == EARLY
    for answer in (by_body, by_form):
        assert answer.status_code == 200
        assert answer.json()["advice"] == by_address["advice"]
        assert answer.headers["access-control-allow-origin"] == "*"
    (advice,) = by_address["advice"]
    assert (advice["slug"], advice["line"], advice["column"]) == ("optional-first", 4, 3)


@pytest.mark.parametrize("path", ["/sparql/advice", "/sparql/explain"])
@pytest.mark.parametrize(
    ("query", "status", "slug"),
    [
        ("", 400, "bad-query"),
        ("SELECT * { ?s ?p }", 400, "bad-query"),
        ("SELECT * {\n ?s nope:x ?o }", 400, "bad-query"),
        ("DELETE WHERE { ?s ?p ?o }", 405, "read-only"),
        ("ASK { SERVICE <http://x.example/> { ?s ?p ?o } }", 403, "query-refused"),
    ],
)
def test_what_is_no_query_gets_its_error_and_no_advice(
    asking: Client, path: str, query: str, status: int, slug: str
) -> None:
    answer = asking.get(f"{path}?{urlencode({'query': query})}")
    assert answer.status_code == status
    problem = answer.json()
    assert problem["type"] == f"/problems/{slug}"
    assert "advice" not in problem
    if "nope" in query:
        assert problem["line"] == 2


def test_a_rewritten_query_can_be_asked(asking: Client) -> None:
    (advice,) = told(asking, "/sparql/advice", EARLY)["advice"]
    rows = {
        query: len(told(asking, "/sparql", query, format="json")["results"]["bindings"])
        for query in (EARLY, advice["rewrite"]["query"])
    }
    assert 0 < rows[EARLY] < rows[advice["rewrite"]["query"]]
    assert told(asking, "/sparql/advice", advice["rewrite"]["query"])["advice"] == []


@pytest.mark.parametrize("how", ["address", "unquoted address", "form", "body"])
def test_an_answer_names_the_address_of_its_advice(asking: Client, how: str) -> None:
    if how == "address":
        answer = asking.get(f"/sparql?{urlencode({'query': EARLY, 'format': 'csv'})}")
    elif how == "unquoted address":  # more than a link may hold as it is (RFC 8288 §3)
        answer = asking.get(f"/sparql?{urlencode({'query': EARLY}, safe='<>')}")
    elif how == "form":
        answer = asking.post("/sparql", data={"query": EARLY})
    else:
        media = {"content-type": "application/sparql-query"}
        answer = asking.post("/sparql", content=EARLY, headers=media)
    address, relation = answer.headers["link"].removeprefix("<").split(">; ")
    assert relation == 'rel="help"'
    assert not set("<> ").intersection(address)
    assert parse_qs(address.partition("?")[2])["query"] == [EARLY]
    assert asking.get(address).json()["advice"]


def test_a_query_too_long_for_a_link_has_none(asking: Client) -> None:
    long = f"{EARLY}#{'x' * 3000}"
    assert "link" not in asking.get(f"/sparql?{urlencode({'query': long})}").headers


def test_an_explanation_tells_what_running_showed(asking: Client, built_graph: Path) -> None:
    query = """PREFIX zr: <https://zhunru.example/ns#>
SELECT ?s ?n { ?s a zr:Instrument ; zr:documentNumber ?n }"""
    found = told(asking, "/sparql/explain", query)
    answer = asking.get(f"/sparql?{urlencode({'query': query, 'format': 'json'})}")
    assert found["ended"] == "whole"
    assert found["rows"] == len(answer.json()["results"]["bindings"]) > 5
    assert found["bytes"] == len(answer.content)
    assert 0 < found["seconds"]["first"] < 30
    assert 0 < found["seconds"]["all"] < 30
    assert answer.headers["etag"].startswith(f'W/"{found["generation"][:32]}')
    store = GraphStore.open(built_graph)
    own = {
        row["g"]
        for row in store.select(
            """PREFIX zr: <https://zhunru.example/ns#>
            SELECT DISTINCT ?g { GRAPH ?g { ?s a zr:Instrument } ?s zr:documentNumber ?n }"""
        )
    }
    kind, number = found["patterns"]
    assert set(kind["graphs"]) == own
    assert (number["line"], number["column"], number["how"]) == (2, 16, "solutions")
    assert {each["graph"] for each in found["graphs"]} == {*kind["graphs"], *number["graphs"]}
    assert found["plan"] is None
    assert "pyoxigraph" in found["plan_reason"]["en"]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("ASK { ?s ?p ?o }", 0),
        ("DESCRIBE <https://zhunru.example/id/kind/admissibility>", 2),
        ("CONSTRUCT { <x:a> <x:b> ?l } WHERE { ?s a ?c ; ?p ?l } LIMIT 9", 1),
        ("SELECT * { VALUES ?x { 1 2 } }", 2),
    ],
)
def test_every_form_can_be_explained(asking: Client, query: str, rows: int) -> None:
    found = told(asking, "/sparql/explain", query)
    assert found["ended"] == "whole"
    assert found["rows"] >= rows
    assert found["untold"] is None


def test_the_dataset_that_is_asked_is_the_one_explained(asking: Client) -> None:
    graph = "https://zhunru.example/graph/doc/jl-jifa-2017-36"
    query = "SELECT ?s { ?s a <https://zhunru.example/ns#Instrument> }"
    by_protocol = told(asking, "/sparql/explain", query, **{"default-graph-uri": graph})
    by_text = told(asking, "/sparql/explain", query.replace("{", f"FROM <{graph}> {{", 1))
    for found in (by_protocol, by_text):
        assert found["rows"] == 1
        assert found["patterns"][0]["graphs"] == [graph]


def test_a_query_that_meets_its_deadline_is_explained_and_advised(asking: Client) -> None:
    found = told(asking, "/sparql/explain", ENDLESS, timeout="0.5")
    assert found["ended"] == "query-deadline"
    assert found["seconds"] == {"first": None, "all": None}
    assert found["patterns"] is None
    assert found["untold"]["zh"]
    assert [advice["slug"] for advice in found["advice"]] == ["cartesian-product"]


def test_a_query_stopped_at_its_deadline_is_told_its_advice(asking: Client) -> None:
    for _ in range(20):  # where the machine is busy there may be no time for it
        answer = asking.get(f"/sparql?{urlencode({'query': ENDLESS, 'timeout': '0.3'})}")
        assert answer.status_code == 504
        if found := answer.json().get("advice"):
            break
    assert [advice["slug"] for advice in found] == ["cartesian-product"]


def test_what_is_too_large_is_counted_as_far_as_it_came(asking: Client) -> None:
    found = told(asking, "/sparql/explain", "SELECT * { ?s ?p ?o }")
    assert found["ended"] == "query-too-large"
    assert found["seconds"]["first"] is not None
    assert "20,000" in found["detail"]


def test_another_origin_may_ask_first(asking: Client) -> None:
    for path in ("/sparql/advice", "/sparql/explain"):
        answer = asking.request("OPTIONS", path)
        assert answer.status_code == 204
        assert "POST" in answer.headers["access-control-allow-methods"]


@pytest.fixture(scope="module")
def growing(
    shipped: Shipped,
    querying: QueryProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Client, Path]]:
    """An application whose graph is built anew while it runs."""
    folder = tmp_path_factory.mktemp("growing")
    graph = folder / "graph.nq"
    graph.write_text("<x:a> <x:one> <x:b> <x:g> .\n", "utf-8")
    settings = Settings(
        database_url=f"sqlite:///{folder}/z.db",
        graph_path=graph,
        sparql_socket=querying.address,
    )
    with running(settings, shipped) as client:
        yield client, graph


def test_what_is_known_is_looked_up_once_for_each_generation(
    growing: tuple[Client, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, graph = growing
    knowing = client.app.state.knowing
    looked: list[str] = []
    look = type(knowing)._look

    async def counted(self: Any, generation: str) -> None:
        looked.append(generation)
        await look(self, generation)

    monkeypatch.setattr(type(knowing), "_look", counted)
    query = "SELECT * { ?s <x:two> ?o }"
    assert told(client, "/sparql/advice", query)["advice"][0]["slug"] == "unknown-property"
    assert len(told(client, "/sparql/advice", query)["advice"]) == 1
    assert len(looked) == 1
    graph.write_text("<x:a> <x:two> <x:b> <x:g> .\n", "utf-8")
    assert told(client, "/sparql/advice", query)["advice"] == []
    assert len(set(looked)) == 2


def test_without_a_store_shapes_are_told_all_the_same(shipped: Shipped, tmp_path: Path) -> None:
    with running(Settings(database_url=f"sqlite:///{tmp_path}/z.db"), shipped) as client:
        (advice,) = told(client, "/sparql/advice", EARLY)["advice"]
        assert advice["slug"] == "optional-first"


def test_running_several_times_takes_no_longer_than_the_deadline(asking: Client) -> None:
    """Rows come at once and the end never: what is left of the time is all there is for it."""
    quick = "{ SELECT ?s ?p { ?s ?p ?o } LIMIT 2000 }"
    never = "{ ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(CONCAT(STR(?a), STR(?d))) > 9999) }"
    query = f"SELECT * {{ {quick} UNION {never} }}"
    since = time.monotonic()
    found = told(asking, "/sparql/explain", query, timeout="2")
    assert found["ended"] == "query-deadline"
    assert found["seconds"]["first"] < 2
    assert found["seconds"]["all"] is None
    assert time.monotonic() - since < 10
