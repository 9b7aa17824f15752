"""Presumptions: they decide, are shown with their ground, and are offered as questions."""

from __future__ import annotations

from typing import Any

from rules.model import Rulebook
from tests.rules.generate import Derived
from tests.rules.small import book, fact, is_, rule, said

ROLE = fact("role", "code", presumed="r0")


def shown(law: Rulebook, facts: dict[str, Any], **more: Any) -> dict[str, list[Any]]:
    return {
        a["fact"]: [(answer["values"], answer["verdict"]) for answer in a["answers"]]
        for a in said(law, facts, **more)["assumptions"]
    }


def test_a_presumption_that_decides_is_shown_with_where_other_answers_lead() -> None:
    law = book([ROLE], [rule("ban", "forbids", is_("role", "r0"))])
    body = said(law, {})
    assert body["verdict"] == "inadmissible"
    assert body["findings"][0]["because"][0]["origin"] == "presumed"
    [told] = body["assumptions"]
    assert told["value"] == "r0"
    assert told["ground"] == {"zh": "ground", "en": "ground"}
    assert shown(law, {}) == {"role": [(["r1", "r2", "r3"], "undetermined")]}


def test_a_given_or_derived_fact_is_presumed_no_more() -> None:
    law = book([ROLE], [rule("ban", "forbids", is_("role", "r0"))])
    assert shown(law, {"role": "r0"}) == {}
    assert shown(law, {}, derived=(Derived("role", "r1", {}),)) == {}


def test_a_presumption_that_alters_nothing_is_not_shown() -> None:
    law = book([ROLE], [rule("ban", "forbids")])
    assert shown(law, {}) == {}


def test_a_presumption_about_what_does_not_exist_is_not_shown() -> None:
    told = fact("told", when=is_("x"), presumed=True)
    law = book([fact("x"), told], [rule("ban", "forbids", is_("told"))])
    assert shown(law, {"x": False}) == {}
    assert shown(law, {"x": True}) == {"told": [([False], "undetermined")]}
    # It may exist, and if it does it decides.
    assert said(law, {})["verdict"] == "undetermined"


def test_another_code_that_leads_where_the_presumed_one_does_is_an_answer_too() -> None:
    law = book(
        [ROLE],
        [
            rule("ban", "forbids", {"fact": "role", "in": ["r0", "r1"]}),
            rule("leave", "permits", {"not": {"fact": "role", "in": ["r0", "r1"]}}),
        ],
    )
    assert shown(law, {}) == {"role": [(["r1"], "inadmissible"), (["r2", "r3"], "admissible")]}


def test_a_presumed_number_is_not_offered_as_another_of_its_kind() -> None:
    age = fact("age", "integer", presumed=30)
    law = book([age], [rule("leave", "permits", {"fact": "age", "at-least": 18})])
    assert shown(law, {}) == {"age": [([17], "undetermined")]}


def test_a_presumption_decides_exceptions_so_a_ban_yields_only_to_what_is_asserted() -> None:
    law = book(
        [fact("x"), fact("approved", presumed=False)],
        [
            rule("ban", "forbids", is_("x")),
            rule("exception", "permits", is_("approved"), defeats=["ban"]),
        ],
    )
    assert said(law, {"x": True})["verdict"] == "inadmissible"
    assert said(law, {"x": True, "approved": True})["verdict"] == "admissible"
    assert shown(law, {"x": True}) == {"approved": [([True], "admissible")]}
