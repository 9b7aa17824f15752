"""Entries of the change feed from what keeps them, the latest first; pure but for what is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from kb.added import Added
from kb.library import Library
from kb.register import RegisteredList
from ontology.ids import BASE, mint
from ontology.label import Label
from rules.difference import Difference
from service.linked.naming import page_of
from service.sparql.journal import Write
from service.store.revisions import Publication
from service.web.links import list_href

Kind = Literal["instrument", "revision", "list", "graph"]
KINDS: Final[tuple[Kind, ...]] = ("instrument", "revision", "list", "graph")
_FEED: Final = f"{BASE}changes/"
_NAMED: Final = 12
"""Rules of a publication that are named; of more, the number is told."""

Compare = Callable[[Publication], Difference | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that changed; `at` is an instant in UTC (RFC 3339), `href` where it is read."""

    id: str
    at: str
    kind: Kind
    title: Label
    about: Label
    href: str

    @property
    def key(self) -> tuple[str, str]:
        """What entries are ordered and paged by."""
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, and the key that the next page starts after; empty on the last."""

    entries: tuple[Entry, ...]
    after: str


def text(name: str, **values: object) -> Label:
    """A text in both languages, with values in its places; labels by their language."""
    found = _texts()[name]

    def told(language: Literal["zh", "en"]) -> str:
        said = {k: getattr(v, language) if isinstance(v, Label) else v for k, v in values.items()}
        return found[language].format(**said)

    return Label(told("zh"), told("en"))


def instruments(added: Iterable[Added], library: Library) -> Iterator[Entry]:
    """Instruments by the day they were added."""
    for one in added:
        for key in one.instruments:
            found = library.instrument(key)
            if found is None:
                continue
            number = Label(found.number, found.number) if found.number else text("unnumbered")
            held = text("held" if found.held else "known")
            yield Entry(
                id=f"{_FEED}instrument/{key}",
                at=f"{one.day.isoformat()}T00:00:00Z",
                kind="instrument",
                title=text("instrument", title=found.title),
                about=text("instrument-about", number=number, held=held),
                href=page_of(found.iri),
            )


def revisions(published: Iterable[Publication], compare: Compare, rules: int) -> Iterator[Entry]:
    """Publications with what each changed; `rules` is how many rules there are now."""
    for one in published:
        digits = one.revision.removeprefix("sha256:")[:12]
        found = compare(one)
        if found is None:
            about, href = text("revision-first", rules=rules), "/revisions"
        else:
            about = _changed(found)
            before = (one.parent or "").removeprefix("sha256:")[:12]
            href = f"/revisions/{before}...{digits}"
        if one.note:
            about = Label(f"{about.zh}。{one.note}", f"{about.en}. {one.note}")
        yield Entry(
            id=mint("publication", str(one.id)),
            at=one.published_at,
            kind="revision",
            title=text("revision", digits=digits),
            about=about,
            href=href,
        )


def lists(registered: Iterable[RegisteredList], place: Callable[[str], str]) -> Iterator[Entry]:
    """Versions of lists that jurisdictions registered; `place` names a jurisdiction."""
    for found in registered:
        if found.version:
            yield Entry(
                id=f"{_FEED}list/{found.id}",
                at=found.uploaded_at,
                kind="list",
                title=text("list", title=found.title, version=found.version),
                about=text(
                    "list-about",
                    place=place(found.jurisdiction),
                    rows=len(found.rows),
                    start=found.start.isoformat() if found.start else "",
                ),
                href=list_href(found.id),
            )


def graphs(writes: Iterable[Write]) -> Iterator[Entry]:
    """What was built, and what administrators wrote."""
    for one in writes:
        built = one.kind == "built"
        name = Label(one.graph, one.graph) if one.graph else text("graph-unnamed")
        yield Entry(
            id=f"{_FEED}graph/{one.kind}/{one.at}",
            at=one.at,
            kind="graph",
            title=text("built") if built else text(f"graph-{one.kind}", graph=name),
            about=text("built-about" if built else "graph-about"),
            href="/dumps",
        )


def page(entries: Iterable[Entry], after: str, size: int, kind: str = "") -> Page:
    """The entries after a key (`at~id`), the latest first, of a kind or of all."""
    found = sorted((e for e in entries if kind in ("", e.kind)), key=lambda e: e.key, reverse=True)
    if after:
        at, _, name = after.partition("~")
        found = [entry for entry in found if entry.key < (at, name)]
    shown = tuple(found[:size])
    return Page(shown, f"{shown[-1].at}~{shown[-1].id}" if len(found) > size else "")


def _changed(found: Difference) -> Label:
    counts = {
        "added": len(found.added),
        "removed": len(found.removed),
        "altered": len(found.altered),
    }
    about = text("revision-about", **counts)
    rules = [r.id for r in (*found.added, *found.removed)] + [a.after.id for a in found.altered]
    if 0 < len(rules) <= _NAMED:
        named = text("revision-rules", rules=Label("、".join(rules), ", ".join(rules)))
        about = Label(about.zh + named.zh, about.en + named.en)
    return about


@cache
def _texts() -> dict[str, dict[Literal["zh", "en"], str]]:
    found: dict[str, dict[Literal["zh", "en"], str]] = json.loads(
        Path(__file__).with_name("texts.json").read_text("utf-8")
    )
    return found
