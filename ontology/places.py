"""Administrative divisions by GB/T 2260 code with their days, and how people name them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ontology.label import Label
from ontology.names import nearest

Level = Literal["nation", "province", "prefecture", "county"]


@dataclass(frozen=True, slots=True)
class Place:
    """A division while one code, name and parent held: the days [start, end)."""

    code: str
    name: str
    short: str
    level: Level
    parent: str | None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """The place meant by `given`; `note` says what was not literal about finding it."""

    place: Place
    given: str
    note: Label | None = None


class UnknownPlace(LookupError):
    """No place, or more than one, goes by this name; `nearest` is what was probably meant."""

    def __init__(self, given: str, nearest: str | None) -> None:
        super().__init__(f"no place is called {given}")
        self.given = given
        self.nearest = nearest


def within(code: str, jurisdiction: str) -> bool:
    """Whether a place lies in a jurisdiction: "" the nation, else a prefix of the code."""
    return code.startswith(jurisdiction)


class PlaceTable:
    """Places that can be found by code or name on a day."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._places = tuple(places)

    @classmethod
    def load(cls, path: Path) -> PlaceTable:
        """The compiled table (`places.json`)."""
        rows: list[Any] = json.loads(path.read_text("utf-8"))["places"] if path.exists() else []
        return cls(Place(*row) for row in rows)

    def resolve(self, text: str, day: date) -> Resolution:
        """The place that `text` (a code or a name) means on `day`; UnknownPlace otherwise."""
        for place in self._places:
            if text in (place.code, place.name):
                return Resolution(place, text)
        raise UnknownPlace(text, nearest(text, (p.name for p in self._places)))
