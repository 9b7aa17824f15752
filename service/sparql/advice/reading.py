"""Reads the tree of a query from its tokens.

The engine has read the query before, so nothing is checked here that is not looked for. What this
reader cannot follow (SPARQL 1.2, what engines add of their own) it refuses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from service.sparql.advice.tree import (
    BRACKETS,
    RDF_TYPE,
    Bind,
    Exists,
    Expression,
    Filter,
    Group,
    InGraph,
    Member,
    Minus,
    Name,
    Optional,
    Pair,
    Path,
    Projection,
    Select,
    Statement,
    Union,
    Values,
)
from service.sparql.nodes import END, Node, Terms
from service.sparql.text import Refused, Token, prologue

_MODIFIERS: Final = frozenset(("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"))
_CLAUSES: Final = frozenset(
    ("OPTIONAL", "MINUS", "UNION", "GRAPH", "FILTER", "BIND", "VALUES", "SERVICE", "LATERAL")
)
DEEPEST: Final = 50
"""Groups in groups beyond are not followed."""


def read_tree(found: Sequence[Token]) -> Select:
    """The tree of a query's tokens. Raises Refused for what cannot be followed."""
    start, prefixes, base = prologue(found)
    try:
        return _Reader(found, start, prefixes, base).query()
    except RecursionError:
        raise Refused("bad-query", "nested too deep to be read", -1) from None


