"""What the pages of a day show: things by kind, norms and rules by what they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from ontology.ids import place_iri
from service.linked.naming import here, page_of
from service.state.asked import href
from service.state.reading import Between, Change, Dated, State
from service.state.thing import ThingAt

_SHOWN: Final = 300
_NATION: Final = place_iri("000000")
# What people look for first; places are many.
_ORDER: Final = ("instruments", "rules", "norms", "lists", "rows", "bodies", "places")


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing as a page shows it: where it is read, and where it is read as of the day."""

    thing: Dated
    href: str
    at: str


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind that belong to the same; `more` are not shown."""

    name: str
    things: tuple[Shown, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind: those with days, which `count` counts, and those without any, of which
    nobody can say whether they were in force; `few` where not all of them are shown."""

    kind: str
    count: int
    groups: tuple[Group, ...]
    undated: tuple[Shown, ...]
    few: bool


@dataclass(frozen=True, slots=True)
class DayPage:
    """A day, its form and its sections."""

    day: date
    place: str
    place_name: str
    before: str
    after: str
    year_before: str
    sections: tuple[Section, ...]
    data: str
    query: str
    suffix: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with where its thing is read, and what came in its place: a name or a link."""

    change: Change
    href: str
    instead: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """Changes of a kind and property, by what the things belong to."""

    kind: str
    property: str
    count: int
    groups: tuple[tuple[str, tuple[ShownChange, ...], int], ...]


@dataclass(frozen=True, slots=True)
class BetweenPage:
    """Two days and what changed."""

    since: date
    day: date
    place: str
    place_name: str
    changed: tuple[Changed, ...]
    data: str
    query: str
    suffix: str


@dataclass(frozen=True, slots=True)
class ThingPage:
    """A thing as of a day with its parts."""

    found: ThingAt
    href: str
    name: str
    of: tuple[str, str]
    instead: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    data: str


def state_page(state: State) -> DayPage:
    """The page of a day."""
    day, place = state.day, state.place
    given = {"question": "in-force-on-day", "day": day.isoformat(), "place": place}
    return DayPage(
        day=day,
        place=place,
        place_name=_place_name(state.things, place),
        before=_near(day, -1, place),
        after=_near(day, 1, place),
        year_before=_year_before(day, place),
        sections=_sections(state.things, state.names, day, everywhere=not place),
        data=f"/at/{day.isoformat()}",
        query=f"/query?{urlencode(given)}",
        suffix=f"?place={place}" if place else "",
    )


def between_page(found: Between) -> BetweenPage:
    """The page of a comparison."""
    by: dict[tuple[str, str], list[Change]] = {}
    for change in found.changes:
        by.setdefault((change.kind, change.property), []).append(change)
    order = sorted(by, key=lambda key: (_ORDER.index(key[0]), key[1]))
    given = {
        "question": "changed-between-days",
        "since": found.since.isoformat(),
        "day": found.day.isoformat(),
        "place": found.place,
    }
    return BetweenPage(
        since=found.since,
        day=found.day,
        place=found.place,
        place_name=found.names.get(place_iri(found.place.ljust(6, "0")), ""),
        changed=tuple(_changed(*key, by[key], found) for key in order),
        data=f"/at/{found.since.isoformat()}/{found.day.isoformat()}",
        query=f"/query?{urlencode(given)}",
        suffix=f"?place={found.place}" if found.place else "",
    )


def thing_page(found: ThingAt) -> ThingPage:
    """The page of a thing as of a day."""
    of = found.period.of if found.period else ""
    return ThingPage(
        found=found,
        href=page_of(found.iri),
        name=found.label or here(found.iri),
        of=(found.names.get(of, here(of)), href(found.day, iri=of)) if of else ("", ""),
        instead=tuple(
            (found.names.get(iri, here(iri)), href(found.day, iri=iri)) for iri in found.instead
        ),
        sections=_sections(found.parts, found.names, found.day),
        data=href(found.day, iri=found.iri),
    )


def _sections(
    things: Iterable[Dated], names: Mapping[str, str], day: date, *, everywhere: bool = False
) -> tuple[Section, ...]:
    """Sections in order; of the places of the whole nation only provinces are shown."""
    by: dict[str, list[Dated]] = {}
    for thing in things:
        by.setdefault(thing.kind, []).append(thing)
    return tuple(
        _section(kind, by[kind], names, day, few=everywhere and kind == "places")
        for kind in _ORDER
        if kind in by
    )


def _section(
    kind: str, things: list[Dated], names: Mapping[str, str], day: date, *, few: bool
) -> Section:
    groups: dict[str, list[Dated]] = {}
    for thing in things:
        if not thing.undated and (not few or thing.of in ("", _NATION)):
            groups.setdefault(thing.of, []).append(thing)
    if kind == "instruments":
        things.sort(key=lambda thing: (thing.start, thing.number))
        groups = {"": [thing for thing in things if not thing.undated]}
    return Section(
        kind=kind,
        count=sum(not thing.undated for thing in things),
        groups=tuple(
            Group(
                names.get(of, here(of)),
                tuple(_shown(t, day) for t in found[:_SHOWN]),
                max(len(found) - _SHOWN, 0),
            )
            for of, found in groups.items()
        ),
        undated=tuple(_shown(t, day) for t in things if t.undated),
        few=few,
    )


def _shown(thing: Dated, day: date) -> Shown:
    return Shown(thing, page_of(thing.iri), href(day, iri=thing.iri))


def _changed(kind: str, prop: str, changes: list[Change], found: Between) -> Changed:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.of, []).append(change)
    return Changed(
        kind,
        prop,
        len(changes),
        tuple(
            (
                found.names.get(of, here(of)),
                tuple(_shown_change(change, found) for change in some[:_SHOWN]),
                max(len(some) - _SHOWN, 0),
            )
            for of, some in groups.items()
        ),
    )


def _shown_change(change: Change, found: Between) -> ShownChange:
    return ShownChange(
        change,
        page_of(change.iri),
        tuple(
            (found.names.get(name, here(name)), here(name))
            if name.startswith("http")
            else (name, "")
            for name in change.instead
        ),
    )


def _place_name(things: Iterable[Dated], place: str) -> str:
    iri = place_iri(place.ljust(6, "0"))
    return next((t.label for t in things if t.iri == iri), place) if place else ""


def _near(day: date, days: int, place: str) -> str:
    try:
        return href(day + timedelta(days=days), place=place)
    except OverflowError:
        return ""


def _year_before(day: date, place: str) -> str:
    if day.year == date.min.year:
        return ""
    # 29 February has no day a year before it.
    first = day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
    return href(first, day, place=place)
