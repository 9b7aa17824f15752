"""Who is asked: an endpoint over HTTP, or a store in a process of its own; and answers compared."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import perf_counter
from typing import IO, Any, Final
from urllib.parse import urlencode

from tests.benchmarks import start

JSON: Final = "application/sparql-results+json"
CSV: Final = "text/csv"
PATIENCE: Final = 300.0
_NUMERIC: Final = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}"
    for name in ("integer", "decimal", "double", "float", "int", "long")
)
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

Rows = Counter[tuple[tuple[str, str], ...]]


class Unanswered(Exception):
    """A query that was not answered, or not within its time."""


@dataclass
class Endpoint:
    """A SPARQL endpoint, asked over one connection that is kept."""

    port: int
    path: str
    _connection: HTTPConnection | None = field(default=None, repr=False)

    def ask(self, text: str, form: str) -> tuple[float, bytes]:
        """Seconds from the first byte sent to the last one read, and the body."""
        # One packet: a server that waits for the rest of a request may wait for 40 ms.
        target = f"{self.path}?{urlencode({'query': text})}"
        kept = self._connection is not None
        connection = self._connection or HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self._connection = connection
        began = perf_counter()
        try:
            connection.request("GET", target, headers={"Accept": form})
            answer = connection.getresponse()
            body = answer.read()
        except (HTTPException, OSError) as error:
            self.close()
            if kept:  # it had been idle for too long
                return self.ask(text, form)
            raise Unanswered(f"{type(error).__name__}: {error}") from error
        seconds = perf_counter() - began
        if answer.status != 200:
            raise Unanswered(f"{answer.status} {body[:300]!r}")
        return seconds, body

    def refused(self) -> float:
        """Seconds until a request without a query is refused: what HTTP alone takes."""
        self._connection = self._connection or HTTPConnection("127.0.0.1", self.port)
        began = perf_counter()
        self._connection.request("GET", f"{self.path}?format=json")
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 400:
            raise Unanswered(f"{answer.status} for a request without a query")
        return perf_counter() - began

    def close(self) -> None:
        """Give the connection up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class Store:
    """A store in process: what is timed is timed in there, and no HTTP is between."""

    def __init__(self, engine: str, data: Path) -> None:
        """Start and load; `loaded` is the seconds that loading took."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.sparql_store", engine, str(data)],
            cwd=start.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pid = self._process.pid
        self.loaded: float = self._told()["seconds"]

    def ask(self, text: str, form: str, cap: float = PATIENCE) -> tuple[float, bytes]:
        """Seconds from the query's text to the last byte of the answer, and the answer."""
        write, _ = self._ends()
        write.write(json.dumps({"text": text, "form": form, "cap": cap}).encode() + b"\n")
        write.flush()
        told = self._told()
        if "failed" in told:
            raise Unanswered(told["failed"])
        seconds: float = told["seconds"]
        return seconds, str(told["body"]).encode()

    def close(self) -> None:
        """End it."""
        write, _ = self._ends()
        with suppress(BrokenPipeError):
            write.close()
        self._process.kill()
        self._process.wait()

    def _told(self) -> dict[str, Any]:
        _, read = self._ends()
        line = read.readline()
        if not line:
            raise Unanswered("the process of the store has ended")
        told: dict[str, Any] = json.loads(line)
        return told

    def _ends(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin
        assert self._process.stdout
        return self._process.stdin, self._process.stdout


def rows_of(body: bytes) -> Rows:
    """The rows of an answer in JSON with how often each comes, literals by their values."""
    bindings: list[Mapping[str, Any]] = json.loads(body)["results"]["bindings"]
    return Counter(
        tuple(sorted((name, _value(term)) for name, term in row.items())) for row in bindings
    )


def _value(term: Mapping[str, str]) -> str:
    if term["type"] not in ("literal", "typed-literal"):
        return f"<{term['value']}>"
    datatype = term.get("datatype", "")
    if datatype in _NUMERIC:
        with suppress(InvalidOperation):
            number = Decimal(term["value"]).quantize(Decimal("1.000000"))
            return f"{number.normalize():f}"
    kind = "" if datatype == _STRING else datatype
    return f'"{term["value"]}"@{term.get("xml:lang", "")}^^{kind}'
