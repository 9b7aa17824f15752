"""Lists that jurisdictions keep: work items, certificates, burdens taken off. One value for all.

Shipped lists are files under kb/lists (`kb.list_files`); uploaded ones become the same value, so
deriving facts from them is one function (`kb.derive`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, get_args

from ontology.label import Label

ListKind = Literal[
    "autonomy",
    "assist",
    "certificates-negative",
    "certificates-positive",
    "burden-negative",
    "statutory",
    "statutory-certificates",
]
KINDS: Final[tuple[ListKind, ...]] = get_args(ListKind)

REFERENCES: Final[frozenset[ListKind]] = frozenset({"statutory", "statutory-certificates"})
"""What laws say, unchecked (未核原文): shipped only, shown as references, derives nothing."""

REGISTRABLE: Final[tuple[ListKind, ...]] = tuple(k for k in KINDS if k not in REFERENCES)
"""What a jurisdiction may register."""


@dataclass(frozen=True, slots=True)
class ListSource:
    """Where words of a list were seen, how far they can be trusted, and why."""

    text: str
    confidence: str
    because: Label


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a row is in the words of the code lists: kinds of task or certificates, role, basis.

    Only a `confirmed` mapping derives anything; one without codes is confirmed to be of none.
    `confidence` is that of a shipped mapping, `by` and `at` are of the person who confirmed.
    """

    codes: tuple[str, ...] = ()
    role: str = ""
    statutory_basis: bool | None = None
    confirmed: bool = False
    confidence: str = ""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, and how it is cited: list, row, text, source, confidence (DESIGN §2).

    `exception` is quotable text of the row; `issuer` is an inference beside the list; `basis` is
    what the list names, a reference that nobody checked. `start`, `latest`, `end` where a row has
    days of its own.
    """

    number: int
    name: str
    source: ListSource
    cited: Label
    mapped: Mapped = Mapped()
    basis: str = ""
    department: str = ""
    exception: str = ""
    exception_source: ListSource | None = None
    issuer: str = ""
    notes: tuple[Label, ...] = ()
    start: date | None = None
    latest: date | None = None
    end: date | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes somebody confirmed."""
        return self.mapped.codes if self.mapped.confirmed else ()

    @property
    def code(self) -> str:
        """The first confirmed code, or empty."""
        return next(iter(self.codes), "")


