"""Rows are counted in the bytes that pyoxigraph writes, whatever the literals contain."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.quads import literal
from kb.store import GraphStore
from service.sparql.rows import RowLimit, counter

# What a naive count would take for the end or the beginning of a row.
NASTY = ["},{", '},{"', '"', "\\", '\\"', "\n", "\r\n", "<result>", ",", "\t", "{}", '"x":{', "居"]


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@given(
    values=st.lists(st.lists(st.sampled_from(NASTY), max_size=6).map("".join), max_size=8),
    size=st.integers(1, 40),
)
def test_the_count_is_that_of_the_rows(form: str, values: list[str], size: int) -> None:
    lines = [
        f"<x:{n}> <x:p> {literal(value)} <x:g> ." for n, value in enumerate(values)
    ]  # a subject each: none are equal
    store = GraphStore("\n".join(lines).encode())
    query = "SELECT ?o ?unbound { ?s ?p ?o }"
    sink = io.BytesIO()
    store.answer(query).write(sink, form, 0)
    written, count, seen = sink.getvalue(), counter(form), 0
    for at in range(0, len(written), size):
        now = count(written[at : at + size])
        assert now >= seen
        seen = now
    assert seen == len(values)


def test_rows_without_any_value_count_too() -> None:
    store = GraphStore(b"<x:a> <x:p> <x:b> <x:g> .\n<x:b> <x:p> <x:b> <x:g> .\n")
    for form in ("json", "xml", "csv", "tsv"):
        sink = io.BytesIO()
        store.answer("SELECT ?nothing { ?s ?p ?o }").write(sink, form, 0)
        assert counter(form)(sink.getvalue()) == 2, form


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("value", [None, "", '},{"', "居" * 40])
def test_a_limit_is_exceeded_by_the_first_row_past_it(form: str, value: str | None) -> None:
    """Also where rows take the fewest bytes that they can, and so does the header."""
    rows = 3000
    lines = [f"<x:{n}> <x:p> {literal(value or '')} <x:g> ." for n in range(rows)]
    sink = io.BytesIO()
    name = "o" if value is not None else "n"
    GraphStore("\n".join(lines).encode()).answer(f"SELECT ?{name} {{ ?s ?p ?o }}").write(
        sink, form, 0
    )
    written = sink.getvalue()
    pieces = [written[at : at + 1000] for at in range(0, len(written), 1000)]
    for most, exceeded in ((0, True), (10, True), (rows - 1, True), (rows, False)):
        limit = RowLimit(form, most)
        assert any([limit.exceeded(piece) for piece in pieces]) is exceeded
