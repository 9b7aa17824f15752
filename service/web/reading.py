"""The texts to read: the instruments, and one of them with a quoted sentence marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kb.instrument import Instrument
from kb.library import Library
from kb.register import RegisteredList, Row
from kb.repairs import Repair
from kb.tree import Node
from rules.model import Citation, Rule

# Markdown of a source is its dress, not its words (kb/texts/*/text.txt keeps it).
_DRESS: Final = re.compile(r"^(?:#+|[-*])\s+|\*\*|  +$", re.MULTILINE)
# What the head of the page says already, and lines drawn by the source.
_UNSHOWN: Final = frozenset({"metadata", "rule"})


@dataclass(frozen=True, slots=True)
class Run:
    """Some characters of a passage: its heading, a marked quote, or neither."""

    text: str
    heading: bool = False
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """What one node of the text says by itself. `label` is empty where it is no provision."""

    eid: str
    level: str
    label: str
    depth: int
    paragraphs: tuple[tuple[Run, ...], ...]
    repairs: tuple[Repair, ...]
    rules: tuple[Rule, ...]
    inferred: bool


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
    """One instrument with its text, or what is known of one whose text is not held."""

    instrument: Instrument
    jurisdiction: str
    passages: tuple[Passage, ...]
    contents: tuple[Passage, ...]
    rules: tuple[Rule, ...]
    quote: str
    found: bool


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
    rows = tuple(ListedRow(row, tuple(_runs(row.exception, "", quote))) for row in found.rows)
    return ListPage(found, library.instrument(found.instrument), jurisdiction, rows)


def instrument_page(
    instrument: Instrument, rules: Iterable[Rule], jurisdiction: str, quote: str = ""
) -> InstrumentPage:
    """An instrument, its passages beside the rules that cite them, `quote` marked where it is."""
    by_place: dict[str, list[Rule]] = {}
    resting: list[Rule] = []
    for rule in rules:
        cited = [c for c in _citations(rule) if c.instrument == instrument.key]
        resting += [rule] if cited else []
        for iri in dict.fromkeys(c.iri for c in cited):
            by_place.setdefault(iri, []).append(rule)
    passages = tuple(_passages(instrument, by_place, quote))
    return InstrumentPage(
        instrument=instrument,
        jurisdiction=jurisdiction,
        passages=passages,
        contents=tuple(p for p in passages if p.level in ("section", "annex")),
        rules=tuple(resting),
        quote=quote,
        found=any(run.marked for p in passages for runs in p.paragraphs for run in runs),
    )


def _citations(rule: Rule) -> Iterator[Citation]:
    for citation in rule.citations:
        yield citation
        if citation.quoted_in is not None:
            yield citation.quoted_in


def _passages(
    instrument: Instrument, rules: Mapping[str, list[Rule]], quote: str
) -> Iterator[Passage]:
    tree, mended = instrument.tree, instrument.mended
    if tree is None or mended is None:
        return
    iris = {p.eid: p.iri for p in instrument.provisions}

    def below(node: Node, depth: int) -> Iterator[Passage]:
        own_end = node.start + len(node.own)
        if node.level not in _UNSHOWN and (node.own.strip() or node.label):
            yield Passage(
                eid=node.eid,
                level=node.level,
                label=node.label,
                depth=depth,
                paragraphs=tuple(_paragraphs(node, instrument.text, quote)),
                repairs=mended.touched(node.start, own_end) if node.own.strip() else (),
                rules=tuple(rules.get(iris.get(node.eid, ""), ())),
                inferred=bool(node.inferred),
            )
        for child in node.children:
            yield from below(child, depth + 1 if node.label else depth)

    yield from below(tree.root, 0)


def _paragraphs(node: Node, text: str, quote: str) -> Iterator[tuple[Run, ...]]:
    heading = text[slice(*node.heading)] if node.heading else ""
    for line in _DRESS.sub("", node.own).split("\n"):
        if words := line.strip():
            yield tuple(_runs(words, heading, quote))


def _runs(words: str, heading: str, quote: str) -> Iterator[Run]:
    """The words cut where the heading and the quote begin and end."""
    cuts = {0, len(words)}
    spans = {}
    for name, part in (("heading", heading), ("quote", quote)):
        at = words.find(part) if part else -1
        spans[name] = range(at, at + len(part)) if at >= 0 else range(0)
        cuts |= {spans[name].start, spans[name].stop} if spans[name] else set()
    edges = sorted(cuts)
    for start, end in pairwise(edges):
        yield Run(words[start:end], start in spans["heading"], start in spans["quote"])
