"""CSV (RFC 4180) in UTF-8, with or without a byte order mark, or GB18030.

https://www.rfc-editor.org/rfc/rfc4180 — both encodings are decoded strictly, UTF-8 first: Chinese
text in GB18030 is hardly ever valid UTF-8, so nothing has to be guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from service.lists.columns import recognises
from service.lists.faults import Fault, refusal, shown
from service.lists.grid import MAX_CELL, MAX_COLUMNS, MAX_ROWS, OLD_OFFICE, Grid, GridRow

_DELIMITERS: Final = (",", "\t", ";", "，")
# Rows above the header: a title, who issued it, when.
_HEADER_WITHIN: Final = 10
_MOST_LINES: Final = MAX_ROWS * 4
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def read_csv(data: bytes) -> Grid:
    """The cells of a CSV file. Raises FaultyFile where it is no such text."""
    text = decode(data)
    delimiter = _delimiter(text)
    rows: list[GridRow] = []
    faults: list[Fault] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, cells in _lines(reader):
        if len(rows) >= _MOST_LINES:
            raise refusal([Fault("too-many-rows", number, values={"limit": MAX_ROWS})])
        if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
            faults.append(Fault("too-many-columns", number, values={"limit": MAX_COLUMNS}))
        stripped = tuple(cell.strip() for cell in cells[:MAX_COLUMNS])
        for column, cell in enumerate(stripped, 1):
            if cell.startswith("="):
                faults.append(Fault("formula", number, column, {"text": shown(cell)}))
            elif len(cell) > MAX_CELL:
                faults.append(Fault("too-long", number, column, {"limit": MAX_CELL}))
        rows.append(GridRow(number, stripped))
    return Grid(tuple(rows), tuple(faults))


def decode(data: bytes) -> str:
    """The text of a file. Raises FaultyFile."""
    if not data.strip():
        raise refusal([Fault("empty-file")])
    if data.startswith(OLD_OFFICE):
        raise refusal([Fault("old-excel")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as first:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise refusal([Fault("encoding", values={"byte": first.start + 1})]) from None
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise refusal([Fault("control", line, values={"code": f"{ord(found[0]):04X}"})])
    return text


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on. Raises FaultyFile at the line that is no CSV."""
    while True:
        number = getattr(reader, "line_num") + 1  # noqa: B009 - the stubs name no reader type
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refusal([Fault("csv", number, values={"reason": str(error)})]) from None
        yield number, cells


def _delimiter(text: str) -> str:
    """The delimiter by which a header is recognised; the comma where none does."""
    for delimiter in _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for _, cells in zip(range(_HEADER_WITHIN), reader, strict=False):
                if recognises(cells):
                    return delimiter
        except csv.Error:
            continue
    return ","
