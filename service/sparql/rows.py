"""Rows counted in results as pyoxigraph writes them: no row passes through Python.

Each counter takes the bytes in pieces of any size and says how many rows have begun or ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Counter = Callable[[bytes], int]
"""Takes the next piece; gives the rows seen so far."""

# A JSON string, to the end of the piece where it does not end in it.
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)


def counter(name: str) -> Counter:
    """The counter of a form that rows are written in: json, xml, csv, tsv."""
    return {"json": _json, "xml": _xml, "csv": _csv, "tsv": _tsv}[name]()


def _tsv() -> Counter:
    """Line feeds within terms are escaped; the first line is the header."""
    seen = -1

    def count(piece: bytes) -> int:
        nonlocal seen
        seen += piece.count(b"\n")
        return max(seen, 0)

    return count


def _xml() -> Counter:
    """Text in XML has no `<` of its own."""
    mark: Final = b"<result>"
    seen, rest = 0, b""

    def count(piece: bytes) -> int:
        nonlocal seen, rest
        whole = rest + piece
        seen += whole.count(mark)
        rest = whole[-(len(mark) - 1) :] if not whole.endswith(mark) else b""
        return seen

    return count


def _csv() -> Counter:
    """RFC 4180: a line feed counts outside of quotes only."""
    seen, quoted = -1, False

    def count(piece: bytes) -> int:
        nonlocal seen, quoted
        for n, part in enumerate(piece.split(b'"')):
            quoted = quoted if n == 0 else not quoted
            seen += 0 if quoted else part.count(b"\n")
        return max(seen, 0)

    return count


def _json() -> Counter:
    """Without its strings, only a row's brace follows a comma or a bracket."""
    seen, rest, last = 0, b"", b""

    def count(piece: bytes) -> int:
        nonlocal seen, rest, last
        whole = rest + piece
        # What may be an unended string waits for the next piece.
        kept = whole
        rest = b""
        for found in _STRING.finditer(whole):
            text = found[0]
            if len(text) < 2 or not text.endswith(b'"') or found.end() == len(whole):
                kept, rest = whole[: found.start()], whole[found.start() :]
                break
        bare = last + _STRING.sub(b"", kept)
        seen += bare.count(b",{") + bare.count(b"[{")
        last = bare[-1:]
        return seen

    return count
