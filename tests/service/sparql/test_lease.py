"""A worker that a web process has to itself: for short queries, and counted once they are not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import psutil
import pytest

from ontology.ids import graph_iri
from service.sparql import client
from service.sparql.client import Failed, Line, activity, kill
from service.sparql.process import query_process
from service.sparql.wire import Limits, Query
from tests.awaiting import awaited, eventually, until
from tests.service.sparql.conftest import ENDLESS, QUICK, Asking, can_restore

KEY = "first"
SOME = "SELECT ?o { <x:s2> <x:p> ?o }"
LONG = '{ ?a ?b ?c . ?d ?e ?f FILTER(?c < "00300") }'


@pytest.fixture
def three(small_graph: Path) -> Iterator[Asking]:
    """Three workers, of which two can be lent."""
    with query_process(Limits(workers=3, waiting=4, client=2)) as process:
        found = Asking(process, small_graph)
        found.load(KEY)
        until(lambda: len(found.workers()) == 3)
        yield found


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease may be asked for again as soon as the last one is over."""
    monkeypatch.setattr(client, "_SECONDS_BETWEEN_LEASES", 0.0)


async def asked(line: Line, text: str = QUICK, key: str = KEY, **options: Any) -> bytes:
    file = options.pop("file", None)
    async with line.ask(Query(text, "text/csv", **options), file, key) as stream:
        await stream.start()
        return b"".join([piece async for piece in stream.pieces()])


def lent(line: Line) -> bool:
    return line._lease is not None and line._lease.serves(KEY, "")


@asynccontextmanager
async def leased(asking: Asking) -> AsyncIterator[Line]:
    """A line that has a worker to itself."""
    line = Line(asking.process.address)
    try:
        for _ in range(250):  # one may be refused, as while a worker is being replaced
            await asked(line)
            await asyncio.sleep(0.02)
            if lent(line):
                break
        assert lent(line)
        yield line
    finally:
        line.close()


def test_who_names_the_generation_is_lent_a_worker_and_others_are_not(three: Asking) -> None:
    async def ask() -> tuple[bytes, bytes, list[bool]]:
        async with leased(three) as line:
            lease, (kept,) = line._lease, line._kept
            kept.close()  # nothing goes over it any more
            found = await asked(line), await asked(line, SOME)
            seen = [line._lease is lease]
        other = Line(three.process.address)
        await asked(other, key="")
        await asyncio.sleep(0.1)
        seen.append(other._lease is None)
        other.close()
        return *found, seen

    first, second, seen = awaited(ask())
    assert b"00001" in first
    assert b"00002" in second
    assert seen == [True, True]


def test_a_fault_in_a_query_leaves_the_worker_lent(three: Asking) -> None:
    async def ask() -> tuple[str, bytes, bool]:
        async with leased(three) as line:
            lease = line._lease
            with pytest.raises(Failed) as failed:
                await asked(line, "SELECT * { ?s ?p }")
            return failed.value.failure.slug, await asked(line), line._lease is lease

    assert awaited(ask()) == ("bad-query", b"o\r\n00001\r\n", True)


@pytest.mark.parametrize("key", ["", KEY])
def test_an_answer_of_which_only_the_start_is_read_gives_nothing_up(
    three: Asking, key: str
) -> None:
    """HEAD, and a client that has the answer (RFC 9110 §9.3.2, §13.1.2)."""

    async def start(line: Line, **options: Any) -> str:
        async with line.ask(Query(QUICK, "text/csv", **options), key=key) as stream:
            return (await stream.start()).etag

    async def ask() -> bool:
        async with leased(three) as line:
            before = line._lease, [*line._kept]
            tag = await start(line, head=True)
            assert await start(line, known=(tag,)) == tag
            assert b"00001" in await asked(line, key=key)
            return before == (line._lease, [*line._kept]) and lent(line)

    assert awaited(ask())


def test_a_runaway_is_listed_yields_and_ends_at_its_deadline(three: Asking) -> None:
    own = psutil.Process().nice()

    def nice() -> list[int]:
        return sorted(worker.nice() for worker in three.workers())

    async def ask() -> tuple[list[str], str, float, bytes]:
        async with leased(three) as line:
            since = asyncio.get_running_loop().time()
            running = asyncio.create_task(asked(line, ENDLESS, id="this", seconds=3.0, client="me"))
            told = (await three.listed("running")).active
            await eventually(lambda: nice() == [own, own, own + 10])
            with pytest.raises(Failed) as failed:
                await running
            taken = asyncio.get_running_loop().time() - since
            listed = [f"{one.id} {one.state} {one.client}" for one in told]
            return listed, failed.value.failure.slug, taken, await asked(line)

    listed, slug, taken, after = awaited(ask())
    assert listed == ["this running me"]
    assert slug == "query-deadline"
    assert 3 <= taken < 20  # it would take hours
    assert b"00001" in after
    until(lambda: nice() == [own] * 3)


def test_an_administrator_ends_it(three: Asking) -> None:
    async def ask() -> tuple[bool, str, bytes]:
        async with leased(three) as line:
            running = asyncio.create_task(asked(line, ENDLESS, id="this"))
            await three.listed("running")
            ended = await kill(three.process.address, "this")
            with pytest.raises(Failed) as failed:
                await running
            return ended, failed.value.failure.slug, await asked(line)

    ended, slug, after = awaited(ask())
    assert (ended, slug) == (True, "query-ended")
    assert b"00001" in after


