"""The HTTP server of one process: uvicorn, told how to run here."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from fastapi import FastAPI

GRACE_SECONDS: Final = 10
_TICKS_A_SECOND: Final = 10


class WebServer(uvicorn.Server):
    """Serves an app; `began` is called once it does, not before, `each_second` from then on."""

    def __init__(
        self,
        app: FastAPI,
        began: Callable[[], object],
        each_second: Callable[[], object] = lambda: None,
    ) -> None:
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._began = began
        self._each_second = each_second

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, then `began`."""
        await super().startup(sockets)
        if self.started:
            self._began()

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's, ten times a second."""
        if counter % _TICKS_A_SECOND == 0:
            self._each_second()
        return await super().on_tick(counter)
