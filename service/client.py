"""A client of the API for Python programs: typed answers, retries, streams of any length.

    with Client("http://127.0.0.1:8000") as zhunru:
        decision = zhunru.decide({"facts": {"task.kind": ["demolition"]}, "as_of": "2019-06-01"})

What is asked again after a failure is only ever decided again: an answer that did not arrive may
have left a receipt that nobody names. It needs nothing of the service but its address.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Any, Final, cast
from urllib.parse import quote

import httpx

from service.client_types import Decision, Detail, Fault, Receipt, Replay, Request

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"

_AGAIN: Final = frozenset({429, 503})
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 10.0
# httpx sends a body whole before it reads. So few bytes fit between two processes' sockets, that
# the service never waits with answers for a client that waits with its lines.
_BYTES_TOGETHER: Final = 32 * 1024
_LINES_TOGETHER: Final = 100


@dataclass(eq=False)
class Problem(Exception):
    """What the service could not answer, and why (RFC 9457); `faults` name the places."""

    type: str
    title: str
    status: int
    detail: str = ""
    hint: str = ""
    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        told = "; ".join(f"{fault['path']}: {fault['message']}" for fault in self.faults)
        return ": ".join(filter(None, (self.title, self.detail, told)))


class Client:
    """Asks one service. Its methods raise Problem, or httpx.TransportError after the last try."""

    def __init__(
        self,
        address: str = "http://127.0.0.1:8000",
        *,
        token: str | None = None,
        timeout: float = 60.0,
        tries: int = 6,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(
            base_url=address, timeout=timeout, headers=headers, transport=transport
        )
        self._tries = tries
        self._sleep = sleep

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    # --- decisions -----------------------------------------------------------------------------

    def decide(
        self,
        request: Request,
        kind: str = "admissibility",
        *,
        record: bool = True,
        detail: Detail | None = None,
    ) -> Decision:
        """The answer to one request; its receipt is on disk, unless `record` is false."""
        answer = self._ask("POST", _decisions(kind), _query(record, detail), _text(request))
        return cast(Decision, answer.json())

    def decide_many(
        self,
        requests: Iterable[Request],
        kind: str = "admissibility",
        *,
        record: bool = True,
        detail: Detail | None = None,
    ) -> Iterator[Decision | Problem]:
        """An answer, or the problem in its place, for each of any number of requests, in order.

        Requests are taken as answers are: neither are ever all in memory.
        """
        lines = (_text(request) + b"\n" for request in requests)
        while together := list(_so_many(lines)):
            for batch in together:
                yield from self._stream(batch, _decisions(kind), _query(record, detail))

    def receipt(self, id: str) -> Receipt:
        """A recorded decision with everything it rests on."""
        return cast(Receipt, self._get(f"/v1/decisions/{quote(id, safe='')}"))

    def replay(self, id: str) -> Replay:
        """How a recorded decision comes out when decided again."""
        path = f"/v1/decisions/{quote(id, safe='')}/replay"
        return cast(Replay, self._ask("POST", path).json())

    # --- what decisions rest on ----------------------------------------------------------------

    def vocabulary(self, kind: str = "admissibility") -> dict[str, Any]:
        """Facts of a kind: types, codes, labels, questions."""
        return self._get(f"/v1/vocabulary/{quote(kind, safe='')}")

    def schema(self, kind: str = "admissibility") -> dict[str, Any]:
        """JSON Schema of a request."""
        return self._get(f"/v1/vocabulary/{quote(kind, safe='')}/schema")

    def rulebook(self, revision: str | None = None) -> dict[str, Any]:
        """The rules that decide now, or those of a revision."""
        return self._get(
            f"/v1/rulebook/{quote(revision, safe=':')}" if revision else "/v1/rulebook"
        )

    def lists(self, jurisdiction: str | None = None) -> dict[str, Any]:
        """The lists registered here, or those of a place (code or name)."""
        return self._get(
            f"/v1/lists/{quote(jurisdiction, safe='')}" if jurisdiction else "/v1/lists"
        )

    def list_in_force(self, jurisdiction: str, kind: str, day: str | None = None) -> dict[str, Any]:
        """The version of a list in force on a day (None: today), with its rows."""
        path = f"/v1/lists/{quote(jurisdiction, safe='')}/{quote(kind, safe='')}"
        return self._get(path, {"at": day} if day else {})

    def search(self, q: str, **narrowed: str) -> Iterator[dict[str, Any]]:
        """All hits of a full-text search, the best first, asked for page by page.

        `narrowed` by kind, instrument, province; `limit` is how many are asked for at once.
        """
        page = self._get("/v1/search", {"q": q, **narrowed})
        yield from page["hits"]
        while page["next"]:
            page = self._get("/v1/search", {"q": q, **narrowed, "cursor": page["next"]})
            yield from page["hits"]

    def health(self) -> dict[str, Any]:
        """Whether decisions can be made; raises Problem where they cannot."""
        return self._get("/healthz")

    # --- the wire ------------------------------------------------------------------------------

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", path, query).json()
        return found

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> httpx.Response:
        headers = {"content-type": JSON} if body is not None else {}
        for pause in self._pauses():
            try:
                answer = self._http.request(
                    method, path, params=query, content=body, headers=headers
                )
            except httpx.TransportError:
                if pause is None:
                    raise
                self._sleep(pause)
                continue
            if answer.status_code in _AGAIN and pause is not None:
                self._sleep(_told_pause(answer) or pause)
                continue
            if answer.is_error:
                raise _problem(answer)
            return answer
        raise AssertionError("the last try answers or raises")

    def _stream(
        self, lines: list[bytes], path: str, query: Mapping[str, str]
    ) -> Iterator[Decision | Problem]:
        """Answers to lines; what is not answered when the stream breaks is asked again."""
        pauses = self._pauses()
        while lines:
            wait = pause = next(pauses)
            asked = len(lines)
            try:
                with self._http.stream(
                    "POST",
                    path,
                    params=query,
                    content=b"".join(lines),
                    headers={"content-type": NDJSON},
                ) as answer:
                    if answer.is_error:
                        answer.read()
                        if answer.status_code not in _AGAIN or pause is None:
                            raise _problem(answer)
                        wait = _told_pause(answer) or pause
                    else:
                        for line in answer.iter_lines():
                            told = json.loads(line)
                            failed = told.get("status") if "verdict" not in told else None
                            if failed in _AGAIN and pause is not None:
                                break
                            yield _told_problem(told) if failed else cast(Decision, told)
                            del lines[0]
                            pauses = self._pauses()  # it goes on: count anew
            except httpx.TransportError:
                if pause is None:
                    raise
            if len(lines) == asked and pause is None:
                raise httpx.RemoteProtocolError("the stream ended before its answers did")
            if lines and wait is not None:
                self._sleep(wait)

    def _pauses(self) -> Iterator[float | None]:
        """How long to wait after each try that fails; None after the last."""
        for number in range(self._tries - 1):
            longest = min(_FIRST_PAUSE * 2**number, _LONGEST_PAUSE)
            # Not all who were refused together shall come again together.
            yield longest * random.uniform(0.5, 1.0)
        yield None


def _decisions(kind: str) -> str:
    return f"/v1/decisions/{quote(kind, safe='')}"


def _query(record: bool, detail: Detail | None) -> dict[str, str]:
    query = {} if record else {"record": "false"}
    return query | ({"detail": detail} if detail else {})


def _text(request: Request) -> bytes:
    return json.dumps(request, ensure_ascii=False, allow_nan=False).encode()


def _so_many(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    """The next lines, as few bytes together as `_BYTES_TOGETHER`; a longer line goes alone."""
    batch: list[bytes] = []
    size = 0
    for line in islice(lines, _LINES_TOGETHER):
        if batch and size + len(line) > _BYTES_TOGETHER:
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line)
    if batch:
        yield batch


def _told_pause(answer: httpx.Response) -> float | None:
    """Retry-After in seconds (RFC 9110 §10.2.3), where it is given so."""
    told = answer.headers.get("retry-after", "")
    return min(float(told), _LONGEST_PAUSE) if told.isascii() and told.isdigit() else None


def _problem(answer: httpx.Response) -> Problem:
    try:
        return _told_problem(answer.json())
    except (ValueError, TypeError, KeyError):  # not from this service: a proxy before it
        return Problem("about:blank", answer.reason_phrase, answer.status_code)


def _told_problem(told: Mapping[str, Any]) -> Problem:
    return Problem(
        told["type"],
        told["title"],
        told["status"],
        told.get("detail", ""),
        told.get("hint", ""),
        tuple(told.get("errors", ())),
    )
