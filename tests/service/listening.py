"""An application on a socket of the loopback, for what must be asked by real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from service.app import create_app
from service.settings import Settings
from service.shipped import Shipped
from service.web_server import WebServer


@contextmanager
def listening(settings: Settings, shipped: Shipped) -> Iterator[str]:
    """Its address, while it is served by a thread."""
    serves = threading.Event()
    server = WebServer(create_app(settings, lambda: shipped), serves.set)
    server.config.port = 0
    thread = threading.Thread(target=server.run)
    thread.start()
    assert serves.wait(60)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
