"""What the release brings along: its rulebook, built from the texts, and its lists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kb.library import load_library
from kb.register import Register, load_register
from ontology.vocabulary import load_vocabulary
from rules.model import Rulebook
from rules.publish import build_rulebook


@dataclass(frozen=True, slots=True)
class Shipped:
    """Rulebook and lists of the release."""

    rulebook: Rulebook
    register: Register


def load_shipped(rulebook_path: Path | None = None) -> Shipped:
    """Build the shipped rulebook. Raises ContentError with every issue found in the content."""
    vocabulary = load_vocabulary()
    library = load_library()
    return Shipped(build_rulebook(vocabulary, library, rulebook_path), load_register(vocabulary))
