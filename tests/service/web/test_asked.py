"""What a reader asks is the same in form fields and in a request (DESIGN §6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ontology.vocabulary import Fact, load_vocabulary
from service.web.asked import MAX_ITEMS, Asked, Item, asked_in, asked_of, is_common

WORDS = load_vocabulary()
FACTS = WORDS.facts("admissibility")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)


def _value(fact: Fact) -> st.SearchStrategy[Any]:
    codes = WORDS.code_lists[fact.codes].codes if fact.codes else ()
    match fact.type:
        case "boolean":
            return st.booleans()
        case "code":
            return st.sampled_from(codes)
        case "codes":
            return st.lists(st.sampled_from(codes), min_size=1, unique=True)
        case "integer":
            return st.integers(-(10**6), 10**6)
        case _:
            return TEXT


def _facts(common: bool | None) -> st.SearchStrategy[dict[str, Any]]:
    chosen = [f for f in FACTS if common is None or is_common(f.name) == common]
    return st.fixed_dictionaries({}, optional={f.name: _value(f) for f in chosen})


REQUESTS = st.one_of(
    st.fixed_dictionaries({"facts": _facts(None)}),
    st.fixed_dictionaries(
        {
            "common": _facts(True),
            "items": st.lists(
                st.fixed_dictionaries({"facts": _facts(None)}, optional={"text": TEXT}),
                min_size=2,
                max_size=4,
            ),
        }
    ),
).flatmap(
    lambda body: st.fixed_dictionaries(
        {}, optional={"as_of": st.dates().map(str), "not_a_task": st.just(True)}
    ).map(lambda more: body | more)
)


@given(REQUESTS)
def test_a_request_becomes_a_form_and_the_form_the_same_request(request: dict[str, Any]) -> None:
    asked = asked_of(request)
    assert asked_in(asked.pairs(), FACTS) == asked
    assert asked.envelope() == request


def test_an_open_field_says_nothing_so_the_fact_stays_unknown() -> None:
    """DESIGN §4: absent means unknown, never false."""
    pairs = [("task.role", ""), ("task.funding", ""), ("task.target", "false"), ("as_of", " ")]
    assert asked_in(pairs, FACTS).envelope() == {"facts": {"task.target": False}}


def test_what_does_not_fit_the_type_is_left_for_its_error() -> None:
    asked = asked_in([("task.funding", "maybe"), ("nonsense", "x")], FACTS)
    assert asked.envelope() == {"facts": {"task.funding": "maybe"}}


def test_an_item_may_say_otherwise_than_what_is_common_to_all() -> None:
    pairs = [
        ("assigner.type", "court"),
        ("task.role", "assist"),
        ("items.1.assigner.type", "military"),
        ("items.1.task.role", "responsible"),
    ]
    assert asked_in(pairs, FACTS).envelope() == {
        "common": {"assigner.type": "court"},
        "items": [
            {"facts": {"task.role": "assist"}},
            {"facts": {"assigner.type": "military", "task.role": "responsible"}},
        ],
    }


def test_facts_of_a_task_that_were_said_for_all_items_are_said_of_each() -> None:
    request = {"common": {"task.role": "assist"}, "items": [{"facts": {}}, {"facts": {}}]}
    assert asked_of(request).facts_of(1) == {"task.role": "assist"}


def test_items_are_added_up_to_a_limit_and_dropped_down_to_an_empty_one() -> None:
    asked = Asked(items=(Item("first"),))
    assert [item.text for item in asked.add_item().items] == ["first", ""]
    assert asked.drop_item(0).items == (Item(),)
    full = replace(asked, items=(Item(),) * MAX_ITEMS)
    assert len(full.add_item().items) == MAX_ITEMS
    assert len(asked_in([(f"items.{10**9}.task.role", "assist")], FACTS).items) == 1
