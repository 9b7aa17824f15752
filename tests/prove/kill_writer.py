"""kill -9 of the process that writes, again and again under load: what was acknowledged is there.

Decisions are written by the writer's process, lists by the web process that takes them; the one is
killed each time, one of the others every fifth time. Afterwards each acknowledged id is looked for
in the store, its result compared with what the client was told, and the file checked by SQLite.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
import time
from contextlib import suppress

import httpx
from sqlalchemy import text

from service.store import records
from service.store.database import open_database
from tests.prove._serving import (
    DEMOLITION,
    WORKER,
    WRITER,
    Load,
    Service,
    arguments,
    conclude,
    register,
    serving,
)


def main() -> None:
    """The proof."""
    reduced = arguments(__doc__ or "")
    kills, workers = (10, 2) if reduced else (100, 4)
    lists: list[str] = []
    stop = threading.Event()
    with serving(workers) as service:
        uploading = threading.Thread(target=_upload, args=(service, lists, stop))
        with Load(service.base, 4) as load:
            uploading.start()
            others = sum(_kill(service, load, number) for number in range(1, kills + 1))
        stop.set()
        uploading.join()
        faults = _lost(service, load, lists)
    wrong = [told for told in load.refused if told[0] not in (0, 503)]
    faults += [f"refused with {status}: {why}" for status, why in wrong]
    conclude(
        f"the writer killed {kills} times and {others} web processes of {workers}: "
        f"{len(load.answers)} decisions and {len(lists)} lists acknowledged, none lost; "
        f"{len(load.refused)} requests refused or cut off",
        faults,
    )


def _kill(service: Service, load: Load, number: int) -> int:
    """Kill the writer once decisions flow again; whether a web process too."""
    had, last = len(load.answers), time.monotonic() + 60
    # At a different point of what it does each time, and once it has been up for a while.
    while len(load.answers) < had + 20 + 7 * number % 50:
        if time.monotonic() > last:
            raise RuntimeError(f"no decisions any more: {load.refused[-3:]}")
        time.sleep(0.01)
    for pid in service.children(WRITER):
        os.kill(pid, signal.SIGKILL)
    if number % 5:
        return 0
    os.kill(service.children(WORKER)[0], signal.SIGKILL)
    return 1


def _upload(service: Service, lists: list[str], stop: threading.Event) -> None:
    token = service.token()
    while not stop.wait(0.5):
        with suppress(httpx.HTTPError), httpx.Client(base_url=service.base, timeout=30) as client:
            lists.append(register(client, token, len(lists)))


def _lost(service: Service, load: Load, lists: list[str]) -> list[str]:
    engine = open_database(service.url)
    faults = []
    for _, _, body in load.answers:
        record = records.find(engine, body["id"])
        if record is None:
            faults.append(f"decision {body['id']} was acknowledged and is not there")
            continue
        result = json.loads(record.result)
        if hashlib.sha256(record.result).hexdigest() != record.result_sha256:
            faults.append(f"decision {body['id']} is damaged")
        elif not result.items() <= body.items():
            faults.append(f"decision {body['id']} is not what was told")
        elif json.loads(record.request)["facts"] != DEMOLITION["facts"]:
            faults.append(f"decision {body['id']} has another request")
    with engine.connect() as connection:
        kept = set(connection.execute(text("SELECT id FROM lists")).scalars())
        state = connection.execute(text("PRAGMA integrity_check")).scalar()
    engine.dispose()
    faults += [f"list {one} was acknowledged and is not there" for one in lists if one not in kept]
    return faults if state == "ok" else [*faults, f"the file: {state}"]


if __name__ == "__main__":
    main()
