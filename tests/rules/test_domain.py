"""Regions: values no rule tells apart, and none that a rule does (DESIGN §4)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.vocabulary import CodeList, Concept
from rules.condition import Scalar
from rules.condition import Test as Comparison
from rules.domain import Domain, domain_of
from tests.rules.generate import label
from tests.rules.small import LISTS, fact

CODES = {
    name: CodeList(name, label(name), tuple(Concept(c, b, label(c)) for c, b in codes))
    for name, codes in LISTS.items()
}
NUMBERS = ("is", "in", "at-least", "more-than", "at-most", "less-than")
DAYS = ("is", "in", "on-or-after", "after", "on-or-before", "before")
PLACES = ("22", "2201", "220102", "37", "220000", "11")


def plainly(test: Comparison, value: Any, kind: str) -> bool:
    """The comparison made directly, without regions."""
    constants: list[Any] = list(test.values)
    if kind == "date":
        value, constants = date.fromisoformat(value), [date.fromisoformat(c) for c in constants]
    elif kind == "decimal":
        value, constants = Decimal(value), [Decimal(c) for c in constants]
    elif kind == "code":
        above = {c.code: c.broader for c in CODES["roles"].concepts}
        while value is not None and value not in constants:
            value = above[value]
        return value is not None
    elif kind == "place":
        return any(value.startswith(c.removesuffix("0000")) for c in constants)
    match test.op:
        case "at-least" | "on-or-after":
            return bool(value >= constants[0])
        case "more-than" | "after":
            return bool(value > constants[0])
        case "at-most" | "on-or-before":
            return bool(value <= constants[0])
        case "less-than" | "before":
            return bool(value < constants[0])
        case _:
            return value in constants


def days(low: int = -3, high: int = 3) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda n: (date(2019, 6, 1) + timedelta(days=n)).isoformat())


def decimals(scale: int) -> st.SearchStrategy[str]:
    return st.integers(-30, 30).map(lambda n: str(Decimal(n).scaleb(-scale)))


CONSTANTS: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "code": st.sampled_from(["r0", "r1", "r2", "r3"]),
    "integer": st.integers(-4, 4),
    "decimal": decimals(2) | decimals(1) | decimals(0),
    "date": days(),
    "place": st.sampled_from(PLACES),
}
VALUES: dict[str, st.SearchStrategy[Any]] = CONSTANTS | {
    "integer": st.integers(-6, 6),
    "decimal": decimals(1),
    "date": days(-5, 5),
    "place": st.sampled_from(["220102", "220100", "222401", "220000", "370000", "110101"]),
}
OPERATORS = {"integer": NUMBERS, "decimal": NUMBERS, "date": DAYS}


@st.composite
def asked(draw: st.DrawFn) -> tuple[str, Domain, list[Comparison], Scalar]:
    """A fact's type and domain, the comparisons made on it, and a value it may have."""
    kind = draw(st.sampled_from(sorted(CONSTANTS)))
    tests = []
    for _ in range(draw(st.integers(0, 4))):
        op: Any = draw(st.sampled_from(OPERATORS.get(kind, ("is", "in"))))
        count = draw(st.integers(1, 3)) if op == "in" else 1
        tests.append(Comparison("x", op, tuple(draw(CONSTANTS[kind]) for _ in range(count))))
    domain = domain_of(fact("x", kind, scale=1), tests, CODES)
    return kind, domain, tests, draw(VALUES[kind])


@given(asked())
def test_a_region_is_true_of_what_its_values_are_true_of(
    case: tuple[str, Domain, list[Comparison], Scalar],
) -> None:
    kind, domain, tests, value = case
    region = domain.locate(value)
    assert region.bit_count() == 1
    assert region & domain.everything
    for test in tests:
        assert bool(domain.truth[test] & region) is plainly(test, value, kind), test


@given(asked())
def test_regions_partition_the_values_and_each_can_be_answered(
    case: tuple[str, Domain, list[Comparison], Scalar],
) -> None:
    kind, domain, tests, _ = case
    masks = domain.split(domain.everything)
    assert sum(masks) == domain.everything
    vectors = set()
    for mask in masks:
        vectors.add(tuple(bool(domain.truth[test] & mask) for test in tests))
        representatives = domain.values(mask)
        assert representatives
        for value in representatives:
            assert domain.locate(value) == mask
            if kind == "decimal":
                assert Decimal(str(value)) % Decimal("0.1") == 0, "the fact has one decimal"
    # No more regions than the rules can tell apart.
    assert len(vectors) == len(masks)


@given(asked())
def test_values_besides_one_leave_out_what_is_like_it(
    case: tuple[str, Domain, list[Comparison], Scalar],
) -> None:
    kind, domain, _, value = case
    others = domain.values(domain.everything, besides=value)
    assert value not in others
    if kind in ("boolean", "code"):
        assert set(others) == set(domain.values(domain.everything)) - {value}
    else:
        assert len(others) == len(domain.regions) - 1


def test_a_scale_leaves_no_value_between_its_steps() -> None:
    tests = [Comparison("x", "at-least", ("1",)), Comparison("x", "at-least", ("2",))]
    coarse = domain_of(fact("x", "decimal", scale=0), tests, {})
    assert coarse.values(coarse.everything) == ("0", "1", "2")
    finer = domain_of(fact("x", "decimal", scale=1), tests, {})
    assert finer.values(finer.everything) == ("0.9", "1.0", "2.0")
    never = domain_of(fact("x", "decimal", scale=0), [Comparison("x", "is", ("0.5",))], {})
    assert never.values(never.everything) == ("0",)


def test_a_fact_no_rule_reads_has_one_region() -> None:
    for kind, value in (
        ("date", "2019-06-01"),
        ("integer", -7),
        ("decimal", "1.5"),
        ("place", "22"),
    ):
        domain = domain_of(fact("x", kind, scale=1), [], CODES)
        assert len(domain.regions) == 1
        assert domain.locate(value) == domain.everything


def test_days_at_the_ends_of_the_calendar_have_no_day_beyond() -> None:
    tests = [Comparison("x", "after", ("9999-12-31",)), Comparison("x", "before", ("0001-01-01",))]
    domain = domain_of(fact("x", "date"), tests, {})
    assert domain.locate("0001-01-01").bit_count() == 1
    assert domain.locate("9999-12-31").bit_count() == 1
    assert not any(domain.truth[test] for test in tests)


@pytest.mark.parametrize("wide", ["22", "220000"])
def test_the_innermost_place_wins_however_it_is_written(wide: str) -> None:
    tests = [Comparison("x", "in", (wide,)), Comparison("x", "in", ("2201",))]
    domain = domain_of(fact("x", "place"), tests, {})
    inside, beside = domain.locate("220102"), domain.locate("222401")
    assert [bool(domain.truth[test] & inside) for test in tests] == [True, True]
    assert [bool(domain.truth[test] & beside) for test in tests] == [True, False]


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        ("boolean", Comparison("x", "at-least", (True,))),
        ("code", Comparison("x", "more-than", ("r0",))),
        ("text", Comparison("x", "is", ("r0",))),
    ],
)
def test_a_comparison_the_type_does_not_allow_is_refused(kind: str, test: Comparison) -> None:
    with pytest.raises(ValueError, match="x"):
        domain_of(fact("x", kind), [test], CODES)


def test_a_code_outside_the_list_is_no_value() -> None:
    domain = domain_of(fact("x", "code"), [Comparison("x", "is", ("r0",))], CODES)
    with pytest.raises(KeyError):
        domain.locate("nowhere")
