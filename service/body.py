"""JSON bodies read strictly: one RFC 8259 text, no name twice, no bottomless nesting.

RFC 8259 §4 leaves a repeated name to the reader; of two answers to one question neither may be
picked silently, so it is an error here.
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from ontology.issue import Issue
from service.errors import BadJson

MAX_DEPTH = 32
_NESTED = frozenset({dict, list})


class _Repeated(Exception):
    """A name that stands twice in one object."""


def parse_json(text: bytes, line: int = 1) -> Any:
    """The value of a JSON text whose first line is line `line`; BadJson with line and column."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _bad(_reason(text, error), line + error.lineno - 1, error.colno) from None
    if text.count(b"{") + text.count(b"[") > MAX_DEPTH and _depth(value) > MAX_DEPTH:
        raise _bad(f"nested more than {MAX_DEPTH} levels deep", line, 1)
    # A name of its own for each colon of the text: then none stands twice. Colons within strings
    # are rare enough to look again.
    if text.count(b":") == _names(value):
        return value
    try:
        json.loads(text, object_pairs_hook=_once)
    except _Repeated as error:
        raise _bad(f"the name {str(error)!r} stands twice in one object", line, 1) from None
    return value


def _bad(message: str, line: int, column: int) -> BadJson:
    where = f"line {line} column {column}"
    return BadJson(f"{where}: {message}", issues=[Issue("error", message, where)])


def _reason(text: bytes, error: orjson.JSONDecodeError) -> str:
    if not text.strip():
        return "the body is empty; a JSON object is expected"
    return error.msg


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _Repeated(name)
            seen.add(name)
    return found


def _names(value: object) -> int:
    """How many members all objects of a value have; it is not nested deeply."""
    if isinstance(value, dict):
        return len(value) + sum([_names(v) for v in value.values() if type(v) in _NESTED])
    if isinstance(value, list):
        return sum([_names(v) for v in value if type(v) in _NESTED])
    return 0


def _depth(value: object) -> int:
    """Levels of nesting, without recursion: the value may be as deep as the parser allows."""
    deepest, todo = 0, [(value, 1)]
    while todo:
        inner, level = todo.pop()
        children = (
            inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
        )
        if children:
            deepest = max(deepest, level)
            todo.extend((child, level + 1) for child in children)
    return deepest
