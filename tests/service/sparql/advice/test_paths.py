"""Paths from a variable to a constant are offered from the constant (SPARQL 1.1 §18.1.7, inv)."""

from __future__ import annotations

import pytest

from service.sparql.advice.paths import path_from_variable
from tests.service.sparql.advice.conftest import JILIN, Judge

FIRES = (
    (
        f"SELECT * {{ ?s zr:fullName ?n ; zr:partOf+ {JILIN} }}",
        "zr:partOf+",
        f"{{ {JILIN} ^zr:partOf+ ?s . ?s zr:fullName ?n }}",
    ),
    (
        f"SELECT * {{ ?s a zr:Place . ?s zr:partOf* {JILIN} . ?s zr:fullName ?n }}",
        "zr:partOf*",
        f"{{ {JILIN} ^zr:partOf* ?s . ?s a zr:Place . ?s zr:fullName ?n }}",
    ),
    (
        f"SELECT * {{ ?s a zr:Place ; zr:partOf+ {JILIN} ; zr:fullName ?n }}",
        "zr:partOf+",
        f"{{ {JILIN} ^zr:partOf+ ?s . ?s a zr:Place ; zr:fullName ?n }}",
    ),
    (
        f"SELECT * {{ ?s a zr:Place ; ^zr:partOf+ {JILIN} }}",
        "^zr:partOf+",
        f"{{ {JILIN} zr:partOf+ ?s . ?s a zr:Place }}",
    ),
    (
        f"SELECT * {{\n  ?s zr:fullName ?n .\n  ?s (zr:partOf/zr:partOf)+ {JILIN} .\n}}",
        "(zr:partOf/",
        f"{{\n  {JILIN} ^(zr:partOf/zr:partOf)+ ?s .\n  ?s zr:fullName ?n .\n}}",
    ),
    (
        f"SELECT * {{ ?s zr:fullName ?n . ?s zr:partOf/zr:partOf* {JILIN} }}",
        "zr:partOf/",
        f"{{ {JILIN} ^(zr:partOf/zr:partOf*) ?s . ?s zr:fullName ?n . }}",
    ),
)
NONE = (
    f"SELECT * {{ ?s zr:partOf+ {JILIN} . ?s zr:fullName ?n }}",  # the path stands first
    f"SELECT * {{ {JILIN} ^zr:partOf+ ?s . ?s zr:fullName ?n }}",
    f"SELECT * {{ ?s zr:fullName ?n . ?s zr:partOf {JILIN} }}",  # no path
    f"SELECT * {{ ?s zr:fullName ?n . {JILIN} zr:partOf+ ?s }}",  # from the constant
    "SELECT * { ?s zr:fullName ?n . ?s zr:partOf+ ?o }",  # to no constant
    f"SELECT * {{ ?s zr:divisionCode '220102' ; zr:partOf+ {JILIN} }}",  # from one thing
    f"SELECT * {{ VALUES ?s {{ <x:a> }} ?s zr:fullName ?n ; zr:partOf+ {JILIN} }}",
    f"SELECT * {{ ?t zr:fullName ?n . ?s zr:partOf+ {JILIN} }}",  # not after ?s
)


@pytest.mark.parametrize(("query", "at", "rewritten"), FIRES)
def test_it_is_offered_from_the_constant_and_first(
    judge: Judge, query: str, at: str, rewritten: str
) -> None:
    advice = judge.one(path_from_variable, query, at)
    assert advice.severity == "slow"
    assert judge.rewritten(advice) == f"SELECT * {rewritten}"
    judge.keeps(query, advice)
    assert judge.found(path_from_variable, judge.rewritten(advice)) == []


@pytest.mark.parametrize("query", NONE)
def test_what_is_no_such_shape_is_left_alone(judge: Judge, query: str) -> None:
    assert judge.found(path_from_variable, query) == []
