"""Work for a client ends with the client, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from starlette.types import Message, Receive

from service.sparql.streaming import unless_gone
from tests.awaiting import awaited


def leaving(after: float) -> Receive:
    """A client that sends nothing and goes after so many seconds."""

    async def receive() -> Message:
        await asyncio.sleep(after)
        return {"type": "http.disconnect"}

    return receive


class Work:
    """Takes its time, and says what became of it."""

    def __init__(self, seconds: float, fails: bool = False) -> None:
        self.seconds, self.fails = seconds, fails
        self.said = ""

    async def __call__(self) -> str:
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.said = "cancelled"
            raise
        if self.fails:
            raise ValueError("broken")
        self.said = "done"
        return self.said


@pytest.mark.parametrize("seconds", [0.0, 0.1])
def test_what_is_done_is_given(seconds: float) -> None:
    assert awaited(unless_gone(leaving(5), Work(seconds)())) == "done"


def test_who_goes_ends_the_work() -> None:
    work = Work(5)
    assert awaited(unless_gone(leaving(0.05), work())) is None
    assert work.said == "cancelled"


@pytest.mark.parametrize("seconds", [0.0, 0.1])
def test_a_failure_is_passed_on(seconds: float) -> None:
    with pytest.raises(ValueError, match="broken"):
        awaited(unless_gone(leaving(5), Work(seconds, fails=True)()))


@pytest.mark.parametrize("after", [0.005, 0.1])
def test_a_cancellation_from_elsewhere_is_no_client_that_went(after: float) -> None:
    work = Work(5)

    async def cancelled(end: Callable[[], Receive]) -> bool:
        task = asyncio.create_task(unless_gone(end(), work()))
        await asyncio.sleep(after)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return task.cancelled()

    assert awaited(cancelled(lambda: leaving(5)))
    assert work.said == "cancelled"


def test_nothing_is_left_to_be_cancelled_later() -> None:
    """The task goes on as one that was never cancelled."""

    async def twice() -> tuple[str | None, str | None, int]:
        first = await unless_gone(leaving(0.05), Work(5)())
        second = await unless_gone(leaving(5), Work(0.05)())
        task = asyncio.current_task()
        assert task is not None
        return first, second, task.cancelling()

    assert awaited(twice()) == (None, "done", 0)
