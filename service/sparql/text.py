"""What a query's text asks for, read by tokens (SPARQL 1.1 §19): updates, SERVICE, graphs.

https://www.w3.org/TR/sparql11-query/#sparqlGrammar — pyoxigraph parses queries itself and refuses
every update, but gives nothing of what it parsed and has no switch against SERVICE. rdflib's parser
is slow and refuses queries that pyoxigraph answers; no other parser for Python is kept up. So only
the tokens are told apart here: words inside strings, IRIs and comments are none.

pyoxigraph's grammar wants no white space after a keyword: it reads `SERVICEex:a {}` as SERVICE.
Where a name could be read so, the query is refused. A worker could not reach out even if it were
not (`service.sparql.confine`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal
from urllib.parse import urljoin

from service.sparql.prefixes import ENDPOINT

UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
)
# What these give differs each time, or each day.
_VOLATILE: Final = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
# pyoxigraph descends by recursion; at this depth its stack still holds many times over.
MAX_DEPTH: Final = 400

_ESCAPED = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_TOKEN = re.compile(
    rf"""
    (?P<space>\s+ | \#[^\n\r]*)
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPED})*>)
  | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<variable>[?$]\w+)
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<blank>_:\w(?:[\w.\-]*[\w\-])?)
  | (?P<name>(?:[^\W\d_](?:[\w.\-·]*[\w\-·])?)?:
      (?:(?:[\w:]|{_LOCAL})(?:(?:[\w:.\-·]|{_LOCAL})*(?:[\w:\-·]|{_LOCAL}))?)?)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and where it begins in the text."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The keyword it may be, in capitals; empty for names, strings, IRIs and marks."""
        return self.text.upper() if self.kind == "word" else ""


class Refused(Exception):
    """A query that is not run: why, of what sort, and where it stands in the text."""

    def __init__(
        self,
        slug: Literal["bad-query", "query-refused", "query-too-large", "read-only"],
        why: str,
        at: int,
    ) -> None:
        super().__init__(why)
        self.slug = slug
        self.at = at


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query asks for; `volatile` where the same graph may answer otherwise next time.

    `default` and `named` are the IRIs of its FROM and FROM NAMED, with where they stand; `form` is
    its first word, in capitals.
    """

    volatile: bool
    default: tuple[tuple[str, int], ...]
    named: tuple[tuple[str, int], ...]
    form: str = ""


def tokens(text: str) -> list[Token]:
    """The tokens of a text, without white space and comments."""
    return [
        Token(found.lastgroup or "mark", found[0], found.start())
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "space"
    ]


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, each from one."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


@lru_cache(maxsize=64)
def read(text: str) -> Reading:
    """What the query asks for. Raises Refused for an update, SERVICE, too deep a nesting.

    What is asked again and again is read once.
    """
    found = tokens(text)
    start, prefixes, base = prologue(found)
    form = found[start].word if start < len(found) else ""
    if form in UPDATES:
        why = f"{form} is an update; the graph is only read here"
        raise Refused("read-only", why, found[start].at)
    within_bounds(found)
    default, named = _dataset(found, prefixes, base)
    return Reading(
        any(token.word in _VOLATILE for token in found),
        default,
        named,
        form,
    )


def prologue(
    found: Sequence[Token], before: Mapping[str, str] | None = None, base: str = ENDPOINT
) -> tuple[int, dict[str, str], str]:
    """Where the form stands, the prefixes that hold there, `before` among them, and the base."""
    prefixes = dict(before or {})
    at = 0
    while at < len(found):
        match [(token.word, token.kind, token.text) for token in found[at : at + 3]]:
            case [("BASE", _, _), (_, "iri", iri), *_]:
                base, at = resolved(base, iri[1:-1]), at + 2
            case [("PREFIX", _, _), (_, "name", name), (_, "iri", iri)]:
                prefixes[name.removesuffix(":")] = resolved(base, iri[1:-1])
                at += 3
            case _:
                break
    return at, prefixes, base


def within_bounds(found: Sequence[Token]) -> None:
    """Raises Refused where the tokens call another service or nest too deep."""
    _no_service(found)
    _not_too_deep(found)


def _no_service(found: Sequence[Token]) -> None:
    """SERVICE [SILENT] target {, the keywords perhaps run together with the target."""
    for at, token in enumerate(found):
        if token.kind not in ("word", "name") or not token.text.upper().startswith("SERVICE"):
            continue
        if at and found[at - 1].word == "GRAPH":
            continue
        # A name alone may be the object before a group: only what leads to a group is a call.
        if any(after.text == "{" for after in found[at + 1 : at + 4]) and (
            token.kind == "word" or "{" in [after.text for after in found[at + 1 : at + 2]]
        ):
            raise Refused(
                "query-refused", "SERVICE is refused: no query reaches another host", token.at
            )


def _not_too_deep(found: Sequence[Token]) -> None:
    depth = 0
    for token in found:
        if token.kind == "mark" and token.text in "({[":
            depth += 1
            if depth > MAX_DEPTH:
                raise Refused("bad-query", f"nested more than {MAX_DEPTH} levels deep", token.at)
        elif token.kind == "mark" and token.text in ")}]":
            depth -= 1
    for first, second in pairwise(_runs(found)):
        if second - first > MAX_DEPTH:
            raise Refused("bad-query", f"more than {MAX_DEPTH} operators in a row", found[first].at)


def _runs(found: Sequence[Token]) -> list[int]:
    """Where anything but a prefix operator stands: between them run only operators."""
    others = [n for n, t in enumerate(found) if t.kind != "mark" or t.text not in "!^-+"]
    return [-1, *others, len(found)] if found else []


def _dataset(
    found: Sequence[Token], prefixes: Mapping[str, str], base: str
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    default: list[tuple[str, int]] = []
    named: list[tuple[str, int]] = []
    depth = 0
    for at, token in enumerate(found):
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "mark" else 0
        if depth:
            continue
        if token.kind == "name" and token.text.upper().startswith("FROM"):
            prefix = token.text.partition(":")[0]
            if prefix not in prefixes:
                raise Refused("bad-query", "a space is missing after FROM", token.at)
        if token.word.startswith("FROM"):
            is_named = at + 1 < len(found) and found[at + 1].word == "NAMED"
            target = found[at + 1 + is_named] if at + 1 + is_named < len(found) else token
            graph = iri_of(target, prefixes, base)
            (named if is_named or token.word == "FROMNAMED" else default).append((graph, target.at))
    return tuple(default), tuple(named)


def iri_of(token: Token, prefixes: Mapping[str, str], base: str) -> str:
    """The IRI a token names; the token itself where it names none, which no graph is called."""
    if token.kind == "iri":
        return resolved(base, token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def resolved(base: str, written: str) -> str:
    """The IRI of an IRIREF as it is written, its escapes read (RFC 3986 §5.2)."""
    iri = re.sub(r"\\[uU]([0-9A-Fa-f]+)", lambda m: chr(min(int(m[1], 16), 0x10FFFF)), written)
    # urljoin drops an empty fragment even of an IRI that is whole already.
    return iri if _SCHEME.match(iri) else urljoin(base, iri)
