"""The request around the facts (DESIGN §6): cases, items, annotations, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.envelope import read
from service.errors import BadRequest

FACTS = ("task.kind", "task.role", "task.funding", "community.jurisdiction")


def faults(value: object) -> dict[str, str]:
    with pytest.raises(BadRequest) as caught:
        read(value, FACTS)
    return {issue.where: f"{issue.message} {issue.hint}" for issue in caught.value.issues}


def test_one_case() -> None:
    found = read({"facts": {"task.role": "assist"}, "as_of": "2019-06-01"}, FACTS)
    assert [dict(case.facts) for case in found.cases] == [{"task.role": "assist"}]
    assert found.as_of == date(2019, 6, 1)
    assert found.detail == "full"
    assert not found.several
    assert not found.not_a_task


def test_items_share_what_is_common_and_prevail_over_it() -> None:
    found = read(
        {
            "common": {"task.role": "assist", "task.funding": True},
            "items": [
                {"text": "甲", "facts": {"task.role": "responsible"}},
                {"facts": {"task.kind": ["demolition"]}},
            ],
        },
        FACTS,
    )
    assert [dict(case.facts) for case in found.cases] == [
        {"task.role": "responsible", "task.funding": True},
        {"task.role": "assist", "task.funding": True, "task.kind": ["demolition"]},
    ]
    assert [case.text for case in found.cases] == ["甲", None]
    assert found.several


def test_a_fault_is_located_where_the_fact_was_given() -> None:
    found = read(
        {"common": {"task.kind": 1}, "items": [{"facts": {"task.role": "x"}}, {"facts": {}}]}, FACTS
    )
    first, second = found.cases
    assert first.locate("$.facts['task.role']") == "$.items[0].facts['task.role']"
    assert first.locate("$.facts['task.kind'][0]") == "$.common['task.kind'][0]"
    assert second.locate("$.facts['task.role']") == "$.common['task.role']"


@pytest.mark.parametrize("detail", ["verdict", "full"])
def test_detail_of_the_request_prevails_over_the_query(detail: Any) -> None:
    other: Any = "full" if detail == "verdict" else "verdict"
    assert read({"facts": {}, "detail": detail}, FACTS, other).detail == detail
    assert read({"facts": {}}, FACTS, other).detail == other


def test_undeclared_members_are_annotations() -> None:
    found = read(
        {
            "facts": {},
            "expected_verdict": "x",
            "title": "t",
            "ref-no": 1,
        },
        FACTS,
    )
    assert found.annotations == ("$.expected_verdict", "$.title", "$['ref-no']")
    several = read({"items": [{"facts": {}, "acceptable_verdicts": []}]}, FACTS)
    assert several.annotations == ("$.items[0].acceptable_verdicts",)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("fact", "facts"),
        ("asof", "as_of"),
        ("as-of", "as_of"),
        ("item", "items"),
        ("details", "detail"),
        ("not_task", "not_a_task"),
        ("task_kind", "task.kind"),
    ],
)
def test_a_misspelt_member_is_an_error_not_an_annotation(name: str, meant: str) -> None:
    told = faults({"facts": {}, name: 1})
    assert [text for text in told.values() if f"did you mean {meant}?" in text]


def test_a_fact_outside_facts_is_an_error() -> None:
    assert "put it under facts" in faults({"facts": {}, "task.role": "assist"})["$['task.role']"]
    told = faults({"items": [{"facts": {}, "task.role": "assist"}]})
    assert "put it under facts" in told["$.items[0]['task.role']"]


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (3, "$"),
        ([], "$"),
        ({}, "$"),
        ({"facts": None}, "$"),
        ({"facts": []}, "$.facts"),
        ({"facts": {}, "items": [{"facts": {}}]}, "$.facts"),
        ({"facts": {}, "common": {}}, "$.common"),
        ({"items": []}, "$.items"),
        ({"items": [3]}, "$.items[0]"),
        ({"items": [{"text": "x"}]}, "$.items[0].facts"),
        ({"facts": {}, "as_of": 20190601}, "$.as_of"),
        ({"facts": {}, "as_of": "20190601"}, "$.as_of"),
        ({"facts": {}, "as_of": "2019-W23-6"}, "$.as_of"),
        ({"facts": {}, "as_of": "2019-02-29"}, "$.as_of"),
        ({"facts": {}, "as_of": "2019-06-01T00:00:00"}, "$.as_of"),
        ({"facts": {}, "as_of": "２０１９-06-01"}, "$.as_of"),
        ({"facts": {}, "detail": "brief"}, "$.detail"),
        ({"facts": {}, "not_a_task": "yes"}, "$.not_a_task"),
        ({"facts": {}, "not_a_task": 1}, "$.not_a_task"),
    ],
)
def test_the_place_of_each_fault_is_named(value: object, where: str) -> None:
    assert where in faults(value)


def test_all_faults_are_told_at_once() -> None:
    told = faults({"fact": {}, "as_of": "yesterday", "detail": 3})
    assert {"$.as_of", "$.detail"} <= set(told)


def test_the_number_of_items_is_limited() -> None:
    items: list[Any] = [{"facts": {}} for _ in range(3)]
    assert len(read({"items": items}, FACTS, limit=3).cases) == 3
    with pytest.raises(BadRequest, match="at most 2 items"):
        read({"items": items}, FACTS, limit=2)
