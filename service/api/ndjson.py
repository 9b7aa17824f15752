"""NDJSON in, NDJSON out (https://github.com/ndjson/ndjson-spec): a line for every line, in order.

Lines are answered as they come: what has arrived is decided, stored in one transaction and sent
before more is read, so memory holds one chunk of input and its answers, however long the stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.api.answers import written
from service.body import parse_json
from service.deciding import Answer
from service.decision_service import DecisionService
from service.envelope import Detail
from service.errors import Busy, StoreFailed, TooLarge

# Few enough that their full answers are small, enough that a commit is shared.
_TOGETHER = 32
_BUSY_PAUSE_SECONDS = 0.05
_BUSY_PAUSES = 200


class Duplex(Response):
    """A response that is written while the request is still being read.

    Starlette's StreamingResponse waits for a disconnect on the channel the body comes by, and so
    would swallow parts of it; here the reader of the body is the only one to listen.
    """

    media_type = "application/x-ndjson"

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self.status_code = 200
        self.background = None
        self.init_headers({"x-accel-buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        start = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        await send(start)
        async for chunk in self._chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def lines(
    body: AsyncIterator[bytes],
    service: DecisionService,
    kind: str,
    *,
    record: bool,
    detail: Detail,
) -> AsyncIterator[bytes]:
    """The answers to the lines of a body; a line that cannot be answered gets its problem."""
    try:
        async for group in _groups(body, service.settings.max_body_bytes):
            answers: list[Answer | Exception] = []
            for number, line in group:
                answers.append(await _answer(line, number, service, kind, record, detail))
            yield await _stored(answers, [number for number, _ in group], service)
            await asyncio.sleep(0)  # a long stream lets other requests have their turn
    except ClientDisconnect:
        return


async def _answer(
    line: bytes | TooLarge,
    number: int,
    service: DecisionService,
    kind: str,
    record: bool,
    detail: Detail,
) -> Answer | Exception:
    """The answer to one line, not yet stored, or the exception that stands in its place."""
    try:
        if isinstance(line, TooLarge):
            return line
        return await service.draft(parse_json(line, number), kind, record=record, detail=detail)
    except Exception as error:  # noqa: BLE001 - one bad line must not end the stream
        return error


async def _stored(
    answers: list[Answer | Exception], numbers: list[int], service: DecisionService
) -> bytes:
    """The lines of answers once their receipts are on disk; of a store that fails, problems."""
    records = [a.record for a in answers if isinstance(a, Answer) and a.record]
    for pause in range(_BUSY_PAUSES + 1):
        try:
            await service.store(records)
            break
        except Busy as error:
            # A stream can wait where a single request cannot: its sender is held back meanwhile.
            if pause == _BUSY_PAUSES:
                answers = _failed(answers, error)
                break
            await asyncio.sleep(_BUSY_PAUSE_SECONDS)
        except StoreFailed as error:
            answers = _failed(answers, error)
            break
    return b"".join(
        written(answer, line=number) + b"\n"
        for number, answer in zip(numbers, answers, strict=True)
    )


def _failed(answers: list[Answer | Exception], error: Exception) -> list[Answer | Exception]:
    """What was to be recorded and is not has no answer, only the problem."""
    return [error if isinstance(a, Answer) and a.record else a for a in answers]


_Line = tuple[int, bytes | TooLarge]


async def _groups(body: AsyncIterator[bytes], limit: int) -> AsyncIterator[list[_Line]]:
    """The lines of a body with their numbers, as many together as have arrived; no blank ones."""
    splitter = _Splitter(limit)
    async for chunk in body:
        group = splitter.take(chunk)
        for start in range(0, len(group), _TOGETHER):
            yield group[start : start + _TOGETHER]
    if last := splitter.end():
        yield last


class _Splitter:
    """Cuts chunks into lines; of a line over the limit only that it was too long is kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest = b""
        self._number = 1
        self._skipping = False

    def take(self, chunk: bytes) -> list[_Line]:
        """The lines that end in this chunk."""
        *whole, rest = (self._rest + chunk).split(b"\n")
        found: list[_Line] = []
        for line in whole:
            found += self._line(line)
            self._number += 1
            self._skipping = False
        if len(rest) > self._limit:
            found += self._line(rest)
            self._skipping = True
        self._rest = b"" if self._skipping else rest
        return found

    def end(self) -> list[_Line]:
        """The last line, where no line feed ends it."""
        return self._line(self._rest)

    def _line(self, line: bytes) -> list[_Line]:
        if self._skipping or not line.strip():
            return []
        if len(line) > self._limit:
            return [(self._number, TooLarge(f"a line may have {self._limit} bytes"))]
        return [(self._number, line)]
