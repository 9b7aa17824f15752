"""A hundred thousand rows leave as they are found: no process ever holds them all."""

from __future__ import annotations

import csv
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import psutil
import pytest

from tests.conformance.conftest import Served, serving
from tests.service.sparql.conftest import can_restore

ROWS = 100_000
TEXT = "居" * 100  # 300 bytes: the whole answer has more than 30 MB
QUERY = "SELECT ?s ?o { ?s <https://a.example/p> ?o }"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("streaming")
    with (folder / "graph.nq").open("w", encoding="utf-8") as graph:
        for n in range(ROWS):
            graph.write(
                f'<https://a.example/{n:06}> <https://a.example/p> "{n} {TEXT}" '
                "<https://a.example/g> .\n"
            )
    with serving(folder, ZHUNRU_SPARQL_WORKERS="2") as found:
        assert httpx.get(f"{found.address}/sparql?query=ASK%7B%7D", timeout=60).status_code == 200
        yield found


class Watch:
    """The most memory that a process and those below it had for themselves, as it was looked at."""

    def __init__(self, pid: int) -> None:
        self._family = [psutil.Process(pid)]
        self._family += self._family[0].children(recursive=True)
        self.before = self._own()
        self.most = list(self.before)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _own(self) -> list[int]:
        return [process.memory_full_info().uss for process in self._family]

    def _look(self) -> None:
        while not self._over.wait(0.05):
            self.most = [max(pair) for pair in zip(self.most, self._own(), strict=True)]

    def growth(self) -> list[int]:
        """How much each grew, in bytes, at most."""
        self._over.set()
        self._thread.join()
        return [most - before for most, before in zip(self.most, self.before, strict=True)]


@pytest.mark.skipif(
    not can_restore(),
    reason="a worker is replaced after a long query, and has pages of its own",
)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_rows_stream_through_flat_memory(served: Served, encoding: str) -> None:
    address = f"{served.address}/sparql?{urlencode({'query': QUERY, 'format': 'csv'})}"
    headers = {"accept-encoding": encoding}
    with (  # what every process needs once: code, buffers, pages it writes to
        httpx.stream("GET", address, headers=headers, timeout=120) as first,
        httpx.stream("GET", address, headers=headers, timeout=120) as second,
    ):
        first.read()
        second.read()
    watch = Watch(served.pid)
    size, rows, first_byte = 0, -1, 0.0
    since = time.monotonic()
    with httpx.stream("GET", address, headers=headers, timeout=120) as answer:
        assert answer.status_code == 200
        assert answer.headers.get("content-encoding", "identity") == encoding
        assert "content-length" not in answer.headers
        for piece in answer.iter_bytes():
            first_byte = first_byte or time.monotonic() - since
            size += len(piece)
            rows += piece.count(b"\n")
            if size < 2 << 20:
                time.sleep(0.05)  # a reader that is slow to begin with
    growth = watch.growth()
    assert rows == ROWS
    assert size > 30 << 20
    assert first_byte < (time.monotonic() - since) / 2
    assert max(growth) < 12 << 20, growth


def test_the_rows_are_the_rows(served: Served) -> None:
    address = f"{served.address}/sparql?{urlencode({'query': QUERY, 'format': 'csv'})}"
    with httpx.stream("GET", address, timeout=120) as answer:
        found = {row["s"]: row["o"] for row in csv.DictReader(answer.iter_lines())}
    assert len(found) == ROWS
    assert found["https://a.example/000042"] == f"42 {TEXT}"
