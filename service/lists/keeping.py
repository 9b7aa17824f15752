"""The register that decides: shipped lists beside what jurisdictions registered, kept current.

Every decision compares the store's generation (one cheap read), so that an upload or a confirmation
that was acknowledged anywhere governs every later decision. Versions never change; only what
persons say of their rows is added.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, cast

from kb.list_wording import wording
from kb.register import ListKind, ListSource, Mapped, Register, RegisteredList, Row
from ontology.issue import Issue
from ontology.label import Label
from ontology.vocabulary import Vocabulary
from service.errors import BadList, UnknownList
from service.lists.asked import Asked, Said, checked
from service.lists.faults import Fault
from service.lists.reading import read_list
from service.lists.suggest import Suggester, code_list
from service.store.lists import ListStore, StoredList, StoredMapping, StoredRow, Upload

_NONE: Final = Mapped()


@dataclass(frozen=True, slots=True)
class Taken:
    """An upload that was taken: its version, whether it is new, and remarks on the file."""

    list: RegisteredList
    fresh: bool
    remarks: tuple[Fault, ...]


class Lists:
    """Registered lists; shared by all callers of a process."""

    def __init__(self, store: ListStore, shipped: Register, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._store = store
        self._shipped = shipped
        self._lock = threading.Lock()
        self._generation = -1
        self._stored: dict[str, StoredList] = {}
        self._said: dict[str, dict[int, StoredMapping]] = {}
        self._last = 0
        self._built: dict[str, RegisteredList] = {}
        self._register = shipped

    def register(self) -> Register:
        """Every list as last committed anywhere. Raises StoreFailed."""
        generation = self._store.generation()
        with self._lock:
            if generation != self._generation:
                self._refresh()
            return self._register

    def generation(self) -> int:
        """What differs once anything was registered or confirmed. Raises StoreFailed."""
        return self._store.generation()

    def take(self, asked: Asked, data: bytes, by: str) -> Taken:
        """Keep a file as the next version of a list, with suggestions for its rows.

        Raises FaultyFile, BadList, StoreFailed; then nothing was changed.
        """
        read = read_list(data)
        suggester = Suggester(asked.kind, self.vocabulary, self.register().lists)
        rows = tuple(
            StoredRow(
                row.number,
                row.text,
                row.basis,
                row.department,
                row.note,
                suggester.suggest(row.text, row.basis).to_json(),
            )
            for row in read.rows
        )
        upload = Upload(
            jurisdiction=asked.jurisdiction,
            kind=asked.kind,
            title=asked.title,
            complete=asked.complete,
            start=asked.start.isoformat(),
            end=asked.end.isoformat() if asked.end else None,
            source=asked.source,
            uploaded_by=by,
            sha256=hashlib.sha256(data).hexdigest(),
            file=data,
            rows=rows,
        )
        list_id, fresh = self._store.add(upload)
        return Taken(self.uploaded(list_id), fresh, read.remarks)

    def map(self, list_id: str, said: Sequence[Said], by: str) -> RegisteredList:
        """Keep what a person says that rows are. Raises UnknownList, BadList, StoreFailed."""
        found = self.uploaded(list_id)
        if missing := [one.number for one in said if found.row(one.number) is None]:
            raise UnknownList(f"{list_id} has no row {missing[0]}")
        codes, roles = code_list(found.kind, self.vocabulary), self.vocabulary.code_lists["roles"]
        told = []
        for one in said:
            checked(one, codes, roles)
            mapping = one.mapping
            if one.action == "confirm":
                mapping = _as_json(self._suggested(list_id, one.number))
                if not mapping["codes"]:
                    raise BadList(
                        f"nothing is suggested for row {one.number}",
                        hint="say what it is with correct; no codes says that it is of none",
                    )
            told.append((one.number, one.action, mapping))
        self._store.map(list_id, told, by)
        return self.uploaded(list_id)

    def uploaded(self, list_id: str) -> RegisteredList:
        """A registered version. Raises UnknownList, also for shipped lists."""
        found = self.register().get(list_id)
        if found is None or not found.version:
            raise UnknownList(f"no list {list_id[:80]} was registered here")
        return found

    def audit(self, list_id: str) -> list[StoredMapping]:
        """Who said what of its rows, and when, in order."""
        return self._store.said(list_id)

    def candidates(self, list_id: str) -> Mapping[int, Sequence[tuple[str, float]]]:
        """What each row may be, with scores, best first."""
        with self._lock:
            stored = self._stored.get(list_id)
        return {
            row.number: [
                (c["code"], c["score"]) for c in (row.suggestion or {}).get("candidates", ())
            ]
            for row in (stored.rows if stored else ())
        }

    def _suggested(self, list_id: str, number: int) -> Mapped:
        with self._lock:
            rows = self._stored[list_id].rows
        return next((_mapped(row.suggestion or {}) for row in rows if row.number == number), _NONE)

    def _refresh(self) -> None:
        generation, fresh, said = self._store.read(self._stored, self._last)
        touched = {stored.id for stored in fresh}
        self._stored |= {stored.id: stored for stored in fresh}
        for one in said:
            self._said.setdefault(one.list_id, {})[one.number] = one
            touched.add(one.list_id)
            self._last = max(self._last, one.id)
        for list_id in touched & self._stored.keys():
            self._built[list_id] = registered(
                self._stored[list_id], self._said.get(list_id, {}), self.vocabulary
            )
        self._register = self._shipped.beside(self._built.values())
        self._generation = generation


def registered(
    stored: StoredList, said: Mapping[int, StoredMapping], vocabulary: Vocabulary
) -> RegisteredList:
    """A stored version with what persons last said of its rows, as a value of the register."""
    at = stored.uploaded_at[:10]
    because = wording().uploaded_because.fill({"by": stored.uploaded_by, "at": at})
    source = ListSource(stored.source, "registered", because)
    kind = cast(ListKind, stored.kind)
    known = frozenset(code_list(kind, vocabulary).codes)
    return RegisteredList(
        id=stored.id,
        title=stored.title,
        kind=kind,
        jurisdiction=stored.jurisdiction,
        complete=stored.complete,
        start=date.fromisoformat(stored.start),
        end=date.fromisoformat(stored.end) if stored.end else None,
        rows=tuple(_row(row, stored, source, said.get(row.number), known) for row in stored.rows),
        version=stored.version,
        source=stored.source,
        uploaded_by=stored.uploaded_by,
        uploaded_at=stored.uploaded_at,
        sha256=stored.sha256,
    )


def _row(
    row: StoredRow,
    stored: StoredList,
    source: ListSource,
    said: StoredMapping | None,
    known: Iterable[str],
) -> Row:
    values = {
        "title": stored.title,
        "id": stored.id,
        "row": row.number,
        "name": row.text,
        "source": stored.source,
        "by": stored.uploaded_by,
    }
    if said is None or said.action == "clear":
        mapped = _mapped(row.suggestion or {})
    else:
        # A code that the vocabulary has lost since confirms nothing any more.
        kept = _mapped(said.mapping)
        sure = set(kept.codes) <= set(known)
        mapped = replace(kept, confirmed=sure, by=said.by, at=said.at)
    return Row(
        number=row.number,
        name=row.text,
        source=source,
        cited=wording().uploaded_row.fill(values),
        mapped=mapped,
        basis=row.basis,
        department=row.department,
        notes=(Label(row.note, row.note),) if row.note else (),
    )


def _mapped(value: Mapping[str, Any]) -> Mapped:
    return Mapped(
        tuple(value.get("codes", ())), value.get("role", ""), value.get("statutory_basis")
    )


def _as_json(mapped: Mapped) -> dict[str, Any]:
    return {
        "codes": list(mapped.codes),
        "role": mapped.role,
        "statutory_basis": mapped.statutory_basis,
    }


def remarks(faults: Iterable[Fault]) -> list[Issue]:
    """What was left out of a file that was taken, as issues."""
    return [fault.issue("warning") for fault in faults]
