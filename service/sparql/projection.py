"""What the store knows and the built graph does not, as N-Quads.

A projected graph stands in place of the built one of the same name: the rules that decide now take
the place of those that were shipped, for a rule has one IRI whatever its revision, and two
conditions under it would answer for neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from kb.graph import list_quads
from kb.library import Library
from kb.register import Register
from rules.model import Rulebook
from rules.publish import rule_quads


class Projection(Protocol):
    """One source of statements beside the built graph."""

    def key(self) -> str:
        """Something short that differs once `lines` would; asked before every query."""

    def lines(self) -> Iterable[str]:
        """N-Quads, each line without its line feed."""


@dataclass(frozen=True, slots=True)
class RulesProjection:
    """The rules of the revision that decides now, with the norms of the library they execute."""

    head: Callable[[], Rulebook]
    library: Callable[[], Library]

    def key(self) -> str:
        """The revision."""
        return self.head().revision

    def lines(self) -> Iterable[str]:
        """The rules in the graph of rules."""
        return rule_quads(self.head(), self.library())


@dataclass(frozen=True, slots=True)
class ListsProjection:
    """Every list that is registered now, shipped or uploaded, under the numbers of the library.

    `generation` counts the changes of what is uploaded.
    """

    register: Callable[[], Register]
    generation: Callable[[], int]
    library: Callable[[], Library]

    def key(self) -> str:
        """The count of changes."""
        return str(self.generation())

    def lines(self) -> Iterable[str]:
        """The lists with their rows in the graph of lists."""
        numbers = {i.key: i.number for i in self.library().instruments if i.number}
        return list_quads(self.register().lists, numbers)
