"""Facts computed from others: exact, cut off and never rounded, given ones before them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.vocabulary import Computation, Fact
from rules.computing import compute
from rules.facts import BadFacts
from rules.model import Rulebook
from tests.rules.generate import label
from tests.rules.small import book, fact, is_, rule, said

HOUSEHOLDS = fact("households", "integer", by="assigner", to=[3500])
MEMBERS = fact("members", "integer", by="assigner", to=[8])


def ratio(scale: int, factor: str = "1") -> Fact:
    return Fact(
        "each",
        "decimal",
        label("each"),
        label("each?"),
        label(""),
        scale=scale,
        changeable_by="assigner",
        computed=Computation("households", "members", Decimal(factor)),
    )


def law(that: Mapping[str, object], *, scale: int = 0, factor: str = "1") -> Rulebook:
    return book(
        [HOUSEHOLDS, MEMBERS, ratio(scale, factor)],
        [rule("standard", "requires", that={"fact": "each", **that})],
        "standards",
    )


@given(
    above=st.integers(-(10**6), 10**6),
    below=st.integers(-500, 500).filter(bool),
    scale=st.integers(0, 4),
    factor=st.sampled_from(["1", "100", "0.5"]),
    constant=st.integers(-(10**4), 10**4),
)
def test_it_is_compared_as_what_it_is(
    above: int, below: int, scale: int, factor: str, constant: int
) -> None:
    """Any constant of its scale lies on the same side of it as of the number itself."""
    [found] = compute([ratio(scale, factor)], {"households": above, "members": below})
    exact = Fraction(above, below) * Fraction(factor)
    shown, compared = Decimal(found.value), Decimal(found.compared)
    assert abs(exact - Fraction(shown)) < Fraction(1, 10**scale)
    assert abs(shown) <= abs(exact)
    grid = Fraction(constant, 10**scale)
    assert (Fraction(compared) > grid) == (exact > grid)
    assert (Fraction(compared) < grid) == (exact < grid)


@pytest.mark.parametrize(
    ("facts", "that", "verdict", "gap"),
    [
        ({"households": 3500, "members": 7}, {"at-most": 500}, "compliant", None),
        # 500.14: cut off it would be 500, and meet the standard.
        ({"households": 3501, "members": 7}, {"at-most": 500}, "non-compliant", "-1"),
        ({"households": 3501, "members": 7}, {"less-than": 501}, "compliant", None),
        # 499.86: rounded it would be 500, and meet the standard.
        ({"households": 3499, "members": 7}, {"at-least": 500}, "non-compliant", "1"),
        ({"households": -3501, "members": 7}, {"at-least": -500}, "non-compliant", "1"),
        ({"households": 3499, "members": 7, "each": 500}, {"at-least": 500}, "compliant", None),
    ],
)
def test_neither_cutting_off_nor_rounding_meets_a_standard(
    facts: dict[str, object], that: dict[str, object], verdict: str, gap: str | None
) -> None:
    body = said(law(that), facts)
    assert body["verdict"] == verdict
    assert body["standards"][0]["gap"] == gap


@pytest.mark.parametrize("facts", [{}, {"households": 3500}, {"households": 3500, "members": 0}])
def test_nothing_follows_from_what_is_unknown_or_from_a_division_by_nothing(
    facts: dict[str, object],
) -> None:
    body = said(law({"at-least": 500}), facts)
    assert (body["verdict"], body["reason"]) == ("undetermined", "facts")
    assert body["derived"] == []
    assert body["standards"][0]["measured"][0]["origin"] == "unknown"


def test_it_stands_among_what_is_derived_with_how_it_was_computed() -> None:
    body = said(law({"at-least": 1}, scale=1, factor="100"), {"households": 7, "members": 3})
    [told] = body["derived"]
    assert (told["fact"], told["value"], told["used"]) == ("each", "233.3", True)
    assert told["source"]["zh"] == "由households（7）÷members（3）×100计算，小数不进位"
    [measured] = body["standards"][0]["measured"]
    assert (measured["value"], measured["origin"]) == ("233.3", "derived")


@pytest.mark.parametrize(("each", "conflict"), [("400", "400"), ("500", None), ("500.0", None)])
def test_what_is_given_beats_it_and_the_conflict_is_shown(each: str, conflict: str | None) -> None:
    facts = {"households": 3500, "members": 7, "each": each}
    [told] = said(law({"at-least": 1}), facts)["derived"]
    assert (told["used"], told["conflict"]) == (False, conflict)


def test_a_change_of_what_it_is_computed_from_changes_it() -> None:
    body = said(law({"at-most": 450}, scale=2), {"households": 3500, "members": 7})
    assert body["verdict"] == "non-compliant"
    acts = [[(c["fact"], c["to"]) for c in s["changes"]] for s in body["changes"]["sets"]]
    assert acts == [[("members", 8)]]


def test_an_answer_that_it_is_computed_from_leaves_it_open() -> None:
    """A question tells where any value of a region leads, and the ratio has one of each."""
    made = book(
        [HOUSEHOLDS, MEMBERS, ratio(0)],
        [
            rule("some", "requires", that={"fact": "members", "at-least": 5}),
            rule("each", "requires", that={"fact": "each", "at-most": 500}),
        ],
        "standards",
    )
    body = said(made, {"households": 3500})
    members = next(q for q in body["missing"]["questions"] if q["fact"] == "members")
    assert [(a["values"], a["verdict"]) for a in members["answers"]] == [
        ([4], "non-compliant"),
        ([5], "undetermined"),
    ]


def test_a_value_between_two_of_its_scale_can_be_given() -> None:
    made = book(
        [HOUSEHOLDS, MEMBERS, ratio(0)],
        [
            rule("more", "forbids", {"fact": "each", "at-least": 2}),
            rule("less", "permits", {"fact": "each", "at-most": 1}),
        ],
    )
    body = said(made, {})
    values = [v for q in body["missing"]["questions"] for a in q["answers"] for v in a["values"]]
    assert "1.5" in values
    reasons = {str(value): said(made, {"each": value})["reason"] for value in values}
    assert reasons["1.5"] == "no-rule"
    with pytest.raises(BadFacts):
        said(made, {"each": "1.55"})


def test_a_fact_that_exists_nowhere_is_not_told_of() -> None:
    each = ratio(0)
    made = book(
        [
            fact("here"),
            HOUSEHOLDS,
            MEMBERS,
            Fact(
                each.name,
                each.type,
                each.label,
                each.question,
                each.meaning,
                scale=0,
                applies_when=is_("here"),
                computed=each.computed,
            ),
        ],
        [rule("standard", "requires", is_("here"), that={"fact": "each", "at-least": 1})],
    )
    assert said(made, {"here": False, "households": 7, "members": 1})["derived"] == []
