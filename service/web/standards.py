"""The standards of a result, arranged by what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ontology.label import Label
from service.web.findings import Defeater, Json, defeaters
from service.web.sources import Source, source_in

_ORDER: Final = ("unmet", "unknown", "met", "defeated")


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard; `body` is its JSON. `open`: its ground is shown at once."""

    body: Json
    sources: tuple[Source, ...]
    defeaters: tuple[Defeater, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Standards:
    """All standards, those that decide and fail first; `counts` is how many of each status.

    Only what decides is counted, each status in the order it is shown in.
    """

    rows: tuple[Standard, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due; `body` is its JSON."""

    body: Json
    sources: tuple[Source, ...]


def agenda_of(result: Json) -> tuple[Due, ...]:
    """What is due by when, as the result has it; nothing where its kind dates nothing."""
    return tuple(
        Due(one, tuple(source_in(c) for c in one["citations"])) for one in result.get("agenda", ())
    )


def standards_of(result: Json) -> Standards:
    """The standards of a result; none where its kind measures nothing."""
    found = result.get("standards", ())
    titles: Mapping[str, Label] = {
        one["rule"]: Label.from_json(one["title"]) for one in (*result["findings"], *found)
    }
    ordered = sorted(found, key=lambda s: (not s["decides"], _ORDER.index(s["status"])))
    # What was striven for and missed matters more than what is met.
    ordered.sort(key=lambda s: _ORDER.index(s["status"]))
    decisive = [s["status"] for s in found if s["decides"]]
    return Standards(
        tuple(
            Standard(
                one,
                tuple(source_in(c) for c in one["citations"]),
                defeaters(one, titles),
                one["status"] == "unmet" and one["decides"],
            )
            for one in ordered
        ),
        tuple((s, decisive.count(s)) for s in _ORDER if s in decisive),
    )
