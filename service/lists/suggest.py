"""What a row may be in the words of the code lists: a suggestion, which a person confirms or not.

Labels and altLabels are looked for in the row's text, the longest first, then similar labels and
similar rows that were mapped before (rapidfuzz, https://rapidfuzz.github.io/RapidFuzz/). A row with
the very words of one that was confirmed is suggested to be the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import fuzz, process

from kb.register import ListKind, Mapped, RegisteredList
from ontology.vocabulary import CodeList, Vocabulary

_NOISE: Final = re.compile(r"[\s（）()《》“”\"、，。；：,.;:·—-]+")
_LAW: Final = re.compile(r"(?:法|条例)》?(?:（[^）]*）)?\s*第[一二三四五六七八九十百零〇\d]+条")
_SIMILAR: Final = 60
_ALIKE: Final = 60
_MOST: Final = 3
_MOST_EXAMPLES: Final = 5000
_ROLES: Final[dict[ListKind, str]] = {"assist": "assist", "autonomy": "autonomy"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Codes with their scores (0…1), best first."""

    codes: tuple[tuple[str, float], ...]
    role: str
    statutory_basis: bool | None
    taken: int = 1
    """How many of the codes confirming confirms."""

    def to_json(self) -> dict[str, Any]:
        """As it is stored and shown."""
        return {
            "codes": [code for code, _ in self.codes[: self.taken]],
            "role": self.role,
            "statutory_basis": self.statutory_basis,
            "candidates": [{"code": code, "score": score} for code, score in self.codes],
        }


class Suggester:
    """Suggestions for the rows of lists of one kind; built once for a file."""

    def __init__(
        self, kind: ListKind, vocabulary: Vocabulary, known: Iterable[RegisteredList] = ()
    ) -> None:
        self._codes = code_list(kind, vocabulary)
        self._kind: ListKind = kind
        self._labels = {
            plain: concept.code
            for concept in self._codes.concepts
            for label in (concept.label.zh, *concept.alt)
            if len(plain := _plain(label, kind)) > 1
        }
        self._longest = sorted(self._labels, key=len, reverse=True)

        self._examples: dict[str, Mapped] = {}
        certificates = "certificates" in kind
        for found in known:
            if ("certificates" in found.kind) is certificates:
                # What the same kind of list says of the same words counts before a law's list.
                for row in found.rows if len(self._examples) < _MOST_EXAMPLES else ():
                    same = found.kind == kind
                    if row.codes and (same or _plain(row.name, kind) not in self._examples):
                        self._examples[_plain(row.name, kind)] = row.mapped

    def suggest(self, text: str, basis: str = "") -> Suggestion:
        """What a row with this text and basis may be."""
        plain = _plain(text, self._kind)
        lawful = True if _LAW.search(basis) else None
        role = _ROLES.get(self._kind, "")
        if same := self._examples.get(plain):
            codes = tuple((code, 1.0) for code in same.codes)
            return Suggestion(codes, role or same.role, lawful, len(codes))
        best: dict[str, float] = {}
        for code, score in (*self._contained(plain), *self._similar(plain)):
            best[code] = max(best.get(code, 0.0), score)
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST]
        return Suggestion(tuple(ranked), role, lawful)

    def _contained(self, plain: str) -> Iterator[tuple[str, float]]:
        for label in self._longest:
            if label in plain:
                yield self._labels[label], round(min(0.99, 0.5 + 0.1 * len(label)), 2)

    def _similar(self, plain: str) -> Iterator[tuple[str, float]]:
        found = process.extract(
            plain, self._labels.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR, limit=_MOST
        )
        for label, score, _ in found:
            yield self._labels[label], round(score / 100, 2)
        alike = process.extract(
            plain, self._examples.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST
        )
        for text, score, _ in alike:
            yield self._examples[text].codes[0], round(score / 100, 2)


def code_list(kind: ListKind, vocabulary: Vocabulary) -> CodeList:
    """The code list that rows of lists of a kind are mapped to."""
    return vocabulary.code_lists["certificates" if "certificates" in kind else "task-kinds"]


def _plain(text: str, kind: ListKind) -> str:
    plain = _NOISE.sub("", text)
    # Every certificate is called one: the word tells none from another.
    return plain.replace("证明", "") if "certificates" in kind else plain
