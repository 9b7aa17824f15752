"""A list's file as rows: header found, faults told with row and column, nothing half read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from service.lists.columns import Header, find_header, found_instead
from service.lists.csv_file import read_csv
from service.lists.faults import Fault, refusal, shown
from service.lists.grid import MAX_ROWS, OLD_OFFICE, Grid, GridRow

_SPACE: Final = re.compile(r"\s+")
_NOTHING: Final = frozenset("—-－–/／")
# A ZIP, or what Excel wraps around an encrypted one.
_WORKBOOK: Final = (b"PK\x03\x04", b"PK\x05\x06", OLD_OFFICE)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the list; `at` is its place in the file."""

    at: int
    number: int
    text: str
    basis: str
    department: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadList:
    """What a file says, with remarks on what was left out of it."""

    rows: tuple[ReadRow, ...]
    remarks: tuple[Fault, ...]


def _grid(data: bytes) -> Grid:
    if not data.startswith(_WORKBOOK):
        return read_csv(data)
    # Here, for openpyxl takes long to load and every start would wait for it.
    from service.lists.xlsx_file import read_xlsx

    return read_xlsx(data)


def read_list(data: bytes) -> ReadList:
    """The rows of a CSV or XLSX file. Raises FaultyFile with every fault at its row."""
    grid = _grid(data)
    header = find_header(grid.rows)
    if isinstance(header, Fault):
        raise refusal([header])
    if header is None:
        instead = found_instead(grid.rows)
        raise refusal([Fault("no-header", 1, values={"found": instead})])
    rows = [row for row in grid.rows if row.number > header.row]
    while rows and rows[-1].blank:
        rows.pop()
    said = [row for row in rows if not row.blank]
    if len(said) > MAX_ROWS:
        over = said[MAX_ROWS].number
        raise refusal([Fault("too-many-rows", over, values={"limit": MAX_ROWS})])
    faults = [fault for fault in grid.faults if fault.row >= header.row]
    faults += _merged(grid, header)
    if not said and not faults:
        raise refusal([Fault("no-rows", header.row)])
    faults += _faults(said, header)
    if faults:
        raise refusal(sorted(faults, key=lambda fault: (fault.row, fault.column)))
    numbered = _column(header, "number") is not None and bool(_cell(said[0], header, "number"))
    read = tuple(
        ReadRow(
            at=row.number,
            number=int(_cell(row, header, "number")) if numbered else n,
            text=_flat(_cell(row, header, "item")),
            basis=_beside(row, header, "basis"),
            department=_beside(row, header, "department"),
            note=_beside(row, header, "note"),
        )
        for n, row in enumerate(said, 1)
    )
    return ReadList(read, (*_ignored(header), *_blank(rows)))


def _faults(rows: list[GridRow], header: Header) -> Iterator[Fault]:
    texts: dict[tuple[str, str], int] = {}
    numbers: dict[str, int] = {}
    item = header.columns["item"] + 1
    column = header.columns.get("number", -1) + 1
    numbered = any(_cell(row, header, "number") for row in rows)
    for row in rows:
        text, number = _flat(_cell(row, header, "item")), _cell(row, header, "number")
        key = (_SPACE.sub("", text), _SPACE.sub("", _cell(row, header, "department")))
        if not text:
            yield Fault("no-item", row.number, item)
        elif key in texts:
            yield Fault("duplicate", row.number, item, {"first": texts[key], "text": shown(text)})
        else:
            texts[key] = row.number
        if not numbered:
            continue
        if not number:
            yield Fault("number-missing", row.number, column)
        elif not _NUMBER.fullmatch(number):
            yield Fault("number", row.number, column, {"text": shown(number)})
        elif number in numbers:
            values: dict[str, object] = {"first": numbers[number], "text": number}
            yield Fault("number-twice", row.number, column, values)
        else:
            numbers[number] = row.number


def _merged(grid: Grid, header: Header) -> Iterator[Fault]:
    """Merged cells in or below the header; a title above it may be merged."""
    for top, bottom, left, name in grid.merged:
        if bottom >= header.row:
            yield Fault("merged", top, left, {"range": shown(name)})


def _ignored(header: Header) -> Iterator[Fault]:
    for at, name in header.ignored:
        yield Fault("ignored-column", header.row, at + 1, {"name": shown(name)})


def _blank(rows: list[GridRow]) -> Iterator[Fault]:
    for before, row in pairwise(rows):
        if row.blank:
            yield Fault("blank", row.number)
        elif row.number > before.number + 1 and not before.blank and not _spans(before):
            yield Fault("blank", before.number + 1)


def _spans(row: GridRow) -> bool:
    """Whether a cell has several lines: then the record ends on a later line of the file."""
    return any("\n" in cell for cell in row.cells)


def _column(header: Header, name: str) -> int | None:
    return header.columns.get(name)


def _cell(row: GridRow, header: Header, name: str) -> str:
    at = _column(header, name)
    return row.cells[at] if at is not None and at < len(row.cells) else ""


def _beside(row: GridRow, header: Header, name: str) -> str:
    """A cell beside the item; a dash says that there is nothing."""
    text = _cell(row, header, name)
    return "" if text in _NOTHING else text


def _flat(text: str) -> str:
    """A text without line breaks; between Chinese characters a break is no space."""
    return re.sub(r"\s*\n\s*", "", text).strip()
