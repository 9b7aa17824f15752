"""Restricted YAML with the place of everything in it.

Rules are written in strings, true/false and integers, in mappings and lists. What other tools read
differently (yes/no, unquoted dates, octal numbers), what hides (anchors, tags, merge keys, keys
given twice) and what says nothing (null) is an issue. Works on PyYAML's event stream, because its
node tree no longer tells a written tag from a resolved one. YAML 1.1: https://yaml.org/spec/1.1/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import yaml
from yaml import events
from yaml.nodes import ScalarNode
from yaml.resolver import Resolver

from ontology.issue import Issue
from ontology.yaml_events import events_of

MAX_DEPTH: Final = 40
MAX_CHARACTERS: Final = 2_000_000

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,15})\Z")
_RESOLVER: Final = Resolver()
_PLAIN: Final = {
    "tag:yaml.org,2002:bool": "write true or false, or quote it if text is meant",
    "tag:yaml.org,2002:int": "write whole numbers in plain decimal digits, or quote the text",
    "tag:yaml.org,2002:float": "numbers with a point are not allowed; quote it if text is meant",
    "tag:yaml.org,2002:null": "leave the line out, or quote it if text is meant",
    "tag:yaml.org,2002:timestamp": "put the day in quotes",
    "tag:yaml.org,2002:merge": "merge keys are not allowed",
    "tag:yaml.org,2002:value": "quote it",
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, boolean or integer."""

    value: str | bool | int
    where: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    parts: tuple[Node, ...]
    where: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping; `members` in writing order, no key twice."""

    members: tuple[tuple[Scalar, Node], ...]
    where: str

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        return next((value for name, value in self.members if name.value == key), None)


Node: TypeAlias = Scalar | Sequence | Mapping
Value: TypeAlias = "str | bool | int | list[Value] | dict[str, Value]"


class _Broken(Exception):
    """The text cannot be read on from here; the issue has been noted."""


def read(text: str, file: str) -> tuple[Node | None, list[Issue]]:
    """The one document of a restricted YAML text, and all issues found; None where it has none.

    `file` is how places name the text. A text with issues still gives its readable parts.
    """
    reader = _Reader(file)
    if len(text) > MAX_CHARACTERS:
        reader.note(f"a file has at most {MAX_CHARACTERS} characters", 1, 1)
        return None, reader.issues
    try:
        node = reader.document(events_of(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reader.note(f"not YAML: {error.problem or error.context}", line, column)
        return None, reader.issues
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        character = ord(text[error.position])
        reader.note(f"the character U+{character:04X} is not allowed", line, column)
        return None, reader.issues
    except _Broken:
        return None, reader.issues
    return node, reader.issues


def text_of(path: Path, file: str) -> tuple[str, list[Issue]]:
    """The text of a file, "" and an issue where it is not UTF-8."""
    try:
        return path.read_text("utf-8"), []
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return "", [Issue("error", "the file is not UTF-8", f"{file}:{line}:1")]


def plain(node: Node) -> Value:
    """The node without its places."""
    match node:
        case Scalar(value):
            return value
        case Sequence(parts):
            return [plain(part) for part in parts]
        case Mapping(members):
            return {str(key.value): plain(value) for key, value in members}


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.issues: list[Issue] = []

    def note(self, message: str, line: int, column: int, hint: str = "") -> None:
        self.issues.append(Issue("error", message, f"{self.file}:{line}:{column}", hint))

    def document(self, stream: Iterator[yaml.Event]) -> Node | None:
        node: Node | None = None
        count = 0
        for event in stream:
            if isinstance(event, events.DocumentStartEvent):
                count += 1
                if count > 1:
                    self._at(event, "a file holds one document")
                    raise _Broken
                node = self._node(next(stream), stream, 0)
        return node

    def _node(self, event: yaml.Event, stream: Iterator[yaml.Event], depth: int) -> Node:
        if depth > MAX_DEPTH:
            self._at(event, f"nested more than {MAX_DEPTH} deep")
            raise _Broken
        if isinstance(event, events.AliasEvent):
            self._at(event, f"*{event.anchor}: aliases are not allowed", "write the value out")
            return Scalar("", self._where(event))
        assert isinstance(event, events.NodeEvent)
        if event.anchor is not None:
            self._at(
                event, f"&{event.anchor}: anchors are not allowed", "write the value out twice"
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._at(event, f"{tag}: tags are not allowed", "leave it out")
        if isinstance(event, events.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, events.SequenceStartEvent):
            parts: list[Node] = []
            while not isinstance(inner := next(stream), events.SequenceEndEvent):
                parts.append(self._node(inner, stream, depth + 1))
            return Sequence(tuple(parts), self._where(event))
        return self._mapping(event, stream, depth)

    def _mapping(self, event: yaml.Event, stream: Iterator[yaml.Event], depth: int) -> Mapping:
        members: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(inner := next(stream), events.MappingEndEvent):
            key = self._node(inner, stream, depth + 1)
            value = self._node(next(stream), stream, depth + 1)
            if not isinstance(key, Scalar) or not isinstance(key.value, str):
                self.issues.append(Issue("error", "a key is text", key.where))
            elif key.value in members:
                first = members[key.value][0].where.removeprefix(f"{self.file}:")
                self.issues.append(
                    Issue("error", f"{key.value} is given twice", key.where, f"first at {first}")
                )
            else:
                members[key.value] = (key, value)
        return Mapping(tuple(members.values()), self._where(event))

    def _scalar(self, event: events.ScalarEvent) -> Scalar:
        where = self._where(event)
        text: str = event.value
        if event.style:
            return Scalar(text, where)
        if text in ("true", "false"):
            return Scalar(text == "true", where)
        if _INTEGER.match(text):
            return Scalar(int(text), where)
        tag: str = _RESOLVER.resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
        if tag in _PLAIN:
            self._at(event, f"{text or 'an empty value'} is not clear", _PLAIN[tag])
        return Scalar(text, where)

    def _where(self, event: yaml.Event) -> str:
        mark = event.start_mark
        assert mark is not None
        return f"{self.file}:{mark.line + 1}:{mark.column + 1}"

    def _at(self, event: yaml.Event, message: str, hint: str = "") -> None:
        self.issues.append(Issue("error", message, self._where(event), hint))
