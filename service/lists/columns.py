"""Which column is which, by its heading in Chinese or English (wording.json)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from service.lists.faults import Fault, letters, shown, wording
from service.lists.grid import GridRow

_WITHIN: Final = 10
# What is said beside a heading, or marks it, stands before or after it: 事项（必填）：, *事项.
_DRESS: Final = r"(?:\([^)]*\)|【[^】]*】|\[[^\]]*\]|[*:、.。])+"
_ENDS: Final = re.compile(rf"^{_DRESS}|{_DRESS}$")


@dataclass(frozen=True, slots=True)
class Header:
    """The row of headings: where each known column is (from 0), and headings not known."""

    row: int
    columns: Mapping[str, int]
    ignored: tuple[tuple[int, str], ...]


def find_header(rows: Iterable[GridRow]) -> Header | Fault | None:
    """The header among the first rows that say something; a Fault where a column is twice."""
    seen = 0
    for row in rows:
        if row.blank:
            continue
        seen += 1
        if seen > _WITHIN:
            return None
        if recognises(row.cells):
            return _header(row)
    return None


def recognises(cells: Sequence[str]) -> bool:
    """Whether these cells are headings: one of them is the column of items.

    A single cell must be a heading and nothing else, so that a title is not taken for one.
    """
    return any(heading(cell) == "item" for cell in cells)


@cache
def _headings() -> Mapping[str, str]:
    columns: dict[str, list[str]] = wording()["columns"]
    return {_plain(alias): name for name, aliases in columns.items() for alias in aliases}


def heading(cell: str) -> str | None:
    """The name of the column that a heading is of, or None."""
    return _headings().get(_plain(cell))


def _plain(text: str) -> str:
    """A heading without its dress; blanks may stand between its characters, as in 事　项."""
    return _ENDS.sub("", "".join(unicodedata.normalize("NFKC", text).casefold().split()))


def _header(row: GridRow) -> Header | Fault:
    columns: dict[str, int] = {}
    ignored: list[tuple[int, str]] = []
    for at, cell in enumerate(row.cells):
        name = heading(cell)
        if name is None:
            ignored += [(at, cell)] if cell else []
        elif name in columns:
            both = f"{letters(columns[name] + 1)}, {letters(at + 1)}"
            shown_name = wording()["names"][name]["zh"]
            return Fault("twice", row.number, at + 1, {"name": shown_name, "columns": both})
        else:
            columns[name] = at
    return Header(row.number, columns, tuple(ignored))


def found_instead(rows: Iterable[GridRow]) -> str:
    """What the first rows say, for a file without a header that is known."""
    said = [" | ".join(filter(None, row.cells)) for row in rows if not row.blank]
    return shown("; ".join(said[:3]), 120) or "—"
