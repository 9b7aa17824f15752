"""Addresses under which a figure can be had again, and what became of it since.

A permalink says what was asked, of which generation of the data, and the hash of what was answered.
Opened, it is asked anew: the page tells whether the data and the result are still the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from ontology.issue import Issue
from service.sparql.results import SHORT, Result

Outcome = Literal["same-data", "same-result", "other-result", "other-result-same-data"]

NAMES: Final = ("generation", "result")
_GENERATION: Final = re.compile(rf"[0-9a-f]{{8,{SHORT}}}(?:-[0-9a-f]{{4,32}})?")
_RESULT: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Then:
    """What a permalink says was answered; the generation is empty where none was told."""

    generation: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What was answered then, against what is answered now."""

    then: Then
    outcome: Outcome

    @property
    def same(self) -> bool:
        """Whether the result is still the same."""
        return self.outcome in ("same-data", "same-result")


def then_of(given: Mapping[str, str]) -> tuple[Then | None, list[Issue]]:
    """What an address says was answered, if it says so, and what is wrong with it."""
    generation = given.get("generation", "").strip().lower()
    sha256 = given.get("result", "").strip().lower()
    issues = []
    if generation and not _GENERATION.fullmatch(generation):
        issues.append(_issue("generation", f"8 to {SHORT} hexadecimal digits"))
    if sha256 and not _RESULT.fullmatch(sha256):
        issues.append(_issue("result", "64 hexadecimal digits: a SHA-256"))
    if generation and not sha256:
        issues.append(_issue("result", "the hash of what was answered, beside the generation"))
    return (Then(generation, sha256) if sha256 and not issues else None), issues


def compared(then: Then, now: Result) -> Compared:
    """What became of a result."""
    data = bool(then.generation) and now.generation.startswith(then.generation)
    if then.sha256 == now.sha256:
        return Compared(then, "same-data" if data else "same-result")
    return Compared(then, "other-result-same-data" if data else "other-result")


def address(path: str, asked: Mapping[str, str], result: Result) -> str:
    """The permalink of a result: where it was asked, what was asked, what came of it."""
    told = {"generation": result.generation} if result.generation else {}
    return f"{path}?{urlencode({**asked, **told, 'result': result.sha256})}"


def _issue(name: str, wanted: str) -> Issue:
    return Issue("error", f"{name} is not {wanted}", f"?{name}")
