"""What the endpoint holds out: queries killed at their deadlines, and a runaway among many clients.

How late a kill is counts from the deadline to where the client sees the end of the answer, by its
status or by the connection that ends without the last chunk. Of many clients at 30 % of what the
endpoint answers a second, the 95th percentile with a runaway query beside them is held against the
same load without it.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Final
from urllib.parse import urlencode

from tests.benchmarks import start
from tests.benchmarks.bars import Bar
from tests.benchmarks.rounds import percentile
from tests.benchmarks.sparql_asking import CSV
from tests.benchmarks.sparql_clients import Crowd
from tests.benchmarks.sparql_queries import OURS, Question

COUNTING: Final = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }"
"""Never ends, and says nothing before its end."""
STREAMING: Final = "SELECT * { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }"
"""Never ends, and says more than any client reads."""
DEADLINE: Final = 0.5
CLIENTS: Final = 32
SHARE: Final = 0.3
_MIX: Final = ("01-community", "02-provision", "03-chapter", "04-above", "06-phrase")

SETTINGS: Final = {
    # More than any limit of rows or bytes lets through: what is measured is the deadline.
    "ZHUNRU_SPARQL_ROWS": str(10**12),
    "ZHUNRU_SPARQL_BYTES": str(10**15),
    "ZHUNRU_SPARQL_WAITING": str(4 * CLIENTS),
}


@dataclass(frozen=True)
class Load:
    """Milliseconds that kills were late, by shape; the capacity; 95th percentiles by round, µs."""

    late: dict[str, tuple[float, ...]]
    capacity: float
    without: tuple[float, ...]
    beside: tuple[float, ...]

    def bars(self, size: str) -> list[Bar]:
        """The bars of issue 5."""
        slower = median(b / w for w, b in zip(self.without, self.beside, strict=True))
        latest = f"SPARQL {size}, latest kill of a query"
        crowd = f"SPARQL {size}, p95 of {CLIENTS} clients, with a runaway beside without"
        return [
            *(
                Bar(f"{latest} {name}, ms", max(late), 100, True)
                for name, late in self.late.items()
            ),
            Bar(crowd, slower, 2.0, True),
        ]


def run(port: int, asking: Sequence[Question], *, kills: int, rounds: int, seconds: float) -> Load:
    """Measure on a service that was started with SETTINGS."""
    late = {
        name: tuple(_late(port, text) for _ in range(kills))
        for name, text in (("counting", COUNTING), ("streaming", STREAMING))
    }
    paths = tuple(_path(q.texts[OURS]) for q in asking if q.name in _MIX)
    closed = _crowd(Crowd(port, paths, CLIENTS, seconds))
    capacity = len(closed) / seconds
    rate = SHARE * capacity
    runaway = _path(COUNTING, timeout=str(max(1.0, seconds / 2)))
    without, beside = [], []
    for _ in range(rounds):
        without.append(percentile(_crowd(Crowd(port, paths, CLIENTS, seconds, rate)), 0.95))
        crowd = Crowd(port, paths, CLIENTS, seconds, rate, runaway)
        beside.append(percentile(_crowd(crowd), 0.95))
    return Load(late, capacity, tuple(without), tuple(beside))


def _path(text: str, **more: str) -> str:
    return f"/sparql?{urlencode({'query': text, **more})}"


def _late(port: int, text: str) -> float:
    """Milliseconds after its deadline at which the end of an answer is seen.

    Raises RuntimeError for a whole answer.
    """
    path = _path(text, timeout=str(DEADLINE))
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {CSV}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        began = perf_counter()
        connection.sendall(head.encode())
        first = last = connection.recv(1 << 16)
        if first.startswith(b"HTTP/1.1 200 "):
            while piece := connection.recv(1 << 20):
                last = (last + piece)[-16:]
            if last.endswith(b"\r\n0\r\n\r\n"):
                raise RuntimeError("a query without end was answered in whole")
        return (perf_counter() - began - DEADLINE) * 1e3


def _crowd(crowd: Crowd) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.sparql_clients"],
        input=crowd.to_json().encode(),
        cwd=start.ROOT,
        stdout=subprocess.PIPE,
        timeout=600,
        check=True,
    )
    found: list[float] = json.loads(done.stdout)
    return sorted(found)
