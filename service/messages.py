"""The few sentences that answers carry from here; the texts are in messages.json."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("messages.json")


@cache
def message(name: str) -> dict[str, str]:
    """One sentence as {"zh": …, "en": …}; KeyError for a name the file lacks."""
    texts: dict[str, dict[str, str]] = json.loads(_FILE.read_text("utf-8"))
    return texts[name]
