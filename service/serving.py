"""`zhunru serve`: processes that listen, say where, and end when what they are at is done."""

from __future__ import annotations

import json
import os
import shlex
import socket
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from ipaddress import ip_address
from pathlib import Path

from ontology.places import PlaceTable
from service.api.openapi import example
from service.app import create_app
from service.errors import BadSetting
from service.metrics import MULTIPROCESS
from service.publishing import publish_release
from service.revisions import Revisions
from service.settings import Settings
from service.shipped import Shipped
from service.sparql.limits import limits_of
from service.sparql.process import query_process
from service.store.database import open_database
from service.store.migrate import upgrade
from service.store.revisions import RevisionStore
from service.supervising import Child, supervise
from service.terminal import Language, words
from service.version import version
from service.web_server import WebServer


def serve(settings: Settings, shipped: Shipped, language: Language = "zh") -> None:
    """Serve until a signal. Raises BadSetting where that cannot begin."""
    _allowed(settings)
    listener = _listen(settings.host, settings.port)
    with ExitStack() as running:
        running.enter_context(listener)
        revive: Callable[[], object] = bool  # nothing to do
        if not settings.sparql_url:
            querying = running.enter_context(query_process(limits_of(settings)))
            settings = settings.model_copy(update={"sparql_socket": querying.address})
            revive = querying.revive
        revision = _prepare(settings, shipped)
        told = greeting(settings.host, listener, shipped, language, revision)

        def began() -> None:
            print(told, flush=True)

        if settings.workers == 1:
            app = create_app(settings, lambda: shipped)
            server = WebServer(app, began, revive)
            # The server has ended in order when it passes the signal on; Ctrl-C is no failure.
            with suppress(KeyboardInterrupt):
                server.run([listener])
        else:
            _serve_by_several(settings, listener, began, revive)


def _serve_by_several(
    settings: Settings,
    listener: socket.socket,
    began: Callable[[], None],
    each_tick: Callable[[], object],
) -> None:
    """Web processes on one socket, and a process that writes for all of them."""
    with (
        tempfile.TemporaryDirectory(prefix="zhunru-") as folder,
        socket.socket(socket.AF_UNIX) as desk,
    ):
        address, counted = Path(folder, "writer"), Path(folder, "metrics")
        counted.mkdir()
        # It stays here, so that while the writer is started again receipts wait in its backlog.
        desk.bind(str(address))
        desk.listen(4 * settings.workers)
        queue = settings.workers * settings.write_queue
        told = json.dumps({"database_url": settings.database_url, "queue": queue})
        writer = Child("the writer", "service.store.process", desk.fileno(), told)
        settings = settings.model_copy(update={"writer_socket": address})
        environment = os.environ | {MULTIPROCESS: str(counted)}
        workers = [
            Child(
                f"worker {number}",
                "service.worker",
                listener.fileno(),
                settings.model_dump_json(),
                environment,
            )
            for number in range(1, settings.workers + 1)
        ]
        supervise(workers, writer, began, each_tick, listener.close)


def greeting(
    host: str, listener: socket.socket, shipped: Shipped, language: Language, revision: str
) -> str:
    """Where it serves, which revision decides, and a request that can be pasted."""
    say = words(language)
    port = listener.getsockname()[1]
    name = f"[{host}]" if ":" in host else host
    base = f"http://{name}:{port}"
    body = json.dumps(example("demolition"), ensure_ascii=False)
    return "\n".join(
        (
            f"{say['served']}：zhunru {version()}，{revision}",
            *([say["other-rules"]] if revision != shipped.rulebook.revision else ()),
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


def _prepare(settings: Settings, shipped: Shipped) -> str:
    """The revision that decides; a database that cannot be used is met here, in one sentence."""
    engine = open_database(settings.database_url)
    store = RevisionStore(engine)
    try:
        upgrade(engine)
        publish_release(Revisions(store, PlaceTable(), 1), shipped.rulebook)
        return store.head() or ""
    finally:
        store.close()
        engine.dispose()
