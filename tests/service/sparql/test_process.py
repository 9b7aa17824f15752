"""The query process: deadlines, kills and swaps that no other query notices (DESIGN §7)."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from kb.inference import inference_rules
from service.sparql.client import Failed, Line, ask, load
from service.sparql.keeper import YIELDS_AFTER
from service.sparql.process import query_process
from service.sparql.wire import Limits, Query
from tests.awaiting import awaited, eventually, until
from tests.service.sparql.conftest import ENDLESS, QUICK, Asked, Asking, can_restore


def answered(found: Asked) -> bool:
    return found.failure is None and b"00001" in found.body


def test_a_query_is_answered_and_names_the_generation(small: Asking) -> None:
    found = small.ask(QUICK)
    assert answered(found)
    assert found.start is not None
    # The hash of the file's statements, which are sorted in it, and of the rules of what follows.
    rules = "".join(rule.text for rule in inference_rules()).encode()
    generation = hashlib.sha256(small.graph.read_bytes() + rules).hexdigest()
    assert generation[:32] in found.start.etag


def test_a_runaway_is_killed_at_its_deadline_while_others_are_answered(small: Asking) -> None:
    async def both() -> tuple[Asked, list[Asked]]:
        slow = asyncio.create_task(small.asked(ENDLESS, seconds=2.0))
        quick = []
        while not slow.done():
            quick.append(await small.asked(QUICK))
            await asyncio.sleep(0.02)
        return await slow, quick

    slow, quick = awaited(both())
    assert slow.failure is not None
    assert slow.failure.slug == "query-deadline"
    assert 2.0 <= slow.seconds < 20  # it would take hours
    assert len(quick) > 5
    assert all(answered(found) for found in quick)
    until(lambda: len(small.workers()) == 2)  # replaced
    assert answered(small.ask(QUICK))


def test_who_goes_away_stops_the_query(small: Asking) -> None:
    before = {worker.pid for worker in small.workers()}

    async def leave() -> None:
        async with ask(small.process.address, Query(ENDLESS)) as stream:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stream.start(), 0.3)

    awaited(leave())
    until(lambda: len({w.pid for w in small.workers()} - before) == 1)
    until(lambda: len(small.workers()) == 2)
    assert sum(w.cpu_times().user for w in small.workers()) < 2  # nobody counts on


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_harms_nobody_and_is_replaced(small: Asking, number: int) -> None:
    async def kill() -> tuple[Asked, Asked]:
        slow = asyncio.create_task(small.asked(ENDLESS))
        (await small.busy()).send_signal(number)
        return await slow, await small.asked(QUICK)

    slow, other = awaited(kill())
    assert slow.failure is not None
    assert slow.failure.slug == "query-too-large"
    assert answered(other)
    until(lambda: len(small.workers()) == 2)


def test_what_runs_for_long_yields_to_others(small: Asking) -> None:
    own = psutil.Process().nice()

    def nice() -> list[int]:
        return sorted(worker.nice() for worker in small.workers())

    async def watch() -> Asked:
        running = asyncio.create_task(small.asked(ENDLESS, seconds=3.0))
        await eventually(lambda: nice() == [own, own + 10])
        return await running

    assert awaited(watch()).failure is not None
    until(lambda: nice() == [own, own])


def test_a_worker_that_yielded_is_restored_or_replaced(small: Asking) -> None:
    """Without privileges no process is given back the priority that it had (setpriority(2))."""
    before = {worker.pid for worker in small.workers()}
    product = '{ ?a ?b ?c . ?d ?e ?f FILTER(?c < "00300") }'

    async def ask() -> Asked:
        with closing(Line(small.process.address)) as line:  # who hangs up may cost a worker
            return await small.asked(f"SELECT (COUNT(*) AS ?n) {product}", line)

    found = awaited(ask())
    assert b"6000000" in found.body
    assert found.seconds > YIELDS_AFTER
    own = psutil.Process().nice()
    until(lambda: [worker.nice() for worker in small.workers()] == [own, own])
    new = {worker.pid for worker in small.workers()} - before
    assert len(new) == (0 if can_restore() else 1)
    assert answered(small.ask(QUICK))


def test_an_idle_worker_that_dies_is_replaced(small: Asking) -> None:
    before = {worker.pid for worker in small.workers()}
    for worker in small.workers():
        worker.kill()
    until(lambda: len({w.pid for w in small.workers()} - before) == 2)
    assert answered(small.ask(QUICK))


def test_memory_is_capped_by_query(small: Asking) -> None:
    found = small.ask("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f", seconds=20.0)
    assert found.failure is not None
    assert found.failure.slug == "query-too-large"
    assert "memory" in found.failure.detail
    assert answered(small.ask(QUICK))


def test_a_query_may_be_given_less_memory_than_a_worker_has(small: Asking) -> None:
    """The limit of a role: it is the query's, and the next one on the same worker has its own."""
    text = "SELECT * { ?a ?b ?c . ?d ?e ?c } ORDER BY ?c ?a"
    found = small.ask(text, seconds=20.0, memory=1 << 20)
    assert found.failure is not None
    assert found.failure.slug == "query-too-large"
    assert small.ask(text, seconds=20.0, memory=100 << 20).failure is None
    assert small.ask(text, seconds=20.0).failure is None


