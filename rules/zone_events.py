"""The history of an experimental zone as dated events, read into facts.

What happened after the day that is asked about has not happened yet and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

EventKind = Literal[
    "recognised",
    "annual-plan",
    "annual-summary",
    "extension-requested",
    "extension-granted",
    "final-report",
    "review-passed",
    "review-not-passed",
    "change-approved",
    "change-unapproved",
    "title-awarded",
]
EVENTS: Final[tuple[EventKind, ...]] = get_args(EventKind)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a zone on a day; `until` is the new end of an extended term."""

    on: date
    kind: EventKind
    until: date | None = None


def facts_from(events: Iterable[Event], as_of: date) -> Mapping[str, object]:
    """The facts of a zone that its history up to a day tells.

    A history is complete: what it does not have has not happened (no extension, no plan filed).
    """
    past = sorted((e for e in events if e.on <= as_of), key=lambda e: e.on)
    count = {kind: sum(e.kind == kind for e in past) for kind in EVENTS}
    facts: dict[str, object] = {
        "zone.plans_filed": count["annual-plan"],
        "zone.summaries_filed": count["annual-summary"],
        "zone.changes_unapproved": count["change-unapproved"],
        "zone.title_awarded": count["title-awarded"] > 0,
        "zone.extension": "none",
        "zone.accepted": "not-yet",
    }
    if not count["final-report"]:  # Where there is one, its day tells.
        facts["zone.final_report"] = False
    for event in past:
        match event.kind:
            case "recognised":
                facts["zone.recognised_on"] = event.on.isoformat()
            case "extension-requested":
                facts["zone.extension"] = "requested"
            case "extension-granted":
                facts["zone.extension"] = "granted"
                if event.until is not None:
                    facts["zone.extended_to"] = event.until.isoformat()
            case "final-report":
                facts["zone.final_report_on"] = event.on.isoformat()
            case "review-passed":
                facts["zone.accepted"] = "passed"
            case "review-not-passed":
                facts["zone.accepted"] = "not-passed"
            case _:
                pass
    return facts
