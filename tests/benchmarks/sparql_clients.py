"""Clients that ask an endpoint together, in a process of their own.

Run as a program: a plan as JSON on standard input, microseconds of each answer as JSON on standard
output. Without a rate each asks again as soon as it is answered; with one, each keeps to its times,
and what an answer took counts from when it was due. Somebody may ask a runaway query beside them,
again and again.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import count
from time import perf_counter

import uvloop


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many clients ask what for how long; `rate` is of all together, a second, 0 for none."""

    port: int
    paths: tuple[str, ...]
    clients: int
    seconds: float
    rate: float = 0.0
    runaway: str = ""

    def to_json(self) -> str:
        """The plan as the program reads it."""
        return json.dumps(asdict(self))


def main() -> None:
    """Do what the plan says."""
    told = json.load(sys.stdin)
    crowd = Crowd(**{**told, "paths": tuple(told["paths"])})
    json.dump(uvloop.run(_crowd(crowd)), sys.stdout)


async def _crowd(crowd: Crowd) -> list[float]:
    beside = asyncio.create_task(_runaway(crowd)) if crowd.runaway else None
    await asyncio.sleep(0.3)
    began = perf_counter()
    found = await asyncio.gather(*(_client(crowd, n, began) for n in range(crowd.clients)))
    if beside is not None:
        beside.cancel()
        with suppress(asyncio.CancelledError):
            await beside
    return [time for times in found for time in times]


async def _client(crowd: Crowd, number: int, began: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", crowd.port)
    pause = crowd.clients / crowd.rate if crowd.rate else 0.0
    found: list[float] = []
    try:
        for n in count():
            due = began + pause * (n + number / crowd.clients) if pause else perf_counter()
            if due - began > crowd.seconds:
                return found
            await asyncio.sleep(max(0.0, due - perf_counter()))
            path = crowd.paths[(n + number) % len(crowd.paths)]
            status = await _asked(reader, writer, crowd.port, path)
            if status != 200:
                raise RuntimeError(f"{status} for {path}")
            found.append((perf_counter() - due) * 1e6)
    finally:
        writer.close()
    return found


async def _runaway(crowd: Crowd) -> None:
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", crowd.port)
        try:
            await _asked(reader, writer, crowd.port, crowd.runaway)
        finally:
            writer.close()


async def _asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, path: str
) -> int:
    """Ask, read the answer to its end; the status."""
    writer.write(_request(port, path))
    head = await reader.readuntil(b"\r\n\r\n")
    lines: Sequence[bytes] = head.lower().split(b"\r\n")
    length = next(int(v[15:]) for v in lines if v.startswith(b"content-length:"))
    await reader.readexactly(length)
    return int(lines[0].split()[1])


def _request(port: int, path: str) -> bytes:
    accept = "application/sparql-results+json"
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: {accept}\r\n\r\n".encode()


if __name__ == "__main__":
    main()
