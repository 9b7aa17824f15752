"""The whole dataset of a generation as N-Quads, written by a worker for a file of all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kb.store import GraphStore
from service.sparql import wire
from service.sparql.wire import Start

MEDIA_TYPE: Final = "application/n-quads"


def dump(store: GraphStore, generation: str, send: Callable[[bytes], None]) -> None:
    """Send every statement, one graph after the other: the same bytes for the same generation."""
    send(wire.pack(wire.START, Start(MEDIA_TYPE, "nq", f'"{generation}"')))
    held = bytearray()
    for lines in store.dump():
        held += lines
        while len(held) >= wire.CHUNK:
            send(wire.DATA + bytes(held[: wire.CHUNK]))
            del held[: wire.CHUNK]
    if held:
        send(wire.DATA + bytes(held))
    send(wire.END)
