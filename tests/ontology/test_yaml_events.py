"""libyaml is used only where it reads what PyYAML reads, to the place of every value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology import yaml_events
from ontology.yaml_events import events_of

ROOT = Path(__file__).parents[2]
CONTENT = sorted(
    path
    for room in ("kb", "ontology", "rules", "tests/fixtures")
    for path in (ROOT / room).rglob("*.yaml")
)
PIECES = st.sampled_from(
    [
        *"ab\n \"'[]{},#|>?~1中",
        *(
            ": ",
            ":",
            "- ",
            "\n  ",
            "\n    ",
            " #",
            "? ",
            "&a ",
            "*a",
            "!x ",
            "%",
            "@",
            "--- ",
            "...",
        ),
        *("😀", "\\n", "key: ", "- a\n", "k: v\n", ": |\n  ", "\t", "\r\n", "\ufeff", "\u2028"),
    ]
)

Told = tuple[object, ...]


def told(events: Any) -> list[Told] | str:
    """What readers of events look at, or that the text is no YAML."""
    try:
        return [_told(event) for event in events]
    except yaml.YAMLError as error:
        return str(error)


def _told(event: yaml.Event) -> Told:
    name = type(event).__name__
    if not isinstance(event, yaml.NodeEvent):
        return (name,)
    mark = event.start_mark
    tag, style = getattr(event, "tag", None), getattr(event, "style", None)
    value = getattr(event, "value", None)
    return name, mark and (mark.line, mark.column), event.anchor, tag, style or None, value


def slowly(text: str) -> list[Told] | str:
    return told(yaml.parse(text, Loader=yaml.SafeLoader))


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_any_text_is_read_as_pyyaml_reads_it(text: str) -> None:
    assert told(events_of(text)) == slowly(text)


def test_content_is_read_as_pyyaml_reads_it_and_fast() -> None:
    fast = 0
    for path in CONTENT:
        text = path.read_text("utf-8")
        assert told(events_of(text)) == slowly(text), path
        fast += yaml_events._fast(text) is not None
    assert fast > len(CONTENT) * 0.9


@pytest.mark.parametrize("text", ["", "a: [", "a: b: c", "- a\n b", "a: 'x", "\x07"])
def test_without_libyaml_all_is_read_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = told(events_of(text))
    monkeypatch.setattr(yaml_events, "_FAST", None)
    assert told(events_of(text)) == before == slowly(text)
