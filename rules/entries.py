"""Files of one list of entries, rules or cases: everything that can be read, and every issue."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from ontology.issue import Issue
from rules import marked
from rules.marked import Node
from rules.members import Notes

T = TypeVar("T")

Read = tuple[tuple[T, ...], list[Issue]]


def entries_of(text: str, file: str, key: str, read: Callable[[Node, Notes], T | None]) -> Read[T]:
    """The entries of one YAML text, below `key`; one with an error is left out, its issues are not.

    `read` gives an entry, or None where it has noted an error.
    """
    node, issues = marked.read(text, file)
    notes = Notes(issues)
    if node is None:
        if not issues:
            notes.error("the file is empty", f"{file}:1:1")
        return (), notes.issues
    top = notes.mapping(node, f"a file of {key}", (key,))
    parts = notes.sequence(top.get(key) if top else None, key, least=1)
    found = [read(part, notes) for part in parts]
    return tuple(entry for entry in found if entry is not None), notes.issues


def all_entries(files: Iterable[tuple[Path, str]], read: Callable[[str, str], Read[T]]) -> Read[T]:
    """The entries of all files, each with the name that issues use."""
    entries: list[T] = []
    issues: list[Issue] = []
    for path, name in files:
        text, unreadable = marked.text_of(path, name)
        found, defects = ((), unreadable) if unreadable else read(text, name)
        entries += found
        issues += defects
    return tuple(entries), issues
