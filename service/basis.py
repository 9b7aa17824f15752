"""What a decision rests on beside the request, as receipts keep it: derived facts, the place meant.

A replay takes both from the receipt, for lists and the table of places go on changing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ontology.label import Label
from ontology.places import Place, Resolution
from rules.case import Derived
from rules.condition import Scalar


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A list that could not be used, by its id."""

    list: str
    why: Label

    def to_json(self) -> dict[str, Any]:
        """The JSON form."""
        return {"list": self.list, "why": self.why.to_json()}


@dataclass(frozen=True, slots=True)
class Basis:
    """Of one case: what the knowledge base adds, and the resolved place (None: resolve it).

    `left_out` are lists that might have added something and why they could not.
    """

    derived: tuple[Derived, ...] = ()
    place: Resolution | None = None
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """One derivation read back from a receipt (`rules.case.Derived`)."""

    fact: str
    value: Scalar
    part: Mapping[str, str]
    source: Label
    list: str | None
    row: int | None


def to_json(bases: Sequence[Basis]) -> list[dict[str, Any]]:
    """The JSON form, one member of the list a case."""
    return [
        {
            "facts": [_derived_to_json(d) for d in basis.derived],
            "place": basis.place and _place_to_json(basis.place),
        }
        # Receipts of before have none; those that need none stay as they were.
        | ({"left_out": [one.to_json() for one in basis.left_out]} if basis.left_out else {})
        for basis in bases
    ]


def from_bytes(text: bytes) -> tuple[Basis, ...]:
    """The bases of the cases of a receipt."""
    return tuple(
        Basis(
            tuple(_derived_from_json(d) for d in value["facts"]),
            value["place"] and _place_from_json(value["place"]),
            tuple(
                LeftOut(one["list"], Label.from_json(one["why"]))
                for one in value.get("left_out", ())
            ),
        )
        for value in orjson.loads(text)
    )


def to_bytes(bases: Sequence[Basis]) -> bytes:
    """The JSON form as text."""
    return orjson.dumps(to_json(bases))


def _derived_to_json(derived: Derived) -> dict[str, Any]:
    return {
        "fact": derived.fact,
        "value": derived.value,
        "part": dict(derived.part),
        "source": derived.source.to_json(),
        "list": derived.list,
        "row": derived.row,
    }


def _derived_from_json(value: Mapping[str, Any]) -> Recorded:
    source = Label.from_json(value["source"])
    return Recorded(
        value["fact"], value["value"], value["part"], source, value["list"], value["row"]
    )


def _place_to_json(found: Resolution) -> dict[str, Any]:
    place = found.place
    return {
        "code": place.code,
        "name": place.name,
        "short": place.short,
        "level": place.level,
        "parent": place.parent,
        "given": found.given,
        "note": found.note and found.note.to_json(),
    }


def _place_from_json(value: Mapping[str, Any]) -> Resolution:
    place = Place(value["code"], value["name"], value["short"], value["level"], value["parent"])
    note = value["note"] and Label.from_json(value["note"])
    return Resolution(place, value["given"], note)
