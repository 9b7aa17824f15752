"""CONTAINS over all values of a property, where the full-text index knows the few that have it.

What CONTAINS finds of Chinese words `zr:matches` finds as well (`service.sparql.searching`), for it
only folds width, capitals and traditional forms besides: put before it, it takes nothing away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from service.sparql.advice.edits import indented
from service.sparql.advice.finding import Asked, Edit, Found
from service.sparql.advice.known import STRING, TAGGED
from service.sparql.advice.scope import groups
from service.sparql.advice.tree import Filter, Group, Statement, Triple
from service.sparql.searching import MATCHES, SEARCH
from service.sparql.text import Token

_MANY: Final = 300
"""Fewer values are looked through in no time."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]+")


def contains_for_search(asked: Asked) -> Iterator[Found]:
    """FILTER(CONTAINS(?text, "…")), a Chinese word, ?text being texts of one property."""
    if not asked.known.searches:
        return
    for group in groups(asked.tree):
        for member in group.members:
            if isinstance(member, Filter) and (said := _said(asked, member)):
                variable, word = said
                if triple := _triple(asked, group, variable):
                    yield _found(asked, member, triple, word)


def _said(asked: Asked, filter_: Filter) -> tuple[str, str] | None:
    """The variable and the word of CONTAINS, where that is all a FILTER asks."""
    expression = filter_.expression
    found: Sequence[Token] = asked.tokens[expression.first : expression.last]
    while len(found) > 2 and found[0].text == "(" and found[-1].text == ")":
        found = found[1:-1]
    kinds = [token.word or (token.text if token.kind == "mark" else token.kind) for token in found]
    if kinds == ["CONTAINS", "(", "STR", "(", "variable", ")", ",", "string", ")"]:
        variable, string = found[4], found[7]
    elif kinds == ["CONTAINS", "(", "variable", ",", "string", ")"]:
        variable, string = found[2], found[4]
    else:
        return None
    word = string.text.strip("\"'")
    return (variable.text[1:], word) if _HAN.fullmatch(word) else None


def _triple(asked: Asked, group: Group, variable: str) -> Triple | None:
    """The pattern that gives a variable its text, of a thing that no search names yet."""
    triples = [
        triple
        for member in group.members
        if isinstance(member, Statement)
        for triple in member.triples()
    ]
    if any(triple.path.iri in (MATCHES, SEARCH) for triple in triples):
        return None
    for triple in triples:
        objects = asked.known.properties.get(triple.path.iri)
        if (
            objects is not None
            and (triple.object.kind, triple.object.text) == ("variable", variable)
            and triple.subject.kind == "variable"
            and objects.statements >= _MANY
            and sum(objects.datatypes.get(kind, 0) for kind in (STRING, TAGGED))
            == objects.statements
        ):
            return triple
    return None


def _found(asked: Asked, filter_: Filter, triple: Triple, word: str) -> Found:
    end = triple.statement.end
    new = f'?{triple.subject.text} {asked.short(MATCHES)} "\\"{word}\\""'
    words = {
        "property": asked.written(triple.path.start, triple.path.end),
        "values": f"{asked.known.properties[triple.path.iri].statements:,}",
        "new": new,
    }
    edit = Edit(end, end, f" .{indented(asked, triple.statement.start)}{new}")
    return Found("contains-for-search", filter_.start, words, edits=(edit,))
