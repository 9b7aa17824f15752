"""The graphs that administrators write: a file of N-Quads beside the built graph.

An edit makes the next file in a process of its own (`service.sparql.editing`); the file takes the
place of the one before only after its graphs were found to be open to writing, and goes back if
the graph cannot be loaded with it. One edit at a time: the lock is held across web processes.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Final

from service.sparql.client import Failed
from service.sparql.edit import Edit, Edited, outcome_from_json, to_bytes
from service.sparql.journal import Write, noted, read_journal
from service.sparql.wire import Failure

_log = logging.getLogger(__name__)

_POLL_SECONDS: Final = 0.02
_GRACE_SECONDS: Final = 1.0


class Written:
    """The file, and edits of it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def key(self) -> str:
        """Something short that differs once the file does; costs a stat."""
        try:
            status = self.path.stat()
        except OSError:
            return "nothing written"
        return f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"

    async def edit(
        self,
        edit: Edit,
        check: Callable[[Sequence[str]], None],
        take: Callable[[], Awaitable[None]],
    ) -> Edited:
        """Make an edit. Raises Failed, and what `check` and `take` raise; then nothing has changed.

        `check` is shown the named graphs that there would be, `take` is to load the file.
        """
        ends = asyncio.get_running_loop().time() + edit.seconds
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            async with self._locked(ends):
                return await self._edited(edit, check, take)
        except OSError as error:
            why = f"{error.filename or self.path} cannot be written: {error.strerror}"
            raise Failed(Failure("query-failed", why, "set ZHUNRU_SPARQL_WRITTEN")) from None

    async def _edited(
        self,
        edit: Edit,
        check: Callable[[Sequence[str]], None],
        take: Callable[[], Awaitable[None]],
    ) -> Edited:
        new, old = self.path.with_suffix(".new"), self.path.with_suffix(".old")
        edited = await self._made(edit, new)
        check(edited.graphs)
        if edited.changed:
            old.unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                os.link(self.path, old)
            new.replace(self.path)
            try:
                await take()
            except BaseException:
                self._go_back(old)
                raise
            self._note(edit)
        return edited

    def writes(self) -> tuple[Write, ...]:
        """What was written and when."""
        return read_journal(self._journal)

    @property
    def _journal(self) -> Path:
        return self.path.with_suffix(".journal")

    def _note(self, edit: Edit) -> None:
        """What was written is written, whether or not it can be noted."""
        try:
            noted(self._journal, edit.kind, edit.graph or "")
        except OSError as error:
            _log.warning("a write was not noted in %s: %s", self._journal, error.strerror)

    def _go_back(self, old: Path) -> None:
        if old.exists():
            old.replace(self.path)
        else:
            self.path.unlink(missing_ok=True)

    async def _made(self, edit: Edit, new: Path) -> Edited:
        there = self.path if self.path.exists() else Path(os.devnull)
        with there.open("rb") as before, _created(new) as after:
            descriptors = (before.fileno(), after.fileno())
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "service.sparql.editing", *map(str, descriptors)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=descriptors,
                start_new_session=True,
            )
            try:
                async with asyncio.timeout(edit.seconds + _GRACE_SECONDS):
                    told, _ = await process.communicate(to_bytes(edit))
            except TimeoutError:
                raise Failed(_late(edit)) from None
            finally:
                if process.returncode is None:  # over its time, or nobody waits for it any more
                    with suppress(ProcessLookupError):
                        process.kill()
        return _outcome(edit, process.returncode, told)

    @asynccontextmanager
    async def _locked(self, ends: float) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        with self.path.with_suffix(".lock").open("ab") as lock:
            while not _taken(lock):
                if loop.time() > ends:
                    raise Failed(Failure("query-busy", "another edit is not done yet", "ask again"))
                await asyncio.sleep(_POLL_SECONDS)
            yield  # closing the file gives the lock back


def _outcome(edit: Edit, code: int | None, told: bytes) -> Edited:
    if code == 0:
        outcome = outcome_from_json(told)
        if isinstance(outcome, Edited):
            return outcome
        raise Failed(outcome)
    if code == -signal.SIGALRM:  # the kernel ended it
        raise Failed(_late(edit))
    why = "the edit needed more memory than it may have, or broke the engine"
    raise Failed(Failure("query-too-large", why, "write it in several parts"))


def _late(edit: Edit) -> Failure:
    return Failure("query-deadline", f"the edit was stopped after {edit.seconds:g} s")


def _created(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _taken(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
