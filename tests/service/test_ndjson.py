"""Streams: lines are cut right however they arrive, and memory holds one chunk and its answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect

from service.api.ndjson import _Splitter, lines
from service.errors import TooLarge
from tests.service.conftest import DEMOLITION, Client

LINE = json.dumps(DEMOLITION).encode() + b"\n"


def cut(text: bytes, sizes: list[int], limit: int) -> list[tuple[int, bytes | None]]:
    """The lines of a text that arrives in chunks; None for one over the limit."""
    splitter = _Splitter(limit)
    found = []
    for size in sizes:
        found += splitter.take(text[:size])
        text = text[size:]
    found += splitter.take(text)
    found += splitter.end()
    return [(number, None if isinstance(line, TooLarge) else line) for number, line in found]


@given(
    text=st.lists(st.sampled_from([b"a", b"bcd", b"\n", b" ", b"\r\n"]), max_size=40).map(b"".join),
    sizes=st.lists(st.integers(0, 7), max_size=20),
)
def test_lines_do_not_depend_on_how_they_arrive(text: bytes, sizes: list[int]) -> None:
    limit = 6
    expected = [
        (number, line if len(line) <= limit else None)
        for number, line in enumerate(text.split(b"\n"), start=1)
        if line.strip()
    ]
    assert [number for number, _ in cut(text, sizes, 10**6)] == [n for n, _ in expected]
    told = cut(text, sizes, limit)
    # A blank line over the limit may be told as too long: it is refused before its end is seen.
    assert [one for one in told if one in expected] == expected
    assert all(one[1] is None for one in told if one not in expected)


def test_of_an_endless_line_nothing_is_kept() -> None:
    splitter = _Splitter(10)
    told = [one for _ in range(1000) for one in splitter.take(b"x" * 10)]
    assert [number for number, _ in told] == [1]
    assert splitter._rest == b""
    assert splitter.take(b"x\n{}\n") == [(2, b"{}")]


@pytest.mark.parametrize("together", [1, 100])
def test_what_has_come_is_answered_before_more_is_read(client: Client, together: int) -> None:
    """So however long the stream, no more than a chunk and its answers is held."""
    sent = answered = 0
    most = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent, most
        for _ in range(20):
            most = max(most, sent - answered)
            sent += together
            yield LINE * together

    async def ask() -> None:
        nonlocal answered
        async for chunk in lines(
            body(), client.app.state.service, "admissibility", record=True, detail="verdict"
        ):
            assert chunk.count(b"\n") <= 32
            answered += chunk.count(b"\n")

    client.run(ask)
    assert sent == answered == 20 * together
    assert most == 0


def test_a_client_that_goes_away_ends_the_stream_in_peace(client: Client) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield LINE
        raise ClientDisconnect

    async def ask() -> list[bytes]:
        service = client.app.state.service
        found = lines(body(), service, "admissibility", record=False, detail="verdict")
        return [chunk async for chunk in found]

    assert len(client.run(ask)) == 1
