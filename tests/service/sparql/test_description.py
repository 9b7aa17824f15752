"""What the endpoint says of itself holds: numbers, addresses, examples."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rdflib import Graph, Literal, Namespace, URIRef

from kb.query import queries
from ontology.ids import graph_iri
from service.sparql.prefixes import load_prefixes
from tests.service.conftest import Client
from tests.service.sparql.test_endpoint import ask, problem

VOID = Namespace("http://rdfs.org/ns/void#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
DATASET = URIRef("https://zhunru.example/.well-known/void#dataset")
WELL_KNOWN = "/.well-known/void"


@pytest.fixture(scope="module")
def void(asking: Client) -> Graph:
    graph = Graph()
    graph.parse(data=asking.get(WELL_KNOWN).text, format="turtle")
    return graph


def rows(asking: Client, query: str) -> list[list[str]]:
    bindings = ask(asking, query).json()["results"]["bindings"]
    return [[value["value"] for value in row.values()] for row in bindings]


def number(value: Any) -> int:
    assert isinstance(value, Literal)
    return int(value)


def test_the_numbers_are_those_of_queries(asking: Client, void: Graph) -> None:
    [[total]] = rows(asking, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert number(void.value(DATASET, VOID.triples)) == int(total)
    graphs = {
        str(void.value(part, SD.name)): number(void.value(part, VOID.triples))
        for part in void.objects(DATASET, VOID.subset)
        if (part, SD.name, None) in void
    }
    assert sum(graphs.values()) == int(total)
    assert graph_iri("rules") in graphs
    rule = URIRef("https://zhunru.example/ns#Rule")
    [part] = [p for p in void.objects(DATASET, VOID.classPartition) if (p, None, rule) in void]
    [[rules]] = rows(asking, f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{rule}> }}")
    assert number(void.value(part, VOID.entities)) == int(rules)
    rests = URIRef("https://zhunru.example/ns#restsOn")
    [of] = [p for p in void.objects(part, VOID.propertyPartition) if (p, None, rests) in void]
    [[used]] = rows(asking, f"SELECT (COUNT(*) AS ?n) {{ ?s a <{rule}> ; <{rests}> ?o }}")
    assert number(void.value(of, VOID.triples)) == int(used)


def test_every_dump_is_there_and_holds_what_is_told(asking: Client, void: Graph) -> None:
    sizes = {
        str(void.value(part, SD.name)): number(void.value(part, VOID.triples))
        for part in void.objects(DATASET, VOID.subset)
        if (part, SD.name, None) in void
    }
    dumps = [d for d in void.objects(DATASET, VOID.dataDump) if "?graph=" in str(d)]
    assert len(dumps) == len(sizes)
    for dump in dumps:
        assert (DATASET, DCAT.distribution, dump) in void
        answer = asking.get(
            str(dump).removeprefix("http://localhost"), headers={"accept": "application/n-triples"}
        )
        assert answer.status_code == 200
        name = answer.request.url.params["graph"]
        assert answer.text.count("\n") == sizes[name]


def test_it_leaves_in_the_form_asked_for_and_is_not_sent_twice(asking: Client) -> None:
    for path in (WELL_KNOWN, "/sparql"):
        answer = asking.get(path, headers={"accept": "application/ld+json"})
        assert answer.headers["content-type"] == "application/ld+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        known = {"accept": "application/ld+json", "if-none-match": answer.headers["etag"]}
        assert asking.get(path, headers=known).status_code == 304
        head = asking.request("HEAD", path, headers={"accept": "application/ld+json"})
        assert head.headers["etag"] == answer.headers["etag"]
        problem(asking.get(path, headers={"accept": "image/png"}), 406, "not-acceptable")
    assert asking.request("OPTIONS", WELL_KNOWN).status_code == 204


def test_the_address_is_the_one_that_was_asked(asking: Client) -> None:
    answer = asking.get("/sparql", headers={"host": "127.0.0.1:9", "accept": "text/turtle"})
    assert "<http://127.0.0.1:9/sparql>" in answer.text
    assert "host" in answer.headers["vary"].lower()


def test_the_service_description_brings_prefixes_and_examples(asking: Client) -> None:
    graph = Graph()
    graph.parse(data=asking.get("/sparql").text, format="turtle")
    shacl = Namespace("http://www.w3.org/ns/shacl#")
    assert {str(iri) for iri in graph.objects(None, shacl.namespace)} == set(
        load_prefixes().values()
    )
    texts = {str(text) for text in graph.objects(None, shacl.select)}
    assert texts >= {query.text for query in queries() if "CONSTRUCT" not in query.text}


def test_the_limits_are_told(asking: Client) -> None:
    told = asking.get("/sparql", headers={"accept": "text/turtle"}).text
    assert "20,000 rows" in told
    assert "{rows}" not in told


def test_prefixes_are_in_the_graph_where_editors_look(asking: Client) -> None:
    query = """PREFIX sh: <http://www.w3.org/ns/shacl#>
    SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }"""
    assert {prefix: iri for prefix, iri in rows(asking, query)} == load_prefixes()


def test_every_question_is_an_example_in_the_graph_and_runs(asking: Client) -> None:
    """https://github.com/sib-swiss/sparql-editor reads its examples so."""
    query = """PREFIX sh: <http://www.w3.org/ns/shacl#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?sq ?comment ?query { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
      sh:select|sh:ask|sh:construct ?query FILTER(LANG(?comment) = "zh") } ORDER BY ?sq"""
    found = rows(asking, query)
    assert {iri.rpartition("#example-")[2] for iri, _, _ in found} == {q.name for q in queries()}
    texts = {query.name: query.text for query in queries()}
    for iri, comment, text in found:
        assert re.search(r"[一-鿿]", comment)
        assert text == texts[iri.rpartition("#example-")[2]]
    for _, _, text in found[:3]:
        assert ask(asking, text).status_code == 200


def test_what_was_built_is_described_in_the_graph(asking: Client) -> None:
    query = """PREFIX void: <http://rdfs.org/ns/void#>
    SELECT (COUNT(DISTINCT ?property) AS ?n) {
      ?cp void:class <https://zhunru.example/ns#Rule> ; void:propertyPartition ?pp .
      ?pp void:property ?property }"""
    [[found]] = rows(asking, query)
    assert int(found) > 5


def test_the_properties_of_search_are_features_that_work(asking: Client) -> None:
    found = asking.get("/sparql", headers={"accept": "text/turtle"})
    graph = Graph().parse(data=found.text, format="turtle")
    features = sorted(map(str, graph.objects(None, SD.propertyFeature)))
    assert [iri.rpartition("#")[2] for iri in features] == ["matches", "search"]
    for iri in features:
        assert rows(asking, f'SELECT ?s {{ ?s <{iri}> "社区" ; a ?c }} LIMIT 1')
