"""One of several web processes: started afresh, with its own engine, on the socket all share."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import suppress

from service.app import create_app
from service.settings import Settings
from service.web_server import WebServer

READY = b"\n"
"""Written to standard output once requests are taken."""


def main(arguments: list[str]) -> None:
    """The process: descriptor of the listener; settings as a line of JSON on standard input.

    It ends in order on SIGTERM, or when its standard input does: then the supervisor has gone.
    """
    listener = socket.socket(fileno=int(arguments[0]))
    settings = Settings.model_validate_json(sys.stdin.readline())
    app = create_app(settings)
    server = WebServer(app, lambda: os.write(sys.stdout.fileno(), READY))
    threading.Thread(target=_end_with_the_supervisor, daemon=True).start()
    with suppress(KeyboardInterrupt):
        server.run([listener])


def _end_with_the_supervisor() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1:])
