"""Malformed SPARQL gets a clear error each time and costs no process."""

from __future__ import annotations

from contextlib import closing

from service.sparql.client import Line
from service.sparql.wire import Query
from tests.awaiting import awaited
from tests.service.sparql.conftest import Asked, Asking
from tests.service.sparql.malformed import malformed

TOLD = {"bad-query", "query-refused", "read-only"}


def test_each_malformed_query_is_told_where_it_is_wrong(small: Asking) -> None:
    workers = {worker.pid for worker in small.workers()}
    texts = list(malformed(7, 400))

    async def all_of_them() -> list[Asked]:
        # On one line, as a web process asks: who hangs up instead may cost a worker that is slow to
        # say that it is done.
        with closing(Line(small.process.address)) as line:
            return [await small.asked(text, line, seconds=Query("").seconds) for text in texts]

    for text, found in zip(texts, awaited(all_of_them()), strict=True):
        if found.failure is not None:
            assert found.failure.slug in TOLD, text
            assert found.failure.line >= 1, text
            assert found.failure.detail
    assert {worker.pid for worker in small.workers()} == workers
