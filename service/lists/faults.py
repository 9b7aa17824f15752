"""What can be wrong with a list's file: where, and in words of both languages (wording.json)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from ontology.issue import Issue
from ontology.label import Label
from service.errors import BadList

MAX_TOLD: Final = 50
"""Faults told of one file: who sees fifty knows what to do."""

_FILE: Final = Path(__file__).with_name("wording.json")


@cache
def wording() -> dict[str, Any]:
    """The content of wording.json."""
    found: dict[str, Any] = json.loads(_FILE.read_text("utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault by its code in wording.json. Row and column count from 1; 0 is the whole file."""

    code: str
    row: int = 0
    column: int = 0
    values: dict[str, object] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """ "row 5 column C", "row 5" or "file"."""
        if not self.row:
            return "file"
        return f"row {self.row} column {letters(self.column)}" if self.column else f"row {self.row}"

    @property
    def place(self) -> str:
        """The same in Chinese."""
        if not self.row:
            return "文件"
        return f"第{self.row}行" + (f" {letters(self.column)}列" if self.column else "")

    @property
    def label(self) -> Label:
        """What is wrong."""
        form = wording()["faults"][self.code]
        return Label(form["zh"].format(**self.values), form["en"].format(**self.values))

    def issue(self, severity: str = "error") -> Issue:
        """The fault as the API tells it."""
        return Issue("error" if severity == "error" else "warning", self.label.en, self.where)


class FaultyFile(BadList):
    """A file that is not taken; nothing was changed."""

    def __init__(
        self,
        detail: str,
        *,
        hint: str = "",
        issues: Iterable[Issue] = (),
        faults: Iterable[Fault] = (),
    ) -> None:
        super().__init__(detail, hint=hint, issues=issues)
        self.faults = tuple(faults)


def refusal(faults: Iterable[Fault]) -> FaultyFile:
    """The refusal of a file for its faults, of which the first are told."""
    found = tuple(faults)
    count = len(found)
    more = f", the first {MAX_TOLD} of which are told" if count > MAX_TOLD else ""
    faulty = "one fault" if count == 1 else f"{count} faults"
    return FaultyFile(
        f"the file cannot be taken: {faulty}{more}; nothing was changed",
        issues=[fault.issue() for fault in found[:MAX_TOLD]],
        faults=found,
    )


def letters(column: int) -> str:
    """The name of a column in a sheet: 1 is A, 27 is AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def shown(text: str, length: int = 40) -> str:
    """A text cut to what fits a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
