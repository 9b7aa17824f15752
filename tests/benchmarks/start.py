"""From the start of a process to its first decision: the command line, and the service."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep
from typing import Final

from tests.benchmarks import vectors

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
"""Seconds after which a process that does not answer counts as broken."""


def command_line(times: int) -> float:
    """Seconds from `python` to the printed verdict and the end of the process, the median."""
    body = next(vectors.bodies())
    found = []
    with TemporaryDirectory() as folder:
        for _ in range(times):
            began = perf_counter()
            subprocess.run(
                [sys.executable, "-m", "service", "decide", vectors.KIND, "--detail", "verdict"],
                input=body,
                env=environment(Path(folder)),
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
                timeout=PATIENCE,
                check=True,
            )
            found.append(perf_counter() - began)
    return median(found)


def service(times: int) -> float:
    """Seconds from `python` to the first answer over HTTP, on a new store, the median."""
    body = next(vectors.bodies())
    found = []
    for _ in range(times):
        port = free_port()
        with TemporaryDirectory() as folder:
            began = perf_counter()
            command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
            with process(command, environment(Path(folder))):
                until_answered(port, f"/v1/decisions/{vectors.KIND}?detail=verdict", body)
                found.append(perf_counter() - began)
    return median(found)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a service that keeps its store in a folder of its own."""
    return {**os.environ, "ZHUNRU_DATABASE_URL": f"sqlite:///{folder / 'zhunru.db'}"}


def free_port() -> int:
    """A port on the loopback address that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def process(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended, and waited for, at the end."""
    running = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        yield running
    finally:
        running.terminate()
        try:
            running.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()


def until_answered(port: int, path: str, body: bytes) -> bytes:
    """Ask again until there is an answer; its body. Raises TimeoutError, or for another status."""
    limit = monotonic() + PATIENCE
    while monotonic() < limit:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        except ConnectionError:
            sleep(0.005)
            continue
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
        return text
    raise TimeoutError(f"no answer on port {port}")
