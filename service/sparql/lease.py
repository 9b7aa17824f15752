"""A worker that this web process asks directly, for as long as nobody else wants it.

Most queries are short, and the way through the query process would be half of what they take. Of
one that is not answered at once the query process is told: from then on it counts it, lists it and
ends it like any other (`service.sparql.lending`). So for that moment a client who asks several web
processes may have a query more running than it may.
"""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from service.sparql import wire
from service.sparql.lending import LEASE, OVER, RUNNING

_SOON_SECONDS: Final = 0.02


class Lease:
    """A worker of a generation, with what goes along with its queries; it is asked for here.

    What is begun must be ended by `rest`.
    """

    def __init__(self, address: Path, key: str, beside: str, file: IO[bytes] | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._holds = (key, beside)
        self._line: socket.socket | None = None
        self._raw: bytes | None = None
        self._ends = 0.0
        self._told = False
        self._timer: asyncio.TimerHandle | None = None
        self._wanted = False
        self._connection = wire.seqpacket()
        self.over = False
        """Whether it serves no more."""
        try:
            self._connection.connect(str(address))
            message = LEASE + wire.to_json({"key": key, "beside": beside})
            descriptors = [file.fileno()] if file else []
            socket.send_fds(self._connection, [message], descriptors)
            self._loop.add_reader(self._connection, self._says)
        except OSError:
            self._connection.close()
            self.over = True

    def serves(self, key: str, beside: str) -> bool:
        """Whether a query of that generation, with what goes along, can be asked now."""
        return (
            self._line is not None
            and self._raw is None
            and not self.over
            and self._holds == (key, beside)
        )

    def useless(self, key: str, beside: str) -> bool:
        """Whether it will not serve such a query later either."""
        return self.over or self._holds != (key, beside)

    def begin(self, raw: bytes, seconds: float) -> socket.socket | None:
        """Ask; what the answer is read from, None where the worker is there no more."""
        assert self._line is not None
        try:
            self._line.send(wire.timed(raw, seconds))
        except OSError:
            self.close()
            return None
        self._raw, self._told = raw, False
        self._ends = self._loop.time() + seconds
        self._timer = self._loop.call_later(_SOON_SECONDS, self.tell)
        return self._line

    def tell(self) -> None:
        """Tell of the query that runs, if one does and was not told of."""
        if self._raw is None or self._told or self.over:
            return
        self._told = True
        left = max(self._ends - self._loop.time(), 0.001)
        self._send(RUNNING + wire.timed(self._raw, left))

    def rest(self, *, whole: bool) -> None:
        """The query has ended; one that did not end by itself takes the worker with it."""
        if self._timer is not None:
            self._timer.cancel()
        if self._told and whole:
            self._send(OVER)
        self._raw = None
        if self._wanted or not whole:
            self.close()

    def close(self) -> None:
        """Give the worker back."""
        if self.over:
            return
        self.over = True
        self._loop.remove_reader(self._connection)
        self._connection.close()
        if self._line is not None:
            self._line.close()

    def _says(self) -> None:
        """The worker is there, or wanted back, or refused, or the query process has gone."""
        try:
            message, descriptors = wire.received_now(self._connection)
        except BlockingIOError:
            return
        except OSError:
            message, descriptors = b"", []
        if message == wire.LEASED and descriptors:
            self._line = socket.socket(fileno=descriptors[0])
            self._line.setblocking(False)
            return
        for descriptor in descriptors:
            os.close(descriptor)
        self._wanted = True
        if self._raw is None:
            self.close()
        elif not message:  # it would say so again and again
            self._loop.remove_reader(self._connection)

    def _send(self, message: bytes) -> None:
        with suppress(OSError):  # who is told has gone, and the worker with it
            self._connection.send(message)
