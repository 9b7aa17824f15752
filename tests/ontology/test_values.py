"""The small values every layer shares: issues, names, labels, periods (DESIGN §3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest
from ontology.period import Period

days = st.dates(date(2000, 1, 1), date(2000, 3, 1))
bounds = st.none() | days


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start, end = draw(bounds), draw(bounds)
    if start is not None and end is not None and end <= start:
        end = start + timedelta(days=draw(st.integers(1, 30)))
    return Period(start, end)


def test_an_issue_reads_as_a_line() -> None:
    assert str(Issue("error", "no such fact", "$.facts['task.kid']", "task.kind?")) == (
        "$.facts['task.kid']: error: no such fact (task.kind?)"
    )
    assert str(Issue("warning", "odd", "a.yaml:3:5")) == "a.yaml:3:5: warning: odd"


def test_the_nearest_name() -> None:
    assert nearest("task.kid", ["task.role", "task.kind"]) == "task.kind"
    assert nearest("zzz", ["task.role", "task.kind"]) is None
    assert nearest("x", []) is None


@given(names=st.lists(st.text(min_size=1), min_size=1))
def test_a_valid_name_is_its_own_nearest(names: list[str]) -> None:
    assert nearest(names[0], names) == names[0]


def test_a_label_has_both_languages() -> None:
    assert Label.from_json({"zh": "是", "en": "yes"}).to_json() == {"zh": "是", "en": "yes"}
    with pytest.raises(KeyError):
        Label.from_json({"zh": "是"})


def test_a_period_is_half_open() -> None:
    period = Period(date(2017, 12, 8), date(2020, 1, 1))
    assert not period.contains(date(2017, 12, 7))
    assert period.contains(date(2017, 12, 8))
    assert period.contains(date(2019, 12, 31))
    assert not period.contains(date(2020, 1, 1))
    assert Period().contains(date.min)


@pytest.mark.parametrize("end", [date(2020, 1, 1), date(2019, 12, 31)])
def test_a_period_without_a_day_is_refused(end: date) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Period(date(2020, 1, 1), end)


@given(one=periods(), other=periods())
def test_periods_overlap_where_they_share_a_day(one: Period, other: Period) -> None:
    first, last = date(1999, 1, 1), date(2001, 1, 1)
    shared = any(
        one.contains(day) and other.contains(day)
        for day in (first + timedelta(days=n) for n in range((last - first).days))
    )
    assert one.overlaps(other) == shared
    assert one.overlaps(other) == other.overlaps(one)
