"""Receipts and their acknowledgements as bytes between a web process and the writer's process.

A frame is a job: its length and number, then each receipt as the lengths of its columns and the
columns themselves. An acknowledgement is the number of a job and how it went.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence
from dataclasses import fields
from typing import Final, Literal

from service.store.record import Record

_HEAD: Final = struct.Struct(">III")
_ACK: Final = struct.Struct(">IB")
_COLUMNS: Final = tuple((field.name, field.type == "bytes") for field in fields(Record))
_LENGTHS: Final = struct.Struct(f">{len(_COLUMNS)}I")

Outcome = Literal["stored", "failed", "busy"]
_OUTCOMES: Final[tuple[Outcome, ...]] = ("stored", "failed", "busy")


def pack(job: int, records: Sequence[Record]) -> bytes:
    """A job as a frame."""
    parts = [b""]
    for record in records:
        columns = [
            value if isinstance(value := getattr(record, name), bytes) else value.encode()
            for name, _ in _COLUMNS
        ]
        parts += (_LENGTHS.pack(*map(len, columns)), *columns)
    parts[0] = _HEAD.pack(sum(map(len, parts)), job, len(records))
    return b"".join(parts)


def read(connection: socket.socket) -> tuple[int, tuple[Record, ...]] | None:
    """The next job of a connection, or None where it ended. Raises OSError."""
    head = _exactly(connection, _HEAD.size)
    if head is None:
        return None
    length, job, count = _HEAD.unpack(head)
    body = _exactly(connection, length)
    if body is None:
        return None
    records, at = [], 0
    for _ in range(count):
        lengths = _LENGTHS.unpack_from(body, at)
        at += _LENGTHS.size
        columns: dict[str, bytes | str] = {}
        for (name, binary), size in zip(_COLUMNS, lengths, strict=True):
            raw = body[at : at + size]
            columns[name] = raw if binary else raw.decode()
            at += size
        records.append(Record(**columns))  # type: ignore[arg-type]
    return job, tuple(records)


def pack_ack(job: int, outcome: Outcome) -> bytes:
    """An acknowledgement."""
    return _ACK.pack(job, _OUTCOMES.index(outcome))


def read_ack(connection: socket.socket) -> tuple[int, Outcome] | None:
    """The next acknowledgement, or None where the connection ended. Raises OSError."""
    found = _exactly(connection, _ACK.size)
    if found is None:
        return None
    job, outcome = _ACK.unpack(found)
    return job, _OUTCOMES[outcome]


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    """So many bytes; None where the connection ends before."""
    found = bytearray()
    while len(found) < size:
        more = connection.recv(min(size - len(found), 1 << 20))
        if not more:
            return None
        found += more
    return bytes(found)
