"""The triple patterns of a query that use certain properties, read from its tokens.

A small reader of SPARQL 1.1's grammar (§19.8) for who rewrites patterns: it tells which subject,
which objects and which GRAPH go with a property, and where they stand. The engine has read the
whole query before, so nothing is checked here that is not looked for; what this reader cannot
follow is refused rather than passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.sparql.nodes import END, Node, Terms
from service.sparql.text import Refused, Token

# After these a group follows.
_BEFORE_GROUPS: Final = frozenset(("OPTIONAL", "MINUS", "UNION", "LATERAL"))
_CLAUSES: Final = frozenset((*_BEFORE_GROUPS, "GRAPH", "FILTER", "BIND", "VALUES"))


@dataclass(frozen=True, slots=True)
class Pair:
    """A property with its objects; `property` is its IRI where it is one that is looked for."""

    property: str
    objects: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A subject with all its pairs, without the full stop.

    `graph` is what GRAPH names around it, if it does; `hidden` where a subquery lies between a
    GRAPH with a variable and the statement, so that nothing here could name that variable.
    """

    subject: Node
    pairs: tuple[Pair, ...]
    start: int
    end: int
    graph: Node | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Patterns:
    """The statements with a property that is looked for, and what VALUES gives to variables.

    Only variables with a block of their own are told, None standing for several blocks or values.
    """

    statements: tuple[Statement, ...]
    values: Mapping[str, Node | None]


def patterns(
    found: Sequence[Token],
    start: int,
    prefixes: Mapping[str, str],
    base: str,
    properties: Collection[str],
) -> Patterns:
    """The patterns of a query from its form on (`prologue` tells where that is).

    Raises Refused for a property in a place where it cannot be read by itself.
    """
    reader = _Reader(found[start:], prefixes, base, properties)
    try:
        reader.query()
    except RecursionError:
        raise Refused("bad-query", "nested too deep to search in", found[start].at) from None
    return Patterns(tuple(reader.statements), reader.values)


