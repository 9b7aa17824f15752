"""What a query looks like without what it asks for: its text for logs and lists.

Strings, numbers and IRIs become blanks, comments and layout go. Names of the vocabularies
(`load_prefixes`) stay: they are the same for everyone and tell which pattern was slow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from service.sparql.prefixes import load_prefixes
from service.sparql.text import Token, prologue, tokens

MOST: Final = 2000
_BLANKS: Final = {"iri": "<>", "string": '""', "number": "0", "blank": "_:b"}


def shape(text: str) -> str:
    """The query's tokens in one line, at most MOST characters."""
    found = tokens(text)
    start, prefixes, _ = prologue(found)
    known = load_prefixes()
    shorts = {prefix: name for prefix, iri in prefixes.items() if (name := _name(iri, known))}
    shown = " ".join(_shown(token, shorts) for token in found[start:])
    return shown if len(shown) <= MOST else f"{shown[:MOST]}…"


def _name(iri: str, known: Mapping[str, str]) -> str | None:
    return next((name for name, namespace in known.items() if namespace == iri), None)


def _shown(token: Token, shorts: Mapping[str, str]) -> str:
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        return f"{shorts[prefix]}:{local}" if prefix in shorts else _BLANKS["iri"]
    return _BLANKS.get(token.kind, token.text)
