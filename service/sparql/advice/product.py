"""Patterns that share no variable: each solution of one with each of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, prod

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

_MANY = 1000
"""A product of fewer rows is no matter."""


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
        parts.sort(key=lambda part: part.at)
        rows = prod(part.rows for part in parts)
        if len(parts) < 2 or rows < _MANY:
            continue
        second = parts[1]
        words = {
            "first": _told(parts[0].names),
            "second": _told(second.names),
            "rows": f"{rows:,.0f}",
        }
        said = "cartesian-product" if rows < inf else "cartesian-product.uncounted"
        yield Found("cartesian-product", second.at, words, said)


def _parts(group: Group, known: Known) -> list[_Part]:
    parts: list[_Part] = []
    for member in group.members:
        for part in _of(member, known):
            _join(parts, part)
    for member in group.members:
        if isinstance(member, Filter | Bind):
            # What compares two parts joins them, though slowly.
            names = member.expression.variables
            names = names.union(*(possible(e.group.members) for e in member.expression.exists))
            if isinstance(member, Bind):
                names |= {member.variable}
            _join(parts, _Part(names, member.start, inf), of_two=True)
        elif isinstance(member, Optional | Minus):
            _join(parts, _Part(possible(member.group.members), member.start, inf), of_two=True)
    return parts


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


def _join(parts: list[_Part], new: _Part, *, of_two: bool = False) -> None:
    """Put a part to those that it shares a variable with; `of_two` only joins what is there."""
    touched = [part for part in parts if part.names & new.names]
    if of_two:
        if len(touched) < 2:
            return
        new = _Part(new.names, touched[0].at, inf)
    rows = min([new.rows, *(part.rows for part in touched)])
    names = new.names.union(*(part.names for part in touched))
    at = min([new.at, *(part.at for part in touched)])
    parts[:] = [part for part in parts if not any(part is each for each in touched)]
    parts.append(_Part(names, at, rows))


def _told(names: Names) -> str:
    shown = sorted(name for name in names if name[0] not in "[_")
    return " ".join(f"?{name}" for name in shown[:3]) + (" …" if len(shown) > 3 else "")
