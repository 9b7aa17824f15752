"""Which variables of a pattern have a value: in some solution, or in every one.

https://www.w3.org/TR/sparql11-query/#variableScope
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

from service.sparql.advice.tree import (
    Bind,
    Expression,
    Filter,
    Group,
    InGraph,
    Member,
    Minus,
    Optional,
    Select,
    Statement,
    Union,
    Values,
    joining,
)
from service.sparql.text import Token

Names = frozenset[str]


def possible(members: Iterable[Member]) -> Names:
    """The variables that may have a value in a solution of all of these."""
    return frozenset(name for member in members for name in _possible(member))


def certain(members: Iterable[Member]) -> Names:
    """Those that have one in every solution; nothing that is computed, for it may fail."""
    return frozenset(name for member in members for name in _certain(member))


def bound(members: Sequence[Member]) -> Names:
    """The certain ones, and those computed from certain ones: missing only where that fails."""
    names = certain(members)
    for member in members:
        if isinstance(member, Bind) and member.expression.variables <= names:
            names |= {member.variable}
    return names


def mentioned(tokens: Sequence[Token], start: int, end: int) -> Names:
    """Every variable that stands between two places, whatever it does there."""
    found = tokens[first_at(tokens, start) : first_at(tokens, end)]
    return frozenset(token.text[1:] for token in found if token.kind == "variable")


def first_at(tokens: Sequence[Token], at: int) -> int:
    """The number of the first token that begins at a place or behind it."""
    return bisect_left(tokens, at, key=lambda token: token.at)


def selects(query: Select) -> Iterator[Select]:
    """A query and all its subqueries."""
    yield query
    for group in groups(query):
        if group.select:
            yield group.select


def groups(query: Select) -> Iterator[Group]:
    """All groups of a query, those of subqueries and of EXISTS too."""
    for group in (query.where, *_asked(_expressions(query))):
        yield from within(group)


def within(group: Group) -> Iterator[Group]:
    """A group and all groups in it."""
    waiting = [group]
    while waiting:
        group = waiting.pop()
        yield group
        if group.select:
            waiting += [group.select.where, *_asked(_expressions(group.select))]
        for member in group.members:
            waiting += _below(member)


def statements(query: Select) -> Iterator[Statement]:
    """All statements of a query, wherever they stand."""
    for group in groups(query):
        for member in group.members:
            if isinstance(member, Statement):
                yield member


def values(query: Select) -> Iterator[Values]:
    """All blocks of VALUES."""
    for each in selects(query):
        if each.values:
            yield each.values
    for group in groups(query):
        for member in group.members:
            if isinstance(member, Values):
                yield member


def expressions(query: Select) -> Iterator[Expression]:
    """All expressions of a query: what is selected, FILTER, BIND, and the modifiers."""
    for each in selects(query):
        yield from _expressions(each)
    for group in groups(query):
        for member in group.members:
            if isinstance(member, Filter | Bind):
                yield member.expression


def _expressions(select: Select) -> Iterator[Expression]:
    yield from (p.expression for p in select.projections if p.expression)
    yield from select.clauses.values()


def _asked(found: Iterable[Expression]) -> list[Group]:
    return [each.group for expression in found for each in expression.exists]


def _below(member: Member) -> list[Group]:
    match member:
        case Optional() | Minus() | InGraph():
            return [member.group]
        case Union():
            return list(member.groups)
        case Filter() | Bind():
            return _asked([member.expression])
        case _:
            return []


def _of_statement(statement: Statement) -> Names:
    return joining(statement.subject).union(*(t.variables for t in statement.triples()))


def _possible(member: Member) -> Names:
    match member:
        case Statement():
            return _of_statement(member)
        case Bind():
            return frozenset((member.variable,))
        case Values():
            return frozenset(member.variables)
        case Optional():
            return possible_in(member.group)
        case InGraph():
            return possible_in(member.group) | joining(member.name)
        case Union():
            return frozenset().union(*map(possible_in, member.groups))
        case _:
            return frozenset()


def possible_in(group: Group) -> Names:
    """The variables that may leave a group with a value."""
    if (select := group.select) is None:
        return possible(group.members)
    if select.projections:
        return frozenset(projection.variable for projection in select.projections)
    given = frozenset(select.values.variables) if select.values else frozenset()
    return possible_in(select.where) | given


def _certain(member: Member) -> Names:
    match member:
        case Statement():
            return _of_statement(member)
        case Values():
            columns = zip(*member.rows, strict=True) if member.rows else ((),) * 0
            cells = zip(member.variables, columns, strict=False)
            return frozenset(name for name, column in cells if None not in column)
        case InGraph():
            return certain_in(member.group) | joining(member.name)
        case Union():
            return reduce(frozenset.intersection, map(certain_in, member.groups))
        case _:
            return frozenset()


def certain_in(group: Group) -> Names:
    """The variables that leave a group with a value in every solution."""
    if (select := group.select) is None:
        return certain(group.members)
    inner = certain_in(select.where)
    if not select.projections:
        return inner
    plain = frozenset(p.variable for p in select.projections if p.expression is None)
    return inner & plain
