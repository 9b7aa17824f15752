"""The served application with writing switched on, asked over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
QUAD = "<https://a.example/s> <https://a.example/p> <https://a.example/o> <https://a.example/g> .\n"


@dataclass(frozen=True)
class Served:
    """An application on loopback, and the token of an administrator."""

    address: str
    token: str
    folder: Path
    pid: int

    @property
    def client(self) -> httpx.Client:
        """A client that shows the token."""
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.address, headers=headers, timeout=30)


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Served]:
    """`zhunru serve` over a graph of the folder (graph.nq), ended in order."""
    graph = folder / "graph.nq"
    if not graph.exists():
        graph.write_text(QUAD, "utf-8")
    environment = os.environ | {
        "ZHUNRU_DATABASE_URL": f"sqlite:///{folder}/z.db",
        "ZHUNRU_GRAPH_PATH": str(graph),
        **settings,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = None
    while found is None and (line := process.stdout.readline()):
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found
    command = (sys.executable, "-m", "service", "token", "create", "--role", "admin")
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    try:
        yield Served(found[0], made.stdout.decode().strip(), folder, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


@pytest.fixture(scope="module")
def writable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An application in which administrators may write."""
    with serving(tmp_path_factory.mktemp("writable"), ZHUNRU_SPARQL_WRITING="true") as found:
        yield found
