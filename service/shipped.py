"""What the release brings along: its rulebook, built from the texts, and its lists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.library import Library, load_library
from kb.register import Register
from ontology.vocabulary import load_vocabulary
from rules.model import Rulebook
from rules.publish import build_rulebook


@dataclass(frozen=True, slots=True)
class Shipped:
    """Rulebook, lists and texts of the release."""

    rulebook: Rulebook
    library: Library

    @property
    def register(self) -> Register:
        """The lists that facts are derived from."""
        return self.library.register


def load_shipped(rulebook_path: Path | None = None) -> Shipped:
    """Build the rulebook. Raises ContentError with every issue found in the content."""
    library = load_library()
    return Shipped(build_rulebook(load_vocabulary(), library, rulebook_path), library)
