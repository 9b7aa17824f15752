"""The cells of a file, whatever its form: rows of text with the numbers they have in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.lists.faults import Fault

MAX_ROWS: Final = 2000
"""Rows of a list; real ones have some dozens."""

MAX_FILE: Final = 16 << 20
"""Bytes of a file: beyond any list, so that one with too many rows is told at which."""

OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
"""What .xls and .doc begin with (MS-CFB §2.2)."""

MAX_COLUMNS: Final = 50
MAX_CELL: Final = 2000


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of cells, as text without space around it; `number` is its place in the file."""

    number: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows in order, and the faults that lie in their form. Blank rows may be left out."""

    rows: tuple[GridRow, ...]
    faults: tuple[Fault, ...] = ()
    merged: tuple[tuple[int, int, int, str], ...] = ()
    """Merged ranges of a sheet: first row, last row, first column, name."""
