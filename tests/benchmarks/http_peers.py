"""What HTTP costs by itself: endpoints with our body model that decide nothing.

Run as a program with a port and a database: one trivial endpoint and two that store a row as large
as a receipt of ours by the same writer, under uvicorn set up as `zhunru serve` sets it up.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

from service.envelope import RequestModel
from service.settings import Settings
from service.store.database import open_database
from service.store.migrate import upgrade
from service.store.record import Record, instant, new_id
from service.store.revisions import RevisionStore
from service.store.writer import Writer

_REVISION = "sha256:" + "0" * 64


def create_app(url: str) -> FastAPI:
    """The application; rows go to the database of `url`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = open_database(url)
        upgrade(engine)
        revisions = RevisionStore(engine)
        revisions.publish(_REVISION, b"{}", "what rows refer to")
        revisions.close()
        writer = Writer(engine, Settings().write_queue)
        app.state.writer = writer
        yield
        writer.close()
        engine.dispose()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None)

    @app.post("/trivial/{kind}")
    async def trivial(
        kind: str, body: RequestModel, record: bool = True, detail: str = "full"
    ) -> dict[str, Any]:
        return {"id": None, "kind": kind, "verdict": "undetermined", "reason": "facts"}

    @app.post("/insert/{kind}")
    async def insert(kind: str, body: RequestModel, size: int) -> dict[str, Any]:
        record = _record(kind, size)
        await asyncio.wrap_future(app.state.writer.submit([record]))
        return {"id": record.id, "kind": kind, "verdict": "undetermined", "reason": "facts"}

    return app


def _record(kind: str, size: int) -> Record:
    """A row of `size` bytes."""
    others = 217  # the other columns
    return Record(
        id=new_id(),
        kind=kind,
        decided_at=instant(),
        engine="none",
        as_of="2019-06-01",
        revision=_REVISION,
        request=b"{}",
        derived=b"[]",
        lists=b"[]",
        result=b"x" * max(0, size - others),
        result_sha256="0" * 64,
    )


def main(port: int, url: str) -> None:
    """Serve until stopped."""
    uvicorn.run(
        create_app(url),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
