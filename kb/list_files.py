"""Shipped lists: YAML files under kb/lists, read into register values with file:line faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from kb import yaml_source
from kb.list_wording import Wording, read_wording
from kb.meta import InForce, Model, Text, Words, check
from kb.register import REFERENCES, ListKind, ListSource, Mapped, Register, RegisteredList, Row
from ontology.issue import Issue
from ontology.label import Label

Confidence = Literal["high", "medium-high", "medium", "low"]

_HERE: Final = Path(__file__).parent


class _Source(Model):
    id: Text
    text: Text
    confidence: Confidence
    because: Words


class _Exception(Model):
    text: Text
    source: Text


class _Row(Model):
    number: Annotated[int, Field(ge=1)]
    code: str = ""
    codes: tuple[Text, ...] = ()
    role: str = ""
    mapping: Confidence = "high"
    name: Text
    basis: str = ""
    department: str = ""
    source: Text
    issuer: str = ""
    issuer_source: str = ""
    exception: _Exception | None = None
    in_force: InForce | None = None
    note: Words | None = None


class _List(Model):
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: Text
    kind: ListKind
    instrument: str = ""
    part: str = ""
    jurisdiction: str
    complete: bool
    in_force: InForce
    notes: tuple[Words, ...] = ()
    sources: tuple[_Source, ...]
    rows: tuple[_Row, ...]


def read_register(root: Path | None = None) -> tuple[Register, list[Issue]]:
    """The lists under kb/lists (or <root>/lists), with what is wrong in their files."""
    base = (root or _HERE) / "lists"
    wording, issues = read_wording()
    lists: list[RegisteredList] = []
    for path in sorted(base.glob("*/*.yaml")):
        source = yaml_source.read(path, path.relative_to(base.parent.parent).as_posix())
        model = None if source.issues else check(_List, source)
        if model and wording and (found := _list(model, source, wording)):
            lists.append(found)
        issues += source.issues
    return Register(tuple(lists)), issues


def _list(model: _List, source: yaml_source.Source, wording: Wording) -> RegisteredList | None:
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
    if start.earliest is None and model.kind not in REFERENCES:
        source.issues.append(
            source.issue("a list says from which day it is in force", ("in-force",))
        )
    if source.issues:
        return None
    return RegisteredList(
        id=model.id,
        title=model.title,
        kind=model.kind,
        jurisdiction=model.jurisdiction,
        complete=model.complete,
        start=start.earliest,
        end=model.in_force.until,
        rows=tuple(_row(row, model, known, wording) for row in model.rows),
        latest=start.latest if start.latest != start.earliest else None,
        instrument=model.instrument,
        part=model.part,
        notes=tuple(note.label for note in model.notes),
        file=source.file,
    )


def _row(row: _Row, model: _List, known: Mapping[str, ListSource], wording: Wording) -> Row:
    source = known[row.source]
    sure = wording.confidence[source.confidence]
    told = {"title": model.title, "row": row.number, "name": row.name, "source": source.text}
    unchecked, own = model.kind in REFERENCES and row.basis, row.in_force
    return Row(
        number=row.number,
        name=row.name,
        source=source,
        cited=wording.list_row.fill(told, confidence=sure),
        mapped=Mapped(
            codes=row.codes or ((row.code,) if row.code else ()),
            role=row.role,
            confirmed=True,
            confidence=row.mapping,
        ),
        basis=wording.unchecked.fill({"basis": row.basis}).zh if unchecked else row.basis,
        department=row.department,
        exception=row.exception.text if row.exception else "",
        exception_source=known[row.exception.source] if row.exception else None,
        issuer=row.issuer,
        notes=tuple(_notes(row, known, wording)),
        start=own.from_.earliest if own else None,
        latest=own.from_.latest if own else None,
        end=own.until if own else None,
    )


def _notes(row: _Row, known: Mapping[str, ListSource], wording: Wording) -> Iterator[Label]:
    """What stands beside the row: its exception, who issues instead, a remark."""
    beside = [(wording.issuer, row.issuer, row.issuer_source)]
    if row.exception:
        beside.insert(0, (wording.exception, row.exception.text, row.exception.source))
    for form, text, source_id in beside:
        if text and (source := known.get(source_id)):
            sure = wording.confidence[source.confidence]
            yield form.fill({"text": text, "source": source.text}, confidence=sure)
    if row.in_force and row.in_force.from_.because:
        yield row.in_force.from_.because.label
    if row.note:
        yield row.note.label
