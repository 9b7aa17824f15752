"""Lines of a text that say something, with their Markdown dress taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kb import marks
from kb.marks import Mark

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_HEADING = re.compile(r"#{1,6}(?=[^\S\r\n]|[^#\s])[^\S\r\n]*")
_BULLET = re.compile(r"[-*+•·●■◆][^\S\r\n]+(?=\S)")
# Space for this purpose: marks of encoding and width that no reader sees are space too.
_SPACE: Final = "\ufeff\u200b\u200c\u200d\u2060"


@dataclass(frozen=True, slots=True)
class Block:
    """One line that is not blank, with the blank lines after it.

    text[start:end] is the whole block; text[first:last] is `bare`, without the space around it,
    Markdown heading signs (`hashes` of them), list dash (`bullet`) and bold signs (`bold`).
    """

    start: int
    end: int
    first: int
    last: int
    bare: str
    mark: Mark | None
    hashes: int = 0
    bullet: bool = False
    bold: bool = False


def read(text: str) -> tuple[Block, ...]:
    """The blocks of `text`; they tile it from the start of the first non-blank line on."""
    lines = list(_lines(text))
    said = [n for n, (first, last) in enumerate(lines) if not _blank(text[first:last])]
    ends = [lines[n][0] for n in said[1:]] + [len(text)]
    return tuple(_block(text, *lines[n], end) for n, end in zip(said, ends, strict=False))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans of lines; a line that ends in two spaces goes on in the next (Markdown hard break)
    unless the next is blank or begins with a mark of its own (CommonMark 0.31, 6.7)."""
    begin: int | None = None
    for found in _LINE.finditer(text):
        first, last = found.span()
        if begin is not None and (_blank(found[0]) or _starts_anew(found[0])):
            yield begin, first
            begin = None
        begin = first if begin is None else begin
        if not found[0].rstrip("\r\n").endswith("  ") or _blank(found[0]):
            yield begin, last
            begin = None
    if begin is not None:
        yield begin, len(text)


def _starts_anew(line: str) -> bool:
    bare = line.strip()
    return marks.read(bare) is not None or bare[:1] in "#-*|"


def _blank(line: str) -> bool:
    return all(c.isspace() or c in _SPACE for c in line)


def _block(text: str, start: int, line_end: int, end: int) -> Block:
    plain = first, last = _trim(text, start, line_end)
    hashes = 0
    if found := _HEADING.match(text, first, last):
        hashes, first = found[0].count("#"), found.end()
    bullet = _BULLET.match(text, first, last)
    if bullet:
        first = bullet.end()
    bold = last - first > 4 and text[first : first + 2] == text[last - 2 : last] == "**"
    if bold:
        first, last = first + 2, last - 2
    first, last = _trim(text, first, last)
    if first >= last:
        # Dress without anything in it is what the line says.
        (first, last), hashes, bullet, bold = plain, 0, None, False
    bare = text[first:last]
    return Block(start, end, first, last, bare, marks.read(bare), hashes, bool(bullet), bold)


def _trim(text: str, first: int, last: int) -> tuple[int, int]:
    while first < last and (text[first].isspace() or text[first] in _SPACE):
        first += 1
    while last > first and (text[last - 1].isspace() or text[last - 1] in _SPACE):
        last -= 1
    return first, last