class _Reader(Terms):
    def __init__(
        self, found: Sequence[Token], start: int, prefixes: Mapping[str, str], base: str
    ) -> None:
        super().__init__(found, prefixes, base)
        self._at = start
        self._inner: list[Statement] = []
        self._depth = 0

    # --- queries -------------------------------------------------------------------------------

    def query(self) -> Select:
        """A query or subquery, up to the end or the brace that closes it."""
        begin = self.take()
        form = begin.word
        projections: list[Projection] = []
        template = (0, 0)
        if form == "CONSTRUCT" and self.sees("{"):
            template = self._skip()
        while not (self.sees("{") or self.peek() is END):
            if self.peek().word == "FROM":
                self.take()
                if self.peek().word == "NAMED":
                    self.take()
                self.take()
            elif form == "SELECT" and self.sees("("):
                projections.append(self._projected())
            else:
                token = self.take()
                if token.kind == "variable":
                    end = token.at + len(token.text)
                    projections.append(Projection(token.text[1:], token.at, end))
        where = self._group() if self.sees("{") else Group(begin.at, begin.at)
        clauses: dict[str, Expression] = {}
        values = None
        while not (self.sees("}") or self.peek() is END):
            word = self.peek().word
            if word == "VALUES":
                values = self._values()
            elif word in _MODIFIERS:
                clauses[word] = self._clause()
            else:
                self.refuse("this cannot be read here")
        return Select(form, begin.at, where, tuple(projections), clauses, values, template)

    def _projected(self) -> Projection:
        begin = self.peek()
        expression, name = self._bracketed_as()
        return Projection(name, begin.at, self._last_end(), expression)

    def _clause(self) -> Expression:
        """A modifier, up to the next one."""
        first = self._at
        self.take()
        exists: list[Exists] = []
        while not (
            self.sees("}") or self.peek() is END or self.peek().word in (*_MODIFIERS, "VALUES")
        ):
            self._one(exists)
        return self._expression(first, exists)

    # --- groups --------------------------------------------------------------------------------

    def _group(self) -> Group:
        begin = self.expect("{").at
        self._depth += 1
        if self._depth > DEEPEST:
            self.refuse("nested too deep to be followed")
        if self.peek().word == "SELECT":
            select = self.query()
            self._depth -= 1
            return Group(begin, self.expect("}").at + 1, select=select)
        members: list[Member] = []
        while not self.sees("}"):
            if self.sees("."):
                self.take()
            else:
                members.append(self._member())
        self._depth -= 1
        return Group(begin, self.take().at + 1, tuple(members))

    def _member(self) -> Member:
        begin = self.peek()
        at = begin.at
        if self.sees("{"):
            return self._union()
        match begin.word:
            case "OPTIONAL":
                self.take()
                group = self._group()
                return Optional(at, group.end, group)
            case "MINUS":
                self.take()
                group = self._group()
                return Minus(at, group.end, group)
            case "GRAPH":
                self.take()
                name = self.node()
                group = self._group()
                return InGraph(at, group.end, name, group)
            case "FILTER":
                return self._filter()
            case "BIND":
                self.take()
                expression, variable = self._bracketed_as()
                return Bind(at, self._last_end(), expression, variable)
            case "VALUES":
                return self._values()
            case "LATERAL" | "SERVICE":
                self.refuse("this cannot be read here")
        return self._statement()

    def _union(self) -> Union:
        groups = [self._group()]
        while self.peek().word == "UNION":
            self.take()
            groups.append(self._group())
        return Union(groups[0].start, groups[-1].end, tuple(groups))

    def _filter(self) -> Filter:
        begin = self.take().at
        first = self._at
        found: list[Exists] = []
        if self.peek().word == "NOT" or self.peek().word == "EXISTS":
            self._one(found)
            if not found:
                self._one(found)
            expression = self._expression(first, found)
            return Filter(begin, expression.end, expression, found[0])
        if not self.sees("("):
            self.take()
        self._bracketed(found)
        expression = self._expression(first, found)
        return Filter(begin, expression.end, expression)

    def _values(self) -> Values:
        begin = self.take().at
        names: list[str] = []
        single = not self.sees("(")
        if single:
            names.append(self.take().text[1:])
        else:
            self.take()
            while not self.sees(")"):
                names.append(self.take().text[1:])
            self.take()
        self.expect("{")
        rows: list[tuple[Node | None, ...]] = []
        while not self.sees("}"):
            if single:
                rows.append((self._value(),))
                continue
            self.expect("(")
            row = []
            while not self.sees(")"):
                row.append(self._value())
            self.take()
            rows.append(tuple(row))
        return Values(begin, self.take().at + 1, tuple(names), tuple(rows))

    def _value(self) -> Node | None:
        if self.peek().word == "UNDEF":
            self.take()
            return None
        return self.node()

    def _skip(self) -> tuple[int, int]:
        begin = self.expect("{").at
        depth = 1
        while depth:
            token = self.take()
            if token.kind == "mark":
                depth += (token.text == "{") - (token.text == "}")
        return begin, self._last_end()

    # --- expressions ---------------------------------------------------------------------------

    def _bracketed(self, exists: list[Exists]) -> None:
        self.expect("(")
        while not self.sees(")"):
            self._one(exists)
        self.take()

    def _bracketed_as(self) -> tuple[Expression, str]:
        """(expression AS ?name)."""
        self.expect("(")
        first = self._at
        exists: list[Exists] = []
        while self.peek().word != "AS":
            self._one(exists)
        expression = self._expression(first, exists)
        self.take()
        name = self.take().text[1:]
        self.expect(")")
        return expression, name

    def _one(self, exists: list[Exists]) -> None:
        """A token of an expression, brackets with all in them, or an EXISTS with its group."""
        if self.sees("("):
            self._bracketed(exists)
            return
        token = self.take()
        if token.word == "EXISTS" and self.sees("{"):
            before = self._tokens[self._at - 2]
            negated = before.word == "NOT"
            group = self._group()
            start = before.at if negated else token.at
            exists.append(Exists(negated, group, start, group.end))

    def _expression(self, first: int, exists: Sequence[Exists]) -> Expression:
        inside = [(each.start, each.end) for each in exists]
        variables = frozenset(
            token.text[1:]
            for token in self._tokens[first : self._at]
            if token.kind == "variable" and not any(a <= token.at < b for a, b in inside)
        )
        start = self._tokens[first].at
        return Expression(start, self._last_end(), first, self._at, variables, tuple(exists))

    def _last_end(self) -> int:
        last = self._tokens[self._at - 1]
        return last.at + len(last.text)

    # --- statements ----------------------------------------------------------------------------

    def node(self) -> Node:
        """A term; what stands for […] is marked so."""
        begin = self.peek()
        found = super().node()
        if begin.kind == "mark" and begin.text == "[":
            return Node("other", BRACKETS, found.start, found.end)
        return found

    def _statement(self) -> Statement:
        kept, self._inner = self._inner, []
        subject = self.node()
        pairs = self._pairs()
        end = pairs[-1].end if pairs else subject.end
        statement = Statement(subject, pairs, subject.start, end, tuple(self._inner))
        self._inner = kept
        return statement

    def described(self) -> None:
        """[…]: a statement of its own, about what the bracket stands for."""
        begin = self._tokens[self._at - 1].at
        kept, self._inner = self._inner, []
        pairs = self._pairs()
        inner = tuple(self._inner)
        self._inner = kept
        if pairs or inner:
            subject = Node("other", BRACKETS, begin, begin + 1)
            end = pairs[-1].end if pairs else begin + 1
            self._inner.append(Statement(subject, pairs, begin, end, inner))

    def _pairs(self) -> tuple[Pair, ...]:
        found: list[Pair] = []
        while True:
            while self.sees(";"):
                self.take()
            if self.sees(".}]{") or self.peek().word in _CLAUSES or self.peek() is END:
                return tuple(found)
            path = self._verb()
            objects = [self.node()]
            while self.sees(","):
                self.take()
                objects.append(self.node())
            found.append(Pair(path, tuple(objects)))
            if not self.sees(";"):
                return tuple(found)

    def _verb(self) -> Path:
        token = self.peek()
        if token.kind == "variable":
            self.take()
            return Path(token.at, token.at + len(token.text), (), token.text[1:])
        begin = self._at
        names: list[Name] = []
        one = self._path(names)
        used = self._tokens[begin : self._at]
        recursive = any(each.kind == "mark" and each.text in "+*" for each in used)
        return Path(used[0].at, self._last_end(), tuple(names), "", recursive, one)

    def _path(self, names: list[Name]) -> bool:
        """Read a path; whether it is a single element."""
        one = True
        while True:
            while self.sees("^!"):
                self.take()
            token = self.peek()
            if self.sees("("):
                self.take()
                if not self.sees(")"):
                    self._path(names)
                self.expect(")")
            elif token.kind in ("iri", "name"):
                self.take()
                names.append(Name(self.iri(token), token.at, token.at + len(token.text)))
            elif token.text == "a":
                self.take()
                names.append(Name(RDF_TYPE, token.at, token.at + 1))
            else:
                self.refuse("a property was expected here")
            while self.sees("*+?"):
                self.take()
            if not self.sees("/|"):
                return one
            one = False
            self.take()
