"""The valid name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The name of `valid` most like `name`, or None where nothing is near."""
    found = get_close_matches(name, sorted(set(valid)), n=1, cutoff=0.6)
    return found[0] if found else None
