"""What the release brings along: its rulebook, built from the texts, its texts and its lists.

The rulebook that `zhunru build` has left is taken where it was made of just the content that is
here; texts and lists are read when they are first asked for. So a decision need not wait for what
only pages show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from ontology.issue import ContentError
from ontology.vocabulary import load_vocabulary
from rules.model import Rulebook

if TYPE_CHECKING:
    from kb.library import Library
    from kb.register import Register

ROOT: Final = Path(__file__).parent.parent
BUILT: Final = Path("var/graph")
"""Where `zhunru build` writes unless told otherwise, from the working directory."""
RULEBOOK: Final = "rulebook.json"
MARK: Final = "content.sha256"
"""Beside a built rulebook: the digest of the content that it was made of."""
_FOLDERS: Final = ("ontology", "kb", "rules")


class Shipped:
    """Rulebook, lists and texts of the release."""

    def __init__(self, rulebook: Rulebook, library: Library | None = None) -> None:
        self.rulebook = rulebook
        self._given = library

    @cached_property
    def library(self) -> Library:
        """The texts, and what is recorded of them. Raises ContentError."""
        from kb.library import load_library

        return self._given or load_library()

    @cached_property
    def register(self) -> Register:
        """The lists that facts are derived from. Raises ContentError."""
        if self._given is not None:
            return self._given.register
        from kb.list_files import read_register

        register, issues = read_register()
        if any(issue.severity == "error" for issue in issues):
            raise ContentError(issues)
        return register


def load_shipped(rulebook_path: Path | None = None, built: Path = BUILT) -> Shipped:
    """The content of the release, with the rulebook of a folder (the shipped one by default).

    Raises ContentError with every issue found in the content.
    """
    if rulebook_path is None and (kept := _kept(built)) is not None:
        return Shipped(kept)
    from kb.library import load_library
    from rules.publish import build_rulebook

    library = load_library()
    return Shipped(build_rulebook(load_vocabulary(), library, rulebook_path), library)


def content_digest(root: Path = ROOT) -> str:
    """SHA-256 over all that a rulebook is made of, and over the code that makes it."""
    digest = hashlib.sha256()
    for path in _files(root):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _kept(built: Path) -> Rulebook | None:
    """The rulebook that was built, where it was built from what is here; None where it was not."""
    try:
        mark = (built / MARK).read_text("ascii").split()
        if mark[:1] != [content_digest()]:
            return None
        document = orjson.loads((built / RULEBOOK).read_bytes())
        rulebook = Rulebook.from_json(document, load_vocabulary().places)
    except (OSError, ValueError, LookupError, TypeError):
        return None  # what is not whole is made anew
    return rulebook if mark[1:] == [rulebook.revision] else None
