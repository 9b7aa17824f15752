"""Terms of results read back from TSV and N-Triples, to be shown.

https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv, https://www.w3.org/TR/n-triples/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_TERM = re.compile(
    r"""<(?P<iri>[^>]*)>
      | "(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[\w-]+)|\^\^<(?P<datatype>[^>]*)>)?
      | (?P<bare>[^\s<"]+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Term:
    """An IRI, a literal or a blank node by what it says."""

    kind: Literal["iri", "literal", "blank"]
    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of terms under names; None where a variable is unbound. `more` if rows were left out.

    `truth` is the answer to an ASK, which has no rows; `statements` are those of a CONSTRUCT.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]
    more: bool = False
    truth: bool | None = None
    statements: bool = False


def read_table(form: str, text: str, most: int) -> Table:
    """The table of a TSV or N-Triples text, of at most so many rows."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if form == "nt":
        rows = [tuple(_term(found) for found in _TERM.finditer(line[:-2])) for line in lines]
        return Table(("s", "p", "o"), tuple(rows[:most]), len(rows) > most, statements=True)
    if text in ("true", "false"):
        return Table((), (), truth=text == "true")
    header = lines.pop(0) if lines else ""
    names = tuple(name.removeprefix("?") for name in header.split("\t")) if header else ()
    found = tuple(tuple(map(read_term, line.split("\t"))) for line in lines[:most])
    return Table(names, found if names else tuple(() for _ in found), len(lines) > most)


def read_term(text: str) -> Term | None:
    """A term as it is written; None for the empty text of an unbound variable."""
    found = _TERM.fullmatch(text)
    return _term(found) if found else None


def _term(found: re.Match[str]) -> Term:
    if found["iri"] is not None:
        return Term("iri", _unescaped(found["iri"]))
    if found["text"] is not None:
        text = _unescaped(found["text"])
        return Term("literal", text, found["language"] or "", found["datatype"] or "")
    bare = found["bare"]
    if bare.startswith("_:"):
        return Term("blank", bare)
    kind = "boolean" if bare in ("true", "false") else "integer"
    if "e" in bare.lower() and kind == "integer":
        kind = "double"
    elif "." in bare:
        kind = "decimal"
    return Term("literal", bare, datatype=XSD + kind)


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if code := found[1] or found[2]:
            return chr(int(code, 16))
        return _CONTROL.get(found[3], found[3])

    return _ESCAPE.sub(plain, text)
