"""What graphs that the service makes say of things, in both languages (`graph_texts.json`)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from ontology.label import Label


def graph_text(name: str, **values: object) -> Label:
    """A text with values in its places."""
    zh, en = _texts()[name]["zh"], _texts()[name]["en"]
    return Label(zh.format(**values), en.format(**values))


@cache
def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(
        Path(__file__).with_name("graph_texts.json").read_text("utf-8")
    )
    return found
