"""The texts to read: the instruments, and one of them with a quoted sentence marked in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kb.instrument import Instrument
from kb.library import Library
from kb.register import RegisteredList, Row
from rules.model import Citation, Rule
from service.web.carried import SentenceView, Tone, legend
from service.web.passages import Passage, Run, passages, runs_of


@dataclass(frozen=True, slots=True)
class Entry:
    """An instrument in the list; `rules` is how many rest on it."""

    instrument: Instrument
    rules: int


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """The shelf: texts that are held, texts that are only known, and registered lists."""

    held: tuple[Entry, ...]
    known: tuple[Entry, ...]
    lists: tuple[RegisteredList, ...]


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row of a list; `exception` is its quotable text, marked where it is quoted."""

    row: Row
    exception: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A registered list with its rows; `instrument` is the one that it is part of."""

    list: RegisteredList
    instrument: Instrument | None
    jurisdiction: str
    rows: tuple[ListedRow, ...]


@dataclass(frozen=True, slots=True)
class InstrumentPage:
    """One instrument with its text, or what is known of one whose text is not held.

    `carried` says by id what each sentence carries, `legend` counts the sentences of each colour.
    """

    instrument: Instrument
    jurisdiction: str
    passages: tuple[Passage, ...]
    contents: tuple[Passage, ...]
    rules: tuple[Rule, ...]
    quote: str
    found: bool
    carried: Mapping[str, SentenceView]
    legend: tuple[tuple[Tone, int], ...]


def library_page(library: Library, rules: Iterable[Rule]) -> LibraryPage:
    """The list of all instruments, held ones first."""
    cited: dict[str, int] = {}
    for rule in rules:
        for key in {c.instrument for c in _citations(rule)}:
            cited[key] = cited.get(key, 0) + 1
    entries = tuple(Entry(i, cited.get(i.key, 0)) for i in library.instruments)
    return LibraryPage(
        held=tuple(e for e in entries if e.instrument.held),
        known=tuple(e for e in entries if not e.instrument.held),
        lists=library.register.lists,
    )


def list_page(
    found: RegisteredList, library: Library, jurisdiction: str, quote: str = ""
) -> ListPage:
    """A list, `quote` marked in the rows that say it."""
    rows = tuple(ListedRow(row, tuple(runs_of(row.exception, "", quote))) for row in found.rows)
    return ListPage(found, library.instrument(found.instrument), jurisdiction, rows)


def instrument_page(
    instrument: Instrument,
    rules: Iterable[Rule],
    jurisdiction: str,
    carried: Mapping[str, SentenceView],
    quote: str = "",
) -> InstrumentPage:
    """An instrument, its passages beside the rules that cite them, `quote` marked where it is."""
    by_place: dict[str, list[tuple[Rule, str]]] = {}
    resting: list[Rule] = []
    for rule in rules:
        cited = [c for c in _citations(rule) if c.instrument == instrument.key]
        resting += [rule] if cited else []
        for citation in cited:
            by_place.setdefault(citation.iri, []).append((rule, citation.quote))
    found = tuple(passages(instrument, by_place, quote))
    return InstrumentPage(
        instrument=instrument,
        jurisdiction=jurisdiction,
        passages=found,
        contents=tuple(p for p in found if p.level in ("section", "annex")),
        rules=tuple(resting),
        quote=quote,
        found=any(
            run.marked for p in found for line in p.paragraphs for said in line for run in said.runs
        ),
        carried=carried,
        legend=legend(carried.values()),
    )


def _citations(rule: Rule) -> Iterator[Citation]:
    for citation in rule.citations:
        yield citation
        if citation.quoted_in is not None:
            yield citation.quoted_in
