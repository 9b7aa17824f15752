"""A client that costs little itself: prebuilt requests on open connections, one process of its own.

Run as a program: a plan as JSON on standard input, the times as JSON on standard output. With one
connection a plain blocking socket asks and waits; with several, as many coroutines on uvloop do.
Targets take turns in rounds, in an order that turns.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

import uvloop


@dataclass(frozen=True, slots=True)
class Target:
    """Where to ask what."""

    name: str
    port: int
    path: str
    bodies: tuple[str, ...]

    def requests(self) -> list[bytes]:
        """The requests as they go over the wire."""
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        )
        encoded = [body.encode() for body in self.bodies]
        return [f"{head}{len(body)}\r\n\r\n".encode() + body for body in encoded]


@dataclass(frozen=True, slots=True)
class Plan:
    """How often to ask: requests a round over one connection, and over `connections`."""

    targets: tuple[Target, ...]
    rounds: int
    alone: int
    together: int
    connections: int

    def to_json(self) -> str:
        """The plan as the client reads it."""
        return json.dumps(asdict(self))


def read_plan(text: str) -> Plan:
    """The plan of its JSON form."""
    value: dict[str, Any] = json.loads(text)
    targets = tuple(Target(**{**t, "bodies": tuple(t["bodies"])}) for t in value["targets"])
    return Plan(**{**value, "targets": targets})


def main() -> None:
    """Do what the plan says; for each target microseconds by round, and answers a second."""
    plan = read_plan(sys.stdin.read())
    alone: dict[str, list[list[float]]] = {target.name: [] for target in plan.targets}
    together: dict[str, list[list[float]]] = {target.name: [] for target in plan.targets}
    rates: dict[str, list[float]] = {target.name: [] for target in plan.targets}
    for turn in range(plan.rounds):
        at = turn % len(plan.targets)
        for target in (*plan.targets[at:], *plan.targets[:at]):
            alone[target.name].append(_alone(target, plan.alone))
            began = perf_counter()
            times = uvloop.run(_together(target, plan.together, plan.connections))
            rates[target.name].append(len(times) / (perf_counter() - began))
            together[target.name].append(times)
    json.dump({"alone": alone, "together": together, "rates": rates}, sys.stdout)


def _alone(target: Target, count: int) -> list[float]:
    requests = target.requests()
    found = []
    with socket.create_connection(("127.0.0.1", target.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(count + 20):
            request = requests[i % len(requests)]
            began = perf_counter()
            connection.sendall(request)
            answer = connection.recv(65536)
            while not (length := _length(answer)) or len(answer) < length:
                more = connection.recv(65536)
                if not more:
                    raise ConnectionError(f"{target.name} hung up")
                answer += more
            if i >= 20:  # the first ones warm the connection up
                found.append((perf_counter() - began) * 1e6)
            _check(target, answer)
    return found


async def _together(target: Target, count: int, connections: int) -> list[float]:
    requests = target.requests()
    each = count // connections
    found = await asyncio.gather(
        *(_stream(target, requests, i * each, each) for i in range(connections))
    )
    return [time for times in found for time in times]


async def _stream(target: Target, requests: Sequence[bytes], start: int, count: int) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port)
    found = []
    try:
        for i in range(start, start + count):
            began = perf_counter()
            writer.write(requests[i % len(requests)])
            answer = await reader.read(65536)
            while not (length := _length(answer)) or len(answer) < length:
                more = await reader.read(65536)
                if not more:
                    raise ConnectionError(f"{target.name} hung up")
                answer += more
            found.append((perf_counter() - began) * 1e6)
            _check(target, answer)
    finally:
        writer.close()
    return found


def _length(answer: bytes) -> int:
    """Bytes of the whole answer; 0 while its head is not there."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    at = answer.find(b"content-length: ")
    return end + 4 + int(answer[at + 16 : answer.find(b"\r\n", at)])


def _check(target: Target, answer: bytes) -> None:
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"{target.name}: {answer[:400]!r}")


if __name__ == "__main__":
    main()
