"""XLSX (ECMA-376) read with caps: the ZIP is looked at before anything in it is parsed.

https://ecma-international.org/publications-and-standards/standards/ecma-376/ — openpyxl reads row
by row and parses XML with defusedxml where that is installed, which a test holds.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from service.lists.faults import Fault, FaultyFile, refusal, shown
from service.lists.grid import MAX_CELL, MAX_COLUMNS, MAX_ROWS, OLD_OFFICE, Grid, GridRow

MAX_EXPANDED: Final = 16 * 2**20
MAX_PARTS: Final = 200
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_MOST_LINES: Final = MAX_ROWS * 4
# As many as a sheet can have; styled ones without content are passed over.
_SHEET_ROWS: Final = 2**20

_log = logging.getLogger(__name__)


def read_xlsx(data: bytes) -> Grid:
    """The cells of the one sheet that says something. Raises FaultyFile."""
    if data.startswith(OLD_OFFICE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise refusal([Fault("xlsx-encrypted" if encrypted else "old-excel")])
    try:
        merged = _inspect(data)
        return _read(data, merged)
    except FaultyFile:
        raise
    except Exception as error:  # noqa: BLE001 - the libraries raise what they meet
        _log.info("no XLSX: %s", type(error).__name__)
        raise refusal([Fault("xlsx")]) from None


def _inspect(data: bytes) -> dict[str, tuple[tuple[int, int, int, str], ...]]:
    """Merged ranges by part; what expands too far is refused before it is read."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        expanded = sum(part.file_size for part in parts)
        if len(parts) > MAX_PARTS or expanded > MAX_EXPANDED:
            values: dict[str, object] = {"limit": MAX_EXPANDED, "files": MAX_PARTS}
            raise refusal([Fault("xlsx-size", values=values)])
        # A file damaged on its way is not taken for what is left of it.
        if package.testzip() is not None:
            raise refusal([Fault("xlsx")])
        return {
            part.filename: tuple(_merged(package, part.filename))
            for part in parts
            if _SHEET.fullmatch(part.filename)
        }


def _merged(package: zipfile.ZipFile, name: str) -> Iterator[tuple[int, int, int, str]]:
    with package.open(name) as part:
        for _, element in iterparse(part):
            if element.tag.rpartition("}")[2] == "mergeCell":
                ref = element.get("ref", "")
                left, top, _, bottom = range_boundaries(ref)
                yield int(top or 1), int(bottom or top or 1), int(left or 1), ref
            element.clear()


def _read(data: bytes, merged: dict[str, tuple[tuple[int, int, int, str], ...]]) -> Grid:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        grids = []
        for sheet in book.worksheets:
            grid = _sheet(sheet)
            if any(not row.blank for row in grid.rows):
                ranges = merged.get(getattr(sheet, "_worksheet_path", "").lstrip("/"), ())
                grids.append((str(sheet.title), Grid(grid.rows, grid.faults, ranges)))
    finally:
        book.close()
    if not grids:
        raise refusal([Fault("empty-file")])
    if len(grids) > 1:
        names = "、".join(shown(name, 20) for name, _ in grids[:5])
        raise refusal([Fault("sheets", values={"count": len(grids), "names": names})])
    return grids[0][1]


def _sheet(sheet: Any) -> Grid:
    rows: list[GridRow] = []
    faults: list[Fault] = []
    # What a sheet says of its size may be anything; cells are read until the caps.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
        texts = tuple(_text(cell.value) for cell in cells)
        if not any(texts):
            if number > _SHEET_ROWS:
                break  # a row number that no sheet has
            continue
        if len(rows) >= _MOST_LINES:
            raise refusal([Fault("too-many-rows", number, values={"limit": MAX_ROWS})])
        if len(texts) > MAX_COLUMNS and texts[MAX_COLUMNS]:
            faults.append(Fault("too-many-columns", number, values={"limit": MAX_COLUMNS}))
        for column, (cell, text) in enumerate(zip(cells, texts, strict=True), 1):
            if text and (cell.data_type == "f" or text.startswith("=")):
                faults.append(Fault("formula", number, column, {"text": shown(text)}))
            elif len(text) > MAX_CELL:
                faults.append(Fault("too-long", number, column, {"limit": MAX_CELL}))
        rows.append(GridRow(number, texts[:MAX_COLUMNS]))
    return Grid(tuple(rows), tuple(faults))


def _text(value: object) -> str:
    """A cell as text: whole numbers without a fraction, days as ISO 8601."""
    match value:
        case None:
            return ""
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value).strip()
