"""Damage in a text, mended by recorded stand-off edits only.

The source is never changed. A repair names the damaged characters by their exact context, says what
they become and why; applied together the repairs give the mended text, and every span of it leads
back to the source. What cannot be read stays a marked gap (□) with its candidates noted.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from kb.frame import Given
from kb.sentences import Span
from ontology.label import Label

RepairKind = Literal["rejoin", "glyph", "bracket", "wording-noted", "structure"]
KINDS: Final[tuple[RepairKind, ...]] = get_args(RepairKind)

GAP: Final = "□"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of an unreadable place; `excluded` readings must never be used."""

    text: str
    standing: Literal["likely", "possible", "excluded"]
    reason: Label


@dataclass(frozen=True, slots=True)
class Repair:
    """One recorded edit of source[start:end]; without `replacement` it only notes something."""

    id: str
    kind: RepairKind
    start: int
    end: int
    damaged: str
    replacement: str | None
    reason: Label
    candidates: tuple[Candidate, ...] = ()
    given: Given | None = None

    @property
    def edits(self) -> bool:
        """Whether the mended text differs here."""
        return self.replacement is not None and self.replacement != self.damaged

    @property
    def unreadable(self) -> bool:
        """Whether this place of the text cannot be read."""
        return self.replacement == GAP


@dataclass(frozen=True, slots=True)
class _Piece:
    """source[start:end] became text[at:stop]; `repair` is None for what stayed as it was."""

    at: int
    stop: int
    start: int
    end: int
    repair: Repair | None


@dataclass(frozen=True, slots=True)
class Mended:
    """A source with its repairs applied, and the way back from each character."""

    source: str
    text: str
    repairs: tuple[Repair, ...]
    _pieces: tuple[_Piece, ...]

    def boundary(self, at: int) -> int:
        """The source offset of a boundary in the mended text; grows with `at`, ends meet ends."""
        if at <= 0:
            return 0
        if at >= len(self.text):
            return len(self.source)
        piece = self._pieces[bisect_right(self._pieces, at, key=lambda p: p.at) - 1]
        return piece.start if piece.repair else piece.start + at - piece.at

    def source_span(self, start: int, end: int) -> Span:
        """Where text[start:end] stands in the source; a repair it touches is inside whole."""
        first = self._pieces[bisect_right(self._pieces, start, key=lambda p: p.at) - 1]
        last = self._pieces[max(bisect_left(self._pieces, end, key=lambda p: p.at) - 1, 0)]
        return (
            first.start if first.repair else first.start + start - first.at,
            last.end if last.repair else last.start + end - last.at,
        )

    def touched(self, start: int, end: int) -> tuple[Repair, ...]:
        """The repairs inside or overlapping text[start:end], notes included, in order."""
        begin, stop = self.source_span(start, end)
        return tuple(r for r in self.repairs if r.start < stop and r.end > begin)

    def at_source(self, offset: int) -> int:
        """The offset in the mended text of a source offset (of the repair's start, inside one)."""
        for piece in self._pieces:
            if piece.start <= offset < piece.end:
                return piece.at if piece.repair else piece.at + offset - piece.start
        return len(self.text)


def mend(source: str, repairs: Sequence[Repair] = ()) -> Mended:
    """Apply repairs; ValueError where two edits overlap or an edit is not of what it says."""
    ordered = tuple(sorted(repairs, key=lambda r: (r.start, r.end)))
    pieces: list[_Piece] = []
    out, done = "", 0

    def add(start: int, end: int, text: str, repair: Repair | None) -> None:
        nonlocal out
        if start < end or text:
            pieces.append(_Piece(len(out), len(out) + len(text), start, end, repair))
            out += text

    for repair in ordered:
        if source[repair.start : repair.end] != repair.damaged:
            raise ValueError(f"{repair.id}: the source does not read {repair.damaged!r} there")
        if not repair.edits:
            continue
        if repair.start < done:
            raise ValueError(f"{repair.id}: overlaps the repair before it")
        add(done, repair.start, source[done : repair.start], None)
        add(repair.start, repair.end, repair.replacement or "", repair)
        done = repair.end
    add(done, len(source), source[done:], None)
    if not pieces:
        pieces.append(_Piece(0, 0, 0, 0, None))
    return Mended(source, out, ordered, tuple(pieces))