@pytest.mark.parametrize("after", [0.0, 0.005, 0.1])
def test_who_goes_away_stops_the_query(three: Asking, after: float) -> None:
    """Told of or not yet, told of in vain or not: its worker does not count on."""
    before = {worker.pid for worker in three.workers()}

    async def leave() -> None:
        async with leased(three) as line:
            running = asyncio.create_task(asked(line, ENDLESS))
            await asyncio.sleep(after)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    awaited(leave())
    until(lambda: len(three.workers()) == 3)
    if after:
        until(lambda: len({w.pid for w in three.workers()} - before) == 1)
    assert sum(w.cpu_times().user for w in three.workers()) < 1
    assert not awaited(activity(three.process.address)).active


def test_a_long_query_that_ends_by_itself_is_over_and_the_worker_goes_on(three: Asking) -> None:
    async def ask() -> tuple[bytes, bytes, bool]:
        async with leased(three) as line:
            lease = line._lease
            counted = await asked(line, f"SELECT (COUNT(*) AS ?n) {LONG}")
            again = await asked(line)
            await asyncio.sleep(0.1)
            return counted, again, line._lease is lease

    counted, again, same = awaited(ask())
    assert b"6000000" in counted
    assert b"00001" in again
    assert same or not can_restore()
    assert not awaited(activity(three.process.address)).active


def test_a_worker_is_given_back_to_who_waits_for_one(three: Asking) -> None:
    """Of three workers one is lent: where three queries run, it is among those that run them."""

    async def ask() -> bytes:
        async with leased(three) as line:
            long = [
                asyncio.create_task(three.asked(ENDLESS, seconds=3.0, id=str(n))) for n in range(3)
            ]
            await three.listed(*["running"] * 3)
            await asyncio.gather(*long)
            assert line._lease is not None
            assert line._lease.over
            return await asked(line)

    assert b"00001" in awaited(ask())


def test_the_last_worker_is_not_lent(small: Asking) -> None:
    """Of two workers one is lent, and the other one to nobody."""

    async def ask() -> tuple[bool, bytes]:
        async with leased(small) as line:
            other = Line(small.process.address)
            await asked(other)
            await asyncio.sleep(0.1)
            second = lent(other)
            found = await asked(line)
            other.close()
            return second, found

    assert awaited(ask()) == (False, b"o\r\n00001\r\n")


def test_queries_at_the_same_time_are_counted_with_it(three: Asking) -> None:
    """Two of a client may run: the third waits, though one runs on a worker that is lent."""

    async def ask() -> None:
        async with leased(three) as line:
            tasks = [
                asyncio.create_task(asked(line, ENDLESS, id=str(n), client="me", seconds=2.0))
                for n in range(3)
            ]
            await three.listed("running", "running", "waiting")
            await asyncio.gather(*tasks, return_exceptions=True)

    awaited(ask())


def test_the_next_query_is_asked_of_the_next_generation(three: Asking) -> None:
    async def ask() -> tuple[bytes, bytes, bool]:
        async with leased(three) as line:
            lease = line._lease
            await asyncio.to_thread(three.load, "second", '<x:s1> <x:p> "new" <x:g0> .')
            found = await asked(line, key="second")
            await eventually(lambda: lease is not None and lease.over)
            await asked(line, key="second")
            await eventually(lambda: bool(line._lease and line._lease.serves("second", "")))
            return found, await asked(line, key="second"), line._lease is lease

    found, again, same = awaited(ask())
    assert b"new" in found
    assert found == again
    assert not same
    until(lambda: len(three.generations()) == 1)


def test_a_worker_that_dies_before_it_is_asked_harms_nobody(three: Asking) -> None:
    async def ask() -> tuple[bytes, bytes]:
        async with leased(three) as line:
            for worker in three.workers():
                worker.kill()
            at_once = await asked(line)
            await asyncio.to_thread(until, lambda: len(three.workers()) == 3)
            return at_once, await asked(line)

    assert awaited(ask()) == (b"o\r\n00001\r\n",) * 2


def test_a_worker_that_dies_at_it_is_told_of(three: Asking) -> None:
    async def ask() -> tuple[str, bytes]:
        async with leased(three) as line:
            running = asyncio.create_task(asked(line, ENDLESS, id="this"))
            (await three.busy()).kill()
            with pytest.raises(Failed) as failed:
                await running
            return failed.value.failure.slug, await asked(line)

    slug, after = awaited(ask())
    assert slug == "query-too-large"
    assert b"00001" in after


def test_what_goes_along_with_queries_is_lent_with_the_worker(three: Asking) -> None:
    graph = graph_iri("decisions")
    text = f"SELECT ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"

    async def ask() -> list[bytes]:
        with TemporaryFile() as file:
            file.write(f'<x:d> <x:p> "decided" <{graph}> .\n'.encode())
            file.flush()
            line = Line(three.process.address)
            try:
                found = [await asked(line, text, beside="this", file=file)]
                await eventually(
                    lambda: line._lease is not None and line._lease.serves(KEY, "this")
                )
                found.append(await asked(line, text, beside="this", file=file))
                found.append(await asked(line, text))  # who may not see it
                return found
            finally:
                line.close()

    assert awaited(ask()) == [b"o\r\ndecided\r\n", b"o\r\ndecided\r\n", b"o\r\n"]


def test_many_queries_and_leavings_leave_no_descriptor_and_no_worker_behind(three: Asking) -> None:
    keeper = psutil.Process(three.process.pid)
    before = keeper.num_fds()

    async def many() -> None:
        for n in range(40):
            async with leased(three) as line:
                assert b"00001" in await asked(line)
                running = asyncio.create_task(asked(line, ENDLESS if n % 2 else QUICK))
                await asyncio.sleep(0.001 * (n % 5))
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                assert b"00001" in await asked(line)

    awaited(many())
    until(lambda: len(three.workers()) == 3 and keeper.num_fds() == before)
    assert not awaited(activity(three.process.address)).active
