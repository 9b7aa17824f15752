"""`zhunru serve`: one process that listens, says where, and ends when what it is at is done."""

from __future__ import annotations

import json
import shlex
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Final

import uvicorn

from service.api.openapi import example
from service.app import create_app
from service.errors import BadSetting
from service.settings import Settings
from service.shipped import Shipped
from service.sparql.process import query_process
from service.sparql.wire import Limits
from service.store.database import open_database
from service.store.migrate import upgrade
from service.terminal import Language, words
from service.version import version

_GRACE_SECONDS: Final = 10


def serve(settings: Settings, shipped: Shipped, language: Language = "zh") -> None:
    """Serve until a signal. Raises BadSetting where that cannot begin."""
    _allowed(settings)
    listener = _listen(settings.host, settings.port)
    limits = Limits(settings.sparql_workers, settings.sparql_waiting, settings.sparql_memory)
    with listener, query_process(limits) as querying:
        settings = settings.model_copy(update={"sparql_socket": querying.address})
        _prepare(settings)
        config = uvicorn.Config(
            create_app(settings, lambda: shipped),
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        server = _Server(config, greeting(settings.host, listener, shipped, language))
        # The server has ended in order when it passes the signal on; Ctrl-C is no failure.
        with suppress(KeyboardInterrupt):
            server.run([listener])


class _Server(uvicorn.Server):
    """Says that it serves once it does, not before."""

    def __init__(self, config: uvicorn.Config, told: str) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(self._told, flush=True)


def greeting(host: str, listener: socket.socket, shipped: Shipped, language: Language) -> str:
    """Where it serves, and a request that can be pasted."""
    say = words(language)
    port = listener.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    base = f"http://{name}:{port}"
    body = json.dumps(example("demolition"), ensure_ascii=False)
    return "\n".join(
        (
            f"{say['served']}：zhunru {version()}，{shipped.rulebook.revision}",
            f"  {say['page']}  {base}/",
            f"  {say['docs']}  {base}/docs",
            f"{say['try']}：",
            f"  curl -s {base}/v1/decisions/admissibility -H 'Content-Type: application/json' "
            f"-d {shlex.quote(body)}",
            say["stop"],
        )
    )


def _allowed(settings: Settings) -> None:
    """Only loopback, unless who runs it has said under which names others may reach it."""
    if not _is_loopback(settings.host) and not settings.allowed_hosts:
        raise BadSetting(
            f"{settings.host} can be reached from other machines, and there is no login yet",
            hint="if that is meant, set ZHUNRU_ALLOWED_HOSTS to the names it is asked by",
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise BadSetting(
            f"cannot listen on {host}:{port}: {error.strerror}", hint="choose another --port"
        ) from error


def _prepare(settings: Settings) -> None:
    """Meet a database that cannot be used here, where it can be said in one sentence."""
    engine = open_database(settings.database_url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
