"""Queries that wait, run or took long, as administrators see them: without the values in a text."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import Final, Protocol

from service.sparql.shape import shape
from service.sparql.wire import Failure, Query, Running

_KEPT: Final = 100

_log = logging.getLogger(__name__)


class Timed(Protocol):
    """A query with times of `time.monotonic`; `began` is 0 while it waits."""

    query: Query
    asked: float
    began: float


def running(one: Timed, how: str = "") -> Running:
    """What is told of a query that waits or runs, or of one that has ended, and `how`."""
    query = one.query
    return Running(
        id=query.id,
        role=query.role,
        client=query.client,
        state=how or ("running" if one.began else "waiting"),
        seconds=round(time.monotonic() - one.asked, 3),
        limit=query.seconds,
        shape=shape(query.text),
    )


def late(query: Query) -> Failure:
    """What is told to whoever asked a query that ran until its deadline."""
    return Failure(
        "query-deadline",
        f"the query was stopped after {query.seconds:g} s",
        "narrow the pattern, or put what must hold before OPTIONAL",
    )


class Slow:
    """Remembers and logs queries that ran for so many seconds, the latest of them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: deque[Running] = deque(maxlen=_KEPT)

    def note(self, one: Timed, how: str) -> None:
        """Take one that has ended, if it was slow."""
        seconds = time.monotonic() - one.began if one.began else 0.0
        if seconds < self._seconds:
            return
        told = running(one, how)
        self._kept.append(told)
        role = told.role or "everyone"
        _log.warning("slow query %s of %s, %.1f s, %s: %s", told.id, role, seconds, how, told.shape)

    def kept(self) -> tuple[Running, ...]:
        """Those remembered, the latest last."""
        return tuple(self._kept)
