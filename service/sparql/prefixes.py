"""Prefixes that results are shortened with and that the query page offers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("prefixes.json")


@cache
def load_prefixes() -> dict[str, str]:
    """Prefix → namespace."""
    found: dict[str, str] = json.loads(_FILE.read_text("utf-8"))
    return found
