"""Running a coroutine from a test that is no coroutine, and waiting in either."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def awaited(work: Coroutine[object, object, T]) -> T:
    """What the coroutine gives, run to its end in a loop and a thread of its own.

    Not plain `asyncio.run`: once a browser has been driven in this process, its synchronous driver
    leaves a loop running in the main thread until the last test has ended.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def eventually(holds: Callable[[], bool | Awaitable[bool]], seconds: float = 30.0) -> None:
    """Wait until something holds; fail where it does not in time."""
    end = time.monotonic() + seconds
    while True:
        held = holds()
        if held if isinstance(held, bool) else await held:
            return
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.02)


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """As `eventually`, in a test that is no coroutine."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
