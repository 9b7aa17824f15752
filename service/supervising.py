"""Keeping processes running: one that ends unasked is started again, later each time it does.

Nothing is done here but waiting, so that this process does not fail where the others do.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Final

from service.errors import BadSetting
from service.web_server import GRACE_SECONDS

_TICK: Final = 0.1
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_STEADY_SECONDS: Final = 2.0
_SECONDS_TO_END: Final = GRACE_SECONDS + 5.0


class Child:
    """A process that is to run: a module, told `told` on standard input.

    It writes to standard output once it is ready, and ends when its standard input does.
    """

    def __init__(
        self,
        name: str,
        module: str,
        descriptor: int,
        told: str,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.name = name
        self._command = (sys.executable, "-m", module, str(descriptor))
        self._descriptor = descriptor
        self._told = told
        self._environment = environment
        self._falls = 0
        self._due: float | None = None
        self._start()

    def _start(self) -> None:
        self.ready_at: float | None = None
        self.process = subprocess.Popen(
            self._command,
            pass_fds=(self._descriptor,),
            stdin=subprocess.PIPE,  # closes when this process ends, however it ends
            stdout=subprocess.PIPE,
            env=self._environment,
            start_new_session=True,  # Ctrl-C is for the supervisor, which tells the others
        )
        os.set_blocking(_pipe(self.process.stdout).fileno(), False)
        with suppress(BrokenPipeError):  # it has ended already, which is seen elsewhere
            _pipe(self.process.stdin).write(self._told.encode() + b"\n")
            _pipe(self.process.stdin).flush()

    @property
    def fallen(self) -> bool:
        """Whether it has ended and is not yet started again."""
        return self.process.poll() is not None

    def look(self) -> None:
        """See whether it is ready or has ended; start it again when its pause is over."""
        now = time.monotonic()
        if not self.fallen:
            if self.ready_at is None and _pipe(self.process.stdout).read(1):
                self.ready_at = now
        elif self._due is None:
            steady = self.ready_at is not None and now - self.ready_at > _STEADY_SECONDS
            self._falls = 0 if steady else self._falls + 1
            pause = min(_FIRST_PAUSE * 2**self._falls, _LONGEST_PAUSE)
            self._due = now + pause
            told = f"zhunru: {self.name} {self.how}; it is started again in {pause:.1f} s"
            print(told, file=sys.stderr, flush=True)
        elif now >= self._due:
            self._due = None
            self.release()
            self._start()

    @property
    def how(self) -> str:
        """How it ended."""
        code = self.process.poll()
        if code is None:
            return "runs"
        return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def ask_to_end(self) -> None:
        """Let it finish what it is at."""
        self.process.terminate()

    def release(self) -> None:
        """Close what leads to it; one that ignores signals ends at that."""
        for end in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):
                _pipe(end).close()

    def end(self, seconds: float) -> None:
        """Wait for its end; kill it where it takes longer."""
        try:
            self.process.wait(max(seconds, 0.0))
        except subprocess.TimeoutExpired:
            print(f"zhunru: {self.name} does not end and is killed", file=sys.stderr, flush=True)
            self.process.kill()
            self.process.wait()


def supervise(
    workers: Sequence[Child],
    writer: Child,
    began: Callable[[], object],
    each_tick: Callable[[], object],
    ending: Callable[[], object],
) -> None:
    """Keep all running until SIGTERM or SIGINT; then end the workers, and the writer after them.

    `began` is called once all serve, `ending` before any is ended. Raises BadSetting where one
    ends before that: what it said on standard error tells why.
    """
    children = (writer, *workers)
    begun = False
    try:
        with _told_to_stop() as told:
            while not told:
                if not begun:
                    if fallen := next((child for child in children if child.fallen), None):
                        raise BadSetting(f"{fallen.name} {fallen.how} before it was ready")
                    if all(child.ready_at for child in children):
                        begun = True
                        began()
                for child in children:
                    child.look()
                each_tick()
                time.sleep(_TICK)
    finally:
        ending()
        for worker in workers:
            worker.ask_to_end()
        last = time.monotonic() + _SECONDS_TO_END
        for worker in workers:
            worker.end(last - time.monotonic())
            worker.release()
        writer.release()
        writer.end(_SECONDS_TO_END)


@contextmanager
def _told_to_stop() -> Iterator[list[int]]:
    """The signals that have come, as they come: one is enough to stop."""
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _: came.append(got))
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    assert end is not None, "every child is started with pipes"
    return end
