"""Deadlines and intervals, asked of the graph: computed here, and as written in the texts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest

from tests.kb.world import World, in_jurisdiction

OPINION = "吉政发〔2010〕37号"
COUNTY = ("county-party-and-government", "local-party-and-government", "government-all-levels")


def last_day(by: str) -> date | None:
    """The last day of a year, month or day; None for a day of every year."""
    if by.startswith("--"):
        return None
    year, month, day = (int(part) for part in f"{by}-0-0".split("-")[:3])
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


def test_recurring_duties(world: World) -> None:
    expected = {
        (s.norm.iri, bearer, s.norm.recurrence.as_written, s.norm.recurrence.every or "")
        for s in world.norms
        if s.norm.recurrence
        for bearer in s.bearers
    }
    found = world.answer("recurring-duties", "norm", "bearer", "recurrence", "every")
    assert found == expected
    # 三（四）: every year, every other year; 定期 has no interval.
    assert {row[3] for row in found} >= {"P1Y", "P2Y", "P3Y", "P1M", ""}


def test_duties_of_counties_with_deadlines(world: World) -> None:
    expected = {
        (s.norm.iri, bearer)
        for s in world.norms
        if s.norm.modality in ("obligation", "prohibition", "target")
        and (s.norm.deadline or s.norm.recurrence)
        for code, bearer in zip(s.norm.bearer, s.bearers, strict=True)
        if code in COUNTY
    }
    assert world.answer("county-duties-with-deadlines", "norm", "bearer") == expected
    rows = world.answer("county-duties-with-deadlines", "bearer", "provision", "deadline", "by")
    assert ("县（市、区）党委和政府", "三（二）", "到2020年", "2020") in rows


@pytest.mark.parametrize("place", ["22", "220102", "37", ""])
@pytest.mark.parametrize(
    "day", ["2014-12-31", "2015-01-01", "2019-07-01", "2020-12-31", "2035-01-01"]
)
def test_norms_whose_date_has_passed(world: World, place: str, day: str) -> None:
    """The last day itself is not past; what is due every September never is for good."""
    expected = set()
    for s in world.norms:
        by = s.norm.deadline.by if s.norm.deadline else None
        last = last_day(by) if by else None
        if last and last < date.fromisoformat(day) and in_jurisdiction(s.instrument, place):
            expected.add((s.norm.iri, s.modality))
    assert world.answer("deadlines-passed", "norm", "modality", place=place, day=day) == expected


def test_dates_of_2010_had_passed_by_2017(world: World) -> None:
    rows = world.answer("deadlines-passed", "last", "number", "provision", day="2017-12-08")
    assert {
        ("2012-12-31", OPINION, "二（三）"),
        ("2014-12-31", OPINION, "六（一）"),
        ("2015-12-31", OPINION, "一（四）"),
    } <= rows
    assert {number for _, number, _ in rows} == {OPINION}


def test_deadlines_that_can_be_read_in_two_ways(world: World) -> None:
    expected = {
        (s.norm.iri, reading.zh)
        for s in world.norms
        if s.norm.deadline and len(s.norm.deadline.readings) > 1
        for reading in s.norm.deadline.readings
    }
    assert world.answer("deadlines-read-two-ways", "norm", "reading") == expected
    assert {"2015年前", "6 月 30 日前"} <= {
        deadline for (deadline,) in world.answer("deadlines-read-two-ways", "deadline")
    }
