"""Which division a code or a name means on a day (GB/T 2260), and what was not literal about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ontology.label import Label
from ontology.lineage import Former, formers
from ontology.names import nearest
from ontology.place_index import Area, Level, Match, Place, PlaceIndex, spoken
from ontology.place_wording import Wording, hidden_division

__all__ = ["Former", "Level", "Place", "PlaceTable", "Resolution", "UnknownPlace", "within"]

_NATION_PREFIX = re.compile(r"^(中华人民共和国|中国)(?=.)")
_CODE_LENGTHS: Final = (2, 4, 6)
_STATISTICAL_LENGTHS: Final = (9, 12)
_SHOWN: Final = 6
_REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True)
class Resolution:
    """The place meant by `given`; `note` says what was not literal about finding it."""

    place: Place
    given: str
    note: Label | None = None


class UnknownPlace(LookupError):
    """No place goes by this name, or several do (`candidates`); `nearest` is the probable one."""

    def __init__(
        self,
        given: str,
        nearest: str | None = None,
        candidates: tuple[str, ...] = (),
        message: Label | None = None,
    ) -> None:
        self.given = given
        self.nearest = nearest
        self.candidates = candidates
        self.message = message or Label(given, given)
        super().__init__(self.message.en)


def within(code: str, jurisdiction: str) -> bool:
    """Whether a place lies in a jurisdiction: "" or the nation's code, else a prefix such as "22".

    A full code stands for its prefix: "220000" is the same jurisdiction as "22".
    """
    return code.startswith(re.sub("(00)+$", "", jurisdiction))


class PlaceTable:
    """Places that can be found by code or name on a day."""

    def __init__(
        self,
        places: Iterable[Place] = (),
        areas: Iterable[Area] = (),
        wording: Mapping[str, Any] | None = None,
    ) -> None:
        self._index = PlaceIndex(places, areas)
        self._wording = Wording(wording or {})
        # Callers name few places, over and over; what a text means on a day never changes.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._resolve)
        self._formers = lru_cache(maxsize=_REMEMBERED)(self._formers_of)

    @classmethod
    def load(cls, path: Path) -> PlaceTable:
        """The compiled table (`places.json`); OSError or ValueError where it cannot be read."""
        document = json.loads(path.read_text("utf-8"))
        return cls(
            (_place(row) for row in document["places"]),
            (Area(name, tuple(aliases), parent) for name, aliases, parent in document["areas"]),
            document["wording"],
        )

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place of the table, by code and day."""
        return self._index.places

    def get(self, code: str, day: date) -> Place | None:
        """The place that bore a code, or a jurisdiction prefix ("", "22", "2201"), on the day."""
        return self._index.at(code.ljust(6, "0"), day)

    def formers(self, code: str, day: date) -> tuple[Former, ...]:
        """What the division that has a code, or a prefix, on the day was under other codes."""
        return self._formers(code.ljust(6, "0"), day)

    def _formers_of(self, code: str, day: date) -> tuple[Former, ...]:
        return tuple(formers(code, day, self._index))

    def resolve(self, text: str, day: date) -> Resolution:
        """The place that `text` (a code or a name) means on `day`; UnknownPlace otherwise."""
        return self._remembered(text, day)

    def _resolve(self, text: str, day: date) -> Resolution:
        plain = spoken(text)
        if plain.isascii() and plain.isdigit():
            return self._by_code(text, plain, day)
        plain = _NATION_PREFIX.sub("", plain)
        if found := self._index.matches(plain):
            return self._choose(text, found, day, [])
        if areas := self._index.areas(plain):
            return self._by_area(text, areas, day)
        return self._by_prefix(text, plain, day)

    def _by_code(self, given: str, digits: str, day: date) -> Resolution:
        if len(digits) in _STATISTICAL_LENGTHS:
            digits, notes = digits[:6], ["longer"]
        elif len(digits) in _CODE_LENGTHS:
            digits, notes = digits.ljust(6, "0"), []
        else:
            raise self._unknown(given, None)
        if place := self._index.at(digits, day):
            return self._resolution(given, place, notes)
        records = self._index.records(digits)
        if not records:
            raise self._unknown(given, None)
        past = [p for p in records if p.end is not None and p.end <= day]
        return self._carry(given, past[-1] if past else records[0], day, notes)

    def _choose(self, given: str, found: list[Match], day: date, notes: list[str]) -> Resolution:
        """The one place meant: in force before former, legal name before short before stem."""
        alive = [m for m in found if m.place.held(day)]
        pool = alive or found
        best = [m for m in pool if m.tier == min(m.tier for m in pool)]
        by_code = {m.place.code: m for m in sorted(best, key=lambda m: m.place.start or date.min)}
        chosen = list(by_code.values())
        # One name under two codes at once is a recoding whose day is not known: the later one.
        if len({m.place.name for m in chosen}) == 1:
            chosen = chosen[-1:]
        if len(chosen) > 1 and not alive:
            became = {p.code: m for m in chosen if (p := self._index.on(m.place, day))}
            chosen = list(became.values()) if len(became) == 1 else chosen
        if len(chosen) > 1:
            broad = [
                m for m in chosen if all(self._index.contains(m.place, n.place) for n in chosen)
            ]
            if not broad:
                raise self._ambiguous(given, sorted(m.place.name for m in chosen))
            return self._carry(given, broad[0].place, day, [*notes, "broadest"])
        match = chosen[0]
        if match.tier:
            notes = [*notes, "short"]
        elif not match.whole:
            notes = [*notes, "partial"]
        return self._carry(given, match.place, day, notes)

    def _carry(self, given: str, place: Place, day: date, notes: list[str]) -> Resolution:
        """The place of the day for a place that may be of another day, saying so."""
        now = self._index.on(place, day)
        if now == place:
            return self._resolution(given, place, notes)
        change = self._wording.change("former" if now else "outside", place, now or place)
        return Resolution(now or place, given, change)

    def _by_area(self, given: str, areas: list[tuple[Area, str]], day: date) -> Resolution:
        parents = sorted({area.parent for area, _ in areas})
        if len(parents) > 1:
            names = sorted({area.name for area, _ in areas})
            raise self._ambiguous(given, names)
        area, _ = areas[0]
        place = self._index.at(parents[0], day)
        if place is None:
            raise self._unknown(given, None)
        return self._resolution(given, place, ["area"], area.name)

    def _by_prefix(self, given: str, plain: str, day: date) -> Resolution:
        """A coded place followed by something below it or without a code."""
        for i in range(len(plain) - 1, 1, -1):
            prefix, rest = plain[:i], plain[i:]
            # 河南街道 is not in the province of 河南: short names of provinces and stems such as
            # 长春 are too common in other names to be trusted in front of an unknown rest.
            trusted = {"province": 0, "nation": 0}
            found = [
                m for m in self._index.matches(prefix) if m.tier <= trusted.get(m.place.level, 1)
            ]
            if not found:
                continue
            kind = self._wording.kind_of_rest(rest)
            if kind is None:
                raise self._unknown(given, self._nearest_below(found[0].place, rest, day))
            resolution = self._choose(given, found, day, [])
            slip = self._nearest_below(resolution.place, rest, day, same_length=True)
            if slip is not None:
                raise self._unknown(given, slip)
            note = self._wording.note(kind, given, resolution.place, rest)
            return Resolution(resolution.place, given, note)
        names = {v: p.name for p in self.places if p.held(day) for v in (p.own, p.name)}
        near = nearest(plain, names)
        raise self._unknown(given, names[near] if near else None)

    def _nearest_below(
        self, place: Place, rest: str, day: date, *, same_length: bool = False
    ) -> str | None:
        """The coded place below `place` that `rest`, or its beginning, is a slip for."""
        below = self._index.under(place.code, day)
        names = {v: p.name for p in below for v in (p.own, p.short)}
        if same_length:
            names = {v: name for v, name in names.items() if len(v) == len(rest)}
        near = nearest(rest, names) or nearest(hidden_division(rest), names)
        return names[near] if near else None

    def _resolution(self, given: str, place: Place, kinds: list[str], area: str = "") -> Resolution:
        notes = [self._wording.note(kind, given, place, area) for kind in kinds]
        if not notes:
            return Resolution(place, given)
        joined = Label("；".join(n.zh for n in notes), "; ".join(n.en for n in notes))
        return Resolution(place, given, joined)

    def _unknown(self, given: str, near: str | None) -> UnknownPlace:
        if near is None:
            return UnknownPlace(given, message=self._wording.error("unknown", given))
        return UnknownPlace(
            given, near, message=self._wording.error("nearest", given, nearest=near)
        )

    def _ambiguous(self, given: str, candidates: list[str]) -> UnknownPlace:
        shown = "、".join(candidates[:_SHOWN]) + ("……" if len(candidates) > _SHOWN else "")
        message = self._wording.error("ambiguous", given, candidates=shown)
        return UnknownPlace(given, candidates=tuple(candidates), message=message)


def _place(row: list[Any]) -> Place:
    code, name, own, short, level, parent, start, end, successors = row
    return Place(
        code,
        name,
        short,
        level,
        parent,
        date.fromisoformat(start) if start else None,
        date.fromisoformat(end) if end else None,
        own,
        tuple(successors),
    )
