"""A query as a tree of what its groups hold, each part with where it stands in the text.

SPARQL 1.1 §19.8, from Query to GraphNode; https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from service.sparql.nodes import Node

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
BRACKETS: Final = "["
"""The text of a node that stands for […]."""


@dataclass(frozen=True, slots=True)
class Name:
    """An IRI as it is written, and where."""

    iri: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Path:
    """What stands between subject and object: a variable, a property, or a path of several.

    `names` are all properties in it. `one` tells that it is a single element, however often it is
    gone (`p`, `^p`, `(p/q)+`), `recursive` that + or * is in it.
    """

    start: int
    end: int
    names: tuple[Name, ...]
    variable: str = ""
    recursive: bool = False
    one: bool = True

    @property
    def iri(self) -> str:
        """The IRI of a property that stands by itself; else empty."""
        plain = len(self.names) == 1 and (self.start, self.end) == self._first
        return self.names[0].iri if plain else ""

    @property
    def _first(self) -> tuple[int, int]:
        return self.names[0].start, self.names[0].end


@dataclass(frozen=True, slots=True)
class Pair:
    """A path with its objects."""

    path: Path
    objects: tuple[Node, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.path.start

    @property
    def end(self) -> int:
        """Where its last object ends."""
        return self.objects[-1].end


@dataclass(frozen=True, slots=True)
class Statement:
    """A subject with its pairs, without the full stop; `inner` are those of its […]."""

    subject: Node
    pairs: tuple[Pair, ...]
    start: int
    end: int
    inner: tuple[Statement, ...] = ()

    def triples(self) -> Iterator[Triple]:
        """Every subject, path and object, those in […] too."""
        for pair in self.pairs:
            for node in pair.objects:
                yield Triple(self.subject, pair.path, node, self)
        for each in self.inner:
            yield from each.triples()


@dataclass(frozen=True, slots=True)
class Triple:
    """One pattern, and the statement that it is part of."""

    subject: Node
    path: Path
    object: Node
    statement: Statement

    @property
    def variables(self) -> frozenset[str]:
        """Its variables, and what stands for the blank nodes in it."""
        path = frozenset((self.path.variable,)) if self.path.variable else frozenset()
        return joining(self.subject) | joining(self.object) | path


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression: its variables outside of EXISTS, and the groups of EXISTS in it.

    `first` and `last` bound its tokens, the last one not included.
    """

    start: int
    end: int
    first: int
    last: int
    variables: frozenset[str]
    exists: tuple[Exists, ...] = ()


@dataclass(frozen=True, slots=True)
class Exists:
    """[NOT] EXISTS { … }."""

    negated: bool
    group: Group
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Filter:
    """FILTER with what it asks; `exists` where that is EXISTS and nothing beside it."""

    start: int
    end: int
    expression: Expression
    exists: Exists | None = None


@dataclass(frozen=True, slots=True)
class Bind:
    """BIND(… AS ?x)."""

    start: int
    end: int
    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Values:
    """VALUES: its variables and rows; None stands for UNDEF."""

    start: int
    end: int
    variables: tuple[str, ...]
    rows: tuple[tuple[Node | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Optional:
    """OPTIONAL { … }."""

    start: int
    end: int
    group: Group


@dataclass(frozen=True, slots=True)
class Minus:
    """MINUS { … }."""

    start: int
    end: int
    group: Group


@dataclass(frozen=True, slots=True)
class InGraph:
    """GRAPH … { … }."""

    start: int
    end: int
    name: Node
    group: Group


@dataclass(frozen=True, slots=True)
class Union:
    """Groups with UNION between them; one alone is a group in a group."""

    start: int
    end: int
    groups: tuple[Group, ...]


Member: TypeAlias = Statement | Filter | Bind | Values | Optional | Minus | InGraph | Union


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in { … }, the braces included; `select` where that is a subquery."""

    start: int
    end: int
    members: tuple[Member, ...] = ()
    select: Select | None = None


@dataclass(frozen=True, slots=True)
class Projection:
    """A variable that leaves a query, with the expression that gives it its value."""

    variable: str
    start: int
    end: int
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Select:
    """A query or subquery: what leaves it, its pattern, and what is done with the solutions.

    Without projections everything leaves (`*`, or a form without any). `clauses` are GROUP, HAVING,
    ORDER, LIMIT and OFFSET, each from its keyword on; `template` is what a CONSTRUCT makes.
    """

    form: str
    start: int
    where: Group
    projections: tuple[Projection, ...] = ()
    clauses: Mapping[str, Expression] = field(default_factory=dict)
    values: Values | None = None
    template: tuple[int, int] = (0, 0)


def joining(node: Node) -> frozenset[str]:
    """What can join a term with another: its variables, and names for its blank nodes."""
    if node.kind == "variable":
        return frozenset((node.text,))
    if node.kind == "list":
        return frozenset(name for item in node.items for name in joining(item))
    if node.kind == "other" and node.text == BRACKETS:
        return frozenset((f"[{node.start}",))
    if node.kind == "other" and node.text.startswith("_:"):
        return frozenset((node.text,))
    return frozenset()


def constant(node: Node) -> bool:
    """Whether a term is the same in every solution."""
    return not joining(node)
