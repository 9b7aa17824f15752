"""No query reaches another host or reads a file (DESIGN §8): a listener hears of none."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.store import GraphStore, WritableStore
from service.sparql import editing
from service.sparql.confine import confine
from service.sparql.edit import Edit
from service.sparql.wire import pair
from tests.service.conftest import Client

SECRET = "the secret of the file"


class Listener:
    """Counts who connects to it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.heard = 0
        self._changed = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.heard += 1
            self._changed.set()
            connection.close()

    def hears(self, seconds: float) -> bool:
        return self._changed.wait(seconds)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.ttl"
    file.write_text(f'<x:a> <x:b> "{SECRET}" .', "utf-8")
    return file


QUERIES = [
    "SELECT * { SERVICE <{http}> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <{http}> { ?s ?p ?o } }",
    "PREFIX e: <{http}> SELECT * { SERVICEe:x { ?s ?p ?o } }",
    "SELECT * { VALUES ?g { <{http}> } SERVICE ?g { ?s ?p ?o } }",
    "SELECT * FROM <{http}> { ?s ?p ?o }",
    "SELECT * FROM NAMED <{http}> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * FROM <file://{file}> { ?s ?p ?o }",
    "SELECT * FROM NAMED <file://{file}> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { GRAPH <{http}> { ?s ?p ?o } }",
    "SELECT * { GRAPH <file://{file}> { ?s ?p ?o } }",
    "DESCRIBE <{http}>",
    "LOAD <{http}>",
    "LOAD SILENT <{http}> INTO GRAPH <x:g>",
    "LOAD <file://{file}>",
    "INSERT { <x:a> <x:b> ?o } WHERE { SERVICE <{http}> { ?s ?p ?o } }",
    "DELETE WHERE { ?s ?p ?o } ; LOAD <{http}>",
]
ALLOWED = ("SELECT * { GRAPH", "DESCRIBE")  # names of graphs and things that are not there


@pytest.mark.parametrize("form", QUERIES)
def test_the_endpoint_reaches_nowhere(
    asking: Client, listener: Listener, secret: Path, form: str
) -> None:
    http = f"http://127.0.0.1:{listener.port}/"
    text = form.replace("{http}", http).replace("{file}", str(secret))
    answer = asking.get("/sparql", params={"query": text})
    assert answer.status_code == (200 if text.startswith(ALLOWED) else answer.status_code)
    if not text.startswith(ALLOWED):
        assert answer.status_code in (403, 405)
        assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text
    assert not listener.hears(0.1)


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_no_graph_is_fetched_for_the_protocol(
    asking: Client, listener: Listener, secret: Path, name: str
) -> None:
    for iri in (f"http://127.0.0.1:{listener.port}/", f"file://{secret}"):
        answer = asking.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }", name: iri})
        assert answer.status_code == 403
        assert SECRET not in answer.text
    assert not listener.hears(0.1)


def _in_a_fork(work: object, confined: bool) -> int:
    """The exit code of a process that runs `work`, confined as workers are."""
    ours, theirs = pair()
    pid = os.fork()
    if pid == 0:
        try:
            channel = confine(theirs, 1 << 30) if confined else theirs
            # As while a query runs: its connection takes the last descriptor.
            connection = os.dup(channel.fileno())
            work()  # type: ignore[operator]
            os.close(connection)
            os._exit(0)
        except OSError:
            os._exit(7)
        finally:
            os._exit(9)
    ours.close()
    theirs.close()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize("confined", [True, False])
def test_a_worker_could_not_reach_out_if_it_were_let(listener: Listener, confined: bool) -> None:
    """The engine is given SERVICE past every check: only an unconfined process connects."""
    store = GraphStore(b"")
    text = f"SELECT * {{ SERVICE <http://127.0.0.1:{listener.port}/> {{ ?s ?p ?o }} }}"

    def reach_out() -> None:
        store.answer(text).text("json")

    assert _in_a_fork(reach_out, confined) == 7
    assert listener.hears(0.3 if confined else 5.0) is not confined


def test_an_edit_could_not_reach_out_if_it_were_let(listener: Listener, secret: Path) -> None:
    """The engine is given LOAD past every check, in a process confined as that of an edit."""
    for target in (f"http://127.0.0.1:{listener.port}/", f"file://{secret}"):

        def reach_out(target: str = target) -> None:
            editing.confine(Edit("update"))
            WritableStore(b"").update(f"LOAD <{target}>", "https://b.example/")

        assert _in_a_fork(reach_out, confined=False) == 7
    assert not listener.hears(0.3)


def test_a_worker_opens_no_file(secret: Path) -> None:
    def read() -> None:
        secret.read_bytes()

    assert _in_a_fork(read, confined=False) == 0
    assert _in_a_fork(read, confined=True) == 7
