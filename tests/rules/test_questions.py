"""What is missing: minimal sets, some answer to which settles the verdict (DESIGN §4)."""

from __future__ import annotations

from typing import Any

import pytest

from rules import questions
from rules.decide import decide
from rules.model import Rulebook
from tests.rules.generate import DAY, KIND, Derived
from tests.rules.small import book, both, fact, is_, rule, said

NAMES = "abcdefgh"


def sets(law: Rulebook, facts: dict[str, Any]) -> list[list[str]]:
    missing = said(law, facts)["missing"]
    assert missing["complete"]
    return [found["facts"] for found in missing["sets"]]


def settles(law: Rulebook, facts: dict[str, Any]) -> list[list[tuple[dict[str, Any], str]]]:
    return [
        [(way["answers"], way["verdict"]) for way in found["settles"]]
        for found in said(law, facts)["missing"]["sets"]
    ]


def test_one_answer_or_two_whichever_settles() -> None:
    law = book(
        [fact("x"), fact("y"), fact("z")],
        [rule("ban", "forbids", is_("x")), rule("leave", "permits", {"all": [is_("y"), is_("z")]})],
    )
    assert sets(law, {}) == [["x"]]
    assert sets(law, {"x": False}) == [["y", "z"]]
    assert settles(law, {"x": False}) == [[({"y": [True], "z": [True]}, "admissible")]]


def test_answers_that_lead_to_one_verdict_are_told_together() -> None:
    law = book(
        [fact("role", "code")], [rule("ban", "forbids", {"fact": "role", "in": ["r0", "r1"]})]
    )
    assert settles(law, {}) == [[({"role": ["r0", "r1"]}, "inadmissible")]]
    [question] = said(law, {})["missing"]["questions"]
    assert [(a["values"], a["verdict"]) for a in question["answers"]] == [
        (["r0", "r1"], "inadmissible"),
        (["r2", "r3"], "undetermined"),
    ]


def test_a_settled_verdict_lacks_nothing() -> None:
    law = book(
        [fact("x"), fact("paid"), fact("told")],
        [
            rule("leave", "permits", is_("x")),
            rule("money", "requires", that=is_("paid")),
            rule("word", "requires", that=is_("told")),
        ],
    )
    # Nobody can change `paid` or `told`: unmet, either bars.
    assert sets(law, {"x": True}) == [["paid"], ["told"]]
    assert sets(law, {"x": True, "paid": True, "told": True}) == []
    assert sets(law, {"x": True, "paid": False}) == []


def test_a_conditional_verdict_no_answer_can_alter_asks_nothing() -> None:
    facts = [fact("x"), fact("paid", by="assigner"), fact("told", by="assigner")]
    law = book(
        facts,
        [
            rule("leave", "permits"),
            rule("money", "requires", that=is_("paid")),
            rule("word", "requires", that=is_("told")),
        ],
    )
    assert said(law, {"paid": False})["verdict"] == "conditional"
    assert sets(law, {"paid": False}) == []
    assert sets(law, {}) == [["paid"], ["told"]]


def test_of_several_parts_the_strictest_settles_only_where_no_other_can_be_stricter() -> None:
    """Part k0 lacks money for good; part k3 may still turn out barred, and that would count."""
    law = book(
        [fact("kind", "codes"), fact("paid", by="assigner"), fact("fit")],
        [
            rule("leave", "permits"),
            rule("money", "requires", is_("kind", "k0"), that=is_("paid")),
            rule("fitness", "requires", is_("kind", "k3"), that=is_("fit")),
        ],
    )
    assert sets(law, {"kind": ["k0", "k3"], "paid": False}) == [["fit"]]
    assert sets(law, {"kind": ["k0"], "paid": False}) == []


def test_what_decides_existence_is_asked_first_even_through_others() -> None:
    """`c` is there if `b` is so, `b` if `a` is: only `a` and `b` tell whether `c` counts."""
    facts = [fact("a"), fact("b", when=is_("a")), fact("c", when=is_("b"))]
    law = book(facts, [rule("ban", "forbids", is_("c")), rule("leave", "permits")])
    assert sets(law, {"c": True}) == [["a"], ["b"]]
    assert sets(law, {"c": True, "a": True}) == [["b"]]
    assert sets(law, {"c": True, "b": True}) == [["a"]]


