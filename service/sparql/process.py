"""Starting the query process, and ending it with whoever started it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from service.sparql.wire import Limits


class QueryProcess:
    """A process started afresh, so that none of the threads here can be forked with it.

    The listening socket stays here: while the process is being started again, queries wait in it.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.address = folder / "sparql"
        self._limits = limits
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(str(self.address))
        self._listener.listen(128)
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        number = self._listener.fileno()
        return subprocess.Popen(
            [
                *(sys.executable, "-m", "service.sparql.keeper"),
                *(str(number), json.dumps(asdict(self._limits))),
            ],
            pass_fds=(number,),
            stdin=subprocess.PIPE,  # closes when this process ends, however it ends
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The process id; another one after `revive`."""
        return self._process.pid

    def revive(self) -> bool:
        """Start it again if it has died; whether it had."""
        if self._process.poll() is None:
            return False
        self._process = self._start()
        return True

    def close(self) -> None:
        """End it and its workers."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.close()


@contextmanager
def query_process(limits: Limits) -> Iterator[QueryProcess]:
    """A running query process; its socket lies in a folder that only this user may enter."""
    with tempfile.TemporaryDirectory(prefix="zhunru-") as folder:
        process = QueryProcess(Path(folder), limits)
        try:
            yield process
        finally:
            process.close()
