"""The service itself with two workers on either store: every worker sees every change at once.

What each worker says is asked of it alone, while the others are stopped by a signal: they share
one listening socket, so who answers is otherwise chance.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from ontology.ids import list_iri
from rules.load import RULEBOOK
from service.client import Client
from service.client_types import Request
from service.store import records
from service.store.database import open_database
from tests.service.test_publishing import edit
from tests.service.test_serving import ROOT, Server, address
from tests.service.test_workers import WORKER, children

ROWS = "序号,事项,依据\n1,协助做好人口普查,《全国人口普查条例》\n".encode()
LISTED: Request = {
    "facts": {
        "task.kind": ["population-census"],
        "task.role": "assist",
        "community.jurisdiction": "吉林省长春市南关区",
    },
    "as_of": "2019-06-01",
}


@pytest.fixture
def environment(url: str, built_graph: Path, tmp_path: Path) -> dict[str, str]:
    """A store and a rulebook of its own, for the service and the commands alike."""
    folder = shutil.copytree(RULEBOOK, tmp_path / "rulebook")
    return {
        "ZHUNRU_DATABASE_URL": url,
        "ZHUNRU_RULEBOOK_PATH": str(folder),
        "ZHUNRU_GRAPH_PATH": str(built_graph),
    }


@pytest.fixture
def served(environment: dict[str, str], tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path, "--workers", "2", **environment)
    yield found
    found.stop(signal.SIGKILL)


def command(environment: dict[str, str], *words: str) -> str:
    """What a command prints, run as people run it beside the service."""
    done = subprocess.run(
        [sys.executable, "-m", "service", *words],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def alone(pid: int, pids: list[int]) -> Iterator[None]:
    """Only one of the workers runs."""
    others = [other for other in pids if other != pid]
    for other in others:
        os.kill(other, signal.SIGSTOP)
    try:
        yield
    finally:
        for other in others:
            os.kill(other, signal.SIGCONT)


def test_two_workers_decide_and_see_lists_and_revisions_at_once(
    served: Server, environment: dict[str, str]
) -> None:
    base = address(served.greeting())
    pids = children(served, WORKER)
    assert len(pids) == 2
    token = command(environment, "token", "create", "--role", "legal")

    def of_each(ask: Callable[[Client], Any]) -> list[Any]:
        found = []
        for pid in pids:
            with alone(pid, pids), Client(base, token=token) as client:
                found.append(ask(client))
        return found

    def decide(client: Client) -> Any:
        return client.decide(LISTED)

    def in_graph(_: Client) -> Any:
        query = f"ASK {{ <{list_iri('220102-assist-1')}> ?p ?o }}"
        return httpx.get(f"{base}/sparql", params={"query": query}, timeout=60).json()["boolean"]

    assert of_each(in_graph) == [False, False]
    first = of_each(decide)
    assert [d["lists"] for d in first] == [[], []]
    assert len({d["revision"] for d in first}) == 1

    # Registered by the one, confirmed by the other, and used by both from then on.
    with alone(pids[0], pids):
        sent = httpx.put(
            f"{base}/v1/lists/220102/assist",
            params={
                "title": "社区协助工作事项清单",
                "complete": "true",
                "start": "2018-01-01",
                "source": "某区网站",
            },
            content=ROWS,
            headers={"authorization": f"Bearer {token}", "content-type": "text/csv"},
            timeout=30,
        )
        assert sent.status_code == 201
    assert [d["lists"] for d in of_each(decide)] == [["220102-assist-1"]] * 2
    assert of_each(in_graph) == [True, True]
    shown = of_each(lambda client: client.list_in_force("220102", "assist", "2019-06-01"))
    assert [one["id"] for one in shown] == ["220102-assist-1"] * 2
    with alone(pids[1], pids):
        confirmed = httpx.post(
            f"{base}/v1/lists/220102-assist-1/rows/1/mapping",
            json={"action": "confirm"},
            headers={"authorization": f"Bearer {token}"},
            timeout=30,
        )
        assert confirmed.status_code == 200
    for decision in of_each(decide):
        assert [(d["list"], d["row"]) for d in decision["derived"] if d["fact"] == "task.list"] == [
            ("220102-assist-1", 1)
        ]

    # Published beside them, by a command.
    folder = Path(environment["ZHUNRU_RULEBOOK_PATH"])
    edit(folder, "“等事项”不作扩大解释", "“等事项”不作扩大解释，下同")
    told = command(environment, "rules", "publish", "--note", "换一个标题")
    (revision,) = set(re.findall(r"sha256:[0-9a-f]{64}", told)) - {first[0]["revision"]}
    later = of_each(decide)
    assert [d["revision"] for d in later] == [revision] * 2
    assert of_each(lambda client: client.rulebook()["revision"]) == [revision] * 2

    engine = open_database(environment["ZHUNRU_DATABASE_URL"])
    kept = [records.find(engine, str(d["id"])) for d in (*first, *later)]
    engine.dispose()
    assert [record.revision for record in kept if record] == [
        str(d["revision"]) for d in (*first, *later)
    ]
    for decision in (first[0], later[0]):
        replayed = of_each(partial(Client.replay, id=str(decision["id"])))
        assert [one["identical"] for one in replayed] == [True, True]
    _, errors = served.stop()
    assert served.process.returncode == 0
    assert errors == ""
