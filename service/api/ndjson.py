"""NDJSON in, NDJSON out (https://github.com/ndjson/ndjson-spec): a line for every line, in order.

Lines are answered as they come: what has arrived is decided, stored in one transaction and sent
before more is read, so memory holds one chunk of input and its answers, however long the stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect

from service.api.answers import written
from service.body import parse_json
from service.deciding import Answer, DecisionService
from service.envelope import Detail
from service.errors import Busy, StoreFailed, TooLarge

# Few enough that their full answers are small, enough that a commit is shared.
_TOGETHER = 32
_BUSY_PAUSE_SECONDS = 0.05
_BUSY_PAUSES = 200


async def lines(
    body: AsyncIterator[bytes],
    service: DecisionService,
    kind: str,
    *,
    record: bool,
    detail: Detail,
) -> AsyncIterator[bytes]:
    """The answers to the lines of a body; a line that cannot be answered gets its problem."""
    number = 0
    try:
        async for group in _groups(body, service.settings.max_body_bytes):
            answers: list[Answer | Exception] = []
            for line in group:
                number += 1
                answers.append(await _answer(line, number, service, kind, record, detail))
            yield await _stored(answers, service)
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


async def _stored(answers: list[Answer | Exception], service: DecisionService) -> bytes:
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
    return b"".join(written(answer) + b"\n" for answer in answers)


def _failed(answers: list[Answer | Exception], error: Exception) -> list[Answer | Exception]:
    """What was to be recorded and is not has no answer, only the problem."""
    return [error if isinstance(a, Answer) and a.record else a for a in answers]


async def _groups(body: AsyncIterator[bytes], limit: int) -> AsyncIterator[list[bytes | TooLarge]]:
    """The non-blank lines of a body, as many together as have arrived; an over-long one as TooLarge."""
    rest, skipping = b"", False
    async for chunk in body:
        *whole, rest = (rest + chunk).split(b"\n")
        group: list[bytes | TooLarge] = []
        for line in whole:
            if skipping:
                skipping = False  # the end of a line already reported
            elif len(line) > limit:
                group.append(_too_long(limit))
            elif line.strip():
                group.append(line)
            if len(group) == _TOGETHER:
                yield group
                group = []
        if skipping:
            rest = b""
        elif len(rest) > limit:
            group.append(_too_long(limit))
            rest, skipping = b"", True
        if group:
            yield group
    if rest.strip():
        yield [rest]


def _too_long(limit: int) -> TooLarge:
    return TooLarge(f"a line may have {limit} bytes")