class _Reader(Terms):
    def __init__(
        self,
        found: Sequence[Token],
        prefixes: Mapping[str, str],
        base: str,
        properties: Collection[str],
    ) -> None:
        super().__init__(found, prefixes, base)
        self._properties = properties
        self._graph: Node | None = None
        self._hidden = False
        self.statements: list[Statement] = []
        self.values: dict[str, Node | None] = {}

    # --- queries and groups --------------------------------------------------------------------

    def query(self) -> None:
        """The whole query, or a subquery up to the brace that closes it."""
        if self.peek().word == "CONSTRUCT":
            self.take()
            if self.sees("{"):
                self._skip("{", "}")
            else:
                self._no_template()
        self._loosely(until_group=True)
        if self.sees("{"):
            self._group()
            self._loosely()

    def _no_template(self) -> None:
        """CONSTRUCT WHERE {…}: its pattern is what it makes, so nothing else can stand in it."""
        for token in self._tokens:
            if self._looked_for(token):
                self.refuse("write CONSTRUCT { … } WHERE { … }: search makes no statements", token)

    def _loosely(self, *, until_group: bool = False) -> None:
        """Whatever is no pattern, with the groups of EXISTS in it; ends before a lone brace."""
        while (token := self.peek()) is not END:
            if self.sees("}") or (until_group and self.sees("{")):
                return
            self._at += 1
            if token.word == "EXISTS" and self.sees("{"):
                self._group()
            elif token.word == "VALUES":
                self._data()

    def _group(self) -> None:
        self.expect("{")
        if self.peek().word == "SELECT":
            hidden, self._hidden = self._hidden, self._hidden or self._in_unnamed_graph()
            self.query()
            self._hidden = hidden
        while not self.sees("}"):
            self._member()
        self.take()

    def _in_unnamed_graph(self) -> bool:
        return self._graph is not None and self._graph.kind == "variable"

    def _member(self) -> None:
        word = self.peek().word
        if self.sees("{"):
            self._group()
        elif self.sees(".") or word in _BEFORE_GROUPS:
            self.take()
        elif word == "GRAPH":
            self.take()
            before = self._graph, self._hidden
            self._graph, self._hidden = self.node(), False
            self._group()
            self._graph, self._hidden = before
        elif word == "FILTER":
            self.take()
            self._constraint()
        elif word == "BIND":
            self.take()
            self._bracketed()
        elif word == "VALUES":
            self.take()
            self._data()
        else:
            self._statement()

    def _constraint(self) -> None:
        """An expression in brackets, a call, or [NOT] EXISTS."""
        if self.peek().word == "NOT":
            self.take()
        if not self.sees("("):
            exists = self.take().word == "EXISTS"
            if exists:
                self._group()
                return
        self._bracketed()

    def _bracketed(self) -> None:
        self.expect("(")
        depth = 1
        while depth:
            token = self.take()
            if token.word == "EXISTS" and self.sees("{"):
                self._group()
            elif token.kind == "mark":
                depth += (token.text == "(") - (token.text == ")")

    def _data(self) -> None:
        """What VALUES gives, after the keyword."""
        variable = self.peek()
        if variable.kind != "variable":
            self._skip("(", ")")
            self._skip("{", "}")
            return
        name = self.node().text
        self.expect("{")
        values: list[Node] = []
        while not self.sees("}"):
            undefined = self.peek().word == "UNDEF"
            values.append(_undefined(self.take()) if undefined else self.node())
        self.take()
        alone = len(values) == 1 and name not in self.values
        self.values[name] = values[0] if alone else None

    def _skip(self, opening: str, closing: str) -> None:
        self.expect(opening)
        depth = 1
        while depth:
            token = self.take()
            if token.kind == "mark":
                depth += (token.text == opening) - (token.text == closing)

    # --- statements ----------------------------------------------------------------------------

    def _statement(self) -> None:
        begin = self.peek()
        subject = self.node()
        pairs = self._pairs()
        if any(pair.property for pair in pairs):
            self.statements.append(
                Statement(subject, pairs, begin.at, pairs[-1].end, self._graph, self._hidden)
            )

    def described(self) -> None:
        """[…]: there is no name in it that a search could give its hits to."""
        for pair in self._pairs():
            if pair.property:
                why = "what is searched for needs a name: write ?x in place of […]"
                raise Refused("bad-query", why, pair.start)

    def _pairs(self) -> tuple[Pair, ...]:
        found: list[Pair] = []
        while True:
            while self.sees(";"):
                self.take()
            if self.sees(".}]{") or self.peek().word in _CLAUSES or self.peek() is END:
                return tuple(found)
            begin = self.peek()
            name = self._verb()
            objects = [self.node()]
            while self.sees(","):
                self.take()
                objects.append(self.node())
            found.append(Pair(name, tuple(objects), begin.at, objects[-1].end))
            if not self.sees(";"):
                return tuple(found)

    def _verb(self) -> str:
        """A variable or a path; the IRI of one that is looked for and stands by itself."""
        begin = self._at
        if self.peek().kind == "variable":
            self.take()
            return ""
        self._path()
        used = self._tokens[begin : self._at]
        asked = [token for token in used if self._looked_for(token)]
        if asked and len(used) > 1:
            self.refuse(f"{asked[0].text} cannot be part of a path", asked[0])
        return self.iri(asked[0]) if asked else ""

    def _path(self) -> None:
        while True:
            while self.sees("^!"):
                self.take()
            if self.sees("("):
                self.take()
                if not self.sees(")"):
                    self._path()
                self.expect(")")
            elif self.peek().kind in ("iri", "name") or self.peek().text == "a":
                self.take()
            else:
                self.refuse("a property was expected here")
            while self.sees("*+?"):
                self.take()
            if not self.sees("/|"):
                return
            self.take()

    def _looked_for(self, token: Token) -> bool:
        return token.kind in ("iri", "name") and self.iri(token) in self._properties


def _undefined(token: Token) -> Node:
    return Node("other", "", token.at, token.at + len(token.text))
