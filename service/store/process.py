"""The writer's process: what all web processes send is committed by one writer, together.

SQLite takes one writer at a time, and others find it taken by trying again and again; here they
queue, and one transaction with one sync serves them all.
"""

from __future__ import annotations

import json
import signal
import socket
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Final

from service.errors import Busy, ServiceError
from service.store import frames
from service.store.database import open_database
from service.store.frames import Outcome
from service.store.writer import Writer

_SECONDS_TO_END: Final = 15.0


class Desk:
    """Takes jobs from connections and answers each as the writer has done it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._open: set[socket.socket] = set()
        self._change = threading.Condition()

    def accept(self, listener: socket.socket) -> None:
        """Serve every connection of a listener, each in a thread; ends when it is closed."""
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with self._change:
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Return when nobody is connected, or after so many seconds."""
        with self._change:
            self._change.wait_for(lambda: not self._open, seconds)

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while (found := frames.read(connection)) is not None:
                job, records = found
                try:
                    done = self._writer.submit(records)
                except ServiceError as error:
                    self._answer(connection, job, "busy" if isinstance(error, Busy) else "failed")
                    continue
                done.add_done_callback(partial(self._settled, connection, job))
        with self._change:
            self._open.discard(connection)
            self._change.notify_all()
        connection.close()

    def _settled(self, connection: socket.socket, job: int, done: Future[None]) -> None:
        self._answer(connection, job, "failed" if done.exception() else "stored")

    def _answer(self, connection: socket.socket, job: int, outcome: Outcome) -> None:
        """Never waits: one who does not read must not hold up the writer, and is cut off."""
        message = frames.pack_ack(job, outcome)
        try:
            if connection.send(message, socket.MSG_DONTWAIT) == len(message):
                return
        except OSError:
            pass
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def main(arguments: list[str]) -> None:
    """The process: descriptor of the listener; a line of JSON on standard input says the rest.

    It says when it is ready; it ends when its standard input does and nobody is connected.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    listener = socket.socket(fileno=int(arguments[0]))
    told = json.loads(sys.stdin.readline())
    engine = open_database(told["database_url"])
    writer = Writer(engine, told["queue"])
    desk = Desk(writer)
    threading.Thread(target=desk.accept, args=(listener,), daemon=True).start()
    print(flush=True)  # ready
    sys.stdin.read()
    desk.wait(_SECONDS_TO_END)
    writer.close()
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
