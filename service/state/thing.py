"""One thing as of a day: whether it was in force, under which name, and what of it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from kb.quads import DCT, RDFS, Graph, literal, without_graph
from kb.query import bind
from ontology.ids import BASE
from service.linked.about import exists
from service.linked.labels import labels
from service.sparql.asking import Graph as Store
from service.state.reading import Dated, dated, question, rows_of
from service.state.telling import dated_json, dated_lines
from service.web.language import Language

Standing = Literal["in-force", "uncertain", "not-yet", "ended", "superseded", "undated"]
_MOST: Final = 20_000
_GRAPH: Final = "x:none"


@dataclass(frozen=True, slots=True)
class Period:
    """Days [start, end) of a thing, or of what it is part of; empty where none is known.

    `name` and `of` are what a code stood for then; `version` is that of a list.
    """

    iri: str
    name: str
    of: str
    start: str
    latest: str
    end: str
    version: int = 0

    def holds(self, day: str) -> bool:
        """Whether the day lies in it; an uncertain start counts from its first day."""
        return (not self.start or self.start <= day) and (not self.end or day < self.end)


@dataclass(frozen=True, slots=True)
class ThingAt:
    """A thing as of a day.

    `period` is that of the day, if any; `instead` are the list that took its place or the divisions
    that succeed a code; `parts` what of it was in force; `names` labels of all of these.
    """

    iri: str
    day: date
    label: str
    standing: Standing
    place: bool
    period: Period | None
    periods: tuple[Period, ...]
    instead: tuple[str, ...]
    parts: tuple[Dated, ...]
    names: Mapping[str, str]
    generation: str

    @property
    def path(self) -> str:
        """The path of its IRI."""
        return self.iri.removeprefix(BASE)


async def thing_at(graph: Store, iri: str, day: date, language: Language) -> ThingAt | None:
    """A thing as of a day; None where nothing is said of it. Raises Failed."""
    if not await exists(graph, iri):
        return None
    rows = rows_of(await graph.first(bind(question("thing-on-day"), {"iri": iri}), _MOST))
    place = any("named" in row for row in rows)
    periods, others = _periods(rows, iri)
    on = day.isoformat()
    standing, period, instead = _standing(periods, others, on)
    if place and standing == "ended":
        instead = tuple(sorted({row["instead"] for row in rows if "instead" in row}))
    parts: tuple[Dated, ...] = ()
    if standing not in ("not-yet", "ended", "superseded"):
        given = {"iri": iri, "day": on}
        parts = dated(await graph.first(bind(question("parts-on-day"), given), _MOST))
    wanted = {iri, *instead, *(p.of for p in periods if p.of), *(p.of for p in parts if p.of)}
    names = await labels(graph, sorted(wanted), language)
    label = period.name if period and period.name else names.get(iri, "")
    return ThingAt(
        iri=iri,
        day=day,
        label=label,
        standing=standing,
        place=place,
        period=period,
        periods=periods,
        instead=instead,
        parts=parts,
        names=names,
        generation=(await graph.current()).generation,
    )


def _periods(
    rows: Sequence[Mapping[str, str]], iri: str
) -> tuple[tuple[Period, ...], tuple[Period, ...]]:
    """The periods of a thing, its own before those of what it is part of; other versions."""
    found = dict.fromkeys(
        Period(
            iri=row["dated"],
            name=row.get("named", ""),
            of=row.get("of", ""),
            start=row.get("from", ""),
            latest=row.get("latest", ""),
            end=row.get("until", ""),
            version=int(row.get("version", 0)),
        )
        for row in rows
    )
    own = [p for p in found if p.iri.partition("#")[0] == iri]
    if own and own[0].version:
        return tuple(own), tuple(p for p in found if p.iri != iri)
    return tuple(own or found), ()


def _standing(
    periods: Sequence[Period], others: Sequence[Period], on: str
) -> tuple[Standing, Period | None, tuple[str, ...]]:
    if not periods:
        return "undated", None, ()
    now = next((p for p in periods if p.holds(on)), None)
    if now is None:
        begun = any((p.start and p.start <= on) or (p.end and p.end <= on) for p in periods)
        return ("ended" if begun else "not-yet"), None, ()
    later = [p for p in others if p.start <= on and (p.start, p.version) > (now.start, now.version)]
    if later:
        last = max(later, key=lambda p: (p.start, p.version))
        return "superseded", now, (last.iri,)
    return ("uncertain" if now.latest > on else "in-force"), now, ()


def thing_json(found: ThingAt) -> dict[str, Any]:
    """The JSON form."""
    return {
        "iri": found.iri,
        "day": found.day.isoformat(),
        "label": found.label or None,
        "standing": found.standing,
        "period": _period_json(found.period) if found.period else None,
        "periods": [_period_json(period) for period in found.periods],
        "instead": list(found.instead),
        "parts": [{"kind": part.kind} | dated_json(part) for part in found.parts],
        "generation": found.generation,
    }


def _period_json(period: Period) -> dict[str, Any]:
    return {
        "name": period.name or None,
        "of": period.of or None,
        "from": period.start or None,
        "from_latest": period.latest or None,
        "until": period.end or None,
        "dated_by": period.iri,
    }


def thing_lines(found: ThingAt) -> list[str]:
    """The thing as of the day as N-Triples: its name and days then, and its parts."""
    out = Graph(_GRAPH)
    document = f"{BASE}at/{found.day.isoformat()}/{found.path}"
    lines = [
        *out.day(document, DCT + "date", found.day),
        out.link(document, DCT + "isVersionOf", found.iri),
    ]
    if found.label:
        lines.append(out.line(document, DCT + "title", literal(found.label)))
        lines.append(out.line(found.iri, RDFS + "label", literal(found.label, "zh")))
    for period in [found.period] if found.period else []:
        began, ended = ("usedFrom", "usedUntil") if found.place else ("inForceFrom", "inForceUntil")
        days = ((began, period.start), ("inForceFromLatest", period.latest), (ended, period.end))
        for name, day in days:
            lines += out.day(found.iri, name, date.fromisoformat(day) if day else None)
        if period.of:
            lines.append(out.link(found.iri, "partOf", period.of))
    lines += [out.link(document, DCT + "isReplacedBy", name) for name in found.instead]
    for part in found.parts:
        lines.append(out.link(document, DCT + "hasPart", part.iri))
        lines += dated_lines(out, part)
    return without_graph(lines, _GRAPH)
