"""A connection that is open before it is needed, and messages that travel as one."""

from __future__ import annotations

import socket

import pytest

from service.sparql import wire
from service.sparql.client import Line
from service.sparql.keeper import QUERY
from service.sparql.wire import Query
from tests.awaiting import awaited
from tests.service.sparql.conftest import QUICK, Asking


async def asked(line: Line) -> bytes:
    async with line.ask(Query(QUICK, "text/csv")) as stream:
        await stream.start()
        return b"".join([piece async for piece in stream.pieces()])


def test_who_connects_and_does_not_ask_holds_nobody_up(small: Asking) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as idle:
        idle.connect(str(small.process.address))
        assert b"00001" in small.ask(QUICK).body


def test_a_kept_connection_is_used_and_replaced_where_it_was_closed(small: Asking) -> None:
    async def thrice() -> list[bytes]:
        line = Line(small.process.address)
        try:
            found = [await asked(line), await asked(line)]
            assert line._spare is not None
            line._spare.shutdown(socket.SHUT_RDWR)  # as after a while without a query
            return [*found, await asked(line)]
        finally:
            line.close()

    first, *others = awaited(thrice())
    assert b"00001" in first
    assert others == [first, first]


def test_a_small_answer_is_one_message_and_a_large_one_is_not_held() -> None:
    sent: list[bytes] = []
    small = [wire.START + b"{}", wire.DATA + b"a,b\n", wire.END]
    joiner = wire.Joiner(sent.append)
    for message in small:
        joiner(message)
    assert len(sent) == 1
    assert list(wire.parted(sent[0])) == small
    sent.clear()
    joiner = wire.Joiner(sent.append)
    large = [wire.START + b"{}", wire.DATA + b"x" * wire.CHUNK]
    for message in large:
        joiner(message)
    assert sent == large
    joiner(wire.END)
    assert sent[-1] == wire.END


def test_a_failure_before_any_byte_is_one_message() -> None:
    sent: list[bytes] = []
    wire.Joiner(sent.append)(wire.FAILED + b"{}")
    assert list(wire.parted(sent[0])) == [wire.FAILED + b"{}"]


def test_what_has_not_come_is_not_waited_for() -> None:
    here, there = wire.pair()
    with here, there:
        with pytest.raises(BlockingIOError):
            wire.received_now(here)
        socket.send_fds(there, [QUERY + b"x"], [there.fileno()])
        message, descriptors = wire.received_now(here)
        assert message == QUERY + b"x"
        assert len(descriptors) == 1
        socket.close(descriptors[0])
