"""Rows counted in results as pyoxigraph writes them: no row passes through Python.

Each counter takes the bytes in pieces of any size and says how many rows have begun or ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Counter = Callable[[bytes], int]
"""Takes the next piece; gives the rows seen so far."""

# A row takes so many bytes at the least, with what parts it from the one before.
_LEAST: Final = {"json": len(",{}"), "xml": len("<result></result>"), "csv": 1, "tsv": 1}
_KEPT: Final = 256 * 1024


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
    seen, quoted, rest, last = 0, False, b"", b""

    def count(piece: bytes) -> int:
        nonlocal seen, quoted, rest, last
        whole = rest + piece
        # An odd backslash at the end escapes what the next piece begins with.
        odd = (len(whole) - len(whole.rstrip(b"\\"))) % 2
        rest = whole[len(whole) - odd :]
        whole = whole[: len(whole) - odd]
        if b"\\" in whole:
            whole = whole.replace(b"\\\\", b"").replace(b'\\"', b"")
        parts = whole.split(b'"')
        bare = last + b"".join(parts[quoted::2])
        quoted ^= len(parts) % 2 == 0
        seen += bare.count(b",{") + bare.count(b"[{")
        last = bare[-1:]
        return seen

    return count


class RowLimit:
    """Tells when an answer has more rows than it may.

    Counting takes longer than writing, so it begins only once the bytes could hold so many.
    """

    def __init__(self, name: str, most: int) -> None:
        self._count = counter(name)
        self._most = most
        self._certain = min(most * _LEAST[name], _KEPT)
        self._bytes = 0
        self._uncounted: list[bytes] | None = []

    def exceeded(self, piece: bytes) -> bool:
        """Whether there are more, with the next piece."""
        if self._uncounted is not None:
            self._bytes += len(piece)
            self._uncounted.append(piece)
            if self._bytes <= self._certain:
                return False
            piece = b"".join(self._uncounted)
            self._uncounted = None
        return self._count(piece) > self._most
