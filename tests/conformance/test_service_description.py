"""SPARQL 1.1 Service Description: the three tests of the W3C, in every form it leaves in."""

from __future__ import annotations

import pytest
from rdflib import RDF, RDFS, Dataset, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tests.conformance.conftest import Served
from tests.conformance.manifest import cases

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}

# https://www.w3.org/TR/sparql11-service-description/#vocab — property: domain, range; None where
# any resource may stand.
SCHEMA: dict[str, tuple[str, str | None]] = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
CLASSES = {
    *("Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime"),
    *("EntailmentProfile", "GraphCollection", "Dataset", "Graph", "NamedGraph"),
}
# Instances that the vocabulary itself defines.
KNOWN = {
    "Language": {SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update},
    "Feature": {
        *(SD.DereferencesURIs, SD.UnionDefaultGraph, SD.RequiresDataset, SD.EmptyGraphs),
        SD.BasicFederatedQuery,
    },
    "EntailmentRegime": {
        URIRef(f"http://www.w3.org/ns/entailment/{name}")
        for name in ("Simple", "RDF", "RDFS", "D", "OWL-Direct", "OWL-RDF-Based", "RIF")
    },
}
BROADER = {"Dataset": {"GraphCollection"}}


def described(served: Served, media: str) -> Graph:
    with served.client as client:
        answer = client.get("/sparql", headers={"accept": media})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    graph = Dataset(default_union=True)
    graph.parse(data=answer.text, format=FORMATS[media], publicID=str(answer.url))
    return graph


def test_the_suite_is_whole() -> None:
    assert [case.name for case in cases("service-description/manifest.ttl")] == [
        "has-endpoint-triple",
        "returns-rdf",
        "conforms-to-schema",
    ]


@pytest.mark.parametrize("media", FORMATS)
def test_returns_rdf(writable: Served, media: str) -> None:
    """A GET of the endpoint without a query returns RDF (§2)."""
    assert len(described(writable, media)) > 20


@pytest.mark.parametrize("media", FORMATS)
def test_has_endpoint_triple(writable: Served, media: str) -> None:
    """The endpoint described is the one that was asked (§2)."""
    endpoints = list(described(writable, media).subject_objects(SD.endpoint))
    assert [str(endpoint) for _, endpoint in endpoints] == [f"{writable.address}/sparql"]


@pytest.mark.parametrize("media", FORMATS)
def test_conforms_to_schema(writable: Served, media: str) -> None:
    """Terms of the vocabulary only, between things of its domains and ranges (§3)."""
    graph = described(writable, media)
    checked = 0
    for subject, predicate, value in graph.triples((None, None, None)):
        if predicate == RDF.type and str(value).startswith(str(SD)):
            assert str(value).removeprefix(str(SD)) in CLASSES
        if not str(predicate).startswith(str(SD)):
            continue
        domain, range_ = SCHEMA[str(predicate).removeprefix(str(SD))]
        assert _is(graph, subject, domain), f"{subject} is no {domain}"
        assert not isinstance(value, Literal), f"{predicate} has the literal {value}"
        if range_ is not None:
            assert _is(graph, value, range_), f"{value} is no {range_}"
        checked += 1
    assert checked >= 15
    assert len(list(graph.subjects(RDF.type, SD.Service))) == 1


def _is(graph: Graph, node: Node, name: str) -> bool:
    if node in KNOWN.get(name, set()):
        return True
    kinds = {str(kind).removeprefix(str(SD)) for kind in graph.objects(node, RDF.type)}
    return name in kinds or any(name in BROADER.get(kind, set()) for kind in kinds)


def test_it_says_what_is_there(writable: Served) -> None:
    """What is written is told of, with its size; and that it may be written."""
    with writable.client as client:
        client.put(
            "/rdf-graph-store",
            params={"graph": "https://mine.example/g"},
            content=b"<https://a.example/s> <https://a.example/p> 1, 2, 3 .",
            headers={"content-type": "text/turtle"},
        ).raise_for_status()
    graph = described(writable, "text/turtle")
    assert (None, SD.supportedLanguage, SD.SPARQL11Update) in graph
    [named] = graph.subjects(SD.name, URIRef("https://mine.example/g"))
    content = graph.value(named, SD.graph)
    triples = URIRef("http://rdfs.org/ns/void#triples")
    assert graph.value(content, triples) == Literal(3)
    [default] = graph.objects(None, SD.defaultGraph)
    assert graph.value(default, RDFS.seeAlso) is not None
