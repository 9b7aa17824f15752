"""What is due and when: standards whose day a fact of the case tells, the earliest first.

What is due on one day for all stands in the standards alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from rules.case import Case
from rules.model import Due, Rule
from rules.standards import Standard

AgendaStatus = Literal["done", "due", "overdue", "undated", "unknown", "defeated"]

_UNMET: Final[dict[bool | None, AgendaStatus]] = {True: "overdue", False: "due", None: "undated"}
_OTHERWISE: Final[dict[str, AgendaStatus]] = {
    "met": "done",
    "unknown": "unknown",
    "defeated": "defeated",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is due by a day; None where the fact that tells the day is not known."""

    rule: Rule
    by: date | None
    status: AgendaStatus


def due_of(case: Case, one: Standard) -> Due | None:
    """By when a standard is to be met: the rule's day, or the one a fact of the case tells."""
    name = one.rule.due_fact
    told = case.parts[one.parts[0]].values.get(name) if name else None
    return one.rule.due if told is None else Due(date.fromisoformat(str(told)))


def due_json(due: Due | None, case: Case) -> dict[str, Any] | None:
    """The day in JSON, and whether it has passed on the day that is asked about."""
    if due is None:
        return None
    return {
        "by": due.by.isoformat(),
        "latest": due.latest.isoformat() if due.latest else None,
        "passed": due.passed(case.as_of),
    }


def agenda(case: Case, found: Iterable[Standard]) -> tuple[Entry, ...]:
    """The dated standards in the order of their days, those without a known day last."""
    entries = []
    for one in found:
        if one.rule.due_fact is None:
            continue
        due = due_of(case, one)
        passed = None if due is None else due.passed(case.as_of)
        status = _OTHERWISE.get(one.status) or _UNMET[passed]
        entries.append(Entry(one.rule, None if due is None else due.by, status))
    return tuple(sorted(entries, key=lambda e: (e.by or date.max, e.rule.id)))
