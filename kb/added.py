"""When instruments came into the knowledge base (`added.yaml`): what a change feed tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from kb import yaml_source
from kb.meta import Day, Model, Text, check
from ontology.issue import ContentError

FILE: Final = Path(__file__).with_name("added.yaml")


@dataclass(frozen=True, slots=True)
class Added:
    """The instruments of a day, by their keys."""

    day: date
    instruments: tuple[str, ...]


class _Added(Model):
    day: Day
    instruments: tuple[Text, ...]


class _File(Model):
    added: tuple[_Added, ...]


@cache
def load_added(path: Path = FILE) -> tuple[Added, ...]:
    """The days, the latest first. Raises ContentError with every fault of the file."""
    source = yaml_source.read(path, path.name)
    model = None if source.issues else check(_File, source)
    if source.issues or model is None:
        raise ContentError(source.issues)
    found = [Added(one.day, one.instruments) for one in model.added]
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))
