"""Files of the whole dataset: made once a generation, streamed from the query process to disk.

What is dumped is what everybody may ask: what was built, published, registered and written, and
what follows from it; no decision and no draft is in it.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from service.errors import NotFound, StoreFailed
from service.sparql.asking import SERVICE, Graph, query_id
from service.sparql.wire import Query

NAME: Final = "zhunru.nq.gz"
_KEPT: Final = 2
"""Generations whose files stay: one that is being fetched may be overtaken."""
_SECONDS: Final = 600.0
_GZIP: Final = 16 + zlib.MAX_WBITS  # a gzip frame without time or name: the same bytes each time
_LEVEL: Final = 6


@dataclass(frozen=True, slots=True)
class Dump:
    """A file of a generation; `sha256` is that of the file as it is fetched, gzipped."""

    generation: str
    quads: int
    path: Path
    bytes: int
    sha256: str
    made: datetime


class Dumps:
    """Makes files where there is none of the generation; a folder may be shared by processes."""

    def __init__(self, graph: Graph, folder: Path) -> None:
        self._graph = graph
        self._folder = folder
        self._lock = asyncio.Lock()
        self._latest: Dump | None = None

    async def current(self) -> Dump:
        """The file of the generation that answers now. Raises Failed, StoreFailed, NotFound."""
        if not self._graph.dumped:
            raise NotFound("another store is asked here, which this service does not dump")
        loaded = await self._graph.current()
        async with self._lock:
            latest = self._latest
            if latest is None or latest.generation != loaded.generation or not latest.path.exists():
                self._latest = await self._of(loaded.generation, loaded.quads)
            assert self._latest is not None
            return self._latest

    def earlier(self, generation: str) -> Path | None:
        """The file of a generation that is still kept."""
        path = self._path(generation)
        return path if generation.isalnum() and path.is_file() else None

    async def _of(self, generation: str, quads: int) -> Dump:
        path = self._path(generation)
        try:
            if not path.is_file():
                self._folder.mkdir(parents=True, exist_ok=True)
                await self._make(path)
                self._tidy()
            digest, made = await asyncio.to_thread(_digest, path), path.stat()
        except OSError as error:
            raise StoreFailed(f"the dump cannot be written: {error.strerror}") from error
        at = datetime.fromtimestamp(int(made.st_mtime), UTC)
        return Dump(generation, quads, path, made.st_size, digest, at)

    async def _make(self, path: Path) -> None:
        """Write beside and rename, so that nobody fetches half a file."""
        number, beside = tempfile.mkstemp(dir=self._folder, suffix=".new")
        try:
            with os.fdopen(number, "wb") as file:
                query = Query("", dump=True, seconds=_SECONDS, id=query_id(), role=SERVICE)
                async with self._graph.ask(query) as (_, stream):
                    await _gzipped(stream.pieces(), file)
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(beside).unlink()
            raise

    def _tidy(self) -> None:
        found = sorted(self._folder.glob("*.nq.gz"), key=lambda p: p.stat().st_mtime, reverse=True)
        for path in found[_KEPT:]:
            with suppress(OSError):
                path.unlink()

    def _path(self, generation: str) -> Path:
        return self._folder / f"{generation}.nq.gz"


async def _gzipped(pieces: AsyncIterator[bytes], file: IO[bytes]) -> None:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    async for piece in pieces:
        file.write(await asyncio.to_thread(packer.compress, piece))
    file.write(packer.flush())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
