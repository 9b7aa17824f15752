"""Decisions over HTTP beside endpoints that do nothing, or only store a row.

`zhunru serve` and the peers run as processes of their own on the loopback address, the client as a
third. What is compared is the median time of one request at a time, round by round.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import sqlalchemy as sql

from service.store.database import open_database
from service.store.tables import decisions
from tests.benchmarks import start, vectors
from tests.benchmarks.bars import Bar
from tests.benchmarks.decisions import Latency, latency
from tests.benchmarks.http_client import Plan, Target

VERDICT, TRIVIAL = "verdict, nothing recorded", "trivial endpoint"
RECEIPT, INSERT = "verdict with receipt", "endpoint that inserts a row"
FULL, FULL_RECEIPT, FULL_INSERT = (
    "full answer, nothing recorded",
    "full answer with receipt",
    "endpoint that inserts a row as large",
)
CONNECTIONS: Final = 16


@dataclass(frozen=True)
class Endpoint:
    """One target: one request at a time, and 16 connections together."""

    alone: Latency
    together: Latency
    rate: float
    medians: tuple[float, ...]


@dataclass(frozen=True)
class Http:
    """The endpoints, and the size of the rows that receipts take."""

    endpoints: Mapping[str, Endpoint]
    row: int
    full_row: int

    def ratio(self, slower: str, faster: str) -> float:
        """The median over rounds of the ratio of median times."""
        pairs = zip(self.endpoints[slower].medians, self.endpoints[faster].medians, strict=True)
        return median(a / b for a, b in pairs)

    def bars(self) -> list[Bar]:
        """The bars of issue 2."""
        return [
            Bar(f"HTTP p50, {ours} beside {peer}", self.ratio(ours, peer), 2.0, at_most=True)
            for ours, peer in ((VERDICT, TRIVIAL), (RECEIPT, INSERT))
        ]


def run(*, rounds: int, alone: int, together: int) -> Http:
    """Start the servers, ask them in turns, end them."""
    bodies = tuple(body.decode() for body in vectors.bodies())
    ours, peers = start.free_port(), start.free_port()
    with TemporaryDirectory() as first, TemporaryDirectory() as second:
        serve = [sys.executable, "-m", "service", "serve", "--port", str(ours)]
        url = f"sqlite:///{Path(second) / 'peers.db'}"
        peer = [sys.executable, "-m", "tests.benchmarks.http_peers", str(peers), url]
        env = start.environment(Path(first))
        with start.process(serve, env), start.process(peer, env):
            path = f"/v1/decisions/{vectors.KIND}"
            start.until_answered(peers, f"/trivial/{vectors.KIND}", bodies[0].encode())
            row = _row(ours, f"{path}?detail=verdict", bodies, env["ZHUNRU_DATABASE_URL"])
            full_row = _row(ours, path, bodies, env["ZHUNRU_DATABASE_URL"])
            targets = (
                Target(VERDICT, ours, f"{path}?record=false&detail=verdict", bodies),
                Target(TRIVIAL, peers, f"/trivial/{vectors.KIND}", bodies),
                Target(RECEIPT, ours, f"{path}?detail=verdict", bodies),
                Target(INSERT, peers, f"/insert/{vectors.KIND}?size={row}", bodies),
                Target(FULL, ours, f"{path}?record=false", bodies),
                Target(FULL_RECEIPT, ours, path, bodies),
                Target(FULL_INSERT, peers, f"/insert/{vectors.KIND}?size={full_row}", bodies),
            )
            found = _client(Plan(targets, rounds, alone, together, CONNECTIONS))
    return Http({target.name: _endpoint(found, target.name) for target in targets}, row, full_row)


def _client(plan: Plan) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.http_client"],
        input=plan.to_json().encode(),
        cwd=start.ROOT,
        stdout=subprocess.PIPE,
        timeout=600,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _row(port: int, path: str, bodies: Sequence[str], url: str) -> int:
    """The mean size of the receipts that these requests leave."""
    ids = [json.loads(start.until_answered(port, path, body.encode()))["id"] for body in bodies]
    sizes = sum((sql.func.length(column) for column in decisions.columns), start=sql.literal(0))
    engine = open_database(url)
    with engine.connect() as connection:
        query = sql.select(sql.func.avg(sizes)).where(decisions.c.id.in_(ids))
        mean = connection.execute(query).scalar_one()
    engine.dispose()
    return round(float(mean))


def _endpoint(found: Mapping[str, Any], name: str) -> Endpoint:
    alone: list[list[float]] = found["alone"][name]
    together: list[list[float]] = found["together"][name]
    return Endpoint(
        latency(sorted(time for times in alone for time in times)),
        latency(sorted(time for times in together for time in times)),
        median(found["rates"][name]),
        tuple(median(times) for times in alone),
    )
