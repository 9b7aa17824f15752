"""Deciding by standards: verdicts, and each standard with what lacks and by when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rules import drawn
from rules.compiled import reference_kind
from rules.decide import decide
from rules.drawn import Drawn
from rules.facts import Given
from rules.model import Due, Rulebook
from tests.rules.generate import DAY, KIND, label
from tests.rules.small import book, fact, is_, rule, said

STAFF = fact("staff", "integer", by="assigner")
RANGE = {"all": [{"fact": "staff", "at-least": 5}, {"fact": "staff", "at-most": 9}]}
LAW = book(
    [fact("urban"), STAFF, fact("excused", presumed=False), fact("fee")],
    [
        rule("size", "requires", is_("urban"), that=RANGE),
        rule("exception", "none", is_("excused"), defeats=["size"]),
        rule("fee", "forbids", is_("fee")),
        rule("striven", "advises", is_("urban"), that={"fact": "staff", "at-least": 7}),
    ],
    "standards",
)


def rows(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["rule"]: row for row in body["standards"]}


@pytest.mark.parametrize(
    ("facts", "verdict", "reason"),
    [
        ({"urban": True, "staff": 6, "fee": False}, "compliant", None),
        ({"urban": True, "staff": 4, "fee": False}, "non-compliant", None),
        ({"urban": True, "staff": 10}, "non-compliant", None),
        ({"urban": True, "staff": 6, "fee": True}, "non-compliant", None),
        ({"urban": True, "fee": False}, "undetermined", "facts"),
        ({"urban": True, "staff": 6}, "undetermined", "facts"),
        ({"staff": 6, "fee": False}, "compliant", None),
        ({"urban": False, "fee": False}, "undetermined", "no-rule"),
        ({"urban": True, "staff": 4, "fee": False, "excused": True}, "undetermined", "no-rule"),
    ],
)
def test_the_verdict(facts: dict[str, Any], verdict: str, reason: str | None) -> None:
    body = said(LAW, facts)
    assert (body["verdict"], body["reason"]) == (verdict, reason)


def test_a_range_is_two_comparisons_of_which_one_lacks_something() -> None:
    row = rows(said(LAW, {"urban": True, "staff": 11}))["size"]
    assert (row["status"], row["applies"], row["decides"]) == ("unmet", "applies", True)
    assert [(m["fact"], m["value"], m["origin"]) for m in row["measured"]] == [
        ("staff", 11, "given")
    ]
    assert [(r["comparison"], r["values"], r["met"], r["gap"]) for r in row["required"]] == [
        ("at-least", [5], True, None),
        ("at-most", [9], False, "-2"),
    ]
    assert row["gap"] == "-2"
    assert row["citations"][0]["quote"] == "quote"


def test_what_is_advised_is_shown_and_decides_nothing() -> None:
    body = said(LAW, {"urban": True, "staff": 5, "fee": False})
    assert body["verdict"] == "compliant"
    row = rows(body)["striven"]
    assert (row["status"], row["decides"], row["gap"]) == ("unmet", False, "2")
    assert [r["rule"] for r in body["requirements"]] == ["size"]


def test_a_defeated_standard_names_what_prevails() -> None:
    row = rows(said(LAW, {"urban": True, "staff": 4, "excused": True}))["size"]
    assert (row["status"], row["applies"]) == ("defeated", None)
    assert row["defeated_by"] == [{"rule": "exception", "ground": "exception"}]


def test_a_standard_that_may_apply_says_so_and_one_that_does_not_is_left_out() -> None:
    assert rows(said(LAW, {"staff": 6}))["size"]["applies"] == "may-apply"
    assert rows(said(LAW, {"urban": False})) == {}


@pytest.mark.parametrize(
    ("that", "required"),
    [
        (is_("fee"), 1),
        ({"all": [is_("fee"), {"all": [is_("urban")]}]}, 2),
        ({"any": [is_("fee"), is_("urban")]}, 0),
        ({"not": is_("fee")}, 0),
    ],
)
def test_other_forms_of_requirements_are_told_in_words_alone(
    that: dict[str, Any], required: int
) -> None:
    law = book([fact("fee"), fact("urban")], [rule("r", "requires", that=that)], "standards")
    [row] = said(law, {"fee": False, "urban": False})["standards"]
    assert len(row["required"]) == required
    assert row["text"]["zh"]
    assert row["measured"]


@pytest.mark.parametrize(
    ("day", "passed"),
    [("2020-01-01", False), ("2020-01-02", None), ("2020-12-31", None), ("2021-01-01", True)],
)
def test_a_date_read_in_two_ways_has_passed_when_both_have(day: str, passed: bool | None) -> None:
    due = Due(date(2020, 1, 1), date(2020, 12, 31))
    law = book([STAFF], [rule("r", "requires", that=is_("staff", 5), due=due)], "standards")
    [row] = said(law, {"staff": 5}, day)["standards"]
    assert row["due"] == {"by": "2020-01-01", "latest": "2020-12-31", "passed": passed}
    assert Due(date(2020, 1, 1)).passed(date(2020, 1, 2)) is True


def test_old_results_have_no_standards_and_old_documents_keep_their_hash() -> None:
    old = book([fact("x")], [rule("r", "requires", that=is_("x"))])
    assert "standards" not in said(old, {})
    document = old.to_json()
    assert "decisions" not in document["vocabulary"]
    assert "due" not in document["rules"][KIND][0]
    for made in (old, LAW):
        again = Rulebook.from_json(made.to_json(), made.vocabulary.places)
        assert again == made
        assert again.revision == made.revision


def test_permission_shows_standards_where_something_is_advised() -> None:
    law = book(
        [fact("x"), STAFF],
        [
            rule("leave", "permits", is_("x")),
            rule("striven", "advises", that={"fact": "staff", "at-least": 7}),
        ],
    )
    body = said(law, {"x": True, "staff": 3})
    assert body["verdict"] == "admissible"
    assert rows(body)["striven"]["status"] == "unmet"


def test_the_summary_names_what_fails_and_counts_what_is_not_known() -> None:
    assert said(LAW, {"urban": True, "staff": 4})["summary"]["zh"] == (
        "不符合所引文件的标准：size。依据：i 一。"
    )
    facts = [fact(f"n{i}") for i in range(12)]
    law = book(facts, [rule(f.name, "requires", that=is_(f.name)) for f in facts], "standards")
    assert said(law, {})["summary"]["zh"] == (
        "尚不能判定：结论取决于尚不知道的12项事实，例如：n0、n1、n2、n3、n4、n5、n6、n7。"
    )


def test_facts_that_follow_by_code_are_recorded_and_not_derived_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def doubled(given: Given, as_of: date) -> tuple[Drawn, ...]:
        value = given.values.get("half")
        assert isinstance(value, int)
        return (Drawn("staff", 2 * value, label(f"twice, on {as_of}")),)

    monkeypatch.setattr(drawn, "DERIVATIONS", {KIND: doubled})
    law = book(
        [fact("half", "integer"), STAFF], [rule("size", "requires", that=RANGE)], "standards"
    )
    compiled = reference_kind(law, KIND)
    first = decide(KIND, {"half": 3}, DAY, law, compiled=compiled)
    assert first.verdict == "compliant"
    assert [(d.fact, d.value) for d in first.derived] == [("staff", 6)]
    assert first.body["derived"][0]["source"]["zh"] == "twice, on 2019-06-01"
    monkeypatch.setattr(drawn, "DERIVATIONS", {})
    again = decide(
        KIND, {"half": 3}, DAY, law, derived=first.derived, compiled=compiled, replayed=True
    )
    assert again.canonical() == first.canonical()
