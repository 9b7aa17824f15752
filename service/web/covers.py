"""Coverage for pages: of the rules that decide now, worked out once a revision.

Texts and rules are joined in an instant; the cases stand in files of their own and take seconds to
read, so they are read where a page shows them, and once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from kb.library import Library
from kb.relations import Relation, same_wording
from rules.cases import load_cases
from rules.exercised import Bench, Exercise, exercise
from rules.model import Rule, Rulebook
from service.coverage import Coverage, cover

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Whole:
    """Coverage with cases, and what the cases show of each rule's comparisons."""

    coverage: Coverage
    exercises: tuple[Exercise, ...]


class Covers:
    """Keeps the last of each; for the threads that handle requests."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, Any]] = {}
        # One each: who reads a text does not wait for the cases of all.
        self._locks = {name: threading.Lock() for name in ("texts", "whole", "relations")}

    def texts(self, book: Rulebook, library: Library) -> Coverage:
        """What carries each sentence and which rules execute it, without cases."""
        return self._once("texts", book.revision, lambda: cover(library, rules_of(book)))

    def whole(self, book: Rulebook, library: Library, folder: Path | None) -> Whole:
        """All of it; `folder` holds the cases (None: those of the release)."""

        def make() -> Whole:
            examples, _ = load_cases(folder)
            coverage = cover(library, rules_of(book), examples)
            return Whole(coverage, exercise(Bench(book), examples))

        return self._once("whole", book.revision, make)

    def relations(self, library: Library) -> Mapping[str, tuple[Relation, ...]]:
        """The relations of each norm, from either end, by its IRI; those found with them."""

        def make() -> Mapping[str, tuple[Relation, ...]]:
            found: dict[str, list[Relation]] = {}
            for relation in (*library.relations, *same_wording(library.instruments)):
                for norm in (relation.subject, relation.object):
                    found.setdefault(norm.iri, []).append(relation)
            return {iri: tuple(relations) for iri, relations in found.items()}

        return self._once("relations", id(library), make)

    def _once(self, name: str, key: object, make: Callable[[], Made]) -> Made:
        with self._locks[name]:
            kept = self._kept.get(name)
            if kept is None or kept[0] != key:
                kept = self._kept[name] = (key, make())
            return cast("Made", kept[1])


def rules_of(book: Rulebook) -> tuple[Rule, ...]:
    """Every rule of every kind."""
    return tuple(rule for rules in book.rules.values() for rule in rules)
