"""What an address of a state asks: its days, a place, a thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from ontology.ids import BASE
from ontology.places import PlaceTable, UnknownPlace
from service.errors import BadRequest, NotFound
from service.linked.naming import iri_at

_DAY: Final = r"\d{4}-\d{2}-\d{2}"
_PATH: Final = re.compile(rf"/at/({_DAY})(?:/({_DAY}))?(?:/|/(id/.+))?", re.ASCII)
_CODE: Final = re.compile(r"(?:\d{2}){1,3}", re.ASCII)
_EXAMPLE: Final = "/at/2016-06-30/, /at/2016-06-30/2017-12-31, /at/2016-06-30/id/doc/…"


@dataclass(frozen=True, slots=True)
class Asked:
    """A day, or two of them, or a thing on a day."""

    day: date
    until: date | None = None
    iri: str = ""


def asked_of(path: str) -> Asked:
    """What a path without suffix asks. Raises NotFound, BadRequest for what is no day."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise NotFound("no state is at this address", hint=_EXAMPLE)
    day = day_of(found[1])
    if found[3] is not None:
        iri = iri_at(found[3])
        if iri is None or found[2] is not None:
            raise NotFound("nothing is said of this name")
        return Asked(day, iri=iri)
    until = day_of(found[2]) if found[2] else None
    if until is not None and until < day:
        raise BadRequest("the later day comes second", hint=f"/at/{until}/{day}")
    return Asked(day, until)


def day_of(text: str) -> date:
    """A day. Raises BadRequest."""
    try:
        return date.fromisoformat(text) if re.fullmatch(_DAY, text, re.ASCII) else _no_day(text)
    except ValueError:
        return _no_day(text)


def place_of(text: str, day: date, places: PlaceTable) -> str:
    """The prefix of a place by its code or its name on a day; "" everywhere. Raises BadRequest."""
    text = text.strip()
    if not text:
        return ""
    try:
        code = text.ljust(6, "0") if _CODE.fullmatch(text) else places.resolve(text, day).place.code
        if _CODE.fullmatch(text) and not any(place.code == code for place in places.places):
            raise UnknownPlace(text)
    except UnknownPlace as unknown:
        near = [unknown.nearest] if unknown.nearest else list(unknown.candidates[:3])
        hint = f"did you mean {', '.join(near)}?" if near else "a GB/T 2260 code or a full name"
        raise BadRequest(f"place: {text[:60]} is no place of that day", hint=hint) from None
    return re.sub("(00)+$", "", code)


def href(day: date, until: date | None = None, iri: str = "", place: str = "") -> str:
    """The address of a state, of a comparison or of a thing on a day."""
    path = f"/at/{day.isoformat()}/"
    if until is not None:
        path += until.isoformat()
    elif iri:
        path += iri.removeprefix(BASE)
    return path + (f"?place={place}" if place else "")


def _no_day(text: str) -> date:
    raise BadRequest(f"{text[:20]!r} is no day", hint="write it as 2016-06-30")
