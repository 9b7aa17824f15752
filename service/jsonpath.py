"""Places in a JSON value, written as JSONPath (RFC 9535): $.items[0].facts['task.kind']."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def member(path: str, name: str) -> str:
    """The path of a member; names that are no plain word are quoted (RFC 9535 §2.3.1)."""
    if _PLAIN.fullmatch(name):
        return f"{path}.{name}"
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"{path}['{quoted}']"


def path_of(parts: Iterable[str | int], root: str = "$") -> str:
    """The path of nested member names and list indexes."""
    path = root
    for part in parts:
        path = f"{path}[{part}]" if isinstance(part, int) else member(path, part)
    return path


def first_difference(a: object, b: object, path: str = "$") -> str | None:
    """The path of the first place where two JSON values differ, or None where they are equal."""
    if isinstance(a, dict) and isinstance(b, dict):
        for name in sorted(a.keys() | b.keys()):
            inner = member(path, name)
            if name not in a or name not in b:
                return inner
            if (found := first_difference(a[name], b[name], inner)) is not None:
                return found
        return None
    if isinstance(a, list) and isinstance(b, list):
        for index, (left, right) in enumerate(zip(a, b, strict=False)):
            if (found := first_difference(left, right, f"{path}[{index}]")) is not None:
                return found
        return None if len(a) == len(b) else f"{path}[{min(len(a), len(b))}]"
    return None if type(a) is type(b) and a == b else path
