"""Running a coroutine from a test that is no coroutine."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
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
