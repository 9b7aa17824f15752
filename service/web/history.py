"""The history of a zone on the form: a row for each thing that happened, between its two forms.

Fields are `events.<row>.on`, `.event` and `.until`, as the members of `events` in a request are
called (`service.envelope`). A row that says nothing is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rules.zone_events import EVENTS

KIND: Final = "lifecycle"
"""The kind of decision that is made on a history."""
BLANK: Final = 3
"""Empty rows to write in."""
MAX_EVENTS: Final = 200
_FIELD: Final = re.compile(r"events\.([0-9]{1,3})\.(on|event|until)")
_PATH: Final = re.compile(r"\$\.events\[([0-9]+)\](?:\.(on|event|until))?")


@dataclass(frozen=True, slots=True)
class EventRow:
    """What a row says, as it is written; `until` is the new last day of an extended term."""

    on: str = ""
    event: str = ""
    until: str = ""

    @property
    def said(self) -> dict[str, str]:
        """The members that say something."""
        members = {"on": self.on, "event": self.event, "until": self.until}
        return {name: text for name, text in members.items() if text}


def rows_in(pairs: Iterable[tuple[str, str]]) -> tuple[EventRow, ...]:
    """The rows of form fields, in their order."""
    found: dict[int, dict[str, str]] = {}
    for name, value in pairs:
        if (field := _FIELD.fullmatch(name)) and value.strip():
            found.setdefault(int(field[1]), {})[field[2]] = value.strip()
    return tuple(EventRow(**found[at]) for at in sorted(found))[:MAX_EVENTS]


def rows_of(events: object) -> tuple[EventRow, ...]:
    """The rows of a recorded request's events."""
    listed: Sequence[Mapping[str, Any]] = events if isinstance(events, list) else ()
    return tuple(EventRow(**{k: str(v) for k, v in e.items() if v is not None}) for e in listed)


def pairs_of(rows: Sequence[EventRow]) -> list[tuple[str, str]]:
    """The form fields that say the same."""
    return [
        (f"events.{at}.{name}", text)
        for at, row in enumerate(rows)
        for name, text in row.said.items()
    ]


def field_of(path: str) -> str:
    """The form field of a JSON path into the events of a request, "" where it is none."""
    found = _PATH.match(path)
    return f"events.{found[1]}.{found[2] or 'on'}" if found else ""


@dataclass(frozen=True, slots=True)
class History:
    """The rows of the form, empty ones at the end; `events` are the kinds to choose from."""

    rows: tuple[EventRow, ...]
    events: tuple[str, ...] = EVENTS


def history(kind: str, rows: Sequence[EventRow]) -> History | None:
    """What the form asks of a history; None for kinds that are not decided on one."""
    if kind != KIND:
        return None
    return History((*rows, *[EventRow()] * min(BLANK, MAX_EVENTS - len(rows))))
