"""What was published, when and why, and what changed between any two revisions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Generic, TypeVar

from fastapi import Request
from fastapi.responses import Response

from rules.cases import load_cases
from rules.difference import Difference, compare
from rules.model import Rule, Rulebook
from service import trial
from service.deps import ServiceDep
from service.errors import NotFound
from service.publishing import stored
from service.revisions import Revisions
from service.store.revisions import Publication
from service.web.rulebook import RuleView, rule_view
from service.web.templates import Pages

T = TypeVar("T")

_SHANGHAI = timezone(timedelta(hours=8))
_SHOWN = 50
_KEPT = 128


@dataclass(frozen=True, slots=True)
class Moved:
    """A publication as the list shows it; `compared` is the address of what it changed."""

    publication: Publication
    at: str
    rules: int
    added: int
    removed: int
    altered: int
    compared: str
    current: bool


@dataclass(frozen=True, slots=True)
class RevisionsPage:
    """Publications, the latest first; `earlier` says how many more there are."""

    moves: tuple[Moved, ...]
    earlier: int


@dataclass(frozen=True, slots=True)
class AlteredView:
    """A rule before and after, and the names of the members that differ."""

    before: RuleView
    after: RuleView
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """What changed from one revision to another; `told` are the rules of both, by id.

    `here` are those that the page shows.
    """

    difference: Difference
    added: tuple[RuleView, ...]
    removed: tuple[RuleView, ...]
    altered: tuple[AlteredView, ...]
    told: dict[str, Rule]
    here: frozenset[str]
    turned: str


def short(revision: str) -> str:
    """The first digits of a revision, as people name it."""
    return revision.removeprefix("sha256:")[:12]


def between(before: str, after: str) -> str:
    """The address of the page of what changed."""
    return f"/revisions/{short(before)}...{short(after)}"


def difference_page(before: Rulebook, after: Rulebook, difference: Difference) -> DifferencePage:
    """The page of a difference, in words."""
    rules = {r.id: r for book in (before, after) for rs in book.rules.values() for r in rs}
    return DifferencePage(
        difference,
        tuple(rule_view(rule, after) for rule in difference.added),
        tuple(rule_view(rule, before) for rule in difference.removed),
        tuple(
            AlteredView(
                rule_view(altered.before, before),
                rule_view(altered.after, after),
                tuple(member.name for member in altered.members),
            )
            for altered in difference.altered
        ),
        rules,
        frozenset(r.id for r in (*difference.added, *difference.removed))
        | {altered.after.id for altered in difference.altered},
        between(after.revision, before.revision),
    )


class RevisionDesk:
    """Handlers; what was compared once is kept, for revisions never change."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._counts: _Kept[tuple[int, int, int, int]] = _Kept()
        self._tried: _Kept[Difference] = _Kept()

    def revisions(self, request: Request, service: ServiceDep) -> Response:
        """What was published."""
        store, revisions = service.revisions.store, service.revisions
        published = store.publications()
        head = store.head()
        moves = tuple(
            self._moved(one, revisions, current=index == 0 and one.revision == head)
            for index, one in enumerate(published[:_SHOWN])
        )
        page = RevisionsPage(moves, max(len(published) - _SHOWN, 0))
        return self._pages.render(request, "revisions.html", page)

    def difference(self, request: Request, pair: str, service: ServiceDep) -> Response:
        """What changed between two revisions, and which cases come out otherwise."""
        first, dots, second = pair.partition("...")
        if not dots:
            raise NotFound("the address names two revisions: /revisions/…...…")
        before, after = (stored(name, service.revisions) for name in (first, second))
        root = service.settings.rulebook_path

        def tried() -> Difference:
            return _tried(before, after, root)

        found = self._tried.get((before.revision, after.revision), tried)
        page = difference_page(before, after, found)
        return self._pages.render(request, "difference.html", page)

    def _moved(self, one: Publication, revisions: Revisions, *, current: bool) -> Moved:
        rules, added, removed, altered = self._counts.get(
            (one.parent, one.revision), lambda: _counts(one, revisions)
        )
        at = datetime.fromisoformat(one.published_at).astimezone(_SHANGHAI)
        compared = between(one.parent, one.revision) if one.parent else ""
        told = at.strftime("%Y-%m-%d %H:%M")
        return Moved(one, told, rules, added, removed, altered, compared, current)


class _Kept(Generic[T]):
    """The latest results of slow pure functions, by what they depend on."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept for the key, made now where nothing is."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return made


def _counts(one: Publication, revisions: Revisions) -> tuple[int, int, int, int]:
    after = revisions.look(one.revision)
    rules = sum(len(rules) for rules in after.rules.values())
    if one.parent is None:
        return rules, 0, 0, 0
    found = compare(revisions.look(one.parent), after)
    return rules, len(found.added), len(found.removed), len(found.altered)


def _tried(before: Rulebook, after: Rulebook, root: Path | None) -> Difference:
    """The difference, tried on the cases beside the rules."""
    cases, _ = load_cases(root)
    return compare(before, after, trial.of_examples(cases, before, after))
