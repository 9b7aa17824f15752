"""What a dataset knows that its queries are judged by: names, how often they are used, tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from kb.quads import RDF
from kb.void_graph import Row
from ontology.names import nearest
from service.sparql.searching import MATCHES, SEARCH
from service.sparql.terms import XSD

STRING: Final = f"{XSD}string"
TAGGED: Final = f"{RDF}langString"
_HERE: Final = Path(__file__).with_name("asked")


@dataclass(frozen=True, slots=True)
class Objects:
    """What a property leads to: statements in all, those with each datatype, with each tag."""

    statements: int = 0
    datatypes: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)

    @property
    def tagged_only(self) -> bool:
        """Whether every value is a text with a language."""
        return bool(self.tags) and self.datatypes.get(TAGGED) == self.statements

    @property
    def plain_only(self) -> bool:
        """Whether every value is a text without a language."""
        return self.statements > 0 and self.datatypes.get(STRING) == self.statements


@dataclass(frozen=True, slots=True)
class Known:
    """`classes` have the number of their things, `declared` are terms of an ontology, used or not,
    `narrower` the classes below a class, `codes` all concepts; `labels` are what these are called.
    `searches` tells that full-text search is answered.

    Nothing is known of an empty one: then no name can be unknown.
    """

    properties: Mapping[str, Objects] = field(default_factory=dict)
    classes: Mapping[str, int] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    narrower: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    searches: bool = False

    @property
    def languages(self) -> frozenset[str]:
        """Every tag there is."""
        return frozenset(tag for objects in self.properties.values() for tag in objects.tags)

    def below(self, name: str) -> int:
        """How many things are of the classes under a class."""
        seen: set[str] = set()
        waiting = list(self.narrower.get(name, ()))
        while waiting:
            if (each := waiting.pop()) not in seen:
                seen.add(each)
                waiting += self.narrower.get(each, ())
        return sum(self.classes.get(each, 0) for each in seen)

    def near(self, iri: str, among: Iterable[str]) -> str | None:
        """The name that was probably meant: of the same label, else the one most like it by its
        last part or by its label."""
        namespace, local = split(iri)
        locals_: dict[str, str] = {}
        called: dict[str, str] = {}
        for each in sorted(among):
            space, last = split(each)
            if last not in locals_ or space == namespace:
                locals_[last] = each
            for label in self.labels.get(each, ()):
                called.setdefault(label.lower(), each)
        if exact := called.get(local.lower()):
            return exact
        lower = {last.lower(): each for last, each in locals_.items()}
        if found := nearest(local.lower(), lower):
            return lower[found]
        found = nearest(local.lower(), called)
        return called[found] if found else None


def split(iri: str) -> tuple[str, str]:
    """An IRI in two: up to its last # or /, and what follows."""
    at = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:at], iri[at:]


@cache
def asking() -> dict[str, str]:
    """The queries whose rows `known` takes, by name."""
    return {path.stem: path.read_text("utf-8") for path in sorted(_HERE.glob("*.rq"))}


def known(rows: Mapping[str, Sequence[Row]], *, searches: bool = False) -> Known:
    """What the rows of the queries of `asking` tell of a store."""
    labels: dict[str, list[str]] = defaultdict(list)
    declared: set[str] = {MATCHES, SEARCH}
    codes: set[str] = set()
    for row in rows["names"]:
        (codes if row["kind"] == "code" else declared).add(row["name"])
        if label := row.get("label"):
            labels[row["name"]].append(label)
    narrower: dict[str, set[str]] = defaultdict(set)
    for row in rows["narrower"]:
        narrower[row["class"]].add(row["narrower"])
    return Known(
        _properties(rows["objects"]),
        {row["class"]: int(row["things"]) for row in rows["classes"]},
        frozenset(declared),
        {name: frozenset(below) for name, below in narrower.items()},
        frozenset(codes),
        labels,
        searches,
    )


def _properties(rows: Iterable[Row]) -> dict[str, Objects]:
    statements: dict[str, int] = defaultdict(int)
    datatypes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    tags: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        name, count = row["property"], int(row["statements"])
        statements[name] += count
        if datatype := row.get("datatype"):
            datatypes[name][datatype] += count
        if tag := row.get("tag"):
            tags[name][tag.lower()] += count
    return {
        name: Objects(count, dict(datatypes[name]), dict(tags[name]))
        for name, count in statements.items()
    }
