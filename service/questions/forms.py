"""Answers as CSV and XLSX, for a person with a spreadsheet: names of columns, labels of things.

A thing has its label in one column and its IRI in the next. A cell that a spreadsheet would take
for a formula is made text, as in exported lists. SPARQL's own CSV, without labels, is at /sparql.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from ontology.label import Label
from service.linked.about import Shown
from service.lists.forms import harmless
from service.questions.answer import Answer
from service.questions.plain import native
from service.sparql.terms import XSD
from service.web.language import Language

Cell: TypeAlias = str | int | float | bool | date

_WORDING: Final = Path(__file__).with_name("wording.json")
_WIDEST: Final = 60


@dataclass(frozen=True, slots=True)
class About:
    """What is told of an answer on a sheet beside it."""

    title: Label
    parameters: Sequence[tuple[Label, str]]
    address: str
    day: date


def as_csv(answer: Answer, language: Language) -> bytes:
    """An answer as a sheet opens it: UTF-8 with a byte order mark, no cell a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(harmless, _heads(answer, language)))
    for row in _rows(answer, language):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(answer: Answer, about: About, language: Language) -> bytes:
    """An answer as a workbook: numbers and days as such, and a sheet that says what it is."""
    # Here, for openpyxl takes long to load and every start would wait for it.
    from service.questions.workbook import Sheet, written

    heads, rows = _heads(answer, language), list(_rows(answer, language))
    mark = _say("cut", language)
    found = Sheet(_say("answer", language), heads, rows, tuple(_widths(heads, rows)))
    told = Sheet(_say("about", language), (), list(_told(answer, about, language)), (26, 100))
    return written((found, told), mark)


def _heads(answer: Answer, language: Language) -> list[str]:
    if answer.result.table.truth is not None:
        return [_say("answer", language)]
    heads = []
    for column in answer.columns:
        name = getattr(column.label, language)
        heads.append(name)
        if column.things:
            heads.append(_say("iri", language).format(name=name))
    return heads


def _rows(answer: Answer, language: Language) -> Iterator[list[Cell]]:
    if answer.result.table.truth is not None:
        yield [_say("yes" if answer.result.table.truth else "no", language)]
        return
    for row in answer.rows:
        cells: list[Cell] = []
        for column, it in zip(answer.columns, row, strict=True):
            cells.append(_cell(it, language) if it else "")
            if column.things:
                cells.append(it.text if it and it.short else "")
        yield cells


def _cell(it: Shown, language: Language) -> Cell:
    """A value as a spreadsheet has it."""
    if it.short:
        return it.name
    if it.datatype == f"{XSD}date":
        try:
            return date.fromisoformat(it.text)
        except ValueError:
            return it.text
    found = native(it)
    return _say("yes" if found else "no", language) if isinstance(found, bool) else found


def _told(answer: Answer, about: About, language: Language) -> Iterator[tuple[str, str]]:
    yield _say("title", language), getattr(about.title, language)
    for label, value in about.parameters:
        yield getattr(label, language), value
    yield _say("address", language), about.address
    yield _say("day", language), about.day.isoformat()
    if answer.result.generation:
        yield _say("generation", language), answer.result.generation
    yield _say("result", language), answer.result.sha256
    yield _say("rows", language), str(len(answer.result.table.rows))
    yield _say("query", language), answer.result.text


def _widths(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[float]:
    for at, head in enumerate(heads):
        longest = max(map(_width, [head, *(str(row[at]) for row in rows[:200])]))
        yield min(longest + 2, _WIDEST)


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _say(key: str, language: Language) -> str:
    return str(getattr(_wording()[key], language))


@cache
def _wording() -> dict[str, Label]:
    told: dict[str, dict[str, str]] = json.loads(_WORDING.read_text("utf-8"))
    return {key: Label.from_json(words) for key, words in told.items()}
