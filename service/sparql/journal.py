"""What was written into graphs and when: a line a write, beside the file of what is written.

Who wrote is in the log of the service alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from service.store.record import instant

WriteKind = Literal["built", "update", "put", "add", "remove"]


@dataclass(frozen=True, slots=True)
class Write:
    """A write at an instant (UTC); `graph` is empty for the unnamed one and where none is told."""

    at: str
    kind: WriteKind
    graph: str = ""


def noted(path: Path, kind: WriteKind, graph: str) -> None:
    """Add a line. Raises OSError."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(Write(instant(), kind, graph)), ensure_ascii=False) + "\n")


def read_journal(path: Path) -> tuple[Write, ...]:
    """The writes in order; a line that a crash cut short is passed over."""
    found: list[Write] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError:
        return ()
    for line in lines:
        try:
            found.append(Write(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return tuple(found)
