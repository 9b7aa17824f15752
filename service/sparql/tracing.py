"""Queries that tell in which graphs a query's patterns are matched.

Every pattern of its own is put into a GRAPH with a variable, and the values of these variables are
asked for in place of the results: `how` is then `solutions`. A path may lead through several
graphs, so for it the graphs are asked that have its properties (`properties`). A pattern in a
subquery, EXISTS or MINUS leaves no value behind: it is asked by itself (`matches`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from service.sparql.advice.finding import Edit, rewritten
from service.sparql.advice.scope import groups
from service.sparql.advice.tree import (
    BRACKETS,
    Filter,
    Group,
    InGraph,
    Minus,
    Optional,
    Select,
    Statement,
    Triple,
    Union,
)
from service.sparql.nodes import Node
from service.sparql.text import Token, place

How = Literal["solutions", "matches", "properties", "named"]
MOST: Final = 40
"""Patterns beyond are not traced."""
# Names that no query uses by chance.
NUMBER: Final = "zr_number"
GRAPH: Final = "zr_graph"
_GRAPH: Final = "zr_graph_"
_BLANK: Final = "zr_blank_"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern as it is written, where, and how its graphs are asked.

    `given` is the graph that the query names itself, `variable` the one whose values are its
    graphs in the joined query.
    """

    text: str
    line: int
    column: int
    how: How
    given: str = ""
    variable: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """The patterns of a query, and the two queries whose rows tell of their graphs.

    `joined` has the variables of the patterns of `solutions`, `single` rows of NUMBER (the
    pattern's, from nought) and GRAPH for the others. Either is empty where nothing is asked so.
    """

    patterns: tuple[Pattern, ...]
    joined: str
    single: str


def trace(text: str, tokens: Sequence[Token], tree: Select, *, alone: bool = False) -> Trace:
    """The trace of a query; `alone` asks every pattern by itself."""
    prologue = text[: tree.start]
    graphs = {id(statement): graph for statement, graph in _open(tree.where, None)}
    found: list[Pattern] = []
    single: list[str] = []
    edits: list[Edit] = []
    for statement in _statements(tree):
        triples = list(statement.triples())
        if len(found) + len(triples) > MOST:
            break
        joined = id(statement) in graphs and not alone
        graph = graphs.get(id(statement))
        kept = []
        for triple in triples:
            one = _pattern(text, triple, len(found), graph, joined=joined)
            if one.how in ("matches", "properties"):
                single.append(_alone(len(found), one.how, _asked(text, triple), triple))
            kept.append(_kept(one, _asked(text, triple), graph))
            found.append(one)
        if joined and triples:
            edits.append(Edit(statement.start, statement.end, " ".join(kept).removesuffix(" .")))
    names = dict.fromkeys(each.variable for each in found if each.variable)
    return Trace(
        tuple(found),
        _joined(text, prologue, tree, edits, list(names)),
        f"{prologue}SELECT ?{NUMBER} ?{GRAPH} {{ {' UNION '.join(single)} }}" if single else "",
    )


def _pattern(
    text: str, triple: Triple, number: int, graph: Node | None, *, joined: bool
) -> Pattern:
    how: How = "matches"
    given = variable = ""
    if graph is not None and graph.kind == "iri":
        how, given = "named", graph.text
    elif not (triple.path.variable or triple.path.iri):
        how = "properties"
    elif joined:
        how = "solutions"
        variable = graph.text if graph is not None else f"{_GRAPH}{number}"
    line, column = place(text, triple.subject.start)
    parts = (triple.subject, triple.path, triple.object)
    shown = " ".join(text[part.start : part.end] for part in parts)
    return Pattern(" ".join(shown.split()), line, column, how, given, variable)


def _asked(text: str, triple: Triple) -> str:
    path = text[triple.path.start : triple.path.end]
    return f"{_written(text, triple.subject)} {path} {_written(text, triple.object)}"


def _kept(one: Pattern, asked: str, graph: Node | None) -> str:
    """A pattern in the joined query."""
    if one.how == "solutions" and graph is None:
        return f"GRAPH ?{one.variable} {{ {asked} }}"
    return f"{asked} ."


def _alone(number: int, how: How, asked: str, triple: Triple) -> str:
    """A pattern, or the properties of its path, as a branch of the single query."""
    if how == "properties":
        names = "|".join(f"<{name.iri}>" for name in triple.path.names)
        asked = f"?zr_s {names} ?zr_o"
    inside = f"GRAPH ?{GRAPH} {{ {asked} }}"
    return f"{{ SELECT DISTINCT ({number} AS ?{NUMBER}) ?{GRAPH} {{ {inside} }} }}"


def _joined(
    text: str, prologue: str, tree: Select, edits: Sequence[Edit], names: Sequence[str]
) -> str:
    if not names:
        return ""
    where = rewritten(text[: tree.where.end], edits)[tree.where.start :]
    if tree.values:
        where = f"{{ {where} {text[tree.values.start : tree.values.end]} }}"
    return f"{prologue}SELECT DISTINCT {' '.join(f'?{name}' for name in names)} WHERE {where}"


def _written(text: str, node: Node) -> str:
    """A term; blank nodes as variables, since one label may not stand in two graphs."""
    if node.kind == "list":
        return f"({' '.join(_written(text, item) for item in node.items)})"
    if node.kind == "other" and node.text == BRACKETS:
        return f"?{_BLANK}{node.start}"
    if node.kind == "other" and node.text.startswith("_:"):
        return f"?{_BLANK}{node.text[2:].replace('-', '_').replace('.', '_')}"
    return text[node.start : node.end]


def _statements(tree: Select) -> Iterator[Statement]:
    """All statements in the order of the text."""
    found = [
        member
        for group in groups(tree)
        for member in group.members
        if isinstance(member, Statement)
    ]
    yield from sorted(found, key=lambda each: each.start)


def _open(group: Group, graph: Node | None) -> Iterator[tuple[Statement, Node | None]]:
    """The statements whose variables leave the query's pattern, with the GRAPH around them."""
    for member in group.members:
        match member:
            case Statement():
                yield member, graph
            case Optional():
                yield from _open(member.group, graph)
            case Union():
                for each in member.groups:
                    yield from _open(each, graph)
            case InGraph():
                yield from _open(member.group, member.name)
            case Minus() | Filter():
                pass
