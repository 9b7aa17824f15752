"""The life of an experimental zone: what follows from its dates on a day, and facts from events.

A zone runs from the day it is recognised for the term of its experiment; an experimental year is
counted from that day. Jilin fixes the term at two years (吉民发〔2019〕30号 四（二））; Shandong
gives a maximum only (鲁民函〔2019〕50号 二), so there the plan's own term must be given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from ontology.label import Label
from ontology.places import within
from rules.drawing import Drawn
from rules.facts import Given, Value

_JILIN: Final = "22"
_TERM: Final = Label(
    "吉民发〔2019〕30号 四（二）：实验周期为2年",
    "吉民发〔2019〕30号 四（二）: the term is two years",
)
_FROM_START: Final = Label("由认定日期和实验周期推出", "from the day of recognition and the term")
_COUNTED: Final = Label(
    "按认定日期起算的实验年度推出", "counted in experimental years from the day of recognition"
)
_STATE: Final = Label(
    "由认定、期满、报告和验收情况推出", "from recognition, term, report and review"
)


def zone_facts(given: Given, as_of: date) -> tuple[Drawn, ...]:
    """What follows from the dates of a zone on a day; nothing where it is not recognised yet."""
    values = given.values
    found: list[Drawn] = []
    start = _day(values.get("zone.recognised_on"))
    if start is not None and start > as_of:
        return (Drawn("zone.state", "not-recognised", _STATE),)
    term, source = values.get("zone.term_years"), _FROM_START
    if term is None and given.place and within(given.place.place.code, _JILIN):
        term, source = "2", _TERM
    report = values.get("zone.final_report_on")
    if report is not None:
        filed = date.fromisoformat(str(report)) <= as_of
        found.append(Drawn("zone.final_report", filed, _STATE))
    if start is None:
        return tuple(found)
    ended, begun = _years(start, as_of)
    end = _end(start, str(term)) if term is not None else None
    extended = _day(values.get("zone.extended_to"))
    last = max(end, extended) if end and extended else extended or end
    if last is not None:
        over = as_of > last
        found.append(Drawn("zone.term_end", last.isoformat(), source))
        found.append(Drawn("zone.term_over", over, source))
        found.append(Drawn("zone.state", _state(values, over), _STATE))
        if over:
            ended, begun = _years(start, last)
    found.append(Drawn("zone.year_end", _year(start, begun).isoformat(), _COUNTED))
    for name, count, filed_so_far in (
        ("zone.plans_missing", begun, values.get("zone.plans_filed")),
        ("zone.summaries_missing", ended, values.get("zone.summaries_filed")),
    ):
        if isinstance(filed_so_far, int):
            found.append(Drawn(name, max(0, count - filed_so_far), _COUNTED))
    summaries = values.get("zone.summaries_filed")
    if isinstance(summaries, int):
        found.append(Drawn("zone.this_year_summary", summaries >= begun, _COUNTED))
    return tuple(found)


def _state(values: Mapping[str, Value], over: bool) -> str:
    if values.get("zone.accepted") in ("passed", "not-passed"):
        return "reviewed"
    return "term-over" if over else "running"


def _day(value: Value | None) -> date | None:
    return None if value is None else date.fromisoformat(str(value))


def _years(start: date, day: date) -> tuple[int, int]:
    """How many experimental years have ended before a day, and how many have begun by it."""
    ended = day.year - start.year - ((day.month, day.day) < (start.month, start.day))
    return ended, ended + 1


def _year(start: date, number: int) -> date:
    """The last day of an experimental year; one that began on 29 February ends on the 28th."""
    try:
        return start.replace(year=start.year + number) - timedelta(days=1)
    except ValueError:
        return date(start.year + number, 2, 28)


def _end(start: date, years: str) -> date:
    """The last day of the term; what is over whole years counts as months, cut off."""
    exact = Fraction(years)
    months = int(exact * 12) % 12
    whole = _year(start, int(exact))
    if not months:
        return whole
    at = whole.month - 1 + months
    first = date(whole.year + at // 12, at % 12 + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return min(first + timedelta(days=whole.day - 1), following - timedelta(days=1))
