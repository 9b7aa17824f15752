"""Who is next: by turn, but no role and no client takes more than its share."""

from __future__ import annotations

import socket

from service.sparql.pool import Job
from service.sparql.queue import Queue
from service.sparql.wire import Limits, Query


def job(client: str = "", role: str = "", running: int = 0, ends: float = 10.0) -> Job:
    """A query whose sockets nobody uses."""
    query = Query("ASK {}", client=client, role=role, running=running)
    return Job(socket.socket(), query, b"", 0, ends)


def run(queue: Queue[Job], found: Job | None) -> None:
    assert found is not None
    queue.start(found)


def test_the_first_that_came_is_next() -> None:
    queue: Queue[Job] = Queue(Limits())
    first, second = job(), job()
    queue.add(first)
    queue.add(second)
    assert queue.next() is first
    run(queue, first)
    assert queue.next() is second
    assert list(queue) == [first, second]
    queue.remove(first)
    assert first not in queue


def test_a_client_with_its_share_running_lets_others_go_before() -> None:
    queue: Queue[Job] = Queue(Limits(client=1))
    mine, more, other = job("a"), job("a"), job("b")
    for each in (mine, more, other):
        queue.add(each)
    run(queue, queue.next())
    assert queue.next() is other
    queue.remove(mine)
    assert queue.next() is more


def test_a_role_with_its_share_running_leaves_workers_to_others() -> None:
    queue: Queue[Job] = Queue(Limits())
    for _ in range(3):
        queue.add(job(running=2))
    run(queue, queue.next())
    run(queue, queue.next())
    assert queue.next() is None
    analyst = job(role="analyst")
    queue.add(analyst)
    assert queue.next() is analyst


def test_one_client_may_not_fill_the_places_to_wait_in() -> None:
    queue: Queue[Job] = Queue(Limits(waiting=4, client=1))
    for _ in range(2):
        assert queue.refusal(Query("", client="a")) is None
        queue.add(job("a"))
    refused = queue.refusal(Query("", client="a"))
    assert refused is not None
    assert refused.slug == "query-busy"
    assert queue.refusal(Query("", client="b")) is None
    queue.add(job("b"))
    queue.add(job("c"))
    assert queue.refusal(Query("", client="d")) is not None  # all places are taken


def test_who_cannot_be_told_apart_is_not_counted() -> None:
    queue: Queue[Job] = Queue(Limits(client=1))
    for _ in range(9):
        queue.add(job())
    run(queue, queue.next())
    assert queue.next() is not None
    assert queue.refusal(Query("")) is None


def test_what_is_over_is_told_by_whether_it_ran() -> None:
    queue: Queue[Job] = Queue(Limits())
    ran, waited, later = job(ends=1.0), job(ends=1.0), job(ends=3.0)
    for each in (ran, waited, later):
        queue.add(each)
    run(queue, ran)
    assert queue.over(2.0) == ([ran], [waited])
