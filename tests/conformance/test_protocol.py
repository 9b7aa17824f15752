"""SPARQL 1.1 Protocol: all 34 tests of the W3C, over HTTP, with writing switched on."""

from __future__ import annotations

import pytest

from tests.conformance.conftest import Served
from tests.conformance.manifest import Case, cases, meets, unlisted

CASES = cases("protocol/manifest.ttl")

TYPES = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples", "text/html"),
}


def test_the_suite_is_whole() -> None:
    assert len({case.name for case in CASES}) == len(CASES) == 34
    assert unlisted("protocol") == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_protocol(writable: Served, case: Case) -> None:
    with writable.client as client:
        client.post("/sparql", data={"update": "DROP ALL"}).raise_for_status()
        for iri, data in case.graphs.items():
            client.put(
                "/rdf-graph-store",
                params={"graph": iri},
                content=data,
                headers={"content-type": "application/n-triples"},
            ).raise_for_status()
        for request in case.requests:
            # The manifest: "must replace this value with whatever path prefix is appropriate".
            path = request.path.replace("/sparql/", "/sparql", 1)
            answer = client.request(
                request.method, path, headers=request.headers, content=request.body
            )
            expected = request.expected
            assert meets(answer.status_code, expected.statuses), answer.text
            media = answer.headers.get("content-type", "").partition(";")[0]
            if expected.format:
                assert media in TYPES[expected.format]
            if expected.boolean is not None:
                assert answer.json()["boolean"] is expected.boolean
