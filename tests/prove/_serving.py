"""What the proofs share: a service as people run it, asked over the loopback; how they end."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import psutil

from service.store.database import open_database
from service.store.tokens import TokenStore

ROOT: Final = Path(__file__).parents[2]
WORKER: Final = "service.worker"
WRITER: Final = "service.store.process"
DECIDE: Final = "/v1/decisions/admissibility?detail=verdict"

DEMOLITION: Final[dict[str, Any]] = {
    "facts": {
        "task.kind": ["demolition"],
        "task.role": "responsible",
        "assigner.type": "government-department",
        "community.type": "urban",
        "community.jurisdiction": "吉林省长春市南关区",
    },
    "as_of": "2019-06-01",
}
"""吉发〔2017〕36号 三（五）; the place is one whose lists are looked up."""


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: where it listens, its store, its processes."""

    base: str
    url: str
    pid: int
    log: Path

    def children(self, module: str) -> list[int]:
        """The processes of a module that are up."""
        found = []
        for child in psutil.Process(self.pid).children():
            with suppress(psutil.NoSuchProcess):
                if module in child.cmdline():
                    found.append(child.pid)
        return found

    def token(self) -> str:
        """A token that may register lists."""
        engine = open_database(self.url)
        try:
            return TokenStore(engine).create("legal", "proof")[1]
        finally:
            engine.dispose()


@contextmanager
def serving(workers: int, **environment: str) -> Iterator[Service]:
    """A service with a store of its own, started as `zhunru serve` starts it."""
    with tempfile.TemporaryDirectory(prefix="zhunru-proof-") as folder:
        url, log = f"sqlite:///{folder}/zhunru.db", Path(folder, "errors")
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "service", "serve", "--port=0", f"--workers={workers}"],
                cwd=ROOT,
                env=os.environ | {"ZHUNRU_DATABASE_URL": url} | environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        try:
            assert process.stdout
            found = None
            while not found and (line := process.stdout.readline()):
                found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if not found:
                raise RuntimeError(f"the service did not start: {log.read_text()}")
            yield Service(found[0], url, process.pid, log)
        finally:
            process.terminate()
            process.wait(60)


class Load:
    """Clients that ask without pause, each in a thread, until told to stop."""

    def __init__(self, base: str, clients: int) -> None:
        self.answers: list[tuple[float, float, dict[str, Any]]] = []
        """Of each acknowledged decision: when it was asked, when it was there, what it says."""
        self.refused: list[tuple[int, str]] = []
        self._base = base
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(clients)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        client = httpx.Client(base_url=self._base, timeout=60)
        while not self._stop.is_set():
            asked = time.monotonic()
            try:
                answer = client.post(DECIDE, json=DEMOLITION)
            except httpx.TransportError as error:  # its process was killed
                self.refused.append((0, type(error).__name__))
                client.close()
                client = httpx.Client(base_url=self._base, timeout=60)
                continue
            if answer.status_code == 200:
                self.answers.append((asked, time.monotonic(), answer.json()))
            else:
                self.refused.append((answer.status_code, answer.text))
                time.sleep(0.02)
        client.close()


def register(client: httpx.Client, token: str, number: int) -> str:
    """Register the next version of a list of the place asked about; its id."""
    rows = f"序号,事项,依据\n1,协助做好人口普查,第{number}次登记\n2,协助做好防汛,\n".encode()
    query = {
        "title": f"南关区社区协助工作事项清单（{number}）",
        "complete": "true",
        "start": "2018-01-01",
        "source": "proof",
    }
    headers = {"content-type": "text/csv", "authorization": f"Bearer {token}"}
    answer = client.put("/v1/lists/220102/assist", params=query, content=rows, headers=headers)
    answer.raise_for_status()
    return str(answer.json()["id"])


def arguments(what: str) -> bool:
    """Whether the proof is asked to be a smaller one."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--reduced", action="store_true", help="smaller")
    return bool(parser.parse_args().reduced)


def conclude(told: str, faults: list[str]) -> None:
    """Say in one line what was found, and end; with faults, by exit code 1."""
    for fault in faults[:20]:
        print(fault, file=sys.stderr)
    print(told + (f"; {len(faults)} FAULTS" if faults else ""))
    sys.exit(1 if faults else 0)