def test_more_queries_than_may_wait_are_refused_at_once(small: Asking) -> None:
    async def crowd() -> list[Asked]:
        return await asyncio.gather(*(small.asked(ENDLESS, seconds=2.0) for _ in range(6)))

    found = awaited(crowd())
    slugs = sorted(f.failure.slug for f in found if f.failure)
    assert slugs == ["query-busy"] * 4 + ["query-deadline"] * 2  # 2 ran; 2 waited in vain
    assert min(f.seconds for f in found if f.failure and f.failure.slug == "query-busy") < 1.9


@pytest.mark.parametrize(
    ("limits", "said"),
    [({"rows": 100}, "more than 100 rows"), ({"bytes": 5000}, "more than 5,000 bytes")],
)
def test_a_cap_met_early_is_told_instead_of_an_answer(
    small: Asking, limits: dict[str, int], said: str
) -> None:
    found = small.ask("SELECT * { ?s ?p ?o }", **limits)
    assert found.start is None
    assert found.body == b""
    assert found.failure is not None
    assert said in found.failure.detail


def test_a_cap_met_late_cuts_the_answer_visibly(small: Asking) -> None:
    found = small.ask("SELECT * { ?s ?p ?o }", rows=15_000)
    assert found.start is not None
    assert found.start.length is None
    assert found.body
    assert found.failure is not None
    assert found.failure.slug == "query-too-large"


def test_statements_are_capped_too(small: Asking) -> None:
    found = small.ask("CONSTRUCT WHERE { ?s ?p ?o }", rows=100, accept="text/turtle")
    assert found.failure is not None
    assert "more than 100 statements" in found.failure.detail


def test_the_first_lines_are_whole_ones(small: Asking) -> None:
    for query, accept, lines in (
        ("SELECT ?o { ?s ?p ?o }", "text/tab-separated-values", 11),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples", 10),
    ):
        found = small.ask(query, accept=accept, first=10)
        assert found.failure is None
        assert found.body.endswith(b"\n")
        assert found.body.count(b"\n") == lines


def test_a_new_generation_takes_over_and_the_old_one_ends_its_queries(small: Asking) -> None:
    old = small.generations()[0].pid

    async def swap() -> tuple[Asked, Asked, Asked]:
        running = asyncio.create_task(small.asked(ENDLESS, seconds=4.0))
        await small.busy()
        line = '<x:s1> <x:p> "swapped" <x:g1> .'
        await asyncio.to_thread(small.load, "second", line)
        after = await small.asked(QUICK)
        other = await small.asked("SELECT ?o { <x:s2> <x:p> ?o }")
        return await running, after, other

    running, after, other = awaited(swap())
    assert b"swapped" in after.body
    assert b"00001" not in after.body  # a projected graph stands in place of the built one
    assert b"00002" in other.body
    assert running.failure is not None
    assert running.failure.slug == "query-deadline"
    until(lambda: [g.pid for g in small.generations()] != [old] and len(small.generations()) == 1)


def test_the_same_generation_is_not_loaded_twice(small: Asking) -> None:
    before = [g.pid for g in small.generations()]
    small.load("first")
    assert [g.pid for g in small.generations()] == before


def test_what_does_not_load_leaves_the_one_before(small: Asking) -> None:
    with pytest.raises(Failed) as failed:
        small.load("broken", '<x:s1> <x:p> "no end <x:g1> .')
    assert failed.value.failure.slug == "no-graph"
    assert answered(small.ask(QUICK))
    missing = small.graph.with_name("nowhere.nq")
    with pytest.raises(Failed) as failed:
        load(small.process.address, "third", missing, [])
    assert failed.value.failure.slug == "no-graph"
    assert "zhunru build" in failed.value.failure.hint
    assert answered(small.ask(QUICK))


def test_a_generation_that_dies_is_made_anew(small: Asking) -> None:
    small.generations()[0].kill()
    until(lambda: answered(small.ask(QUICK)))


def test_a_query_process_that_dies_is_started_again(small: Asking) -> None:
    os.kill(small.process.pid, signal.SIGKILL)
    until(lambda: small.process.revive())
    assert small.load("first").quads == 20_000  # what was asked meanwhile waited in its socket
    assert answered(small.ask(QUICK))


def test_nothing_is_left_behind(small_graph: Path) -> None:
    with query_process(Limits(workers=2)) as process:
        small = Asking(process, small_graph)
        small.load("first")
        until(lambda: len(small.workers()) == 2)
        family = psutil.Process(process.pid).children(recursive=True)
        assert len(family) == 3
        folder = process.address.parent
        assert folder.stat().st_mode & 0o077 == 0  # no other user may ask past the web process
    assert not folder.exists()
    until(lambda: not any(p.is_running() and p.status() != "zombie" for p in family))


def test_a_worker_ends_itself_where_nobody_is_left_to_end_it(small: Asking) -> None:
    """The kernel's timer ends it soon after the deadline."""

    async def orphan() -> psutil.Process:
        running = asyncio.create_task(small.asked(ENDLESS, seconds=3.0))
        busy = await small.busy()
        for each in (psutil.Process(small.process.pid), *small.generations()):
            each.kill()
        await running
        return busy

    busy = awaited(orphan())
    until(lambda: not busy.is_running() or busy.status() == psutil.STATUS_ZOMBIE)
