"""Names of places that somebody may be typing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from ontology.places import Place

_MOST: Final = 12


def suggest(typed: str, places: Iterable[Place], day: date) -> tuple[str, ...]:
    """Full names of places of the day that contain what was typed, best first; none for nothing.

    The shorter the name, the higher the place: a prefecture comes before its counties.
    """
    text = "".join(typed.split())
    if not text:
        return ()
    found = {
        place.name: (not place.name.startswith(text), len(place.name))
        for place in places
        if (text in place.name or text in place.short or place.code.startswith(text))
        and (place.start is None or place.start <= day)
        and (place.end is None or day < place.end)
    }
    return tuple(sorted(found, key=lambda name: (*found[name], name)))[:_MOST]
