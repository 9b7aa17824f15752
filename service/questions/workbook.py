"""Sheets as a workbook of the kind XLSX (ECMA-376), its cells as harmless as those of CSV."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from service.lists.forms import harmless

# https://support.microsoft.com: a cell holds so many characters.
_MOST_CHARACTERS: Final = 32_767


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under their heads; without heads each row begins with what it tells of.

    `widths` are of the columns, in characters.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int | float | bool | date]]
    widths: Sequence[float]


def written(sheets: Sequence[Sheet], cut: str) -> bytes:
    """The workbook; a text of more characters than a cell holds ends with the mark `cut`."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        for at, width in enumerate(sheet.widths, start=1):
            page.column_dimensions[get_column_letter(at)].width = width
        if sheet.heads:
            page.freeze_panes = "A2"
            page.append([_bold(page, head, cut) for head in sheet.heads])
        for row in sheet.rows:
            cells = [_text(cell, cut) if isinstance(cell, str) else cell for cell in row]
            page.append(cells if sheet.heads else _told(page, cells, cut))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _told(page: Any, cells: Sequence[Any], cut: str) -> list[Any]:
    """A row that begins with what it tells of."""
    told = [_bold(page, cells[0], cut), *(WriteOnlyCell(page, value=cell) for cell in cells[1:])]
    for cell in told:
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    return told


def _bold(page: Any, text: str, cut: str) -> Any:
    cell = WriteOnlyCell(page, value=_text(text, cut))
    cell.font = Font(bold=True)
    return cell


def _text(text: str, cut: str) -> str:
    """A text that a cell can hold; where that is not all of it, it says so."""
    text = harmless(ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text))
    if len(text) <= _MOST_CHARACTERS:
        return text
    mark = cut.format(characters=len(text))
    return text[: _MOST_CHARACTERS - len(mark)] + mark
