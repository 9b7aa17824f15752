"""The Python client: what the API says, typed; asked again where that may help, and only there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, cast, get_type_hints

import httpx
import pytest

from service import client_types
from service.api import schemas
from service.client import Client, Problem
from service.client_types import Request
from service.settings import Settings
from service.shipped import Shipped
from tests.service.conftest import DEMOLITION
from tests.service.listening import listening

ASKED: Request = {"facts": DEMOLITION["facts"], "as_of": DEMOLITION["as_of"]}


@pytest.fixture(scope="module")
def address(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service on a socket of the loopback: the client's own transport is what is tested."""
    store = tmp_path_factory.mktemp("store") / "zhunru.db"
    with listening(Settings(database_url=f"sqlite:///{store}"), shipped) as found:
        yield found


@pytest.fixture
def zhunru(address: str) -> Iterator[Client]:
    with Client(address) as found:
        yield found


def test_a_decision_its_receipt_and_its_replay(zhunru: Client) -> None:
    decision = zhunru.decide(ASKED)
    assert decision["verdict"] == "inadmissible"
    assert decision["findings"][0]["citations"][0]["quote"]
    assert decision["id"]
    receipt = zhunru.receipt(decision["id"])
    assert receipt["result"].items() <= dict(decision).items()
    assert zhunru.replay(decision["id"])["identical"]
    assert zhunru.decide(ASKED, record=False, detail="verdict")["id"] is None


def test_what_decisions_rest_on(zhunru: Client) -> None:
    head = zhunru.rulebook()
    assert zhunru.rulebook(head["revision"]) == head
    assert zhunru.vocabulary()["revision"] == head["revision"] == zhunru.health()["revision"]
    assert zhunru.schema()["$schema"]
    assert zhunru.lists()["lists"]
    assert zhunru.list_in_force("000000", "certificates-negative", "2020-06-01")["rows"]


def test_a_search_goes_on_to_its_last_page() -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        more = {"": "b", "b": "c", "c": None}[asked[-1].get("cursor", "")]
        return httpx.Response(200, json={"hits": [{"iri": len(asked)}], "next": more})

    with Client("http://it", transport=httpx.MockTransport(answer)) as client:
        assert [hit["iri"] for hit in client.search("社区", kind="norm")] == [1, 2, 3]
    assert asked[2] == {"q": "社区", "kind": "norm", "cursor": "c"}


def test_a_problem_names_its_places(zhunru: Client) -> None:
    with pytest.raises(Problem, match=r"task\.roll") as error:
        zhunru.decide({"facts": {"task.roll": "assist"}})
    assert (error.value.type, error.value.status) == ("/problems/bad-facts", 422)
    assert error.value.faults[0]["path"] == "$.facts['task.roll']"
    with pytest.raises(Problem) as error:
        zhunru.receipt("no such id")
    assert error.value.type == "/problems/unknown-decision"


def test_any_number_of_requests_in_order_and_one_bad_one_in_its_place(zhunru: Client) -> None:
    """Large answers to many lines: were they sent in one body, both sides would wait for ever."""
    asked = taken = 0

    def requests() -> Iterator[Request]:
        nonlocal asked
        for number in range(300):
            asked += 1
            if number == 150:
                yield {"facts": {"task.roll": number}}
            else:
                yield {"facts": ASKED["facts"], "as_of": f"2019-0{1 + number % 9}-01"}

    for number, answer in enumerate(zhunru.decide_many(requests(), record=False)):
        taken += 1
        assert asked - taken <= 100  # they are taken as answers are
        if number == 150:
            assert isinstance(answer, Problem)
            assert answer.status == 422
        else:
            assert not isinstance(answer, Problem)
            assert answer["as_of"] == f"2019-0{1 + number % 9}-01"
    assert taken == 300


Handler = Callable[[httpx.Request], httpx.Response]


def failing(handlers: list[Handler], tries: int = 6) -> tuple[Client, list[float]]:
    """A client whose service answers by one handler after another, and the pauses it makes."""
    slept: list[float] = []
    left = iter(handlers)
    transport = httpx.MockTransport(lambda request: next(left)(request))
    return Client("http://test", transport=transport, sleep=slept.append, tries=tries), slept


def busy(_: httpx.Request) -> httpx.Response:
    body = {"type": "/problems/busy", "title": "Busy", "status": 503, "detail": "x"}
    return httpx.Response(503, json=body, headers={"retry-after": "7"})


def broken(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def fine(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"verdict": "admissible"})


def test_it_asks_again_when_it_was_told_to(zhunru: Client) -> None:
    client, slept = failing([busy, broken, broken, fine])
    assert client.decide(ASKED)["verdict"] == "admissible"
    assert slept[0] == 7
    assert 0.1 <= slept[1] <= 0.2
    assert 0.2 <= slept[2] <= 0.4


def test_it_gives_up_after_so_many_tries() -> None:
    client, slept = failing([broken] * 3, tries=3)
    with pytest.raises(httpx.ConnectError):
        client.decide(ASKED)
    assert len(slept) == 2
    client, _ = failing([busy] * 2, tries=2)
    with pytest.raises(Problem, match="Busy"):
        client.health()


def test_what_would_fail_again_is_not_asked_again() -> None:
    def gateway(_: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>")

    client, slept = failing([gateway])
    with pytest.raises(Problem) as error:
        client.decide(ASKED)
    assert (error.value.status, slept) == (502, [])


def test_a_stream_that_breaks_goes_on_where_it_broke() -> None:
    seen: list[list[Any]] = []

    def answer(count: int, last: bytes) -> Handler:
        def handler(request: httpx.Request) -> httpx.Response:
            lines = [json.loads(line) for line in request.content.splitlines()]
            seen.append([line["facts"]["n"] for line in lines])
            told = [{"verdict": "admissible", "n": line["facts"]["n"]} for line in lines[:count]]
            return httpx.Response(
                200, content=b"\n".join(json.dumps(t).encode() for t in told) + last
            )

        return handler

    store_failed = b'\n{"type":"/problems/store-failed","title":"x","status":503}\n'
    client, _ = failing([answer(2, store_failed), broken, answer(1, b""), answer(9, b"")])
    requests: list[Request] = [{"facts": {"n": n}} for n in range(5)]
    found = [cast(Any, answer)["n"] for answer in client.decide_many(requests)]
    assert found == [0, 1, 2, 3, 4]
    assert seen == [[0, 1, 2, 3, 4], [2, 3, 4], [3, 4]]


def test_a_stream_that_never_answers_is_an_error() -> None:
    def silent(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"")

    client, _ = failing([silent] * 3, tries=3)
    with pytest.raises(httpx.RemoteProtocolError):
        list(client.decide_many([ASKED]))


def test_the_type_of_a_decision_has_all_members_of_answers() -> None:
    members = {key for model in schemas.ANSWERS for key in model.model_fields}
    assert set(get_type_hints(client_types.Decision)) == members
    assert client_types.Answered.__required_keys__ == set(schemas.VerdictOnly.model_fields)
    assert set(get_type_hints(client_types.Receipt)) == set(schemas.ReceiptOut.model_fields)
    assert set(get_type_hints(client_types.Replay)) == set(schemas.ReplayOut.model_fields)
