"""Restricted YAML with the place of every value: strings, true, false, integers, maps and lists.

Anchors, aliases, tags, repeated keys, null and decimal numbers are issues, so that what a lawyer
reads is what the program reads (a date stays a string, 否 stays a word).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from ontology.issue import Issue
from ontology.yaml_events import events_of

Value: TypeAlias = Any
KeyPath: TypeAlias = tuple[str | int, ...]

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)$")
_DECIMAL: Final = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$")
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True)
class Source:
    """What a YAML file says: its value, where each part stands, and what is wrong with it."""

    file: str
    value: Value = None
    places: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def where(self, path: KeyPath = ()) -> str:
        """ "file:line:column" of the value at `path`, or of the nearest part above it."""
        for length in range(len(path), -1, -1):
            if place := self.places.get(path[:length]):
                return f"{self.file}:{place[0]}:{place[1]}"
        return f"{self.file}:1:1"

    def issue(self, message: str, path: KeyPath = (), hint: str = "") -> Issue:
        """An error at `path`."""
        return Issue("error", message, self.where(path), hint)


def read(path: Path, shown_as: str | None = None) -> Source:
    """The content of a YAML file; every fault is an issue in it, none an exception."""
    source = Source(shown_as or str(path))
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        source.issues.append(source.issue(f"cannot be read: {error}"))
        return source
    return parse(text, source)


def parse(text: str, source: Source) -> Source:
    """Read YAML `text` into `source`."""
    try:
        events = iter(list(events_of(text)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{source.file}:{mark.line + 1}:{mark.column + 1}" if mark else source.where()
        source.issues.append(Issue("error", f"not YAML: {error.problem or error.context}", place))
        return source
    except yaml.YAMLError as error:
        source.issues.append(source.issue(f"not YAML: {error}"))
        return source
    reader = _Reader(events, source)
    for event in events:
        if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            if not isinstance(event, yaml.StreamEndEvent):
                source.value = reader.value(event, ())
            break
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            reader.fault(event, "a file holds one document")
            break
    return source


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _Reader:
    def __init__(self, events: Any, source: Source) -> None:
        self.events = events
        self.source = source

    def fault(self, event: yaml.Event, message: str) -> None:
        """Note an issue where the event stands."""
        line, column = _place(event)
        self.source.issues.append(Issue("error", message, f"{self.source.file}:{line}:{column}"))

    def value(self, event: yaml.Event, path: KeyPath) -> Value:
        """The value that begins with `event`."""
        self.source.places[path] = _place(event)
        if isinstance(event, yaml.AliasEvent):
            self.fault(event, "aliases are not allowed")
            return None
        if getattr(event, "anchor", None):
            self.fault(event, "anchors are not allowed")
        if getattr(event, "tag", None):
            self.fault(event, "tags are not allowed")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        return self._scalar(event)

    def _sequence(self, path: KeyPath) -> list[Value]:
        out: list[Value] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            out.append(self.value(event, (*path, len(out))))
        return out

    def _mapping(self, path: KeyPath) -> dict[str, Value]:
        out: dict[str, Value] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.fault(event, "a key is a word")
                self.value(event, (*path, "?"))
                self.value(next(self.events), (*path, "?"))
                continue
            if event.value in out:
                self.fault(event, f"the key {event.value} is given twice")
            key = (*path, event.value)
            out[event.value] = self.value(next(self.events), key)
            # A fault in a value is best shown at its key, which is what people look for.
            self.source.places[key] = _place(event)
        return out

    def _scalar(self, event: yaml.Event) -> Value:
        assert isinstance(event, yaml.ScalarEvent)
        text = event.value
        if event.style:
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in _NULL:
            self.fault(event, "a value is missing")
        elif _INTEGER.match(text):
            return int(text)
        elif _DECIMAL.match(text):
            self.fault(event, f"a decimal number is written in quotes: '{text}'")
        return text
