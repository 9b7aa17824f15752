"""The process that changes what administrators have written: one edit, from one file to another.

It holds nothing but what was written: no update, whatever it says, can touch a graph that was built
or published, for they are not there. Like a worker it may open no descriptor while it works, so
that no update reaches another host or a file, and the kernel ends it at its deadline.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Final

from kb.store import WritableStore
from service.sparql.confine import deadline, limit, measured
from service.sparql.edit import Edit, Edited, from_bytes, outcome_to_json
from service.sparql.faults import syntax
from service.sparql.prefixes import ENDPOINT
from service.sparql.wire import Failure

_MOST_SAID: Final = 240
_PIECE: Final = 1 << 20


def main(arguments: list[str]) -> None:
    """The process: descriptors of what was written and of where to write; the edit on stdin."""
    before, after = map(int, arguments)
    edit = from_bytes(sys.stdin.buffer.read())
    written = _read(before)
    confine(edit)
    outcome = apply(edit, written, after)
    sys.stdout.buffer.write(outcome_to_json(outcome))
    sys.stdout.flush()


def confine(edit: Edit) -> None:
    """Give up what an edit does not need: further descriptors, memory, long files, time."""
    memory = measured() + edit.memory  # reads a file, which is not possible from the next line on
    limit(resource.RLIMIT_NOFILE, 0)
    limit(resource.RLIMIT_FSIZE, edit.bytes)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_DATA, memory)
    deadline(edit.seconds)


def apply(edit: Edit, written: bytes, after: int) -> Edited | Failure:
    """Make the edit and write what is there then to a descriptor."""
    store = WritableStore(written)
    had = edit.kind != "update" and store.holds(edit.graph)
    try:
        _make(edit, store)
    except SyntaxError as error:
        found = syntax(str(error), "".join(edit.operations[:1]))
        return found if edit.placed else Failure("bad-query", found.detail)
    except ValueError as error:
        return Failure("bad-query", str(error)[:_MOST_SAID])
    except OSError as error:
        return Failure("query-failed", str(error)[:_MOST_SAID])
    data = store.nquads()
    if len(data) > edit.bytes:
        why = f"all that is written would have {len(data):,} bytes, more than {edit.bytes:,}"
        return Failure("query-too-large", why)
    _write(after, data)
    has = edit.kind != "update" and store.holds(edit.graph)
    return Edited(data != written, had, has, tuple(store.graphs()))


def _make(edit: Edit, store: WritableStore) -> None:
    for operation in edit.operations:
        store.update(operation, ENDPOINT)
    if edit.kind in ("put", "remove"):
        store.remove(edit.graph)
    for document in edit.documents:
        store.add(edit.graph, document.data, document.form, document.base)


def _read(descriptor: int) -> bytes:
    pieces = []
    while piece := os.read(descriptor, _PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def _write(descriptor: int, data: bytes) -> None:
    at = 0
    while at < len(data):
        at += os.write(descriptor, data[at : at + _PIECE])
    os.fsync(descriptor)


if __name__ == "__main__":
    main(sys.argv[1:])
