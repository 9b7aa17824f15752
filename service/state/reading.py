"""Rows of what is in force, as values: each thing with its days, and what is not known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from kb.query import Query, bind, load
from ontology.ids import NS, place_iri
from service.linked.labels import labels
from service.sparql.asking import Graph
from service.sparql.terms import Table
from service.web.language import Language

_HERE: Final = Path(__file__).with_name("queries")
_MOST: Final = 20_000

KINDS: Final[Mapping[str, str]] = {
    f"{NS}Instrument": "instruments",
    f"{NS}Norm": "norms",
    f"{NS}Rule": "rules",
    f"{NS}List": "lists",
    f"{NS}ListEntry": "rows",
    f"{NS}Body": "bodies",
    f"{NS}AdministrativeDivision": "places",
}
"""Classes of what has days → what several of them are called in answers."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A thing with its days (ISO 8601, empty where none is known), as its rows have them.

    In force from `start`, or from a day up to `latest` where that is uncertain (`doubtful` on the
    day asked), and before `end`. `of` is what it belongs to.
    """

    kind: str
    iri: str
    label: str
    number: str = ""
    of: str = ""
    start: str = ""
    latest: str = ""
    end: str = ""
    doubtful: bool = False

    @property
    def undated(self) -> bool:
        """Whether nothing says when it began or ends. Places began before their table does."""
        return not self.start and not self.end and self.kind != "places"


@dataclass(frozen=True, slots=True)
class Change:
    """What began, ended or got another name; `property` is the local name of the term that did.

    On `day`, or on some day up to `latest`; `certain` where it surely lies between the days asked.
    `instead` is a name or an IRI that came in its place.
    """

    property: str
    kind: str
    iri: str
    label: str
    number: str
    of: str
    day: str
    latest: str
    certain: bool
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """What was in force on a day in a place, with those above and below it ("" everywhere).

    `names` are labels of what things belong to.
    """

    day: date
    place: str
    generation: str
    things: tuple[Dated, ...]
    names: Mapping[str, str]

    def of(self, kind: str) -> tuple[Dated, ...]:
        """The things of a kind."""
        return tuple(thing for thing in self.things if thing.kind == kind)


@dataclass(frozen=True, slots=True)
class Between:
    """What changed after one day and up to another."""

    since: date
    day: date
    place: str
    generation: str
    changes: tuple[Change, ...]
    names: Mapping[str, str]


async def state_at(graph: Graph, day: date, place: str, language: Language) -> State:
    """What was in force on a day. Raises Failed."""
    text = bind(load("in-force-on-day"), {"day": day.isoformat(), "place": place})
    table = await graph.first(text, _MOST)
    things = dated(table)
    names = await _names(graph, things, language)
    return State(day, place, (await graph.current()).generation, _renamed(things, names), names)


async def between(graph: Graph, since: date, day: date, place: str, language: Language) -> Between:
    """What changed between two days. Raises Failed."""
    given = {"since": since.isoformat(), "day": day.isoformat(), "place": place}
    rows = rows_of(await graph.first(bind(load("changed-between-days"), given), _MOST))
    found: dict[tuple[str, ...], Change] = {}
    for row in rows:
        change = Change(
            property=row["change"].removeprefix(NS),
            kind=KINDS[row["kind"]],
            iri=row["thing"],
            label=row["label"],
            number=row.get("number", ""),
            of=row.get("of", ""),
            day=row["on"],
            latest=row.get("latest", ""),
            certain=row["certain"] == "true",
            instead=(row["instead"],) if "instead" in row else (),
        )
        key = (change.property, change.iri, change.day, change.label)
        before = found.get(key)
        instead = tuple(dict.fromkeys((*(before.instead if before else ()), *change.instead)))
        found[key] = replace(change, instead=instead)
    changes = tuple(found.values())
    also = [name for change in changes for name in change.instead if name.startswith("http")]
    also.append(place_iri(place.ljust(6, "0")))
    names = await _names(graph, changes, language, also)
    return Between(
        since, day, place, (await graph.current()).generation, _renamed(changes, names), names
    )


T = TypeVar("T", Dated, Change)


@cache
def question(name: str) -> Query:
    """A query of this folder."""
    return load(name, _HERE)


def dated(table: Table) -> tuple[Dated, ...]:
    """The things of rows, each once."""
    return tuple(
        Dated(
            kind=KINDS[row["kind"]],
            iri=row["thing"],
            label=row["label"],
            number=row.get("number", ""),
            of=row.get("of", ""),
            start=row.get("from", ""),
            latest=row.get("latest", ""),
            end=row.get("until", ""),
            doubtful=row["startUncertain"] == "true",
        )
        for row in rows_of(table)
    )


def rows_of(table: Table) -> list[dict[str, str]]:
    return [
        {name: term.text for name, term in zip(table.names, row, strict=True) if term}
        for row in table.rows
    ]


async def _names(
    graph: Graph, found: Iterable[Dated | Change], language: Language, also: Iterable[str] = ()
) -> dict[str, str]:
    """What things belong to is called; in English the things themselves too."""
    things = list(found)
    iris = {thing.of for thing in things if thing.of}.union(also)
    if language != "zh":
        iris |= {thing.iri for thing in things if thing.kind not in ("instruments", "places")}
    return await labels(graph, sorted(iris), language)


def _renamed(things: tuple[T, ...], names: Mapping[str, str]) -> tuple[T, ...]:
    return tuple(
        replace(t, label=names[t.iri]) if t.iri in names and t.kind != "places" else t
        for t in things
    )
