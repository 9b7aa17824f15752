"""A path that is gone from its open end to a constant, after patterns that bind that end.

The engine goes it once for every solution of what stands before; from the constant, and first, it
is gone once. Measured on 3,651 places: 14 ms, and 0.7 ms from the constant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.sparql.advice.edits import indented, without, without_pair
from service.sparql.advice.finding import Asked, Edit, Found
from service.sparql.advice.scope import groups
from service.sparql.advice.tree import (
    RDF_TYPE,
    Bind,
    Filter,
    Member,
    Minus,
    Optional,
    Pair,
    Statement,
    Triple,
    constant,
)


def path_from_variable(asked: Asked) -> Iterator[Found]:
    """`?s … ; p+ <x>`, where nothing before narrows ?s to a few things."""
    for group in groups(asked.tree):
        for block in _blocks(group.members):
            yield from _in_block(asked, block)


def _blocks(members: Sequence[Member]) -> Iterator[list[Member]]:
    """Runs of members that may stand in any order."""
    block: list[Member] = []
    for member in members:
        if isinstance(member, Bind | Minus | Optional):
            yield block
            block = []
        else:
            block.append(member)
    yield block


def _in_block(asked: Asked, block: Sequence[Member]) -> Iterator[Found]:
    before: list[Triple] = []
    for at, member in enumerate(block):
        if not isinstance(member, Statement):
            continue
        following = block[at + 1] if at + 1 < len(block) else None
        for pair in member.pairs:
            for node in pair.objects:
                triple = Triple(member.subject, pair.path, node, member)
                if _from_variable(triple) and _many(triple.subject.text, [*before, *block[:at]]):
                    yield _found(asked, block[0], member, pair, following)
                before.append(triple)


def _from_variable(triple: Triple) -> bool:
    return triple.path.recursive and triple.subject.kind == "variable" and constant(triple.object)


def _many(name: str, before: Sequence[Triple | Member]) -> bool:
    """Whether what stands before binds a variable, and to more than a few things."""
    triples = [each for each in before if isinstance(each, Triple) and name in each.variables]
    if any(not isinstance(each, Triple | Statement | Filter) for each in before):
        return False  # VALUES, GRAPH and groups may narrow it
    return bool(triples) and not any(map(_narrow, triples))


def _narrow(triple: Triple) -> bool:
    """Whether one end is a constant that few things have; of a class there are many."""
    if triple.path.iri == RDF_TYPE:
        return False
    return constant(triple.object) or constant(triple.subject)


def _found(
    asked: Asked, first: Member, statement: Statement, pair: Pair, following: Member | None
) -> Found:
    path, node = pair.path, pair.objects[0]
    written = asked.written(path.start, path.end)
    subject = asked.written(statement.subject.start, statement.subject.end)
    inverse = f"^{written}" if path.one else f"^({written})"
    if path.one and written.startswith("^"):
        inverse = written[1:].lstrip()
    new = f"{asked.written(node.start, node.end)} {inverse} {subject}"
    edits: tuple[Edit, ...] = ()
    if len(pair.objects) == 1 and not statement.inner:
        start = first.start
        put = Edit(start, start, f"{new} .{indented(asked, start)}")
        if len(statement.pairs) == 1:
            edits = (put, without(asked, statement, following))
        else:
            edits = (put, without_pair(asked, statement, pair))
    words = {"path": f"{subject} {written} {asked.written(node.start, node.end)}", "new": new}
    return Found("path-from-variable", path.start, words, edits=edits)
