"""States, changes and things of a day as JSON and as statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from kb.quads import DCT, RDFS, Graph, literal, without_graph
from ontology.ids import BASE, NS, place_iri
from service.state.reading import KINDS, Between, Change, Dated, State

_GRAPH: Final = "x:none"
_CLASSES: Final = {name: iri for iri, name in KINDS.items()}


def dated_json(thing: Dated) -> dict[str, Any]:
    """A thing; days that are not known are null."""
    return {
        "iri": thing.iri,
        "label": thing.label,
        "number": thing.number or None,
        "of": thing.of or None,
        "from": thing.start or None,
        "from_latest": thing.latest or None,
        "until": thing.end or None,
        "start_uncertain": thing.doubtful,
        "undated": thing.undated,
    }


def state_json(state: State) -> dict[str, Any]:
    """A state, things by what several of their kind are called."""
    kinds = [name for name in KINDS.values() if name != "rows"]
    return {
        "day": state.day.isoformat(),
        "place": state.place or None,
        "generation": state.generation,
        "counts": {kind: len(state.of(kind)) for kind in kinds},
        **{kind: [dated_json(thing) for thing in state.of(kind)] for kind in kinds},
    }


def between_json(found: Between) -> dict[str, Any]:
    """What changed between two days."""
    return {
        "from": found.since.isoformat(),
        "to": found.day.isoformat(),
        "place": found.place or None,
        "generation": found.generation,
        "changes": [_change_json(change) for change in found.changes],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "property": NS + change.property,
        "kind": change.kind,
        "iri": change.iri,
        "label": change.label,
        "number": change.number or None,
        "of": change.of or None,
        "on": change.day,
        "on_latest": change.latest or None,
        "certain": change.certain,
        "instead": list(change.instead),
    }


def state_lines(state: State) -> list[str]:
    """A state as N-Triples: a document of a day, and what is said of each thing then."""
    out = Graph(_GRAPH)
    iri = address(state.day, state.place)
    lines = [
        *out.day(iri, DCT + "date", state.day),
        out.link(iri, DCT + "spatial", place_iri(state.place.ljust(6, "0"))),
    ]
    for thing in state.things:
        lines.append(out.link(iri, DCT + "references", thing.iri))
        lines += dated_lines(out, thing)
    return without_graph(lines, _GRAPH)


def between_lines(found: Between) -> list[str]:
    """What changed as N-Triples: each thing with the day of the property that changed."""
    out = Graph(_GRAPH)
    iri = f"{BASE}at/{found.since.isoformat()}/{found.day.isoformat()}"
    lines = [*out.day(iri, DCT + "date", found.day)]
    for change in found.changes:
        lines.append(out.link(iri, DCT + "references", change.iri))
        lines += out.type(change.iri, _CLASSES[change.kind])
        lines.append(out.line(change.iri, RDFS + "label", literal(change.label, "zh")))
        if change.property in ("inForceFrom", "inForceUntil", "usedFrom", "usedUntil"):
            lines += out.day(change.iri, change.property, date.fromisoformat(change.day))
        if change.latest:
            lines += out.day(change.iri, "inForceFromLatest", date.fromisoformat(change.latest))
        if change.property == "succeededBy":
            lines += out.day(change.iri, "usedUntil", date.fromisoformat(change.day))
            lines += [out.link(change.iri, "succeededBy", name) for name in change.instead]
    return without_graph(lines, _GRAPH)


def dated_lines(out: Graph, thing: Dated) -> Iterator[str]:
    """What is said of one thing: its class, label, what it belongs to, its days."""
    place = thing.kind == "places"
    yield from out.type(thing.iri, _CLASSES[thing.kind])
    yield out.line(thing.iri, RDFS + "label", literal(thing.label, "zh"))
    if thing.of and thing.kind != "rules":
        yield out.link(thing.iri, DCT + "isPartOf", thing.of)
    for name, day in (
        ("usedFrom" if place else "inForceFrom", thing.start),
        ("inForceFromLatest", thing.latest),
        ("usedUntil" if place else "inForceUntil", thing.end),
    ):
        yield from out.day(thing.iri, name, date.fromisoformat(day) if day else None)


def address(day: date, place: str = "") -> str:
    """The IRI of the document of a day."""
    return f"{BASE}at/{day.isoformat()}/" + (f"?place={place}" if place else "")


def lines_of(things: Iterable[Dated]) -> list[str]:
    """Things as N-Triples."""
    out = Graph(_GRAPH)
    return without_graph([line for thing in things for line in dated_lines(out, thing)], _GRAPH)
