"""Asking the query process, from an event loop."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import orjson

from service.sparql import wire
from service.sparql.keeper import KILL, LIST, LOAD, QUERY
from service.sparql.lease import Lease
from service.sparql.wire import Activity, Failure, Loaded, Query, Running, Start


class Failed(Exception):
    """The query process gave no answer, or not all of one."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class _Outdated(Exception):
    """The last word on another query, on whose connection this one was sent."""


LOAD_SECONDS: Final = 600.0
"""A graph of some ten million statements takes so long, with all that follows from them."""
_PAUSE_SECONDS: Final = 0.001
_SECONDS_TO_ANSWER: Final = 5.0
_MOST_KEPT: Final = 16
_SECONDS_BETWEEN_LEASES: Final = 0.25
_GONE: Final = Failure("no-graph", "the query process has gone", "ask again")

Opening = Callable[[], Coroutine[Any, Any, socket.socket]]
Holds = tuple[str, str, IO[bytes] | None]
"""The key of a generation, and the name and the file of what goes along with it."""


class Stream:
    """The answer to the query of an id: `start`, then its pieces.

    `anew` asks once more, on a connection of its own. `lease` is the worker that is asked directly,
    if one is; `holds` is what tells a lease that could have been.
    """

    def __init__(
        self,
        connection: socket.socket,
        name: str,
        anew: Opening,
        lease: Lease | None = None,
        holds: Holds | None = None,
    ) -> None:
        self.connection = connection
        self.lease = lease
        self.holds = holds
        self._over = False
        self._name = name
        self._anew = anew
        self._begun = False
        self._came: deque[bytes] = deque()

    async def start(self) -> Start:
        """How the answer begins. Raises Failed."""
        try:
            message = await self._receive()
        except _Outdated:
            self._leave()
            self.connection = await self._anew()
            message = await self._receive()
        if message[:1] != wire.START:
            raise Failed(_GONE)
        return Start(*orjson.loads(message[1:]))

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes of the answer. Raises Failed where it is cut short."""
        while (message := await self._receive())[:1] != wire.END:
            yield message[1:]

    @property
    def over(self) -> bool:
        """Whether all of it has come, read or not: of HEAD and of a 304 only the start is read."""
        return self._over or any(message[:1] == wire.END for message in self._came)

    def _leave(self) -> None:
        if self.lease is None:
            self.connection.close()
        else:
            self.lease.rest(whole=False)
            self.lease = None

    async def _receive(self) -> bytes:
        if not self._came:
            try:
                loop = asyncio.get_running_loop()
                came = await loop.sock_recv(self.connection, wire.MAX_MESSAGE)
            except OSError:
                came = b""
            if not came and self.lease is not None and not self._begun:
                raise _Outdated  # the worker had ended before it was asked
            if not came:
                raise Failed(_GONE)
            self._begun = True
            self._came.extend(wire.parted(came))
        message = self._came.popleft()
        if message[:1] == wire.FAILED:
            failure = Failure(**json.loads(message[1:]))
            if failure.of not in ("", self._name):
                raise _Outdated
            self._over = not failure.of  # the query process closes what it has the last word on
            raise Failed(failure)
        self._over = message[:1] == wire.END
        return message


class Line:
    """Asks at an address, one query after the other on each connection that it keeps.

    Who names the generation that answers, by its key, has a worker to itself where one is idle.
    """

    def __init__(self, address: Path) -> None:
        self._address = address
        self._kept: list[socket.socket] = []
        self._lease: Lease | None = None
        self._lease_not_before = 0.0
        self._asking = 0

    @asynccontextmanager
    async def ask(
        self, query: Query, beside: IO[bytes] | None = None, key: str = ""
    ) -> AsyncIterator[Stream]:
        """Ask; leaving the context before the end stops the query. Raises Failed."""
        stream = await self.begin(query, beside, key)
        try:
            yield stream
        finally:
            self.end(stream)

    async def begin(self, query: Query, beside: IO[bytes] | None = None, key: str = "") -> Stream:
        """Ask; what is begun must be ended. Raises Failed.

        The file holds the statements that the query names as those `beside` the graph.
        """
        raw = wire.to_json(query)
        message = QUERY + raw
        anew = partial(_opened, self._address, message, beside)
        holds = (key, query.beside, beside) if key else None
        lease = self._lease
        # Beside another query it goes the long way, on which the queries of a client are counted.
        if lease is not None and not self._asking and lease.serves(key, query.beside):
            line = lease.begin(raw, query.seconds)
            if line is not None:
                self._asking += 1
                return Stream(line, query.id, anew, lease, holds)
        if lease is not None:
            lease.tell()
        self._asking += 1
        try:
            connection = self._free()
            if connection is None or not await _sent(connection, message, beside):
                connection = await anew()
        except BaseException:
            self._asking -= 1
            raise
        return Stream(connection, query.id, anew, holds=holds)

    def end(self, stream: Stream) -> None:
        """Stop the query, if it has not ended."""
        self._asking -= 1
        if stream.lease is not None:
            stream.lease.rest(whole=stream.over)
        elif stream.over and len(self._kept) < _MOST_KEPT:
            self._kept.append(stream.connection)
        else:
            stream.connection.close()
        if stream.holds is not None and not self._asking:
            self._have_leased(*stream.holds)

    def close(self) -> None:
        """Give up the connections that are kept."""
        while self._kept:
            self._kept.pop().close()
        if self._lease is not None:
            self._lease.close()
            self._lease = None

    def _have_leased(self, key: str, beside: str, file: IO[bytes] | None) -> None:
        """Have a worker for queries like the last one, unless there is one or was one just now."""
        lease = self._lease
        if lease is not None and not lease.useless(key, beside):
            return
        now = asyncio.get_running_loop().time()
        if now < self._lease_not_before:
            return
        if lease is not None and not lease.over:
            lease.close()
        self._lease = Lease(self._address, key, beside, file)
        self._lease_not_before = now + _SECONDS_BETWEEN_LEASES

    def _free(self) -> socket.socket | None:
        """A connection that is kept and was not closed at the other end."""
        while self._kept:
            connection = self._kept.pop()
            try:
                connection.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                return connection
            except OSError:
                pass
            connection.close()
        return None


async def _sent(
    connection: socket.socket, message: bytes, file: IO[bytes] | None
) -> socket.socket | None:
    """The connection if the message could be sent over it; else it is closed."""
    try:
        await _send(connection, message, file)
    except OSError:
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


@asynccontextmanager
async def ask(address: Path, query: Query) -> AsyncIterator[Stream]:
    """Ask once, keeping no connection."""
    line = Line(address)
    try:
        async with line.ask(query) as stream:
            yield stream
    finally:
        line.close()


async def activity(address: Path) -> Activity:
    """What runs, waits and took long. Raises Failed."""
    told = json.loads(await _answered(address, LIST, wire.ACTIVE))
    return Activity(*(tuple(Running(**one) for one in told[key]) for key in ("active", "slow")))


async def kill(address: Path, name: str) -> bool:
    """End the query of an id; whether there was one. Raises Failed."""
    return await _answered(address, KILL + name.encode(), wire.KILLED) == b"1"


@asynccontextmanager
async def _told(
    address: Path, message: bytes, file: IO[bytes] | None = None
) -> AsyncIterator[socket.socket]:
    with await _opened(address, message, file) as connection:
        yield connection


async def _opened(address: Path, message: bytes, file: IO[bytes] | None) -> socket.socket:
    """A connection over which the message was sent. Raises Failed."""
    connection = wire.seqpacket()
    try:
        await asyncio.get_running_loop().sock_connect(connection, str(address))
    except OSError:
        connection.close()
        raise Failed(_GONE) from None
    except BaseException:
        connection.close()
        raise
    if not await _sent(connection, message, file):
        raise Failed(_GONE)
    return connection


async def _send(connection: socket.socket, message: bytes, file: IO[bytes] | None) -> None:
    while True:
        try:
            if file is None:
                connection.send(message)
            else:
                socket.send_fds(connection, [message], [file.fileno()])
            return
        except BlockingIOError:
            await asyncio.sleep(_PAUSE_SECONDS)


async def _answered(address: Path, message: bytes, kind: bytes) -> bytes:
    async with _told(address, message) as connection:
        try:
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(_SECONDS_TO_ANSWER):
                answer = await loop.sock_recv(connection, wire.MAX_MESSAGE)
        except OSError:  # TimeoutError is one
            answer = b""
    if answer[:1] != kind:
        raise Failed(_GONE)
    return answer[1:]


def load(
    address: Path,
    key: str,
    path: Path,
    lines: Iterable[str],
    written: Path | None = None,
    seconds: float = LOAD_SECONDS,
) -> Loaded:
    """Have a generation answer; returns once it does. Raises Failed; blocks meanwhile.

    It is made of the built graph at `path`, the projected lines and what was written.
    """
    with (
        tempfile.TemporaryFile() as projection,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection,
    ):
        projection.writelines(f"{line}\n".encode() for line in lines)
        projection.flush()
        connection.settimeout(seconds)
        told: dict[str, Any] = {
            "key": key,
            "path": os.fspath(path.absolute()),
            "written": os.fspath(written.absolute()) if written else None,
        }
        try:
            connection.connect(str(address))
            message = LOAD + json.dumps(told).encode()
            socket.send_fds(connection, [message], [projection.fileno()])
            answer = connection.recv(wire.MAX_MESSAGE)
        except OSError:
            raise Failed(_GONE) from None
    if answer[:1] == wire.LOADED:
        return Loaded(**json.loads(answer[1:]))
    raise Failed(Failure(**json.loads(answer[1:])) if answer else _GONE)
