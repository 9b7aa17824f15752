"""The graph in the query process beside: loaded once, and waited for no longer than one should."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest

from service.sparql import embedded
from service.sparql.client import Failed
from service.sparql.embedded import EmbeddedGraph
from service.sparql.limits import Allowance
from service.sparql.wire import Query
from tests.awaiting import awaited, eventually
from tests.service.sparql.conftest import QUICK, Asking


class Slow:
    """Statements that do not come before they are let."""

    def __init__(self) -> None:
        self.let = Event()
        self.asked = 0

    def key(self) -> str:
        return "slow"

    def lines(self) -> Iterator[str]:
        self.asked += 1
        self.let.wait(20)
        return iter(())


def test_loading_goes_on_when_nobody_waits_for_it(
    small: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_LOADS_SECONDS", 0.1)
    slow = Slow()

    async def ask() -> tuple[Failed, bytes]:
        graph = EmbeddedGraph(small.process.address, small.graph, [slow], Allowance())
        with pytest.raises(Failed) as failed:
            await graph.fetch(Query(QUICK, seconds=0.2))
        given_up = asyncio.create_task(graph.fetch(Query(QUICK)))
        await asyncio.sleep(0.1)
        given_up.cancel()
        slow.let.set()
        _, body = await graph.fetch(Query(QUICK))
        await graph.close()
        return failed.value, body

    failed, body = awaited(ask())
    assert failed.failure.slug == "query-busy"
    assert "loaded" in failed.failure.detail
    assert b"00001" in body
    assert slow.asked == 1


class Changing:
    """Statements of which there are others from time to time."""

    def __init__(self) -> None:
        self.text = "00001"

    def key(self) -> str:
        return self.text

    def lines(self) -> Iterator[str]:
        return iter([f'<x:s1> <x:p> "{self.text}" <x:g1> .'])


def test_the_query_after_a_change_sees_it_and_costs_no_worker(small: Asking) -> None:
    """The graph is looked at while the query runs: what the one before says is then not told."""
    changing = Changing()

    async def ask() -> list[bytes]:
        graph = EmbeddedGraph(small.process.address, small.graph, [changing], Allowance())
        found = []
        for text in ("00001", "one", "two", "three"):
            changing.text = text
            found += [(await graph.fetch(Query(QUICK, "text/csv")))[1] for _ in range(3)]
        await eventually(lambda: len(small.workers()) == 2)
        workers = {worker.pid for worker in small.workers()}
        await asyncio.gather(*(graph.fetch(Query(QUICK)) for _ in range(4)))
        assert {worker.pid for worker in small.workers()} == workers
        await graph.close()
        return found

    told = [f"o\r\n{text}\r\n".encode() for text in ("00001", "one", "two", "three")]
    assert awaited(ask()) == [each for each in told for _ in range(3)]


def test_what_does_not_load_leaves_the_graph_before_answering(small: Asking) -> None:
    changing = Changing()

    async def ask() -> list[bytes]:
        graph = EmbeddedGraph(small.process.address, small.graph, [changing], Allowance())
        found = []
        for text in ("one", 'no end " of it', "two"):
            changing.text = text
            found += [(await graph.fetch(Query(QUICK, "text/csv")))[1] for _ in range(2)]
        await graph.close()
        return found

    told = [f"o\r\n{text}\r\n".encode() for text in ("one", "one", "two")]
    assert awaited(ask()) == [each for each in told for _ in range(2)]
