"""A fault found at a JSON path is shown beside the field that it came from."""

from __future__ import annotations

import pytest

from ontology.issue import Issue
from ontology.vocabulary import Vocabulary
from service.web.asked import Asked, Item
from service.web.faults import faults_in, field_at


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("$.facts['task.kind'][0]", "task.kind"),
        ("$.facts['community.jurisdiction']", "community.jurisdiction"),
        ("$.common['community.jurisdiction']", "community.jurisdiction"),
        ("$.items[0].facts['task.role']", "task.role"),
        ("$.items[2].facts['task.role']", "items.2.task.role"),
        ("$.items[0].facts['community.type']", "items.0.community.type"),
        ("$.as_of", "as_of"),
        ("$", ""),
        ("nonsense", ""),
    ],
)
def test_a_path_of_the_request_is_a_field_of_the_form(path: str, field: str) -> None:
    assert field_at(path) == field


def test_an_unknown_place_is_told_in_both_languages_with_what_was_meant(words: Vocabulary) -> None:
    asked = Asked(common={"community.jurisdiction": "朝阳区"}, items=(Item(),))
    issue = Issue("error", "ambiguous", "$.facts['community.jurisdiction']")
    [fault] = faults_in([issue], asked, "admissibility", words)
    assert (fault.field, fault.type, fault.given) == ("community.jurisdiction", "place", "朝阳区")
    assert fault.said is not None
    assert "朝阳区" in fault.said.zh
    assert "吉林省长春市朝阳区" in fault.candidates


def test_the_day_is_a_field_of_its_own_kind(words: Vocabulary) -> None:
    issue = Issue("error", "no such day", "$.as_of")
    [fault] = faults_in([issue], Asked(as_of="2019-02-30"), "admissibility", words)
    assert (fault.field, fault.type, fault.given) == ("as_of", "day", "2019-02-30")