def test_a_derived_fact_of_one_part_is_asked_for_the_other() -> None:
    """An answer is given for the whole task: where it overrides, the part is judged anew."""
    law = book(
        [fact("kind", "codes"), fact("duty"), fact("x")],
        [rule("ban", "forbids", is_("duty")), rule("leave", "permits", is_("x"))],
    )
    body = said(law, {"kind": ["k0", "k3"]}, derived=(Derived("duty", False, {"kind": "k0"}),))
    assert body["verdict"] == "undetermined"
    assert [s["facts"] for s in body["missing"]["sets"]] == [["duty"]]
    assert body["missing"]["sets"][0]["settles"] == [
        {"answers": {"duty": [True]}, "verdict": "inadmissible"}
    ]


def test_what_another_answer_would_override_speaks_against_that_answer_alone() -> None:
    """Asking `role` tries r0 for part k0 too; that says nothing of k0 as it is, where `x` bans."""
    law = book(
        [fact("kind", "codes"), fact("role", "code"), fact("x")],
        [
            rule("ban", "forbids", {"all": [is_("x"), is_("role", "r2")]}),
            rule("leave", "permits", {"not": is_("role", "r2")}),
        ],
    )
    body = said(law, {"kind": ["k0", "k3"]}, derived=(Derived("role", "r2", {"kind": "k0"}),))
    assert [s["facts"] for s in body["missing"]["sets"]] == [["role"], ["x"]]


def test_at_most_five_sets_by_size_then_vocabulary_order() -> None:
    pairs = [("h", "g"), ("a", "b"), ("c", "d"), ("a", "c"), ("e", "f"), ("b", "e")]
    law = book(
        [fact(n) for n in NAMES],
        [
            *(rule(f"{one}{two}", "forbids", {"all": [is_(one), is_(two)]}) for one, two in pairs),
            rule("alone", "forbids", is_("h")),
        ],
    )
    assert sets(law, {}) == [["h"], ["a", "b"], ["a", "c"], ["b", "e"], ["c", "d"]]


def test_the_work_is_bounded_deterministic_and_owned_up_to(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [
        rule(f"{one}{two}", "permits", {"all": [is_(one), {"not": is_(two)}]})
        for one in NAMES
        for two in NAMES
        if one < two
    ]
    law = book(
        [fact(n) for n in NAMES], [*rules, rule("ban", "forbids", {"all": [is_(n) for n in NAMES]})]
    )
    durable, generated = both(law)
    full = decide(KIND, {}, DAY, law, compiled=durable).to_json()["missing"]
    assert full["complete"]
    for name, limit in (("BUDGET", 5), ("BUDGET", 40), ("MAX_LOOKED_AT", 1), ("MAX_LOOKED_AT", 9)):
        with monkeypatch.context() as bounded:
            bounded.setattr(questions, name, limit)
            first = decide(KIND, {}, DAY, law, compiled=durable)
            second = decide(KIND, {}, DAY, law, compiled=generated)
        assert first.canonical() == second.canonical()
        cut = first.to_json()["missing"]
        assert not cut["complete"]
        # What was found before the work ran out is right.
        assert cut["sets"] == full["sets"][: len(cut["sets"])]
        assert first.verdict == "undetermined"


def test_the_budget_does_not_leak_into_what_comes_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requirements, findings and changes are as exact when the questions ran out of work."""
    law = book(
        [fact(n) for n in NAMES],
        [rule(n, "permits", {"any": [is_(n), {"not": is_(n)}]}, defeats=[]) for n in NAMES]
        + [rule("ban", "forbids", {"all": [is_(n) for n in NAMES]})],
    )
    whole = said(law, {})
    monkeypatch.setattr(questions, "BUDGET", 0)
    cut = said(law, {})
    assert not cut["missing"]["complete"]
    for name in ("verdict", "findings", "requirements", "changes", "assumptions", "parts"):
        assert cut[name] == whole[name]
