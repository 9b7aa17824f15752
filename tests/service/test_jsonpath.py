"""Paths are JSONPath as RFC 9535 writes it, and the first difference of two values is found."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from service.jsonpath import first_difference, member, path_of


def test_plain_names_are_dotted_and_others_quoted() -> None:
    assert member("$", "facts") == "$.facts"
    assert member("$.facts", "task.kind") == "$.facts['task.kind']"
    assert member("$", "it's") == r"$['it\'s']"
    assert path_of(["items", 3, "facts", "task.kind", 0]) == "$.items[3].facts['task.kind'][0]"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_no_difference_means_the_same_json(a: object, b: object) -> None:
    same = json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)
    assert (first_difference(a, b) is None) == same


def test_the_difference_is_named() -> None:
    a = {"findings": [{"status": "holds"}, {"status": "fails"}], "verdict": "x"}
    b = {"findings": [{"status": "holds"}, {"status": "holds"}], "verdict": "x"}
    assert first_difference(a, b) == "$.findings[1].status"
    assert first_difference({"a": 1}, {"a": 1, "b": 2}) == "$.b"
    assert first_difference([1], [1, 2]) == "$[1]"
    assert first_difference(1, True) == "$"
