"""Whole decisions: verdicts, reasons, parts and what is shown of them (DESIGN §4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from ontology.label import Label
from rules.compiled import compile_kind, reference_kind
from rules.decide import decide
from rules.facts import BadFacts
from rules.model import Later, Rulebook
from tests.rules.generate import DAY, KIND, Derived, day, label, requests, rulebook
from tests.rules.small import book, fact, is_, rule, said, statuses

X = [fact("x"), fact("y"), fact("kind", "codes"), fact("where", "place")]
JILIN = "220102"


def verdict(law: Rulebook, facts: dict[str, Any], on: str = "2019-06-01") -> tuple[str, Any]:
    body = said(law, facts, on)
    return body["verdict"], body["reason"]


# --- reasons -------------------------------------------------------------------------------------

LOCAL = book(
    X,
    [
        rule("ban", "forbids", is_("x"), place="22", start="2017-12-08"),
        rule("leave", "permits", is_("y"), place="22", start="2017-12-08", end="2020-01-01"),
        rule("nation", "forbids", {"all": [is_("x"), is_("y")]}, start="2000-01-01"),
    ],
)


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        ({"where": JILIN, "x": True}, "2019-06-01", ("inadmissible", None)),
        ({"where": JILIN, "x": False, "y": True}, "2019-06-01", ("admissible", None)),
        # One province's norms never decide for another; national ones do.
        ({"where": "370000", "x": True, "y": False}, "2019-06-01", ("undetermined", "place")),
        ({"where": "370000", "x": True, "y": True}, "2019-06-01", ("inadmissible", None)),
        # Later norms never act backwards; the interval is half-open.
        ({"where": JILIN, "x": True, "y": False}, "2017-12-07", ("undetermined", "day")),
        ({"where": JILIN, "x": True, "y": False}, "2017-12-08", ("inadmissible", None)),
        ({"where": JILIN, "x": False, "y": True}, "2019-12-31", ("admissible", None)),
        ({"where": JILIN, "x": False, "y": True}, "2020-01-01", ("undetermined", "no-rule")),
        ({"where": JILIN, "x": False, "y": False}, "2019-06-01", ("undetermined", "no-rule")),
        ({"where": JILIN, "x": False}, "2019-06-01", ("undetermined", "facts")),
        ({"where": JILIN, "kind": []}, "2019-06-01", ("undetermined", "not-a-task")),
        ({"x": True}, "2019-06-01", ("undetermined", "facts")),
    ],
)
def test_reasons(facts: dict[str, Any], on: str, expected: tuple[str, str | None]) -> None:
    assert verdict(LOCAL, facts, on) == expected


def test_a_place_named_in_a_condition_makes_no_text_of_that_place() -> None:
    law = book(X, [rule("ban", "forbids", {"fact": "where", "in": ["22", "37"]}, place="22")])
    assert verdict(law, {"where": "370000"}) == ("undetermined", "place")


def test_a_recorded_doubt_that_decides_is_a_reading_not_a_missing_fact() -> None:
    """Inside an uncertain start (吉民发〔2015〕44号) what rests on it is a recorded doubt."""
    law = book(X, [rule("ban", "forbids", is_("x"), start="2015-07-13", latest="2015-12-31")])
    assert verdict(law, {"x": True}, "2015-07-12") == ("undetermined", "day")
    assert verdict(law, {"x": True}, "2015-10-01") == ("undetermined", "reading")
    assert verdict(law, {"x": True}, "2015-12-31") == ("inadmissible", None)
    assert verdict(law, {}, "2015-10-01") == ("undetermined", "facts")
    [finding] = said(law, {"x": True}, "2015-10-01")["findings"]
    assert (finding["status"], finding["start_in_doubt"]) == ("unknown", True)


def test_rules_of_one_instrument_begin_together() -> None:
    """Either both or neither is in force: so the ban never stands without its exception."""
    doubt: dict[str, Any] = {"start": "2015-07-13", "latest": "2015-12-31"}
    rules = [
        rule("ban", "forbids", **doubt),
        rule("exception", "permits", defeats=["ban"], **doubt, end="2016-06-01"),
        rule("leave", "permits"),
    ]
    assert verdict(book(X, rules), {}, "2015-10-01") == ("admissible", None)
    apart = [rules[0], rule("exception", "permits", defeats=["ban"], **doubt, instrument="j")]
    assert verdict(book(X, [*apart, rules[2]]), {}, "2015-10-01") == ("undetermined", "reading")


def test_a_requirement_nobody_can_meet_bars() -> None:
    demand = rule("demand", "requires", that={"all": [is_("x"), is_("y")]})
    facts = [fact("x", by="assigner"), fact("y")]
    law = book(facts, [rule("leave", "permits"), demand])
    assert verdict(law, {"x": False, "y": True}) == ("conditional", None)
    assert verdict(law, {"x": True, "y": False}) == ("inadmissible", None)
    assert verdict(law, {"x": False}) == ("conditional", None)
    # Two values of one fact at once are nobody's to bring about.
    role = fact("role", "code", by="assigner")
    impossible = {"all": [is_("role", "r0"), is_("role", "r1")]}
    law = book([role], [rule("leave", "permits"), rule("demand", "requires", that=impossible)])
    assert verdict(law, {"role": "r0"}) == ("inadmissible", None)


def test_forbidden_in_every_completion_by_different_rules() -> None:
    rules = [rule("one", "forbids", is_("x")), rule("other", "forbids", {"not": is_("x")})]
    body = said(book(X, rules), {})
    assert (body["verdict"], body["reason"]) == ("inadmissible", None)
    assert statuses(body) == {"one": "unknown", "other": "unknown"}
    assert body["missing"]["sets"] == []


# --- parts, order, detail ------------------------------------------------------------------------


def test_each_kind_is_a_part_and_the_strictest_verdict_stands() -> None:
    law = book(
        X,
        [
            rule("ban", "forbids", is_("kind", "k0")),
            rule("leave", "permits", is_("kind", "k3")),
            rule("all", "permits", is_("x")),
        ],
    )
    body = said(law, {"kind": ["k3", "k1"]})
    assert [(p["facts"], p["verdict"]) for p in body["parts"]] == [
        ({"kind": "k1"}, "inadmissible"),
        ({"kind": "k3"}, "admissible"),
    ]
    assert body["verdict"] == "inadmissible"
    assert {f["rule"]: f["parts"] for f in body["findings"] if f["status"] == "holds"} == {
        "ban": [0],
        "leave": [1],
    }
    assert said(law, {"kind": ["k1"]})["verdict"] == "inadmissible", "a code covers narrower ones"
    assert said(law, {"kind": "k3"})["verdict"] == "admissible", "complete when given"


def test_no_part_is_lost_for_a_set_that_does_not_exist_there_or_is_empty() -> None:
    names = fact("names", "codes", when={"all": [is_("kind", "k0"), is_("x")]})
    law = book([X[2], X[0], names], [rule("ban", "forbids", is_("kind", "k0"))])
    for given in ([], ["k1", "k2"]):
        body = said(law, {"kind": ["k0"], "x": True, "names": given})
        assert body["verdict"] == "inadmissible"
        assert len(body["parts"]) == max(1, len(given))
        body = said(law, {"kind": ["k0"], "x": False, "names": given})
        assert [p["facts"] for p in body["parts"]] == [{"kind": "k0"}]


def test_the_order_of_facts_never_matters() -> None:
    for seed in range(30):
        made, on = rulebook(seed), day(seed)
        compiled = compile_kind(made, KIND)
        for asked in requests(seed, made, 3):
            told = decide(KIND, asked.facts, on, made, derived=asked.derived, compiled=compiled)
            turned: dict[str, object] = {
                name: value[::-1] if isinstance(value, list) else value
                for name, value in reversed(list(asked.facts.items()))
            }
            again = decide(KIND, turned, on, made, derived=asked.derived[::-1], compiled=compiled)
            body, other = told.to_json(), again.to_json()
            # What is derived is told in the order it came; nothing else keeps an order.
            assert sorted(map(str, body.pop("derived"))) == sorted(map(str, other.pop("derived")))
            assert body == other


def test_the_order_of_rules_changes_no_more_than_the_order_of_findings() -> None:
    """Invariant: everything but the order of findings and requirements (rule order within one
    status and effect), which of equally near permits are named, and the prose that lists them."""
    told_in_order = ("summary", "revision", "findings", "requirements")
    for seed in range(40):
        made, on = rulebook(seed), day(seed)
        rules = list(made.rules[KIND])
        Random(seed).shuffle(rules)
        turned = Rulebook(made.vocabulary, {KIND: tuple(rules)})
        first, second = compile_kind(made, KIND), compile_kind(turned, KIND)
        for asked in requests(seed, made, 3):
            body = decide(
                KIND, asked.facts, on, made, derived=asked.derived, compiled=first
            ).to_json()
            other = decide(
                KIND, asked.facts, on, turned, derived=asked.derived, compiled=second
            ).to_json()
            for name in ("findings", "requirements"):
                assert sorted(_lasting(body[name])) == sorted(_lasting(other[name]))
            for name in told_in_order:
                body.pop(name)
                other.pop(name)
            assert body == other


def _lasting(told: list[dict[str, Any]]) -> list[str]:
    """Findings and requirements without what only their order decides."""
    kept = []
    for entry in told:
        if entry["status"] != "fails":
            entry = {k: v for k, v in entry.items() if k not in ("text", "defeated_by")} | {
                "defeaters": sorted(str(d) for d in entry.get("defeated_by", ()))
            }
            kept.append(str(entry))
    return kept


def test_the_short_answer_is_the_beginning_of_the_full_one() -> None:
    for seed in range(20):
        made, on = rulebook(seed), day(seed)
        compiled = reference_kind(made, KIND)
        for asked in requests(seed, made, 3):
            full, short = (
                decide(
                    KIND,
                    asked.facts,
                    on,
                    made,
                    derived=asked.derived,
                    compiled=compiled,
                    detail=detail,
                )
                for detail in ("full", "verdict")
            )
            assert short.to_json().items() <= full.to_json().items()
            assert short.to_json().keys() == {
                "kind", "as_of", "as_of_assumed", "revision", "verdict", "reason"
            }  # fmt: skip


# --- what is shown -------------------------------------------------------------------------------


def test_a_given_fact_beats_a_derived_one_and_the_conflict_is_shown() -> None:
    law = book(X, [rule("ban", "forbids", is_("x"))])
    derived = (Derived("x", True, {}, list="清单", row=3),)
    body = said(law, {}, derived=derived)
    assert body["verdict"] == "inadmissible"
    assert (body["derived"][0]["used"], body["derived"][0]["conflict"]) == (True, None)
    assert body["findings"][0]["because"][0]["origin"] == "derived"
    body = said(law, {"x": False}, derived=derived)
    assert body["verdict"] == "undetermined"
    assert (body["derived"][0]["used"], body["derived"][0]["conflict"]) == (False, False)
    assert (body["derived"][0]["list"], body["derived"][0]["row"]) == ("清单", 3)


def test_a_fact_that_does_not_exist_here_is_neither_used_nor_the_reason() -> None:
    remit = fact("remit", when=is_("kind", "k3"))
    law = book([X[2], remit], [rule("ban", "forbids", is_("remit")), rule("leave", "permits")])
    body = said(law, {"kind": ["k0"], "remit": True})
    assert body["verdict"] == "admissible"
    assert [i["path"] for i in body["ignored"]] == ["$.facts['remit']"]
    silent = book([X[2], remit], [rule("leave", "permits", is_("remit"))])
    [nearest] = said(silent, {"kind": ["k0"]})["findings"]
    assert nearest["status"] == "fails"
    assert [reason["fact"] for reason in nearest["because"]] == ["kind"]


def test_the_place_is_shown_as_resolved() -> None:
    body = said(LOCAL, {"where": "吉林省长春市净月高新区", "x": True})
    assert body["place"]["code"] == "220100"
    assert body["place"]["note"]
    assert body["facts"]["where"] == "吉林省长春市净月高新区"
    with pytest.raises(BadFacts, match=r"\$\.items\[3\]\['where'\]"):
        said(LOCAL, {"where": "亚特兰蒂斯"}, path="$.items[3]")


def test_decisions_after_the_last_text_held_carry_the_horizon() -> None:
    later = tuple(
        Later(number, "题", on, place, label("note"))
        for number, on, place in (("a", "2022", ""), ("b", "2021-03-01", "22"), ("c", "2021", "37"))
    )
    law = replace(LOCAL, horizon=later)
    facts = {"where": JILIN}

    def horizon(on: str) -> list[str]:
        return [entry["number"] for entry in said(law, facts, on)["horizon"]]

    assert horizon("2020-06-30") == []
    assert horizon("2020-07-01") == []
    assert horizon("2021-03-01") == ["b"]
    assert horizon("2022-01-01") == ["a", "b"]


def test_a_caller_may_say_that_nothing_is_asked() -> None:
    body = said(LOCAL, {"x": True}, not_a_task=True)
    assert (body["verdict"], body["reason"], body["parts"]) == ("undetermined", "not-a-task", [])
    assert body["findings"] == []


def test_the_permits_that_came_nearest_are_named() -> None:
    conditions = [["x"], ["x", "y"], ["x", "y", "z"], ["x", "y", "z", "w"]]
    law = book(
        [fact(n) for n in "xyzw"],
        [
            rule(f"leave.{len(names)}", "permits", {"all": [is_(n) for n in names]})
            for names in reversed(conditions)
        ],
    )
    body = said(law, {n: False for n in "xyzw"})
    assert body["reason"] == "no-rule"
    assert statuses(body) == {"leave.1": "fails", "leave.2": "fails", "leave.3": "fails"}
    assert Label(**body["summary"]).zh.count("leave") == 3


def test_an_unknown_kind_is_no_decision() -> None:
    with pytest.raises(KeyError):
        decide("lottery", {}, date(2019, 6, 1), LOCAL)


def test_the_day_may_be_said_to_be_assumed() -> None:
    assert said(LOCAL, {}, DAY, as_of_assumed=True)["as_of_assumed"] is True
