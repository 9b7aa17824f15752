"""Receipts (DESIGN §4): the recorded result to the byte, and the same bytes when decided again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
import rfc8785
from sqlalchemy import update

from ontology.label import Label
from service import deciding
from service.api.schemas import ReceiptOut, ReplayOut
from service.settings import Settings
from service.shipped import Shipped
from service.store.database import open_database
from service.store.record import new_id
from service.store.tables import decisions
from tests.service.conftest import DEMOLITION, Client, running

ITEMS = {
    "common": {"community.jurisdiction": "吉林省吉林市船营区"},
    "items": [{"text": "甲", "facts": {"task.kind": ["demolition"], "task.role": "responsible"}}],
    "as_of": "2019-09-12",
}
UNKNOWN = {"facts": {"task.kind": ["publicity"], "community.jurisdiction": "220102"}, "note": 1}


@pytest.fixture
def own(settings: Settings, shipped: Shipped) -> Iterator[Client]:
    """An application whose store a test may tamper with."""
    with running(settings, shipped) as client:
        yield client


@pytest.mark.parametrize("request_", [DEMOLITION, ITEMS, UNKNOWN], ids=["one", "items", "unknown"])
@pytest.mark.parametrize("detail", ["full", "verdict"])
def test_a_receipt_holds_what_was_answered_and_replays_identically(
    client: Client, request_: dict[str, Any], detail: str
) -> None:
    answer = client.decide(request_, f"?detail={detail}").json()
    shown = client.get(f"/v1/decisions/{answer['id']}")
    receipt = shown.json()
    ReceiptOut.model_validate(receipt)
    beside = {name: answer.pop(name) for name in ("id", "decided_at", "engine", "lists")}
    answer.pop("annotations")  # the receipt has them in its request
    answer.pop("lists_left_out")  # and these beside what was derived
    assert receipt["result"] == answer
    assert {name: receipt[name] for name in beside} == beside
    assert receipt["request"] == request_ | {"detail": detail}
    assert receipt["as_of"] == answer["as_of"]
    assert receipt["revision"] == answer["revision"]

    canonical = rfc8785.dumps(receipt["result"])
    assert shown.content.endswith(b',"result":' + canonical + b"}")
    assert hashlib.sha256(canonical).hexdigest() == receipt["result_sha256"]

    replay = client.post(f"/v1/decisions/{beside['id']}/replay").json()
    ReplayOut.model_validate(replay)
    assert replay == {
        "id": beside["id"],
        "identical": True,
        "result_sha256": receipt["result_sha256"],
        "replay_sha256": receipt["result_sha256"],
    }


def test_what_leaves_is_what_is_kept(client: Client) -> None:
    """The result inside the answer is the canonical text itself, not a second rendering of it."""
    answer = client.decide(DEMOLITION)
    receipt = client.get(f"/v1/decisions/{answer.json()['id']}").json()
    assert answer.content.endswith(rfc8785.dumps(receipt["result"])[1:])


def test_an_assumed_day_is_replayed_as_that_day(
    own: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = own.decide({"facts": DEMOLITION["facts"]}).json()["id"]
    monkeypatch.setattr(deciding, "today", lambda: pytest.fail("a replay asks no clock"))
    assert own.post(f"/v1/decisions/{id_}/replay").json()["identical"] is True


def test_a_replay_derives_nothing_anew(own: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = own.decide(DEMOLITION).json()["id"]
    monkeypatch.setattr(deciding, "look_up", lambda *_: pytest.fail("derived anew"))
    assert own.post(f"/v1/decisions/{id_}/replay").json()["identical"] is True


def test_a_replay_keeps_the_recorded_place(own: Client) -> None:
    """The table of places goes on changing; the recorded resolution decides."""
    id_ = own.decide(DEMOLITION).json()["id"]
    record = own.app.state.receipts.find(id_)
    kept = orjson.loads(record.derived)
    assert kept[0]["place"]["name"] == "吉林省吉林市船营区"
    kept[0]["place"]["note"] = Label("别处", "elsewhere").to_json()
    tampered = replace(record, derived=orjson.dumps(kept))
    again = own.app.state.receipts._decide(tampered)
    assert again["place"]["note"] == {"zh": "别处", "en": "elsewhere"}


def test_a_replay_under_an_older_revision_decides_by_it(own: Client, shipped: Shipped) -> None:
    id_ = own.decide(DEMOLITION).json()["id"]
    poorer = replace(shipped.rulebook, rules={"admissibility": ()})
    assert own.app.state.service.revisions.publish(poorer, "no rules")
    assert own.decide(DEMOLITION).json()["verdict"] == "undetermined"
    assert own.post(f"/v1/decisions/{id_}/replay").json()["identical"] is True


def test_a_difference_is_shown_by_its_path(own: Client, settings: Settings) -> None:
    id_ = own.decide(DEMOLITION, "?detail=verdict").json()["id"]
    result = own.get(f"/v1/decisions/{id_}").json()["result"] | {"verdict": "admissible"}
    text = rfc8785.dumps(result)
    engine = open_database(settings.database_url)
    with engine.begin() as connection:
        connection.execute(
            update(decisions)
            .where(decisions.c.id == id_)
            .values(result=text, result_sha256=hashlib.sha256(text).hexdigest())
        )
    engine.dispose()
    replay = own.post(f"/v1/decisions/{id_}/replay").json()
    assert replay["identical"] is False
    assert replay["difference"] == "$.verdict"
    assert replay["replay_sha256"] != replay["result_sha256"]


def test_receipts_outlive_the_process(settings: Settings, shipped: Shipped) -> None:
    with running(settings, shipped) as first:
        id_ = first.decide(DEMOLITION).json()["id"]
    with running(settings, shipped) as second:
        assert second.get(f"/v1/decisions/{id_}").json()["id"] == id_
        assert second.post(f"/v1/decisions/{id_}/replay").json()["identical"] is True


@pytest.mark.parametrize("path", ["/v1/decisions/x", "/v1/decisions/" + "A" * 22])
def test_an_unknown_id_is_not_found(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/unknown-decision"
    assert client.post(f"{path}/replay").status_code == 404


def test_ids_are_128_random_bits() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert {len(id_) for id_ in ids} == {22}
