"""Several tasks in one request: each for itself, one verdict over all (DESIGN §4)."""

from __future__ import annotations

from typing import Any

import pytest

from rules.combine import combine
from rules.decide import Decision, decide
from rules.model import Rulebook
from tests.rules.generate import DAY, KIND
from tests.rules.small import book, fact, is_, rule

LAW = book(
    [fact("x"), fact("y"), fact("paid", by="assigner")],
    [
        rule("ban", "forbids", is_("x")),
        rule("leave", "permits", is_("y")),
        rule("money", "requires", is_("y"), that=is_("paid")),
    ],
)
GOOD = {"x": False, "y": True, "paid": True}
LACKING = {"x": False, "y": True, "paid": False}
SILENT = {"x": False, "y": False}
OPEN = {"y": True}
BAD = {"x": True}


def told(*requests: dict[str, Any], law: Rulebook = LAW) -> Decision:
    items = [(f"task {i}", decide(KIND, facts, DAY, law)) for i, facts in enumerate(requests)]
    return combine(KIND, items, DAY, law)


@pytest.mark.parametrize(
    ("requests", "verdict", "reason", "strike"),
    [
        ([GOOD], "admissible", None, []),
        ([GOOD, LACKING], "conditional", None, []),
        ([GOOD, SILENT, LACKING, OPEN], "undetermined", "no-rule", []),
        ([GOOD, OPEN, SILENT], "undetermined", "facts", []),
        ([BAD, GOOD, OPEN, BAD], "inadmissible", None, [0, 3]),
    ],
)
def test_the_strictest_verdict_stands_and_what_to_strike_is_named(
    requests: list[dict[str, Any]], verdict: str, reason: str | None, strike: list[int]
) -> None:
    body = told(*requests).to_json()
    assert (body["verdict"], body["reason"], body["strike"]) == (verdict, reason, strike)
    assert [item["index"] for item in body["items"]] == list(range(len(requests)))


def test_each_item_is_the_decision_it_would_be_alone() -> None:
    body = told(GOOD, BAD).to_json()
    for item, facts in zip(body["items"], (GOOD, BAD), strict=True):
        alone = decide(KIND, facts, DAY, LAW).to_json()
        assert {k: v for k, v in item.items() if k not in ("index", "text")} == alone
    assert [item["text"] for item in body["items"]] == ["task 0", "task 1"]


def test_items_are_counted_from_one_for_people() -> None:
    assert "2" in told(GOOD, BAD).to_json()["summary"]["zh"]
    assert told(GOOD, BAD).to_json()["summary"]["en"] == "2 items; strike item 2."
    assert told(GOOD, GOOD).to_json()["summary"]["en"] == "2 items; none needs to be struck."


def test_no_item_is_no_verdict_to_act_on() -> None:
    body = combine(KIND, [], DAY, LAW).to_json()
    assert (body["verdict"], body["strike"], body["items"]) == ("undetermined", [], [])
