"""Aggregates over what an OPTIONAL may leave without a value.

Of a group with one such row SUM and AVG have no value at all (SPARQL 1.1 §18.5.1: an error in what
is added is one in the sum), and this engine holds the same of MIN, MAX and GROUP_CONCAT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from service.sparql.advice.finding import Asked, Edit, Found
from service.sparql.advice.scope import Names, bound, possible, selects
from service.sparql.advice.tree import Expression, Group, Optional, Select
from service.sparql.text import Token

_AGGREGATES: Final = ("SUM", "AVG", "MIN", "MAX", "GROUP_CONCAT")
# Who writes these has thought of it.
_GUARDS: Final = frozenset(("COALESCE", "IF", "BOUND"))


def aggregate_of_optional(asked: Asked) -> Iterator[Found]:
    """SUM and the like of a variable that only an OPTIONAL binds."""
    for select in selects(asked.tree):
        keys = select.clauses.get("GROUP")
        open_ = _open(select.where)
        split = _splitting(select.where, keys.variables if keys else frozenset())
        for expression in _expressions(select):
            for at in range(expression.first, expression.last):
                if asked.tokens[at].word in _AGGREGATES and asked.tokens[at + 1].text == "(":
                    yield from _found(asked, at, expression.last, open_, split)


def _expressions(select: Select) -> Iterator[Expression]:
    yield from (p.expression for p in select.projections if p.expression)
    yield from (select.clauses[name] for name in ("HAVING", "ORDER") if name in select.clauses)


def _open(where: Group) -> Names:
    """What may have a value and need not."""
    return possible(where.members) - bound(where.members)


def _splitting(where: Group, keys: Names) -> Names:
    """The variables that one group may have with and without a value.

    Where an OPTIONAL hangs on the keys of the grouping alone, all rows of a group have it or none.
    """
    found: set[str] = set()
    before: set[str] = set()
    for member in where.members:
        own = possible([member])
        if isinstance(member, Optional) and not own & before <= keys:
            found |= own - before
        before |= own
    return frozenset(found)


def _found(asked: Asked, at: int, last: int, open_: Names, split: Names) -> Iterator[Found]:
    end = _closing(asked.tokens, at + 1, last)
    inside = asked.tokens[at + 2 : end]
    names = frozenset(token.text[1:] for token in inside if token.kind == "variable")
    name = asked.tokens[at].word
    missing = names & (open_ if name == "SUM" else open_ & split)
    if not missing or any(token.word in _GUARDS for token in inside):
        return
    words = {"variable": f"?{min(missing)}", "aggregate": name}
    begin, close = asked.tokens[at].at, asked.tokens[end].at
    distinct = inside[0].word == "DISTINCT"
    first = inside[1] if distinct else inside[0]
    kept = "DISTINCT " if distinct else ""
    what = asked.written(first.at, close).strip()
    new = f"SUM({kept}COALESCE({what}, 0))"
    if name == "AVG":
        new = f"({new} / COUNT({kept}{what}))"
    edits = (Edit(begin, close + 1, new),) if name in ("SUM", "AVG") else ()
    yield Found(
        "aggregate-of-optional",
        begin,
        words,
        "aggregate-of-optional" if name == "SUM" else "aggregate-of-optional.other",
        edits,
        "sometimes",
        "aggregate-of-optional",
    )


def _closing(tokens: Sequence[Token], at: int, last: int) -> int:
    """Where the bracket that opens at a token is closed."""
    depth = 0
    for n in range(at, last):
        if tokens[n].kind == "mark":
            depth += (tokens[n].text == "(") - (tokens[n].text == ")")
        if depth == 0:
            return n
    return last - 1
