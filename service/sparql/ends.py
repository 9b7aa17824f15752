"""Sockets of a process of one loop and no threads, each with what to do when it speaks."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Then = Callable[[], Any]


class Ends:
    """What is listened to: sockets, and descriptors by number."""

    def __init__(self) -> None:
        self._events = selectors.DefaultSelector()

    def listen(self, seconds: float | None) -> None:
        """Wait until something can be read, at most so long, and do what is to be done then."""
        for key, _ in self._events.select(seconds):
            end = key.fileobj
            if isinstance(end, int) or end.fileno() >= 0:  # not closed by an event before it
                key.data()

    def watch(self, end: socket.socket | int, then: Then) -> None:
        """Do this from now on, in place of what was to be done, once something can be read."""
        if end in self._events.get_map():
            self._events.modify(end, selectors.EVENT_READ, then)
        else:
            self._events.register(end, selectors.EVENT_READ, then)

    def unwatch(self, end: socket.socket) -> None:
        """Listen to it no more."""
        with suppress(KeyError, ValueError):
            self._events.unregister(end)

    def close(self, end: socket.socket) -> None:
        """Close it."""
        self.unwatch(end)
        end.close()

    def say(self, end: socket.socket, message: bytes) -> None:
        """Send a last message and close it."""
        send(end, message)
        self.close(end)


def send(end: socket.socket, message: bytes) -> None:
    """Send a message without waiting: a reader that does not read sees the connection end."""
    with suppress(OSError):
        end.send(message, socket.MSG_DONTWAIT)
