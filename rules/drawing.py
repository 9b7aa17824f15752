"""A fact drawn from other facts of a case, with the words that say how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ontology.label import Label
from rules.condition import Scalar


@dataclass(frozen=True, slots=True)
class Drawn:
    """A fact drawn from other facts (`rules.case.Derived`); `source` says from which, in words."""

    fact: str
    value: Scalar
    source: Label
    part: Mapping[str, str] = field(default_factory=dict)
    list: str | None = None
    row: int | None = None
