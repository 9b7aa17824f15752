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
    register: Register
    library: Library


def load_shipped(rulebook_path: Path | None = None) -> Shipped:
    """Build the rulebook. Raises ContentError with every issue found in the content."""
    library = load_library()
    rulebook = build_rulebook(load_vocabulary(), library, rulebook_path)
    return Shipped(rulebook, library.register, library)
