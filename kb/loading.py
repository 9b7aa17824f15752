"""Reading the folders of the knowledge base: metadata, texts, repairs, the horizon."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kb import agreement, yaml_source
from kb import text as parser
from kb.frame import Given, Role
from kb.instrument import Instrument, build
from kb.meta import Meta, Model, NotHeld, Text, Words, check
from kb.norm_files import read_accounts
from kb.repairs import Candidate, Mended, Repair, RepairKind, mend
from kb.yaml_source import KeyPath, Source
from ontology.issue import Issue
from ontology.label import Label


class _Candidate(Model):
    text: Text
    standing: Literal["likely", "possible", "excluded"]
    reason: Words


class _Given(Model):
    role: Role
    number: int | None = None


class _Repair(Model):
    """One repair: `before`, `damaged` and `after` together occur exactly once in the source."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    kind: RepairKind
    before: str = ""
    damaged: str = ""
    after: str = ""
    replacement: str | None = None
    reason: Words
    candidates: tuple[_Candidate, ...] = ()
    structure: _Given | None = None


class _Repairs(Model):
    repairs: tuple[_Repair, ...]


class _Horizon(Model):
    number: str = ""
    title: Text
    date: Text
    jurisdiction: str
    note: Words
    source: Annotated[tuple[Text, ...], Field(min_length=1)]


class _HorizonFile(Model):
    horizon: tuple[_Horizon, ...]


@dataclass(frozen=True, slots=True)
class HorizonEntry:
    """A later instrument known to exist but not held; `date` is as much of a day as is known."""

    number: str
    title: str
    date: str
    jurisdiction: str
    note: Label
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An instrument and the YAML that describes it, at `at` in the file."""

    instrument: Instrument
    source: Source
    at: KeyPath = ()


def read_instruments(root: Path) -> tuple[list[Entry], list[Issue]]:
    """Every instrument under <root>/<province>/<key>/ and in <root>/not-held.yaml, with issues."""
    entries: list[Entry] = []
    issues: list[Issue] = []
    for path in sorted(root.glob("*/*/meta.yaml")):
        entry, found = _held(path, root)
        issues += found
        entries += [entry] if entry else []
    not_held = root / "not-held.yaml"
    if not_held.exists():
        source = yaml_source.read(not_held, _shown(not_held, root))
        model = None if source.issues else check(NotHeld, source)
        issues += source.issues
        entries += [
            Entry(build(meta, root), source, ("instruments", n))
            for n, meta in enumerate(model.instruments if model else ())
        ]
    seen: dict[str, Entry] = {}
    for entry in entries:
        for name in filter(None, (entry.instrument.key, entry.instrument.number)):
            if name in seen:
                issues.append(entry.source.issue(f"{name} is described twice", entry.at))
            seen[name] = entry
    return entries, issues


def read_horizon(path: Path) -> tuple[tuple[HorizonEntry, ...], list[Issue]]:
    """The later instruments of horizon.yaml, in file order."""
    if not path.exists():
        return (), []
    source = yaml_source.read(path, _shown(path, path.parent / "texts"))
    model = None if source.issues else check(_HorizonFile, source)
    return (
        tuple(
            HorizonEntry(e.number, e.title, e.date, e.jurisdiction, e.note.label, e.source)
            for e in (model.horizon if model else ())
        ),
        source.issues,
    )


def _shown(path: Path, root: Path) -> str:
    """A file as issues name it: from the folder that holds kb on."""
    return path.relative_to(root.parent.parent).as_posix()


def _held(meta_path: Path, root: Path) -> tuple[Entry | None, list[Issue]]:
    source = yaml_source.read(meta_path, _shown(meta_path, root))
    meta = None if source.issues else check(Meta, source)
    if meta is None:
        return None, source.issues
    folder = meta_path.parent
    issues = source.issues
    if meta.key != folder.name:
        issues.append(source.issue(f"the key is not the folder's name {folder.name}", ("key",)))
    text_path = folder / "text.txt"
    try:
        raw = text_path.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [*issues, Issue("error", str(error), _shown(text_path, root) + ":1")]
    digest = hashlib.sha256(raw).hexdigest()
    if meta.sha256 != digest:
        issues.append(
            source.issue("text.txt is not the text this checksum is of", ("sha256",), digest)
        )
    mended, repair_issues = _mend(folder / "repairs.yaml", text, root)
    given = {mended.at_source(r.start): r.given for r in mended.repairs if r.given is not None}
    tree = parser.parse(mended.text, given)
    shown = _shown(text_path, root)
    warnings = [
        Issue("warning", remark.message, f"{shown}:{_line(mended, remark.offset)}")
        for remark in tree.remarks
    ]
    instrument = build(meta, folder, mended, tree)
    notes = folder / "norms"
    if notes.is_dir():
        accounts, faults = read_accounts(instrument, notes, _shown(notes, root))
        instrument = replace(instrument, accounts=accounts)
        issues += faults
    entry = Entry(instrument, source)
    disagreements = list(agreement.check(entry.instrument, source))
    return entry, [*issues, *repair_issues, *disagreements, *warnings]


def _line(mended: Mended, offset: int) -> str:
    before = mended.source[: mended.boundary(offset)]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def _mend(path: Path, text: str, root: Path) -> tuple[Mended, list[Issue]]:
    """The text with the repairs of repairs.yaml (if there is one) applied."""
    if not path.exists():
        return mend(text), []
    source = yaml_source.read(path, _shown(path, root))
    model = None if source.issues else check(_Repairs, source)
    repairs: list[Repair] = []
    for n, repair in enumerate(model.repairs if model else ()):
        context = repair.before + repair.damaged + repair.after
        times = text.count(context) if context else 0
        if times != 1:
            source.issues.append(
                source.issue(f"the context of {repair.id} occurs {times} times", ("repairs", n))
            )
            continue
        start = text.index(context) + len(repair.before)
        repairs.append(
            Repair(
                repair.id, repair.kind, start, start + len(repair.damaged), repair.damaged,
                repair.replacement, repair.reason.label,
                tuple(Candidate(c.text, c.standing, c.reason.label) for c in repair.candidates),
                Given(repair.structure.role, repair.structure.number, repair.reason.en)
                if repair.structure else None,
            )
        )  # fmt: skip
    try:
        return mend(text, repairs), source.issues
    except ValueError as error:
        return mend(text), [*source.issues, source.issue(str(error))]