@dataclass(frozen=True)
class RegisteredList:
    """A version of a list; `latest` closes an uncertain start (start ≤ true ≤ latest).

    `start` is None where it is unknown. `jurisdiction` is a prefix of GB/T 2260 codes ("" the
    nation). `version` counts the uploads of a jurisdiction and kind; 0 is a shipped list, which
    belongs to an `instrument`.
    """

    id: str
    title: str
    kind: ListKind
    jurisdiction: str
    complete: bool
    start: date | None
    end: date | None
    rows: tuple[Row, ...]
    latest: date | None = None
    instrument: str = ""
    part: str = ""
    notes: tuple[Label, ...] = ()
    file: str = ""
    version: int = 0
    source: str = ""
    uploaded_by: str = ""
    uploaded_at: str = ""
    sha256: str = ""
    _by_number: Mapping[int, Row] = field(init=False, repr=False, compare=False)
    _by_code: Mapping[str, tuple[Row, ...]] = field(init=False, repr=False, compare=False)
    unconfirmed: int = field(init=False, repr=False, compare=False)
    """How many rows nobody has confirmed a mapping for."""

    def __post_init__(self) -> None:
        by_code: dict[str, tuple[Row, ...]] = {}
        for row in self.rows:
            for code in row.codes:
                by_code[code] = (*by_code.get(code, ()), row)
        object.__setattr__(self, "_by_number", {row.number: row for row in self.rows})
        object.__setattr__(self, "_by_code", by_code)
        open_rows = sum(not row.mapped.confirmed for row in self.rows)
        object.__setattr__(self, "unconfirmed", open_rows)

    def row(self, number: int) -> Row | None:
        """The row of a number, or None."""
        return self._by_number.get(number)

    def coded(self, codes: Iterable[str]) -> tuple[Row, ...]:
        """The rows confirmed to be of one of the codes, each once, in order."""
        found = {row.number: row for code in codes for row in self._by_code.get(code, ())}
        return tuple(found[number] for number in sorted(found))

    def label(self, number: int) -> str:
        """A row as a provision of the list's instrument: 附件第1项."""
        return f"{self.part}第{number}项"

    def surely_in_force(self, day: date) -> bool:
        """Whether the list is in force on `day` whenever in its interval it started."""
        known = self.latest or self.start
        return known is not None and known <= day and (self.end is None or day < self.end)

    def possibly_in_force(self, day: date) -> bool:
        """Whether the list may be in force on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Register:
    """Every list that facts may be derived from."""

    lists: tuple[RegisteredList, ...] = ()
    _by_id: Mapping[str, RegisteredList] = field(init=False, repr=False, compare=False)
    _series: Mapping[tuple[ListKind, str], tuple[RegisteredList, ...]] = field(
        init=False, repr=False, compare=False
    )
    _shipped: Mapping[ListKind, tuple[RegisteredList, ...]] = field(
        init=False, repr=False, compare=False
    )
    _registered: frozenset[ListKind] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        series: dict[tuple[ListKind, str], list[RegisteredList]] = {}
        shipped: dict[ListKind, tuple[RegisteredList, ...]] = {}
        for found in self.lists:
            if found.version:
                series.setdefault((found.kind, found.jurisdiction), []).append(found)
            else:
                shipped[found.kind] = (*shipped.get(found.kind, ()), found)
        object.__setattr__(self, "_by_id", {found.id: found for found in self.lists})
        object.__setattr__(
            self,
            "_series",
            {k: tuple(sorted(v, key=_started)) for k, v in series.items()},
        )
        object.__setattr__(self, "_shipped", shipped)
        object.__setattr__(self, "_registered", frozenset(kind for kind, _ in series))

    def get(self, list_id: str) -> RegisteredList | None:
        """The list of an id, or None."""
        return self._by_id.get(list_id)

    def of_kind(self, kind: ListKind) -> tuple[RegisteredList, ...]:
        """The lists of a kind."""
        return tuple(found for found in self.lists if found.kind == kind)

    def of_instrument(self, key: str) -> tuple[RegisteredList, ...]:
        """The lists of an instrument."""
        return tuple(found for found in self.lists if found.instrument == key)

    def shipped(self, kind: ListKind) -> tuple[RegisteredList, ...]:
        """The lists of a kind that the release brings along."""
        return self._shipped.get(kind, ())

    def versions(self, kind: ListKind, jurisdiction: str) -> tuple[RegisteredList, ...]:
        """What a jurisdiction registered of a kind, by start, then by upload."""
        return self._series.get((kind, jurisdiction), ())

    def governing(self, kind: ListKind, jurisdiction: str, day: date) -> RegisteredList | None:
        """The version in force on a day: the last to start by then, unless it has ended.

        A later version takes the place of earlier ones for good: its end brings none of them back.
        """
        last = self.last_started(kind, jurisdiction, day)
        return last if last and last.possibly_in_force(day) else None

    def last_started(self, kind: ListKind, jurisdiction: str, day: date) -> RegisteredList | None:
        """The last version to start by a day, whether or not it has ended since."""
        started = [
            v for v in self.versions(kind, jurisdiction) if v.start is not None and v.start <= day
        ]
        return started[-1] if started else None

    def registers(self, kind: ListKind) -> bool:
        """Whether any jurisdiction registered a list of this kind."""
        return kind in self._registered

    def beside(self, uploads: Iterable[RegisteredList]) -> Register:
        """This register with uploaded lists."""
        return Register((*self.lists, *uploads))


def _started(found: RegisteredList) -> tuple[date, int]:
    return found.start or date.min, found.version
