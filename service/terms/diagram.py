"""Diagrams of the ontology as values: boxes and lines with their places, to be drawn as SVG.

Pure. Lengths are in units of the drawing, of which a character of Chinese is 14 wide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

Role = Literal["self", "above", "below", "from", "to", "more"]

_HEIGHT: Final = 30.0
_GAP: Final = 14.0
_ROW: Final = 46.0
_PAD: Final = 10.0
_CHARACTER: Final = 14.0
_WIDE: Final = 1000.0
_SIDE: Final = 240.0
_LEVEL: Final = 26.0
_LINE: Final = 34.0
_SIDES: Final = 12
_AROUND: Final = 24
_BAR: Final = 8.0
_TRUNK: Final = 4.0
_COLUMNS: Final = 4
_COLUMN: Final = 4


@dataclass(frozen=True, slots=True)
class Link:
    """What a box shows and where it leads; `via` names the property that a line stands for."""

    text: str
    href: str
    via: str = ""
    via_href: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A box at its upper left corner."""

    link: Link
    role: Role
    x: float
    y: float
    width: float
    height: float = _HEIGHT

    @property
    def middle(self) -> float:
        """The middle from left to right."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; `arrow` at its end. `via` is written over it,
    from `at` or up to it."""

    points: tuple[tuple[float, float], ...]
    arrow: Literal["", "open", "filled"]
    via: Link | None = None
    at: tuple[float, float] = (0, 0)
    anchor: Literal["start", "end"] = "start"

    @property
    def path(self) -> str:
        """The points as SVG's path data has them."""
        return "M" + "L".join(f"{x:g},{y:g}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing of a width and height; what is too much for it is counted in `more` boxes."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def width_of(text: str) -> float:
    """How wide a text is: wide characters twice the others (UAX #11)."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return wide * _CHARACTER + (len(text) - wide) * _CHARACTER * 0.56


def around(
    middle: Link,
    above: Sequence[Link],
    below: Sequence[Link],
    into: Sequence[Link] = (),
    out: Sequence[Link] = (),
    more: str = "+{count}",
) -> Diagram:
    """A term in the middle: wider ones above it, narrower ones below, others at the sides.

    `into` are terms with a property that leads here, `out` those that one leads to.
    """
    up, down = _rows(_few(above, _AROUND, more)), _rows(_few(below, _AROUND, more))
    left, right = _few(into, _SIDES, more), _few(out, _SIDES, more)
    sides = max(len(left), len(right)) * _LINE
    # Room for lines between the rows and the middle.
    top = len(up) * _ROW + (_GAP if up else 0)
    body = max(sides, _HEIGHT)
    own = max(width_of(middle.text) + 2 * _PAD, 90)
    width = _WIDE
    centre = Box(middle, "self", width / 2 - own / 2, top + body / 2 - _HEIGHT / 2, own)
    boxes, lines = [centre], []
    for n, row in enumerate(up):
        for box in _laid(row, "above", n * _ROW, width):
            boxes.append(box)
            lines.append(_upward(centre, box))
    base = top + body + (_ROW if down else 0)
    laid = [_laid(row, "below", base + n * _ROW, width) for n, row in enumerate(down)]
    boxes += [box for row in laid for box in row]
    lines += _downward(centre, laid)
    for n, link in enumerate(left):
        box = _beside(link, "from", 0, top + (body - len(left) * _LINE) / 2 + n * _LINE)
        boxes.append(box)
        lines += _across(box, centre, link)
    for n, link in enumerate(right):
        y = top + (body - len(right) * _LINE) / 2 + n * _LINE
        box = _beside(link, "to", width, y)
        boxes.append(box)
        lines += _across(centre, box, link)
    height = base + len(down) * _ROW if down else top + body
    return Diagram(width, max(height, _HEIGHT) + 2, tuple(boxes), tuple(lines))


def forest(rows: Sequence[tuple[Link, int]]) -> Diagram:
    """Trees in columns: terms one below the other, each indented below the one it is narrower than.

    A tree that goes on in the next column has its root there again.
    """
    boxes: list[Box] = []
    lines: list[Line] = []
    x = 0.0
    for column in _columns(rows):
        found, joined = _tree(column, x)
        boxes += found
        lines += joined
        x = max(box.x + box.width for box in found) + 3 * _GAP
    width = max((box.x + box.width for box in boxes), default=0) + 2
    height = max((box.y + box.height for box in boxes), default=0) + 2
    return Diagram(width, height, tuple(boxes), tuple(lines))


def _columns(rows: Sequence[tuple[Link, int]]) -> list[list[tuple[Link, int, Role]]]:
    most = max(_COLUMN, -(-len(rows) // _COLUMNS) + 2)
    columns: list[list[tuple[Link, int, Role]]] = []
    root: Link | None = None
    for n, (link, depth) in enumerate(rows):
        if depth == 0:
            root = link
        # A tree that still fits is not parted.
        ends = next((m for m in range(n + 1, len(rows)) if rows[m][1] <= depth), len(rows))
        used = len(columns[-1]) if columns else most
        if depth <= 1 and used and used + min(ends - n, most // 2) > most:
            columns.append([])
            if depth and root is not None:
                columns[-1].append((root, 0, "above"))
        columns[-1].append((link, depth, "below" if depth else "self"))
    return columns


def _tree(rows: Sequence[tuple[Link, int, Role]], x: float) -> tuple[list[Box], list[Line]]:
    boxes: list[Box] = []
    lines: list[Line] = []
    last: dict[int, Box] = {}
    for n, (link, depth, role) in enumerate(rows):
        wide = width_of(link.text) + 2 * _PAD
        box = Box(link, role, x + depth * _LEVEL, n * _LINE, wide, 26)
        boxes.append(box)
        last[depth] = box
        parent = last.get(depth - 1)
        if depth and parent:
            turn, y = parent.x + _LEVEL / 2, box.y + box.height / 2
            lines.append(Line(((box.x, y), (turn, y), (turn, parent.y + parent.height)), "open"))
    return boxes, lines


def _few(links: Sequence[Link], most: int, more: str) -> list[Link]:
    if len(links) <= most:
        return list(links)
    return [*links[: most - 1], Link(more.format(count=len(links) - most + 1), "")]


def _rows(links: Sequence[Link]) -> list[list[Link]]:
    """Boxes in rows that are no wider than the drawing."""
    rows: list[list[Link]] = []
    used = _WIDE
    for link in links:
        wide = width_of(link.text) + 2 * _PAD + _GAP
        if used + wide > _WIDE - 4 * _TRUNK:
            rows.append([])
            used = 0.0
        rows[-1].append(link)
        used += wide
    return rows


def _laid(row: Sequence[Link], role: Role, y: float, width: float) -> list[Box]:
    widths = [width_of(link.text) + 2 * _PAD for link in row]
    x = (width - sum(widths) - _GAP * (len(row) - 1)) / 2
    boxes = []
    for link, wide in zip(row, widths, strict=True):
        boxes.append(Box(link, role if link.href else "more", x, y, wide))
        x += wide + _GAP
    return boxes


def _beside(link: Link, role: Role, edge: float, y: float) -> Box:
    shown = replace(link, text=_short(link.text, _SIDE - 2 * _PAD))
    wide = width_of(shown.text) + 2 * _PAD
    x = edge if role == "from" else edge - wide
    return Box(shown, role if link.href else "more", x, y, wide, 26)


def _upward(lower: Box, upper: Box) -> Line:
    """From what is narrower to what is wider, with the open arrow of UML's generalisation."""
    start, end = (lower.middle, lower.y), (upper.middle, upper.y + upper.height)
    half = end[1] + (start[1] - end[1]) / 2
    return Line((start, (start[0], half), (end[0], half), end), "open")


def _downward(centre: Box, rows: Sequence[Sequence[Box]]) -> list[Line]:
    """From rows of narrower terms to the middle: a bar over each row, a trunk at their left."""
    if not rows:
        return []
    lines = []
    for row in rows:
        bar = row[0].y - _BAR
        ends = [box.middle for box in row] + ([centre.middle] if row is rows[0] else [])
        left = _TRUNK if len(rows) > 1 else min(ends)
        lines.append(Line(((left, bar), (max(ends), bar)), ""))
        lines += [Line(((box.middle, bar), (box.middle, box.y)), "") for box in row]
    first, last = rows[0][0].y - _BAR, rows[-1][0].y - _BAR
    if last > first:
        lines.append(Line(((_TRUNK, first), (_TRUNK, last)), ""))
    up = ((centre.middle, first), (centre.middle, centre.y + centre.height))
    return [*lines, Line(up, "open")]


def _across(start: Box, end: Box, link: Link) -> list[Line]:
    """Between the middle and a box at its side; the property stands beside that box."""
    if not link.href:
        return []
    first = (start.x + start.width, start.y + start.height / 2)
    last = (end.x, end.y + end.height / 2)
    via = Link(link.via, link.via_href) if link.via else None
    arrow: Literal["", "filled"] = "filled" if via else ""
    if end.role == "self":
        near = (last[0] - _GAP, first[1])
        return [Line((first, near, last), arrow, via, (first[0] + 6, first[1] - 4), "start")]
    near = (first[0] + _GAP, last[1])
    return [Line((first, near, last), arrow, via, (last[0] - 12, last[1] - 4), "end")]


def _short(text: str, most: float) -> str:
    """A text cut to a width."""
    if width_of(text) <= most:
        return text
    kept = text
    while kept and width_of(kept + "…") > most:
        kept = kept[:-1]
    return kept + "…"
