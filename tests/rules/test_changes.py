"""What would have to change: the smallest sets of acts of substance (DESIGN §4)."""

from __future__ import annotations

from typing import Any

import pytest

from rules import changes
from rules.model import Rulebook
from tests.rules.generate import KIND, Derived
from tests.rules.small import book, fact, is_, rule, said


def acts(law: Rulebook, facts: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    told = said(law, facts, **more)["changes"]
    assert told["complete"]
    return [{c["fact"]: c["to"] for c in found["changes"]} for found in told["sets"]]


ROLE = fact("role", "code", by="assigner", to=["r0", "r1"])
PAID = fact("paid", by="assigner", to=[True])
LAW = book(
    [fact("x"), ROLE, PAID],
    [
        rule("ban", "forbids", is_("role", "r2")),
        rule("leave", "permits", is_("x")),
        rule("money", "requires", is_("role", "r0"), that=is_("paid")),
    ],
)


def test_the_smallest_sets_of_acts_and_none_that_contains_another() -> None:
    facts = {"x": True, "role": "r2", "paid": False}
    assert acts(LAW, facts) == [{"role": "r1"}, {"role": "r0", "paid": True}]
    [first, second] = said(LAW, facts)["changes"]["sets"]
    assert first["changes"] == [
        {
            "fact": "role",
            "label": {"zh": "role", "en": "role"},
            "from": "r2",
            "to": "r1",
            "by": {"code": "assigner", "label": {"zh": "assigner", "en": "assigner"}},
            "act": {"zh": "make it r1", "en": "make it r1"},
            "proof": {"zh": "proof", "en": "proof"},
        }
    ]
    assert len(second["changes"]) == 2


def test_only_declared_acts_and_only_of_facts_somebody_can_change() -> None:
    stubborn = fact("role", "code", to=["r1"])
    silent = fact("role", "code", by="assigner")
    for role in (stubborn, silent):
        law = book([role], [rule("ban", "forbids", is_("role", "r2")), rule("leave", "permits")])
        assert acts(law, {"role": "r2"}) == [], "no change can: an answer"


def test_admissible_needs_no_change_and_nothing_asked_has_none() -> None:
    assert acts(LAW, {"x": True, "role": "r1"}) == []
    law = book([fact("kind", "codes"), ROLE], [rule("ban", "forbids", is_("role", "r2"))])
    assert acts(law, {"kind": [], "role": "r2"}) == []


def test_a_change_must_do_in_every_completion_of_the_rest() -> None:
    # `x` is unknown: no act makes the task permitted for certain.
    assert acts(LAW, {"role": "r2", "paid": False}) == []


def test_an_act_may_settle_what_is_unknown() -> None:
    assert acts(LAW, {"x": True}) == [{"role": "r1"}, {"role": "r0", "paid": True}]


def test_all_parts_must_come_out_admissible() -> None:
    law = book(
        [fact("kind", "codes"), PAID, fact("told", by="assigner", to=[True])],
        [
            rule("leave", "permits"),
            rule("money", "requires", is_("kind", "k0"), that=is_("paid")),
            rule("word", "requires", is_("kind", "k3"), that=is_("told")),
        ],
    )
    facts = {"paid": False, "told": False}
    assert acts(law, {"kind": ["k0"], **facts}) == [{"paid": True}]
    assert acts(law, {"kind": ["k0", "k3"], **facts}) == [{"paid": True, "told": True}]


def test_an_act_may_bring_about_a_fact_that_another_act_changes() -> None:
    """The contract's terms exist once there is a contract; both are the assigner's to make."""
    contract = fact("contract", by="assigner", to=[True])
    terms = fact("terms", by="assigner", to=[True], when=is_("contract"))
    law = book([contract, terms], [rule("leave", "permits", is_("terms"))])
    assert acts(law, {"contract": False}) == [{"contract": True, "terms": True}]
    assert acts(law, {"contract": True, "terms": False}) == [{"terms": True}]


def test_two_acts_with_one_effect_are_both_named() -> None:
    """The rules do not tell 5 from 9: either figure would do, and somebody declared both."""
    staff = fact("staff", "integer", by="assigner", to=[5, 9])
    law = book([staff], [rule("leave", "permits", {"fact": "staff", "at-least": 5})])
    assert acts(law, {"staff": 2}) == [{"staff": 5}, {"staff": 9}]
    assert acts(law, {"staff": 7}) == []


def test_a_presumed_or_derived_fact_may_be_changed() -> None:
    told = fact("told", by="assigner", to=[True], presumed=False)
    law = book([told], [rule("leave", "permits", is_("told"))])
    assert acts(law, {}) == [{"told": True}]
    law = book([PAID], [rule("leave", "permits", is_("paid"))])
    assert acts(law, {}, derived=(Derived("paid", False, {}),)) == [{"paid": True}]


def test_ways_to_comply_touch_every_standard_that_may_be_violated() -> None:
    """Of 2^40 sets of acts one is looked at, however many standards lack something."""
    names = [f"n{i}" for i in range(40)]
    facts = [fact(name, by="assigner", to=[True]) for name in names]
    law = book(facts, [rule(n, "requires", that=is_(n)) for n in names], "standards")
    assert acts(law, {}) == [dict.fromkeys(names, True)]
    assert acts(law, dict.fromkeys(names, True) | {"n7": False}) == [{"n7": True}]
    nobody = book(
        [*facts, fact("fate")],
        [rule("fate", "requires", that=is_("fate")), *law.rules[KIND]],
        "standards",
    )
    assert acts(nobody, {"fate": False}) == []
    assert acts(nobody, {}) == []


def test_a_ban_may_be_lifted_where_standards_decide() -> None:
    law = book(
        [fact("x", by="assigner", to=[False]), fact("paid", by="assigner", to=[True])],
        [rule("ban", "forbids", is_("x")), rule("money", "requires", is_("x"), that=is_("paid"))],
        "standards",
    )
    # Without the ban's fact no standard applies at all: that is no way to comply.
    assert acts(law, {"x": True, "paid": False}) == []


def test_at_most_five_sets_and_work_that_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    names = "abcdefg"
    law = book(
        [fact(n, by="assigner", to=[True]) for n in names],
        [rule("leave", "permits", {"any": [is_(n) for n in names]})],
    )
    unset = dict.fromkeys(names, False)
    assert acts(law, unset) == [{n: True} for n in "abcde"]
    monkeypatch.setattr(changes, "BUDGET", 3)
    cut = said(law, unset)["changes"]
    assert not cut["complete"]
    assert len(cut["sets"]) < 5
