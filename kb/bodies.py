"""The bodies that make instruments (ORG Organization, https://www.w3.org/TR/vocab-org/)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kb import yaml_source
from kb.meta import Model, Text, check
from ontology.issue import Issue
from ontology.label import Label

BodyClass = Literal["PartyOrganisation", "Government", "GovernmentDepartment", "StateOrgan"]


@dataclass(frozen=True, slots=True)
class Body:
    """A body by its full name; `kind` is its class in the ontology, `under` a body's key or "".

    `also` are other names that texts of its jurisdiction (of any, for central bodies) call it by.
    """

    key: str
    name: Label
    kind: BodyClass
    jurisdiction: str
    under: str
    also: tuple[str, ...] = ()


class _Body(Model):
    key: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    name: Text
    en: Text
    class_: Annotated[BodyClass, Field(alias="class")]
    place: str
    under: str = ""
    also: tuple[Text, ...] = ()


class _Bodies(Model):
    bodies: tuple[_Body, ...]


def read_bodies(path: Path, shown_as: str) -> tuple[tuple[Body, ...], list[Issue]]:
    """The bodies of a file, with what is wrong in it; none where there is no file."""
    if not path.exists():
        return (), []
    source = yaml_source.read(path, shown_as)
    model = None if source.issues else check(_Bodies, source)
    bodies = tuple(
        Body(b.key, Label(b.name, b.en), b.class_, b.place, b.under, b.also)
        for b in (model.bodies if model else ())
    )
    keys = [body.key for body in bodies]
    names = [body.name.zh for body in bodies]
    for n, body in enumerate(bodies):
        at = ("bodies", n)
        if body.key in keys[:n] or body.name.zh in names[:n]:
            source.issues.append(source.issue(f"{body.key} is described twice", at))
        if body.under and body.under not in keys:
            source.issues.append(source.issue(f"no body {body.under} is described", at))
    return bodies, source.issues
