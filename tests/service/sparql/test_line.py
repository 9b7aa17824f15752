"""A connection that is open before it is needed, and messages that travel as one."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import psutil
import pytest

from service.sparql import wire
from service.sparql.client import Failed, Line
from service.sparql.keeper import QUERY
from service.sparql.wire import Failure, Query, Start
from tests.awaiting import awaited, until
from tests.service.sparql.conftest import ENDLESS, QUICK, Asking


async def asked(line: Line) -> bytes:
    async with line.ask(Query(QUICK, "text/csv")) as stream:
        await stream.start()
        return b"".join([piece async for piece in stream.pieces()])


def test_who_connects_and_does_not_ask_holds_nobody_up(small: Asking) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as idle:
        idle.connect(str(small.process.address))
        assert b"00001" in small.ask(QUICK).body


def test_a_kept_connection_is_used_and_replaced_where_it_was_closed(small: Asking) -> None:
    async def thrice() -> tuple[list[bytes], list[bool]]:
        line = Line(small.process.address)
        try:
            found = [await asked(line)]
            (kept,) = line._kept
            found.append(await asked(line))
            same = [line._kept == [kept]]
            kept.shutdown(socket.SHUT_RDWR)  # as when the query process has gone
            found.append(await asked(line))
            return found, [*same, line._kept == [kept]]
        finally:
            line.close()

    (first, *others), same = awaited(thrice())
    assert b"00001" in first
    assert others == [first, first]
    assert same == [True, False]


def test_a_query_that_is_left_gives_up_its_connection(small: Asking) -> None:
    async def left() -> tuple[int, bytes, int]:
        line = Line(small.process.address)
        try:
            async with line.ask(Query("SELECT * { ?s ?p ?o }", "text/csv")) as stream:
                await stream.start()
            kept = len(line._kept)
            return kept, await asked(line), len(line._kept)
        finally:
            line.close()

    before, answer, after = awaited(left())
    assert (before, after) == (0, 1)
    assert b"00001" in answer


def test_what_was_killed_gives_up_its_connection(small: Asking) -> None:
    async def killed() -> Sequence[str]:
        line = Line(small.process.address)
        slugs = []
        try:
            for _ in range(4):
                with pytest.raises(Failed) as failed:
                    async with line.ask(Query(ENDLESS, seconds=0.05, id="this")) as stream:
                        await stream.start()
                slugs.append(failed.value.failure.slug)
            return slugs
        finally:
            line.close()

    assert awaited(killed()) == ["query-deadline"] * 4


def test_the_last_word_on_another_query_is_not_taken_for_an_answer(tmp_path: Path) -> None:
    """A query may be told late just as its answer is complete and the next one has been sent."""
    address = tmp_path / "late"
    late = wire.pack(wire.FAILED, Failure("query-deadline", "late", of="before"))
    answer = wire.join([wire.pack(wire.START, Start("text/csv", "csv", "")), wire.END])

    def serve(listener: socket.socket) -> None:
        for said in (late, answer):
            with listener.accept()[0] as connection:
                connection.recv(wire.MAX_MESSAGE)
                connection.send(said)

    async def ask() -> Start:
        async with Line(address).ask(Query(QUICK, id="this")) as stream:
            return await stream.start()

    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(str(address))
        listener.listen()
        server = Thread(target=serve, args=(listener,))
        server.start()
        assert awaited(ask()).media_type == "text/csv"
        server.join()


def test_many_queries_pass_over_one_connection(small: Asking) -> None:
    keeper = psutil.Process(small.process.pid)
    until(lambda: len(small.workers()) == 2)
    before = keeper.num_fds()

    async def many() -> tuple[list[bytes], list[list[socket.socket]], int]:
        line = Line(small.process.address)
        try:
            found = [(await asked(line), [*line._kept]) for _ in range(200)]
            return [a for a, _ in found], [kept for _, kept in found], keeper.num_fds()
        finally:
            line.close()

    answers, kept, during = awaited(many())
    assert all(b"00001" in answer for answer in answers)
    assert all(each == kept[0] and len(each) == 1 for each in kept)
    assert during <= before + 1
    until(lambda: keeper.num_fds() == before)


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
