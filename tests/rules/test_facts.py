"""Facts as given: one form, or issues at their JSON path with the nearest name (DESIGN §4)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.vocabulary import load_vocabulary
from rules.facts import BadFacts, read_facts
from tests.rules.generate import DAY, KIND
from tests.rules.small import book, fact

VOCABULARY = book(
    [
        fact("flag"),
        fact("task.role", "code"),
        fact("task.kind", "codes"),
        fact("count", "integer"),
        fact("area", "decimal", scale=2),
        fact("since", "date"),
        fact("where", "place"),
        fact("item", "text"),
    ],
    [],
).vocabulary


def read(facts: dict[str, Any]) -> dict[str, Any]:
    return dict(read_facts(KIND, facts, DAY, VOCABULARY).values)


def issues(facts: dict[str, Any]) -> list[str]:
    with pytest.raises(BadFacts) as caught:
        read(facts)
    return [str(issue) for issue in caught.value.issues]


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ({"flag": False}, {"flag": False}),
        ({"flag": None, "count": None}, {}),
        ({"count": -3}, {"count": -3}),
        ({"area": 0.1}, {"area": "0.10"}),
        ({"area": 30}, {"area": "30.00"}),
        ({"area": "-0.00"}, {"area": "0.00"}),
        ({"area": "1e2"}, {"area": "100.00"}),
        ({"since": "2019-06-01"}, {"since": "2019-06-01"}),
        ({"task.kind": "k1"}, {"task.kind": ("k1",)}),
        ({"task.kind": ["k3", "k0", "k3"]}, {"task.kind": ("k0", "k3")}),
        ({"task.kind": []}, {"task.kind": ()}),
        ({"where": " 220102 "}, {"where": "220102"}),
        ({"item": "开具证明"}, {"item": "开具证明"}),
    ],
)
def test_facts_are_brought_into_one_form(given: dict[str, Any], read_as: dict[str, Any]) -> None:
    assert read(given) == read_as


def test_the_form_is_in_vocabulary_order_whatever_the_order_given() -> None:
    facts = {"item": "x", "since": "2019-06-01", "flag": True, "count": 1}
    assert list(read(facts)) == ["flag", "count", "since", "item"]


@pytest.mark.parametrize(
    ("name", "given", "where", "issue"),
    [
        ("flagg", True, "", "flagg is not a fact of admissibility (did you mean flag?)"),
        ("flag", 1, "", "true or false is expected, not 1"),
        ("flag", "true", "", "true or false is expected, not 'true'"),
        ("task.role", "r9", "", "'r9' is not a code of roles"),
        ("task.role", ["r0"], "", "one code is expected, not a list"),
        ("task.kind", ["k0", "kk"], "[1]", "'kk' is not a code of kinds"),
        ("task.kind", [1], "[0]", "a code is expected, not 1"),
        ("task.kind", {}, "", "a list of codes is expected, not an object"),
        ("count", 1.0, "", "a whole number is expected, not 1.0"),
        ("count", True, "", "a whole number is expected, not True"),
        ("count", 2**53, "", "a whole number is expected, not so large a number"),
        ("area", "29.996", "", "a number with at most 2 decimals is expected, not '29.996'"),
        ("area", "NaN", "", "a decimal number is expected, not 'NaN'"),
        ("area", "１", "", "a decimal number is expected, not '１'"),
        ("since", "2019-02-29", "", "a day as YYYY-MM-DD is expected, not '2019-02-29'"),
        ("since", "20190601", "", "a day as YYYY-MM-DD is expected, not '20190601'"),
        ("where", 22, "", "a place is a GB/T 2260 code or a name, as text"),
        ("item", "x" * 2001, "", "a text of at most 2000 characters is expected"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(
    name: str, given: Any, where: str, issue: str
) -> None:
    [told] = issues({name: given})
    assert told.startswith(f"$.facts['{name}']{where}: error: {issue}")


def test_a_number_too_long_to_be_written_is_refused() -> None:
    for name in ("count", "area", "flag", "since"):
        [told] = issues({name: 10**5000})
        assert told.endswith("not so large a number")


def test_every_issue_is_told_at_once_and_nothing_is_guessed() -> None:
    assert len(issues({"flag": "yes", "count": "three", "nobody": 1})) == 3


def test_names_and_codes_are_found_by_their_chinese_label_and_alternatives() -> None:
    """The hint names the code for a word people use (the shipped vocabulary)."""
    vocabulary = load_vocabulary()
    concept = vocabulary.code_lists["task-kinds"].concepts[0]
    with pytest.raises(BadFacts, match=f"did you mean {concept.code}"):
        read_facts(KIND, {"task.kind": [concept.label.zh]}, DAY, vocabulary)
    with pytest.raises(BadFacts, match=r"did you mean task\.role"):
        read_facts(KIND, {"task.rôle": "assist"}, DAY, vocabulary)
    with pytest.raises(BadFacts, match="jurisdiction") as caught:
        read_facts(KIND, {"community.jurisdiction": "吉林省长春市南关曲"}, DAY, vocabulary)
    assert "南关区" in str(caught.value)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from([2**53, -(2**70), "1e400", "9" * 5000, "0000-00-00", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from([f.name for f in VOCABULARY.facts(KIND)]) | st.text(st.characters()),
        anything,
        max_size=4,
    )
)
def test_any_json_is_read_or_refused_and_both_can_be_answered(facts: dict[str, Any]) -> None:
    try:
        told = read(facts)
    except BadFacts as refused:
        "".join(str(issue) for issue in refused.issues).encode()
        return
    # One form: reading what was read changes nothing, and it can be written as UTF-8 JSON.
    assert json.dumps(told, ensure_ascii=False).encode()
    again = {name: list(v) if isinstance(v, tuple) else v for name, v in told.items()}
    assert read(again) == told


def test_what_is_nested_without_end_is_refused_like_any_other() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for name in ("flag", "task.role", "task.kind", "count", "area", "since", "where", "item"):
        assert issues({name: deep})
    while deep:
        deep = deep.pop()
