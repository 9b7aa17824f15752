"""What passes between a web process, the query process and its workers.

Sockets are AF_UNIX SOCK_SEQPACKET: a message arrives whole or not at all, so that the query
process can add the last word to what a killed worker had begun to send.
"""

from __future__ import annotations

import socket
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from struct import Struct
from typing import Any, Final, Literal, NamedTuple

import orjson

START: Final = b"S"
"""What follows: the media type, the generation, whether it is the whole answer."""
DATA: Final = b"D"
"""Some bytes of the answer."""
END: Final = b"E"
"""The answer is complete."""
FAILED: Final = b"X"
"""There is no answer, or no more of it: why."""
LOADED: Final = b"L"
"""A generation answers."""
ACTIVE: Final = b"A"
"""What runs and waits, and what took long."""
JOINED: Final = b"J"
"""Several messages in one, each after its length: whoever waits is woken once."""
KILLED: Final = b"K"
"""A query was ended, or none had that name."""

LEASED: Final = b"W"
"""A worker and a web process have a line of their own from now on; a descriptor is its end."""
WANTED: Final = b"R"
"""The worker is to be given back."""

BESIDE: Final = b"B"
"""Statements that go along with the next query: their key; a descriptor holds them."""

_SECONDS: Final = Struct(">xd")  # a first byte that is no kind of message

CHUNK: Final = 64 * 1024
MAX_MESSAGE: Final = 1 << 20
AHEAD: Final = 4 * CHUNK
"""What a worker may be ahead of a reader: all of it is sent on before an end that was cut short."""

Slug = Literal[
    "bad-query",
    "query-refused",
    "read-only",
    "not-acceptable",
    "query-deadline",
    "query-too-large",
    "query-busy",
    "query-ended",
    "no-graph",
    "query-failed",
]


class Query(NamedTuple):
    """A query as it is asked; `known` are the entity tags that the client has.

    `first` ends the answer after so many whole lines, in forms of one row or statement a line.
    `id`, `role` and `client` are who asks, as the query process counts them: of one role at most
    `running` run at once (0: all), of one client as many as `Limits.client` says; without a client
    it is not counted so. `memory` is in bytes, 0 standing for as much as a worker may have.

    Without `union` the default graph is the unnamed one. Where a dataset is `open`, somebody may
    write any graph into it: one that is not there has no statements, and asking it is no mistake.

    `find` is a full-text search (`service.sparql.finding`) in place of a text.

    `dump` asks for all statements of the generation as N-Quads, in place of a text.

    `privy` asks for what only some may see: the store then names in `beside` the statements that go
    along with the query (`service.sparql.decided`), which are there for no other.
    """

    text: str
    accept: str = ""
    format: str = ""
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    known: tuple[str, ...] = ()
    head: bool = False
    first: int = 0
    seconds: float = 30.0
    rows: int = 100_000
    bytes: int = 64 << 20
    memory: int = 0
    id: str = ""
    role: str = ""
    client: str = ""
    running: int = 0
    union: bool = True
    open: bool = False
    find: str = ""
    dump: bool = False
    privy: bool = False
    beside: str = ""


class Start(NamedTuple):
    """The beginning of an answer; `etag` is empty where the answer differs each time."""

    media_type: str
    extension: str
    etag: str
    not_modified: bool = False
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer; line and column are those of the query's text, 0 where unknown.

    `of` is the id of the query, where the query process says so in place of a worker.
    """

    slug: Slug
    detail: str
    hint: str = ""
    line: int = 0
    column: int = 0
    of: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the workers of a query process may have.

    `client` queries of one client run at once (0: any number). A query that ran for `slow` seconds
    is remembered.
    """

    workers: int = 4
    waiting: int = 16
    memory: int = 1 << 30
    client: int = 0
    slow: float = 5.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What answers: the hash of its statements, how many there are, and its graphs.

    `written` are those of them that administrators have written.
    """

    generation: str
    quads: int
    graphs: tuple[str, ...] = field(default=())
    written: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Running:
    """A query that runs, waits or took long, without the values in its text.

    `seconds` count from when it was asked; `state` is waiting, running, or how it ended.
    """

    id: str
    role: str
    client: str
    state: str
    seconds: float
    limit: float
    shape: str


@dataclass(frozen=True, slots=True)
class Activity:
    """What a query process is at, the oldest first, and what took long, the latest last."""

    active: tuple[Running, ...] = ()
    slow: tuple[Running, ...] = ()


def pack(kind: bytes, value: Any) -> bytes:
    """A message of a kind with what `to_json` makes of a value, or with bytes as they are."""
    return kind + (value if isinstance(value, bytes) else to_json(value))


def query_of(message: bytes) -> Query:
    """What `to_json` made of a query."""
    return Query(*orjson.loads(message))


def timed(query: bytes, seconds: float) -> bytes:
    """A query for a worker: the seconds that are left, before the query as it was asked."""
    return _SECONDS.pack(seconds) + query


def untimed(message: bytes) -> tuple[float, Query]:
    """What `timed` packed."""
    (seconds,) = _SECONDS.unpack_from(message)
    return seconds, query_of(message[_SECONDS.size :])


def to_json(value: Any) -> bytes:
    """A value as JSON: a dataclass by names; without them a named tuple, as go with every query."""
    return orjson.dumps(tuple(value) if isinstance(value, tuple) else value)


class Joiner:
    """Sends messages on, those of a small answer joined into one.

    What begins an answer waits for what follows it, which is never long: an answer begins to leave
    when all of it is there, or more than a message holds.
    """

    def __init__(self, send: Callable[[bytes], object]) -> None:
        self._send = send
        self._held: list[bytes] = []
        self._size = 0
        self._started = False

    def __call__(self, message: bytes) -> None:
        """Take the next message. Raises what sending raises."""
        if self._started:
            self._send(message)
            return
        self._held.append(message)
        self._size += len(message)
        if self._size >= CHUNK or message[:1] in (END, FAILED):
            self._started = True
            for one in self._held if self._size >= CHUNK else (join(self._held),):
                self._send(one)
            self._held.clear()


def join(messages: list[bytes]) -> bytes:
    """Several messages as one."""
    return JOINED + b"".join(len(each).to_bytes(4, "big") + each for each in messages)


def parted(message: bytes) -> Iterator[bytes]:
    """The messages of one that may be several."""
    if message[:1] != JOINED:
        yield message
        return
    at = 1
    while at < len(message):
        end = at + 4 + int.from_bytes(message[at : at + 4], "big")
        yield message[at + 4 : end]
        at = end


def seqpacket() -> socket.socket:
    """A socket for whole messages that waits for none."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.setblocking(False)
    roomy(connection)
    return connection


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a channel of whole messages."""
    ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in ends:
        roomy(end)
    return ends


def received_now(end: socket.socket) -> tuple[bytes, list[int]]:
    """A message that is there, and the descriptor that may come with it.

    Raises BlockingIOError where none is. `socket.recv_fds` takes flags but passes none on: it
    would wait (CPython 3.11 and 3.12).
    """
    room = socket.CMSG_LEN(array("i").itemsize)
    message, beside, _, _ = end.recvmsg(MAX_MESSAGE, room, socket.MSG_DONTWAIT)
    descriptors = array("i")
    for level, kind, data in beside:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    return message, list(descriptors)


def roomy(end: socket.socket, room: int = 2 * MAX_MESSAGE) -> None:
    """Let so many bytes wait to be read, where the system allows it."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, room)
