"""Places from their CSV sources to `places.json` (GB/T 2260; provenance in places/README.md)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args

from ontology.issue import Issue
from ontology.place_index import Level

_FOLDER: Final = Path(__file__).with_name("places")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_Row = Mapping[str, str]


def compile_places(folder: Path = _FOLDER) -> tuple[bytes, list[Issue]]:
    """`places.json` of `divisions.csv`, `areas.csv` and `wording.json`, with what is wrong in them.

    A row is [code, name, own, short, level, parent, start, end, successors], one row a line.
    """
    divisions, areas = list(_rows(folder / "divisions.csv")), list(_rows(folder / "areas.csv"))
    issues = [*_check_divisions(divisions), *_check_areas(areas, {r["code"] for _, r in divisions})]
    if issues:
        return b"", issues
    by_code: dict[str, list[_Row]] = {}
    for _, row in divisions:
        by_code.setdefault(row["code"], []).append(row)
    rows = [
        [
            row["code"],
            _path(row, by_code),
            row["name"],
            row["short"],
            row["level"],
            row["parent"] or None,
            row["start"] or None,
            row["end"] or None,
            row["successors"].split(),
        ]
        for _, row in divisions
    ]
    written = [[r["name"], r["aliases"].split(), r["parent"]] for _, r in areas]
    wording = json.loads((folder / "wording.json").read_text("utf-8"))
    text = (
        f'{{"areas": [\n{_lines(written)}\n],\n"places": [\n{_lines(rows)}\n],\n'
        f'"wording": {json.dumps(wording, ensure_ascii=False, sort_keys=True)}}}\n'
    )
    return text.encode(), []


def _lines(rows: list[list[Any]]) -> str:
    return ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows)


def _rows(path: Path) -> Iterator[tuple[str, _Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield f"{path.name}:{reader.line_num}", row


def _path(row: _Row, by_code: Mapping[str, list[_Row]]) -> str:
    """The whole name: provinces and below without the nation's."""
    if row["level"] in ("nation", "province"):
        return row["name"]
    above = by_code[row["parent"]]
    day = row["start"] or row["end"]
    # The parent as it was when this record began; without a beginning, just before it ended.
    held = [p for p in above if _held(p, day, before=not row["start"])] if day else above[:1]
    return _path((held or above)[-1], by_code) + row["name"]


def _held(row: _Row, day: str, *, before: bool) -> bool:
    if before:
        return (not row["start"] or row["start"] < day) and (not row["end"] or day <= row["end"])
    return (not row["start"] or row["start"] <= day) and (not row["end"] or day < row["end"])


def _check_divisions(rows: list[tuple[str, _Row]]) -> Iterator[Issue]:
    codes = {row["code"] for _, row in rows}
    for where, row in rows:
        if not re.fullmatch(r"\d{6}", row["code"]):
            yield Issue("error", f"a code has six digits, not {row['code']!r}", where)
        if row["level"] not in get_args(Level):
            yield Issue("error", f"unknown level {row['level']!r}", where)
        for day in (row["start"], row["end"]):
            if day and not _DAY.fullmatch(day):
                yield Issue("error", f"a day is written YYYY-MM-DD, not {day!r}", where)
        if row["start"] and row["end"] and row["end"] <= row["start"]:
            yield Issue("error", f"{row['code']} ends before it starts", where)
        if not row["parent"] and row["level"] != "nation":
            yield Issue("error", f"{row['code']} has no parent", where)
        for code in (row["parent"], *row["successors"].split()):
            if code and code not in codes:
                yield Issue("error", f"{row['code']} refers to the unknown code {code}", where)


def _check_areas(rows: list[tuple[str, _Row]], codes: set[str]) -> Iterator[Issue]:
    for where, row in rows:
        if row["parent"] not in codes:
            yield Issue("error", f"{row['name']} is under the unknown {row['parent']}", where)
