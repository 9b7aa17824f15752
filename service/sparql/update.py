"""The text of a SPARQL 1.1 Update, judged by its tokens and given the dataset of the protocol.

https://www.w3.org/TR/sparql11-update/, https://www.w3.org/TR/sparql11-protocol/#update-dataset —
pyoxigraph takes no `using-graph-uri`, so the clauses that it stands for are written into the text;
what cannot be read for sure is refused rather than run over another dataset than was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from service.sparql.prefixes import ENDPOINT
from service.sparql.text import UPDATES, Refused, Token, iri_of, prologue, tokens, within_bounds

# All IRIs of these operations are names of graphs; in the others those after one of _LEADING.
_MANAGING: Final = frozenset(("CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"))
_VISIBLE: Final = re.compile(r"[^\r\n]")
_LEADING: Final = frozenset(("GRAPH", "WITH", "USING", "NAMED", "INTO"))

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Update:
    """An update as it is asked; `using` and `using_named` are the IRIs of the protocol."""

    text: str
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Operation:
    """An operation without its prologue; `before` is where all prologues up to it stand."""

    tokens: Sequence[Token]
    before: tuple[_Span, ...]
    graphs: tuple[tuple[str, int], ...]

    @property
    def span(self) -> _Span:
        """From its first character to behind its last."""
        return _span(self.tokens)


def prepared(update: Update, closed: Callable[[str], bool]) -> tuple[str, ...]:
    """The operations to run, one after the other, each with the prologues that hold for it.

    `closed` tells of a graph whether it may not be written. Raises Refused, with where, for what
    may not be or cannot be read: LOAD and SERVICE, which reach out; a closed graph; and, beside
    the protocol's dataset, one in the text (§2.2.3).

    What is left out of an operation's text is blank in it, so that places in it are those in the
    whole. They are run apart since pyoxigraph takes no prologue after a semicolon.
    """
    found = tokens(update.text)
    within_bounds(found)
    operations = list(_operations(found))
    for operation in operations:
        for graph, at in operation.graphs:
            if closed(graph):
                raise Refused("query-refused", f"{graph[:200]} may not be written", at)
    named = (f"USING NAMED <{graph}>" for graph in update.using_named)
    clauses = " ".join((*(f"USING <{graph}>" for graph in update.using), *named))
    texts = []
    for operation in operations:
        text = _alone(update.text, operation)
        if clauses and (put := _using(update.text, operation.tokens, clauses)):
            text = text[: put[0]] + put[1] + text[put[0] :]
        texts.append(text)
    return tuple(texts)


def _operations(found: Sequence[Token]) -> Iterator[_Operation]:
    """Each operation. Raises Refused where one is none, or is LOAD."""
    prefixes: dict[str, str] = {}
    base = ENDPOINT
    before: list[_Span] = []
    for part in _parts(found):
        start, prefixes, base = prologue(part, prefixes, base)
        if start:
            before.append(_span(part[:start]))
        own = part[start:]
        if not own:
            continue
        word = own[0].word
        if word == "LOAD":
            why = "LOAD is refused: nothing here reaches another host or a file"
            raise Refused("query-refused", why, own[0].at)
        if word not in UPDATES:
            why = f"an operation of SPARQL Update does not begin with {own[0].text[:40]}"
            raise Refused("bad-query", why, own[0].at)
        named = [
            (iri_of(token, prefixes, base), token.at)
            for previous, token in pairwise(own)
            if token.kind in ("iri", "name") and (word in _MANAGING or previous.word in _LEADING)
        ]
        yield _Operation(own, tuple(before), tuple(named))


def _span(part: Sequence[Token]) -> _Span:
    return part[0].at, part[-1].at + len(part[-1].text)


def _alone(text: str, operation: _Operation) -> str:
    pieces, at = [], 0
    for start, end in (*operation.before, operation.span):
        pieces += [_VISIBLE.sub(" ", text[at:start]), text[start:end]]
        at = end
    return "".join(pieces)


def _parts(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """What stands between the semicolons outside of braces."""
    depth, start = 0, 0
    for at, token in enumerate(found):
        if token.kind != "mark":
            continue
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if token.text == ";" and depth == 0:
            yield found[start:at]
            start = at + 1
    yield found[start:]


def _using(text: str, own: Sequence[Token], clauses: str) -> tuple[int, str] | None:
    """Where the clauses go into the text, and what is put there; None for what has no pattern."""
    outside = list(_outside(own))
    for _, token in outside:
        if token.word == "WITH" or token.text.upper().startswith("USING"):
            why = "the request names graphs (using-graph-uri), so the update may not"
            raise Refused("bad-query", why, token.at)
    if own[0].word not in ("INSERT", "DELETE") or (len(own) > 1 and own[1].word == "DATA"):
        return None
    wheres = [(at, token) for at, token in outside if token.word == "WHERE"]
    if len(wheres) != 1:
        raise Refused("bad-query", "WHERE does not stand where it is expected", own[0].at)
    at, where = wheres[0]
    template = ""
    if at == 1:  # DELETE WHERE { … } takes no clause: its pattern is the template as well
        braces = [token.at for token in own if token.kind == "mark" and token.text in "{}"]
        if not braces:
            raise Refused("bad-query", "DELETE WHERE has no pattern", where.at)
        template = f"{text[braces[0] : braces[-1] + 1]} "
    return where.at, f"{template}{clauses} "


def _outside(own: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """The tokens outside of braces, with their places in the operation."""
    depth = 0
    for at, token in enumerate(own):
        if token.kind == "mark" and token.text in "{}":
            depth += 1 if token.text == "{" else -1
        elif depth == 0:
            yield at, token
