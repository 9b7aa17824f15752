"""SPARQL 1.1 Graph Store HTTP Protocol: all 13 tests of the W3C, over HTTP."""

from __future__ import annotations

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.conformance.conftest import Served
from tests.conformance.manifest import Case, cases, meets, unlisted

CASES = cases("graph-store-protocol/manifest.ttl")
# One more stands in a file of the suite, but in no list of tests.
MORE = unlisted("graph-store-protocol")


def test_the_suite_is_whole() -> None:
    assert len({case.name for case in CASES}) == len(CASES) == 13
    assert [case.name for case in MORE] == ["head_non_existing_direct"]


@pytest.mark.parametrize("case", [*CASES, *MORE], ids=lambda case: case.name)
def test_graph_store_protocol(writable: Served, case: Case) -> None:
    filled: dict[str, str] = {}
    with writable.client as client:
        client.post("/sparql", data={"update": "DROP ALL"}).raise_for_status()
        for request in case.requests:
            path = request.path.replace("/gsp", "/rdf-graph-store", 1)
            for name, value in filled.items():
                path = path.replace(name, value)
            answer = client.request(
                request.method, path, headers=request.headers, content=request.body
            )
            expected = request.expected
            assert meets(answer.status_code, expected.statuses), answer.text
            for name, value in expected.headers.items():
                assert answer.headers[name] == value
            if expected.body is not None:
                assert isomorphic(_graph(answer.text), _graph(expected.body))
            if expected.location:
                filled[expected.location] = answer.headers["location"]


def _graph(turtle: str) -> Graph:
    graph = Graph()
    graph.parse(data=turtle, format="turtle", publicID="http://www.example/")
    return graph
