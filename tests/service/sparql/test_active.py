"""Administrators see what runs and end it; what took long is logged without its values."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from service.shipped import Shipped
from service.sparql.client import activity, kill
from service.sparql.process import query_process
from service.sparql.wire import Activity, Limits
from service.store.tokens import Role
from tests.awaiting import awaited, until
from tests.service.conftest import Client, running
from tests.service.sparql.conftest import ENDLESS, QUICK, Asked, Asking

SECRET = 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != "王某某") }'


@pytest.fixture
def slow(small_graph: Path) -> Iterator[Asking]:
    """One worker, to which everything over 0.3 s is slow."""
    with query_process(Limits(workers=1, client=1, slow=0.3)) as process:
        found = Asking(process, small_graph)
        found.load("first")
        until(lambda: len(found.workers()) == 1)
        yield found


def test_what_runs_and_waits_is_listed_and_can_be_ended(slow: Asking) -> None:
    async def work() -> tuple[Activity, list[bool], list[Asked], Asked]:
        first = asyncio.create_task(slow.asked(SECRET, id="one", role="analyst", client="token 1"))
        seen = await slow.listed("running")
        assert seen.active[0].id == "one"
        second = asyncio.create_task(slow.asked(ENDLESS, id="two"))
        seen = await slow.listed("running", "waiting")
        address = slow.process.address
        await asyncio.sleep(0.4)
        ended = [await kill(address, name) for name in ("two", "one", "one", "")]
        return seen, ended, [await first, await second], await slow.asked(QUICK)

    seen, ended, answers, after = awaited(work())
    assert (seen.active[0].role, seen.active[0].client) == ("analyst", "token 1")
    assert seen.active[0].limit == 30
    assert "王" not in seen.active[0].shape
    assert seen.active[0].shape.startswith("SELECT ( COUNT ( * ) AS ?n )")
    assert ended == [True, True, False, False]
    assert [a.failure.slug for a in answers if a.failure] == ["query-ended"] * 2
    assert after.failure is None  # the worker was replaced


def test_what_took_long_is_kept_and_logged_without_its_values(
    small_graph: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    saved = os.dup(2)
    with log.open("wb") as to:
        os.dup2(to.fileno(), 2)
        try:
            with query_process(Limits(workers=1, slow=0.3)) as process:
                found = Asking(process, small_graph)
                found.load("first")
                found.ask(SECRET, id="abc", seconds=0.5)
                found.ask(QUICK, id="quick")
                kept = awaited(activity(process.address)).slow
        finally:
            os.dup2(saved, 2)
            os.close(saved)
    assert [(one.id, one.state) for one in kept] == [("abc", "query-deadline")]
    assert 0.4 < kept[0].seconds < 20
    told = log.read_text("utf-8")
    assert "slow query abc of everyone" in told
    assert "query-deadline" in told
    assert "FILTER" in told
    assert "王" not in told
    assert "quick" not in told


def token(client: Client, role: Role) -> dict[str, str]:
    return {"authorization": f"Bearer {client.app.state.tokens.create(role)[1]}"}


def test_only_administrators_see_and_end_queries(asking: Client) -> None:
    for method, path in (("GET", "/v1/queries"), ("DELETE", "/v1/queries/1")):
        assert asking.request(method, path).status_code == 401
        assert asking.request(method, path, headers=token(asking, "legal")).status_code == 403
    admin = token(asking, "admin")
    gone = asking.request("DELETE", "/v1/queries/none", headers=admin)
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/unknown-query")


def test_who_asked_is_told_that_the_query_was_ended(asking: Client) -> None:
    admin, answers = token(asking, "admin"), []
    analyst = token(asking, "analyst")
    assert asking.get("/sparql", params={"query": "ASK {}"}).status_code == 200  # it is loaded

    def ask() -> None:
        answers.append(asking.get("/sparql", params={"query": ENDLESS}, headers=analyst))

    thread = threading.Thread(target=ask)
    thread.start()
    found: list[dict[str, str]] = []

    def listed() -> bool:
        found[:] = asking.get("/v1/queries", headers=admin).json()["active"]
        return bool(found) and found[0]["state"] == "running"

    until(listed, 20)
    assert found[0]["role"] == "analyst"
    assert found[0]["client"].startswith("token ")
    ended = asking.request("DELETE", f"/v1/queries/{found[0]['id']}", headers=admin)
    assert ended.status_code == 204
    thread.join(10)
    told = answers[0].json()
    assert (answers[0].status_code, told["type"]) == (503, "/problems/query-ended")
    assert told["query"] == found[0]["id"]


def test_a_role_lifts_the_caps(shipped: Shipped, small_graph: Path, tmp_path: Path) -> None:
    with query_process(Limits(workers=1)) as process:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path}/z.db",
            graph_path=small_graph,
            sparql_socket=process.address,
            sparql_rows=100,
            sparql_seconds=0.4,
            sparql_roles="analyst rows=200 seconds=0.8",
        )
        with running(settings, shipped) as client:
            text = {"query": "SELECT * { ?s ?p ?o } LIMIT 150"}
            assert client.get("/sparql", params=text).status_code == 422
            analyst = token(client, "analyst")
            answer = client.get("/sparql", params=text, headers=analyst)
            assert answer.status_code == 200
            assert answer.headers["query-id"]
            for headers, seconds in (({}, 0.4), (analyst, 0.8)):
                late = client.get(
                    "/sparql", params={"query": ENDLESS, "timeout": "25"}, headers=headers
                )
                assert late.status_code == 504
                assert seconds <= late.json()["elapsed"] < 20


def test_a_token_that_does_not_hold_is_told_so(asking: Client) -> None:
    given = {"authorization": "Bearer zr_nobody"}
    answer = asking.get("/sparql", params={"query": "ASK {}"}, headers=given)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    # What is no bearer token was meant for somebody before us, such as a proxy.
    basic = {"authorization": "Basic eDp5"}
    assert asking.get("/sparql", params={"query": "ASK {}"}, headers=basic).status_code == 200


def test_more_than_may_wait_is_told_when_to_ask_again(
    shipped: Shipped, small_graph: Path, tmp_path: Path
) -> None:
    """RFC 6585 §4: 429 with Retry-After; and a role's share leaves a worker to the others."""
    with query_process(Limits(workers=2, waiting=1)) as process:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path}/z.db",
            graph_path=small_graph,
            sparql_socket=process.address,
            sparql_running=1,
            sparql_roles="analyst running=2",
        )
        with running(settings, shipped) as client:
            assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
            answers: list[int] = []

            def ask(seconds: int) -> None:
                given = {"query": ENDLESS, "timeout": str(seconds)}
                answers.append(client.get("/sparql", params=given).status_code)

            admin, analyst = token(client, "admin"), token(client, "analyst")

            def states() -> list[str]:
                found = client.get("/v1/queries", headers=admin).json()["active"]
                return [one["state"] for one in found]

            threads = [threading.Thread(target=ask, args=(seconds,)) for seconds in (8, 3)]
            threads[0].start()
            until(lambda: states() == ["running"], 20)
            threads[1].start()
            until(lambda: states() == ["running", "waiting"], 20)
            busy = client.get("/sparql", params={"query": "ASK {}"})
            assert (busy.status_code, busy.json()["type"]) == (429, "/problems/query-busy")
            assert int(busy.headers["retry-after"]) >= 1
            threads[1].join()
            assert answers == [429]  # it had no turn in its time
            # Others are answered meanwhile; the page counts as whoever looks at it.
            for path in ("/sparql", "/query"):
                answer = client.get(path, params={"query": "ASK {}"}, headers=analyst)
                assert answer.status_code == 200
            threads[0].join()
            assert answers == [429, 504]
