"""Divisions with their days, found by code or by the ways people write their names.

Codes after GB/T 2260; a code, name or parent that changed is another `Place` with its own days, and
`successors` are the codes that cover its area afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Level = Literal["nation", "province", "prefecture", "county"]
_SEPARATORS = re.compile(r"[\s·•,，、/>-]+")
_KIND = re.compile(r"(自治区|自治州|特别行政区|地区|[省市县区旗盟州])$")


def spoken(text: str) -> str:
    """A name or code without spaces and separators, in the usual widths."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True, slots=True)
class Place:
    """A division while one code, name and parent held: the days [start, end).

    `name` is the whole path (吉林省长春市南关区), `own` the legal name (前郭尔罗斯蒙古族自治县),
    `short` the usual one (前郭县).
    """

    code: str
    name: str
    short: str
    level: Level
    parent: str | None
    start: date | None = None
    end: date | None = None
    own: str = ""
    successors: tuple[str, ...] = ()

    def held(self, day: date) -> bool:
        """Whether code, name and parent were in use on the day."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    @property
    def stem(self) -> str:
        """The name without its kind (长春), or the short name where that leaves one character."""
        stem = _KIND.sub("", self.short)
        return stem if len(stem) > 1 else self.short


@dataclass(frozen=True, slots=True)
class Area:
    """A place without a code of its own (开发区, 管委会) under its nearest coded parent."""

    name: str
    aliases: tuple[str, ...]
    parent: str


@dataclass(frozen=True, slots=True)
class Match:
    """A place that a text may mean; `tier` 0 by legal name, 1 by short name, 2 by stem.

    `whole` says that the divisions above it were named or that there are none.
    """

    place: Place
    tier: int
    whole: bool = True


class PlaceIndex:
    """The lookups; built once, then only read."""

    def __init__(self, places: Iterable[Place], areas: Iterable[Area]) -> None:
        self.places: Final = tuple(places)
        self._by_code: dict[str, list[Place]] = {}
        self._by_name: dict[str, list[tuple[Place, int]]] = {}
        self._before: dict[str, list[Place]] = {}
        self._areas: dict[str, list[Area]] = {}
        for place in self.places:
            self._by_code.setdefault(place.code, []).append(place)
            for code in place.successors:
                self._before.setdefault(code, []).append(place)
            tiers: dict[str, int] = {}
            for tier, variant in enumerate((place.own, place.short, place.stem)):
                tiers.setdefault(variant, tier)
            for variant, tier in tiers.items():
                self._by_name.setdefault(variant, []).append((place, tier))
        for area in areas:
            for name in {spoken(n) for n in (area.name, *area.aliases)}:
                self._areas.setdefault(name, []).append(area)

    def records(self, code: str) -> list[Place]:
        """Every place that has borne the code."""
        return self._by_code.get(code, [])

    def at(self, code: str, day: date) -> Place | None:
        """The place that bore the code on the day; the later one if a change has no exact day."""
        held = [p for p in self.records(code) if p.held(day)]
        return max(held, key=lambda p: p.start or date.min, default=None)

    def before(self, code: str) -> list[Place]:
        """The places whose area, or some of it, was under the code afterwards."""
        return self._before.get(code, [])

    def matches(self, text: str) -> list[Match]:
        """The coded places that the whole text may mean, on whatever day."""
        return [
            Match(place, tier, whole=i > 0 or place.level in ("nation", "province"))
            for i in range(len(text))
            for place, tier in self._by_name.get(text[i:], ())
            if text[:i] in self._above(place.parent)
        ]

    def areas(self, text: str) -> list[tuple[Area, str]]:
        """The known areas that the whole text may mean, each with the name it goes by there."""
        return [
            (area, text[i:])
            for i in range(len(text))
            for area in self._areas.get(text[i:], ())
            if text[:i] in self._above(area.parent)
        ]

    def under(self, code: str, day: date) -> Iterator[Place]:
        """The places below a code on the day, at any depth."""
        prefix = re.sub("(00)+$", "", code)
        return (
            p for p in self.places if p.code != code and p.code.startswith(prefix) and p.held(day)
        )

    def on(self, place: Place, day: date) -> Place | None:
        """What covers the area of `place` on the day: itself, what it became, or what it was.

        Where it was split or merged, the part that kept the name, else the nearest division that
        holds all parts; None where the table does not reach.
        """
        if place.held(day):
            return place
        parts = self._trace(place, day, forward=place.end is not None and place.end <= day)
        if len(parts) > 1 and place.level == "county":
            kept = [p for p in parts if p.stem == place.stem]
            parts = kept if len(kept) == 1 else parts
        return self._common(parts, day)

    def _trace(self, place: Place, day: date, *, forward: bool) -> list[Place]:
        found: dict[tuple[str, str], Place] = {}
        seen: set[Place] = set()
        todo = [place]
        while todo:
            at = todo.pop()
            if at in seen:
                continue
            seen.add(at)
            if at.held(day):
                found[at.code, at.name] = at
            elif forward:
                todo += [
                    p
                    for code in at.successors
                    for p in self.records(code)
                    if p.end is None or at.end is None or p.end > at.end
                ]
            else:
                todo += [
                    p
                    for p in self._before.get(at.code, ())
                    if p.start is None or at.start is None or p.start < at.start
                ]
        return sorted(found.values(), key=lambda p: p.code)

    def _common(self, parts: list[Place], day: date) -> Place | None:
        if not parts:
            return None
        chains = [[p.code, *self._ancestors(p)] for p in parts]
        shared = next(code for code in chains[0] if all(code in chain for chain in chains))
        return self.at(shared, day)

    def _ancestors(self, place: Place) -> list[str]:
        chain: list[str] = []
        parent = place.parent
        while parent is not None:
            chain.append(parent)
            records = self.records(parent)
            parent = records[-1].parent if records else None
        return chain

    def contains(self, broad: Place, narrow: Place) -> bool:
        """Whether `narrow` is `broad` or lies in it."""
        return broad.code == narrow.code or broad.code in self._ancestors(narrow)

    def _above(self, code: str | None) -> set[str]:
        """The ways to write a division and those above it, each of them or none."""
        if code is None:
            return {""}
        records = self.records(code)
        names = {""}.union(*((p.own, p.short, p.stem) for p in records))
        above = self._above(records[-1].parent if records else None)
        return {a + n for a in above for n in names}
