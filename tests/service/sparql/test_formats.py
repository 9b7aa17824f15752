"""Content negotiation: RFC 9110 §12.5.1 with q-values; forms by SPARQL 1.1 Protocol §2.1.6."""

from __future__ import annotations

import pytest

from service.accept import preferred
from service.sparql.formats import choose, is_format

HTML, TURTLE, JSON = "text/html", "text/turtle", "application/json"


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("", HTML),
        ("*/*", HTML),
        ("text/turtle", TURTLE),
        ("TEXT/Turtle;charset=utf-8", TURTLE),
        ("text/*;q=0.5, application/json;q=0.6", JSON),
        ("text/html;q=0.4, text/*;q=0.5, */*;q=0.1", TURTLE),  # the more specific range decides
        ("text/html;q=0, */*", TURTLE),
        ("image/png", None),
        ("text/html;q=0", None),
        ("text/turtle;q=2", TURTLE),
        ("text/turtle;q=bad, application/json;q=0.1", JSON),
        (", ;;, text/turtle", TURTLE),
    ],
)
def test_the_heaviest_of_what_is_offered_is_preferred(accept: str, found: str | None) -> None:
    assert preferred(accept, [HTML, TURTLE, JSON]) == found


@pytest.mark.parametrize(
    ("accept", "rows", "statements"),
    [
        ("", "json", "ttl"),
        ("*/*", "json", "ttl"),
        ("application/json", "json", "jsonld"),
        ("application/ld+json", None, "jsonld"),
        ("application/sparql-results+xml", "xml", None),
        ("text/csv;q=0.9, text/tab-separated-values", "tsv", None),
        ("application/n-triples", None, "nt"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "json", "ttl"),
    ],
)
def test_rows_and_statements_have_forms_of_their_own(
    accept: str, rows: str | None, statements: str | None
) -> None:
    for result, name in (("rows", rows), ("boolean", rows), ("statements", statements)):
        form = choose(result, accept)
        assert (form.name if form else None) == name


def test_a_name_goes_before_accept() -> None:
    found = choose("rows", "application/sparql-results+xml", "csv")
    assert found is not None
    assert found.content_type == "text/csv; charset=utf-8"
    assert choose("rows", "*/*", "ttl") is None


@pytest.mark.parametrize(
    ("name", "rows", "statements"),
    [
        ("csv", "csv", None),
        ("turtle", None, "ttl"),
        ("N3", None, "ttl"),
        ("json-ld", None, "jsonld"),
        ("rdf+xml", None, "rdf"),
        ("xml", "xml", "rdf"),
        ("json", "json", "jsonld"),
        ("text/csv", "csv", None),
        ("application/sparql-results+json", "json", None),
        ("application/rdf+xml", None, "rdf"),
        ("doc", None, None),
    ],
)
def test_clients_have_other_words_for_forms(
    name: str, rows: str | None, statements: str | None
) -> None:
    """As SPARQLWrapper and old Virtuoso clients send them in `format=`."""
    for result, expected in (("rows", rows), ("statements", statements)):
        form = choose(result, "image/png", name)
        assert (form.name if form else None) == expected
    assert is_format(name) is bool(rows or statements)
