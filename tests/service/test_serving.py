"""`zhunru serve` as people run it: a process, a socket, signals, a kill (DESIGN §7, §8)."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from service.commands import BAD_INPUT
from service.serving import _is_loopback
from service.shipped import Shipped
from service.store import records
from service.store.database import open_database
from service.store.migrate import upgrade
from service.store.revisions import RevisionStore
from tests.service.conftest import DEMOLITION

ROOT = Path(__file__).parents[2]


class Server:
    """A served process and where it listens."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.url = f"sqlite:///{folder}/zhunru.db"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "service", "serve", "--port", "0", *arguments],
            cwd=ROOT,
            env={**os.environ, "ZHUNRU_DATABASE_URL": self.url, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def greeting(self) -> str:
        """What it prints once it serves."""
        assert self.process.stdout is not None
        lines = []
        while line := self.process.stdout.readline():
            lines.append(line)
            if line.strip().startswith("curl "):
                break
        return "".join(lines)

    def stop(self, number: int = signal.SIGTERM) -> tuple[str, str]:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.communicate(timeout=20)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path)
    yield found
    found.stop(signal.SIGKILL)


def address(greeting: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", greeting)
    assert found, greeting
    return found[0]


def test_it_names_the_revision_that_decides_and_says_where_the_files_differ(
    tmp_path: Path, shipped: Shipped
) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/zhunru.db")
    upgrade(engine)
    book = replace(shipped.rulebook, horizon=())
    store = RevisionStore(engine)
    store.make_current(book.revision, book.document(), "", "legal", after=None)
    store.close()
    engine.dispose()
    server = Server(tmp_path)
    try:
        greeting = server.greeting()
    finally:
        server.stop()
    assert book.revision in greeting
    assert shipped.rulebook.revision not in greeting
    assert "zhunru rules diff" in greeting


def test_it_greets_with_a_request_that_runs_and_ends_on_a_signal(server: Server) -> None:
    greeting = server.greeting()
    base = address(greeting)
    assert f"{base}/\n" in greeting
    curl = shlex.split(greeting.splitlines()[-1])
    answer = httpx.post(
        next(word for word in curl if word.startswith("http")),
        content=curl[curl.index("-d") + 1].encode(),
        headers=dict([curl[curl.index("-H") + 1].split(": ")]),
        timeout=30,
    )
    assert answer.json()["verdict"] == "inadmissible"
    assert "server" not in answer.headers
    _, errors = server.stop(signal.SIGINT)
    assert server.process.returncode == 0
    assert errors == ""


def test_what_was_asked_before_the_signal_is_answered(server: Server) -> None:
    base = address(server.greeting())
    with socket.create_connection(("127.0.0.1", int(base.rsplit(":")[-1])), timeout=10) as asking:
        body = json.dumps(DEMOLITION).encode()
        asking.sendall(
            b"POST /v1/decisions/admissibility HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:10]
        )
        # Once this is answered, the first request has arrived.
        assert httpx.get(f"{base}/healthz", timeout=30).status_code == 200
        server.process.send_signal(signal.SIGTERM)
        asking.sendall(body[10:])
        assert asking.recv(65536).startswith(b"HTTP/1.1 200")
    _, errors = server.stop()
    assert server.process.returncode == -signal.SIGTERM
    assert errors == ""


def test_a_stream_is_answered_line_by_line_while_it_is_being_sent(server: Server) -> None:
    base = address(server.greeting())
    host, port = base.removeprefix("http://").split(":")
    line = json.dumps(DEMOLITION).encode() + b"\n"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/decisions/admissibility?detail=verdict HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        received = b""
        for sent in range(1, 4):
            connection.sendall(b"%x\r\n%s\r\n" % (len(line), line))
            while received.count(b'"verdict":"inadmissible"') < sent:
                more = connection.recv(65536)
                assert more, received
                received += more
        connection.sendall(b"0\r\n\r\n")
        while not received.endswith(b"0\r\n\r\n"):
            received += connection.recv(65536)


def test_no_acknowledged_decision_is_lost_in_a_kill(server: Server) -> None:
    base = address(server.greeting())
    acknowledged: dict[str, dict[str, object]] = {}
    enough = threading.Event()

    def ask() -> None:
        with httpx.Client(base_url=base, timeout=30) as client:
            while True:
                try:
                    answer = client.post(
                        "/v1/decisions/admissibility?detail=verdict", json=DEMOLITION
                    )
                except httpx.HTTPError:
                    return  # killed
                body = answer.json()
                acknowledged[body["id"]] = body
                if len(acknowledged) >= 100:
                    enough.set()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert enough.wait(30)
    server.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()

    engine = open_database(server.url)
    for id_, body in acknowledged.items():
        record = records.find(engine, id_)
        assert record is not None
        assert hashlib.sha256(record.result).hexdigest() == record.result_sha256
        assert json.loads(record.result).items() <= body.items()
    engine.dispose()


def test_other_addresses_than_loopback_need_to_be_meant(tmp_path: Path) -> None:
    refused = Server(tmp_path, "--host", "0.0.0.0")
    out, errors = refused.process.communicate(timeout=20)
    assert refused.process.returncode == BAD_INPUT
    assert out == ""
    assert "ZHUNRU_ALLOWED_HOSTS" in errors
    assert "Traceback" not in errors

    meant = Server(tmp_path, "--host", "0.0.0.0", ZHUNRU_ALLOWED_HOSTS="zhunru.example")
    try:
        port = re.search(r":(\d+)/", meant.greeting())
        assert port
        base = f"http://127.0.0.1:{port[1]}"
        headers = {"host": "zhunru.example"}
        assert httpx.get(f"{base}/healthz", headers=headers, timeout=30).status_code == 200
        headers = {"host": "other.example"}
        assert httpx.get(f"{base}/healthz", headers=headers, timeout=30).status_code == 400
    finally:
        meant.stop()


def test_a_port_in_use_and_a_bad_store_are_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = Server(tmp_path, "--port", port).process
        _, errors = process.communicate(timeout=20)
        assert process.returncode == BAD_INPUT
        assert f"cannot listen on 127.0.0.1:{port}" in errors
        assert len(errors.splitlines()) == 1
    process = Server(tmp_path, ZHUNRU_DATABASE_URL="sqlite:////proc/nothing/zhunru.db").process
    _, errors = process.communicate(timeout=20)
    assert process.returncode == BAD_INPUT
    assert "cannot be opened" in errors
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("zhunru.example", False),
        ("", False),
    ],
)
def test_what_is_loopback(host: str, near: bool) -> None:
    assert _is_loopback(host) is near
