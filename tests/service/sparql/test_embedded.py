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
from tests.awaiting import awaited
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
