"""An answer leaves after its receipt is on disk, or it does not leave (DESIGN §7)."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, event, text

from service.settings import Settings
from service.shipped import Shipped
from service.store.database import open_database
from tests.service.conftest import DEMOLITION, Client, running


@pytest.fixture
def own(settings: Settings, shipped: Shipped) -> Iterator[Client]:
    """An application whose store a test may break, with a queue of one."""
    with running(settings.model_copy(update={"write_queue": 1}), shipped) as client:
        yield client


class Held:
    """The writer waits before each transaction until it may `go`; `waits` says that it does."""

    def __init__(self, engine: Engine) -> None:
        self.go = threading.Event()
        self.waits = threading.Event()
        event.listen(engine, "begin", self._wait)

    def _wait(self, _: Connection) -> None:
        self.waits.set()
        assert self.go.wait(20)


@pytest.fixture
def held(own: Client) -> Iterator[Held]:
    # What the first decision reads of the store is read now, so that only the writer is held.
    own.decide(DEMOLITION, "?record=false")
    found = Held(own.app.state.receipts._engine)
    yield found
    found.go.set()


def test_a_full_queue_is_told_with_when_to_ask_again(own: Client, held: Held) -> None:
    answered: list[int] = []
    in_hand, in_queue = waiting = [
        threading.Thread(target=lambda: answered.append(own.decide(DEMOLITION).status_code))
        for _ in range(2)
    ]
    queue = own.app.state.service._writer._queue
    in_hand.start()
    assert held.waits.wait(20)
    in_queue.start()
    while not queue.full():
        assert not answered
    answer = own.decide(DEMOLITION, "?detail=verdict")
    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/busy"
    assert answer.headers["retry-after"] == "1"
    assert own.decide(DEMOLITION, "?detail=verdict&record=false").status_code == 200
    assert not answered  # nothing was answered before it was stored
    held.go.set()
    for thread in waiting:
        thread.join(20)
    assert answered == [200, 200]


def test_what_cannot_be_stored_is_not_answered(own: Client, settings: Settings) -> None:
    engine = open_database(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE decisions RENAME TO away"))
    one = own.decide(DEMOLITION)
    many = own.decide([DEMOLITION, DEMOLITION])
    lines = own.stream([DEMOLITION, "{bad", DEMOLITION])
    for answer in (one, many):
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/store-failed"
    assert [line["status"] for line in lines] == [503, 400, 503]
    assert all("verdict" not in line for line in lines)
    assert own.decide(DEMOLITION, "?record=false").json()["verdict"] == "inadmissible"

    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO decisions"))
        assert connection.execute(text("SELECT count(*) FROM decisions")).scalar() == 0
    engine.dispose()
    assert own.decide(DEMOLITION).status_code == 200


def test_a_stream_waits_where_a_request_would_be_refused(own: Client, held: Held) -> None:
    threading.Timer(0.3, held.go.set).start()
    lines = own.stream([DEMOLITION] * 100, "?detail=verdict")
    assert [line.get("verdict") for line in lines] == ["inadmissible"] * 100
    assert len({line["id"] for line in lines}) == 100
