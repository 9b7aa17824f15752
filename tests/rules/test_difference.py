"""What a change would do: the rules that differ, and every verdict that would (DESIGN §1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.label import Label
from rules.cases import load_cases
from rules.condition import All, Not, from_json
from rules.condition import Test as Comparison
from rules.decide import decide
from rules.difference import Answered, Question, compare
from rules.facts import BadFacts
from rules.model import Rule, Rulebook
from tests.rules import generate

KIND = "admissibility"
BAN = "jl-2017-36.five-matters"
ASKED = Question(
    name="1",
    source="test",
    text="拆违责任状",
    kind=KIND,
    as_of=date(2019, 9, 12),
    facts={
        "task.kind": ["investment-promotion"],
        "task.role": "responsible",
        "task.government_duty": False,
        "community.jurisdiction": "吉林省长春市南关区",
    },
)


def without(book: Rulebook, rule_id: str) -> Rulebook:
    rules = tuple(
        replace(rule, defeats=tuple(d for d in rule.defeats if d.rule != rule_id))
        for rule in book.rules[KIND]
        if rule.id != rule_id
    )
    return replace(book, rules={**book.rules, KIND: rules})


def with_rule(book: Rulebook, rule_id: str, change: Callable[[Rule], Rule]) -> Rulebook:
    rules = tuple(change(rule) if rule.id == rule_id else rule for rule in book.rules[KIND])
    return replace(book, rules={**book.rules, KIND: rules})


def examples(book: Rulebook) -> list[Question]:
    cases, issues = load_cases()
    assert issues == []
    kinds = {rule.id: kind for kind, rules in book.rules.items() for rule in rules}
    return [
        Question(c.where, "rulebook", c.title.zh, kinds[c.rule], c.as_of, dict(c.facts))
        for c in cases
    ]


def test_a_rulebook_does_not_differ_from_itself(rulebook: Rulebook) -> None:
    found = compare(rulebook, rulebook, [ASKED])
    assert found.same
    assert found.asked == 1
    assert (found.added, found.removed, found.altered, found.changed) == ((), (), (), ())
    assert (found.words, found.elsewhere) == ((), ())


def test_a_rule_taken_away_lets_in_what_it_kept_out(rulebook: Rulebook) -> None:
    less = without(rulebook, BAN)
    found = compare(rulebook, less, [ASKED])
    assert [rule.id for rule in found.removed] == [BAN]
    (changed,) = found.changed
    assert changed.before == Answered("inadmissible")
    assert changed.after.verdict != "inadmissible"
    assert changed.rules == (BAN,)
    back = compare(less, rulebook, [ASKED])
    assert [rule.id for rule in back.added] == [BAN]
    assert (back.changed[0].before, back.changed[0].after) == (changed.after, changed.before)
    assert back.changed[0].rules == (BAN,)


def test_an_altered_rule_is_told_with_its_members(rulebook: Rulebook) -> None:
    def narrower(rule: Rule) -> Rule:
        return replace(
            rule,
            title=Label("新标题", "new title"),
            when=All((rule.when, Not(Comparison("task.kind", "is", ("investment-promotion",))))),
        )

    found = compare(rulebook, with_rule(rulebook, BAN, narrower), [ASKED])
    (altered,) = found.altered
    assert [member.name for member in altered.members] == ["title", "when"]
    assert altered.members[0].after == {"zh": "新标题", "en": "new title"}
    assert from_json(altered.members[1].after) == altered.after.when
    assert found.changed[0].rules == (BAN,)


def test_a_title_alone_changes_no_verdict(rulebook: Rulebook) -> None:
    renamed = with_rule(rulebook, BAN, lambda r: replace(r, title=Label("改", "other")))
    found = compare(rulebook, renamed, examples(rulebook))
    assert not found.same
    assert found.asked > 100
    assert found.changed == ()


def test_a_rule_that_no_longer_prevails_is_named(rulebook: Rulebook) -> None:
    """Its own finding stays the same; what it held down comes up."""
    prevailing = next(
        r for r in rulebook.rules[KIND] for d in r.defeats if r.effect in ("permits", "none")
    )
    meek = with_rule(rulebook, prevailing.id, lambda r: replace(r, defeats=()))
    found = compare(rulebook, meek, examples(rulebook))
    assert found.changed
    assert all(prevailing.id in changed.rules for changed in found.changed)


def test_words_and_wording_that_differ_are_named(rulebook: Rulebook) -> None:
    words = rulebook.vocabulary
    facts = tuple(f for f in words.facts(KIND) if f.name != "task.item")
    fewer = replace(rulebook, vocabulary=replace(words, kinds={**words.kinds, KIND: facts}))
    (told,) = compare(rulebook, fewer).words
    assert (told.of, told.removed, told.added, told.altered) == (
        f"facts/{KIND}",
        ("task.item",),
        (),
        (),
    )
    other = replace(rulebook, wording={**rulebook.wording, "x": 1}, horizon=())
    assert compare(rulebook, other).elsewhere == ("horizon", "wording")


def test_a_question_that_can_no_longer_be_put_is_a_change(rulebook: Rulebook) -> None:
    words = rulebook.vocabulary
    facts = tuple(f for f in words.facts(KIND) if f.name != "task.item")
    fewer = replace(rulebook, vocabulary=replace(words, kinds={**words.kinds, KIND: facts}))
    asked = replace(ASKED, facts={**ASKED.facts, "task.item": "招商"})
    (changed,) = compare(rulebook, fewer, [asked]).changed
    assert changed.before.verdict == "inadmissible"
    assert "task.item" in changed.after.fault
    told = compare(rulebook, fewer, [asked]).to_json()["changed"][0]
    assert told["after"]["verdict"] is None
    assert compare(fewer, fewer, [asked]).changed == ()


def test_the_machine_readable_form_is_json(rulebook: Rulebook) -> None:
    told = compare(rulebook, without(rulebook, BAN), [ASKED]).to_json()
    assert json.loads(json.dumps(told)) == json.loads(json.dumps(told, sort_keys=True))
    assert told["rules"]["removed"] == [BAN]
    assert told["changed"][0]["before"] == {"verdict": "inadmissible", "reason": None}
    assert told["changed"][0]["rules"] == [BAN]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), dropped=st.integers(0, 9))
def test_every_changed_verdict_is_found_and_no_other(seed: int, dropped: int) -> None:
    """Against deciding each question twice with the engine."""
    book = generate.rulebook(seed)
    if dropped >= len(book.rules[KIND]):
        return
    gone = book.rules[KIND][dropped].id
    other = without(book, gone)
    day = generate.day(seed)
    questions = [
        Question(str(i), "test", "", KIND, day, dict(a.facts), a.derived)
        for i, a in enumerate(generate.requests(seed, book, 4))
    ]

    def verdict(rulebook: Rulebook, asked: Question) -> object:
        try:
            found = decide(
                KIND, asked.facts, day, rulebook, derived=asked.derived, detail="verdict"
            )
        except BadFacts:
            return None
        return found.verdict, found.reason

    found = compare(book, other, questions)
    expected = [q.name for q in questions if verdict(book, q) != verdict(other, q)]
    assert [c.question.name for c in found.changed] == expected
    assert all(c.rules for c in found.changed)


def test_an_unknown_kind_is_a_fault_and_no_crash(rulebook: Rulebook) -> None:
    asked = replace(ASKED, kind="horoscope")
    assert compare(rulebook, without(rulebook, BAN), [asked]).changed == ()


@pytest.mark.parametrize("first", [0, 1])
def test_an_order_that_differs_is_told(rulebook: Rulebook, first: int) -> None:
    rules = rulebook.rules[KIND]
    turned = (*rules[first + 1 :], *rules[: first + 1])
    found = compare(rulebook, replace(rulebook, rules={**rulebook.rules, KIND: turned}))
    assert found.elsewhere == ("order",)
    assert (found.added, found.removed, found.altered) == ((), (), ())
