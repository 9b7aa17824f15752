"""/sparql of a served process: what is cut is seen to be cut, who goes away is not worked for."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from select import select
from urllib.parse import quote

import httpx
import psutil
import pytest

from tests.awaiting import until
from tests.service.sparql.conftest import ENDLESS

ROOT = Path(__file__).parents[3]
ALL = "SELECT * { ?s ?p ?o }"


@pytest.fixture(scope="module")
def served(
    built_graph: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    folder = tmp_path_factory.mktemp("served")
    settings = {
        "ZHUNRU_DATABASE_URL": f"sqlite:///{folder}/z.db",
        "ZHUNRU_GRAPH_PATH": str(built_graph),
        "ZHUNRU_SPARQL_ROWS": "30000",
        "ZHUNRU_SPARQL_WORKERS": "2",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = None
    while found is None and (line := process.stdout.readline()):
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
    assert found
    yield process, int(found[1])
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """What the query process below has below itself."""
    family = psutil.Process(process.pid).children(recursive=True)
    return [p for p in family if _works(p)]


def _works(process: psutil.Process) -> bool:
    # A worker may end between being listed and being looked at.
    try:
        return process.status() != psutil.STATUS_ZOMBIE and not process.children()
    except psutil.NoSuchProcess:
        return False


def raw(port: int, path: str, version: str = "1.1") -> bytes:
    """The whole response as it came over the wire."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        request = f"GET {path} HTTP/{version}\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        received = b""
        while more := connection.recv(1 << 20):
            received += more
        return received


def test_a_cap_met_late_leaves_the_answer_without_its_last_chunk(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    _, port = served
    path = f"/sparql?query={quote(ALL)}&format=csv"
    received = raw(port, path)
    assert received.startswith(b"HTTP/1.1 200")
    assert b"transfer-encoding: chunked" in received.lower()
    assert not received.endswith(b"\r\n0\r\n\r\n")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{port}{path}", timeout=30)
    whole = raw(port, f"/sparql?query={quote(ALL + ' LIMIT 30000')}&format=csv")
    assert whole.endswith(b"\r\n0\r\n\r\n")


def test_http_1_0_has_no_chunks_and_so_no_answer_cut_short(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    _, port = served
    over = raw(port, f"/sparql?query={quote(ALL)}&format=csv", "1.0")
    assert b" 422 " in over.split(b"\r\n", 1)[0]
    whole = raw(port, f"/sparql?query={quote(ALL + ' LIMIT 30000')}&format=csv", "1.0")
    head, _, body = whole.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    assert length
    assert len(body) == int(length[1])


def test_a_client_that_goes_away_ends_its_query(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served
    loaded = httpx.get(f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D", timeout=30)
    assert loaded.status_code == 200
    until(lambda: len(workers(process)) == 2)
    before = {w.pid for w in workers(process)}
    with socket.create_connection(("127.0.0.1", port)) as connection:
        path = f"/sparql?query={quote(ENDLESS)}"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        time.sleep(0.5)
        assert before == {w.pid for w in workers(process)}
    until(lambda: len({w.pid for w in workers(process)} - before) == 1)


def test_decisions_are_made_while_queries_run(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    """A runaway query has a process of its own; the deadline is the one asked for."""
    _, port = served
    base = f"http://127.0.0.1:{port}"
    with socket.create_connection(("127.0.0.1", port)) as connection:
        path = f"/sparql?timeout=3&query={quote(ENDLESS)}"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        since = time.monotonic()
        assert httpx.get(f"{base}/healthz", timeout=30).status_code == 200
        assert select([connection], [], [], 0) == ([], [], [])  # it still runs
        assert connection.recv(65536).startswith(b"HTTP/1.1 504")
        assert 2.9 < time.monotonic() - since < 20  # of the 30 s that anyone has


def test_a_query_process_that_is_killed_comes_back(
    served: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = served
    address = f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D"
    tag = httpx.get(address, timeout=30).headers["etag"]
    keeper = psutil.Process(workers(process)[0].pid).parents()[1]
    assert "keeper" in " ".join(keeper.cmdline())
    keeper.kill()
    answer = httpx.get(address, timeout=20)
    until(lambda: httpx.get(address, timeout=20).status_code == 200, 10)
    assert answer.status_code in (200, 503)
    assert httpx.get(address, timeout=30).headers["etag"] == tag
