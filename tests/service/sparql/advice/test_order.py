"""Pages without an order (SPARQL 1.1 §15.4)."""

from __future__ import annotations

import pytest

from service.sparql.advice.order import offset_without_order
from tests.service.sparql.advice.conftest import Judge


def test_an_offset_needs_an_order(judge: Judge) -> None:
    judge.one(offset_without_order, "SELECT * { ?s ?p ?o } LIMIT 10 OFFSET 20", "OFFSET")
    judge.one(offset_without_order, "SELECT * { { SELECT ?s { ?s ?p ?o } OFFSET 2 } }", "OFFSET")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o } ORDER BY ?s OFFSET 20 LIMIT 10",
        "SELECT * { ?s ?p ?o } LIMIT 10",
        "SELECT * { ?s ?p ?o } LIMIT 10 OFFSET 0",
    ],
)
def test_other_pages_are_left_alone(judge: Judge, query: str) -> None:
    assert judge.found(offset_without_order, query) == []
