"""Patterns that share no variable: each solution of one with each of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from math import inf
from typing import Final

from service.sparql.advice.finding import Asked, Found
from service.sparql.advice.known import Known
from service.sparql.advice.scope import Names, groups, possible
from service.sparql.advice.tree import (
    RDF_TYPE,
    Bind,
    Filter,
    Group,
    Member,
    Minus,
    Optional,
    Statement,
    Triple,
    Values,
    constant,
)

_MANY: Final = 1000
"""A product of fewer rows is no matter."""
_SHOWN: Final = 8


@dataclass(slots=True)
class _Part:
    """Patterns that hang together: their variables, where the first stands, their rows at most."""

    names: Names
    at: int
    rows: float


def cartesian_product(asked: Asked) -> Iterator[Found]:
    """Parts of a group that nothing joins, be it a FILTER."""
    for group in groups(asked.tree):
        parts = [part for part in _parts(group, asked.known) if part.rows > 1]
        if len(parts) < 2:
            continue
        parts.sort(key=lambda part: part.at)
        first, second = parts[:2]
        rows = first.rows * second.rows
        if rows < _MANY and len(parts) == 2:
            continue
        words = {
            "first": _told(first.names),
            "second": _told(second.names),
            "rows": f"{rows:,.0f}",
        }
        said = "cartesian-product" if rows < inf else "cartesian-product.uncounted"
        yield Found("cartesian-product", second.at, words, said)


def _parts(group: Group, known: Known) -> list[_Part]:
    """The parts; what compares two of them joins them too, though slowly."""
    parts = _Parts()
    for member in group.members:
        for part in _of(member, known):
            parts.add(part)
    for member in group.members:
        names: Names = frozenset()
        if isinstance(member, Filter | Bind):
            names = member.expression.variables
            names = names.union(*(possible(e.group.members) for e in member.expression.exists))
            names |= {member.variable} if isinstance(member, Bind) else frozenset()
        elif isinstance(member, Optional | Minus):
            names = possible(member.group.members)
        parts.link(names)
    return parts.all()


class _Parts:
    """Parts by their variables: a forest whose roots are parts (union-find)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}
        self._parts: dict[str, _Part] = {}

    def add(self, part: _Part) -> None:
        """Put a part to those that it shares a variable with."""
        for name in part.names:
            self._above.setdefault(name, name)
        roots = {self._root(name) for name in part.names}
        self._merge(roots, part)

    def link(self, names: Names) -> None:
        """Join the parts that have these variables."""
        roots = {self._root(name) for name in names if name in self._above}
        if len(roots) > 1:
            self._merge(roots, None)

    def all(self) -> list[_Part]:
        """The parts that are left."""
        return list(self._parts.values())

    def _merge(self, roots: set[str], new: _Part | None) -> None:
        found = [self._parts.pop(root) for root in roots if root in self._parts]
        found += [new] if new else []
        root = min(roots)
        for other in roots:
            self._above[other] = root
        names = frozenset(islice((name for part in found for name in part.names), _SHOWN))
        rows = min(part.rows for part in found)
        self._parts[root] = _Part(names, min(part.at for part in found), rows)

    def _root(self, name: str) -> str:
        while (above := self._above[name]) != name:
            self._above[name] = name = self._above[above]
        return name


def _of(member: Member, known: Known) -> Iterator[_Part]:
    if isinstance(member, Statement):
        for triple in member.triples():
            if triple.variables:
                at = triple.statement.start
                yield _Part(triple.variables, at, _rows(triple, known))
    elif isinstance(member, Values):
        yield _Part(frozenset(member.variables), member.start, len(member.rows))
    elif not isinstance(member, Filter | Bind | Optional | Minus) and (names := possible([member])):
        yield _Part(names, member.start, inf)


def _rows(triple: Triple, known: Known) -> float:
    """How many solutions a pattern has at most, as far as that is known."""
    if constant(triple.subject):
        return 1  # what one thing says is little
    iri = triple.path.iri
    if iri == RDF_TYPE and triple.object.kind == "iri":
        return known.classes.get(triple.object.text, 0) if known.classes else inf
    if constant(triple.object) and not triple.path.recursive:
        return inf if not iri else min(inf, _statements(iri, known) / 2)
    return _statements(iri, known) if iri else inf


def _statements(iri: str, known: Known) -> float:
    objects = known.properties.get(iri)
    return objects.statements if objects else inf


def _told(names: Names) -> str:
    shown = sorted(name for name in names if name[0] not in "[_")
    return " ".join(f"?{name}" for name in shown[:3]) + (" …" if len(shown) > 3 else "")
