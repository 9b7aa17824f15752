"""Lists that jurisdictions keep: certificates not to be asked for, work items. One value for all.

Shipped lists are files under kb/lists; uploaded ones become the same value, so deriving facts from
them is one function (kb.derive).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from kb import yaml_source
from kb.meta import InForce, Model, Text, Words, check
from ontology.issue import Issue
from ontology.label import Label

ListKind = Literal["certificates-negative", "certificates-positive", "autonomy", "assist"]
KINDS: tuple[ListKind, ...] = get_args(ListKind)

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class ListSource:
    """Where words of a list were seen, how far they can be trusted, and why."""

    text: str
    confidence: str
    because: Label


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and how it is cited: list, row, text, source, confidence (DESIGN §2).

    `code` is the row's word in a code list; `exception` is quotable text of the row; `issuer` is an
    inference beside the list.
    """

    number: int
    name: str
    source: ListSource
    cited: Label
    code: str = ""
    exception: str = ""
    exception_source: ListSource | None = None
    issuer: str = ""
    notes: tuple[Label, ...] = ()


@dataclass(frozen=True)
class RegisteredList:
    """A list of one instrument; `latest` closes an uncertain start (start ≤ true ≤ latest)."""

    id: str
    title: str
    kind: ListKind
    instrument: str
    part: str
    jurisdiction: str
    complete: bool
    start: date
    latest: date | None
    end: date | None
    rows: tuple[Row, ...]
    notes: tuple[Label, ...] = ()
    file: str = ""
    _by_number: Mapping[int, Row] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_number", {row.number: row for row in self.rows})

    def row(self, number: int) -> Row | None:
        """The row of a number, or None."""
        return self._by_number.get(number)

    def label(self, number: int) -> str:
        """A row as a provision of the list's instrument: 附件第1项."""
        return f"{self.part}第{number}项"

    def surely_in_force(self, day: date) -> bool:
        """Whether the list is in force on `day` whenever in its interval it started."""
        return (self.latest or self.start) <= day and (self.end is None or day < self.end)

    def possibly_in_force(self, day: date) -> bool:
        """Whether the list may be in force on `day`."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Register:
    """Every list that facts may be derived from."""

    lists: tuple[RegisteredList, ...] = ()

    def get(self, list_id: str) -> RegisteredList | None:
        """The list of an id, or None."""
        return next((found for found in self.lists if found.id == list_id), None)

    def of_kind(self, kind: ListKind) -> tuple[RegisteredList, ...]:
        """The lists of a kind."""
        return tuple(found for found in self.lists if found.kind == kind)

    def of_instrument(self, key: str) -> tuple[RegisteredList, ...]:
        """The lists of an instrument."""
        return tuple(found for found in self.lists if found.instrument == key)


class _Source(Model):
    id: Text
    text: Text
    confidence: Literal["high", "medium-high", "medium", "low"]
    because: Words


class _Exception(Model):
    text: Text
    source: Text


class _Row(Model):
    number: Annotated[int, Field(ge=1)]
    code: str = ""
    name: Text
    source: Text
    issuer: str = ""
    issuer_source: str = ""
    exception: _Exception | None = None
    note: Words | None = None


class _List(Model):
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: Text
    kind: ListKind
    instrument: Text
    part: str = ""
    jurisdiction: str
    complete: bool
    in_force: InForce
    notes: tuple[Words, ...] = ()
    sources: tuple[_Source, ...]
    rows: tuple[_Row, ...]


class _Wording(Model):
    list_row: Words
    exception: Words
    issuer: Words
    confidence: dict[str, Words]


def read_register(root: Path | None = None) -> tuple[Register, list[Issue]]:
    """The lists under kb/lists (or <root>/lists), with what is wrong in their files."""
    base = (root or _HERE) / "lists"
    wording_source = yaml_source.read(_HERE / "lists" / "wording.yaml", "kb/lists/wording.yaml")
    wording = None if wording_source.issues else check(_Wording, wording_source)
    issues = wording_source.issues
    lists: list[RegisteredList] = []
    for path in sorted(base.glob("*/*.yaml")):
        source = yaml_source.read(path, path.relative_to(base.parent.parent).as_posix())
        model = None if source.issues else check(_List, source)
        if model and wording and (found := _list(model, source, wording)):
            lists.append(found)
        issues += source.issues
    return Register(tuple(lists)), issues


def _list(model: _List, source: yaml_source.Source, wording: _Wording) -> RegisteredList | None:
    known = {s.id: ListSource(s.text, s.confidence, s.because.label) for s in model.sources}
    numbers: set[int] = set()
    for n, row in enumerate(model.rows):
        names = [row.source, *([row.issuer_source] if row.issuer else [])]
        names += [row.exception.source] if row.exception else []
        source.issues += [
            source.issue(f"no source {name} is described", ("rows", n, "source"))
            for name in names
            if name not in known
        ]
        if row.number in numbers:
            source.issues.append(source.issue(f"row {row.number} is given twice", ("rows", n)))
        numbers.add(row.number)
    start = model.in_force.from_
    if start.earliest is None:
        source.issues.append(
            source.issue("a list says from which day it is in force", ("in-force",))
        )
    if source.issues or start.earliest is None:
        return None
    return RegisteredList(
        id=model.id,
        title=model.title,
        kind=model.kind,
        instrument=model.instrument,
        part=model.part,
        jurisdiction=model.jurisdiction,
        complete=model.complete,
        start=start.earliest,
        latest=start.latest if start.latest != start.earliest else None,
        end=model.in_force.until,
        rows=tuple(_row(row, model.title, known, wording) for row in model.rows),
        notes=tuple(note.label for note in model.notes),
        file=source.file,
    )


def _row(row: _Row, title: str, known: Mapping[str, ListSource], wording: _Wording) -> Row:
    source = known[row.source]
    confidence = wording.confidence[source.confidence]

    def told(form: str, confidence: str) -> str:
        return form.format(
            title=title, row=row.number, name=row.name, source=source.text, confidence=confidence
        )

    return Row(
        number=row.number,
        name=row.name,
        source=source,
        cited=Label(
            told(wording.list_row.zh, confidence.zh), told(wording.list_row.en, confidence.en)
        ),
        code=row.code,
        exception=row.exception.text if row.exception else "",
        exception_source=known[row.exception.source] if row.exception else None,
        issuer=row.issuer,
        notes=tuple(_notes(row, known, wording)),
    )


def _notes(row: _Row, known: Mapping[str, ListSource], wording: _Wording) -> Iterator[Label]:
    """What stands beside the row: its exception, who issues instead, a remark."""
    beside = [(wording.issuer, row.issuer, row.issuer_source)]
    if row.exception:
        beside.insert(0, (wording.exception, row.exception.text, row.exception.source))
    for form, text, source_id in beside:
        if text and (source := known.get(source_id)):
            sure = wording.confidence[source.confidence]
            yield Label(
                form.zh.format(text=text, source=source.text, confidence=sure.zh),
                form.en.format(text=text, source=source.text, confidence=sure.en),
            )
    if row.note:
        yield row.note.label
