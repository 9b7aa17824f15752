"""The stored corpus of receipts replays identically, for ever (DESIGN §4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import rfc8785

from ontology.places import PlaceTable
from rules.model import Rulebook
from rules.receipt import canonical, digest
from service.settings import Settings
from service.shipped import Shipped
from service.store.database import open_database
from service.store.migrate import upgrade
from service.store.record import Record
from service.store.revisions import RevisionStore
from service.store.writer import Writer
from tests.service.conftest import Client, running
from tests.service.record_receipts import CORPUS, every_request

RECEIPTS = {path.stem: json.loads(path.read_text("utf-8")) for path in CORPUS.glob("*.json")}
REVISIONS = {
    path.stem.replace("-", ":"): json.loads(path.read_text("utf-8"))
    for path in (CORPUS / "revisions").glob("*.json")
}


@pytest.fixture(scope="module")
def keeper(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The service of today over a store with the receipts of then."""
    settings = Settings(database_url=f"sqlite:///{tmp_path_factory.mktemp('corpus')}/zhunru.db")
    engine = open_database(settings.database_url)
    upgrade(engine)
    store = RevisionStore(engine)
    for revision, document in REVISIONS.items():
        store.publish(revision, rfc8785.dumps(document), "of the corpus")
    store.close()
    writer = Writer(engine, len(RECEIPTS))
    writer.submit([stored(receipt) for receipt in RECEIPTS.values()]).result(20)
    writer.close()
    engine.dispose()
    with running(settings, shipped) as client:
        yield client


def stored(receipt: dict[str, Any]) -> Record:
    """The row that a receipt was made of."""
    texts: dict[str, Any] = {
        name: orjson.dumps(receipt[name]) for name in ("request", "derived", "lists")
    }
    same = ("id", "kind", "decided_at", "engine", "as_of", "revision", "result_sha256")
    return Record(
        **{name: receipt[name] for name in same}, **texts, result=canonical(receipt["result"])
    )


@pytest.mark.parametrize("name", sorted(RECEIPTS))
def test_a_receipt_replays_to_the_byte(keeper: Client, name: str) -> None:
    kept = RECEIPTS[name]
    text = canonical(kept["result"])
    assert text == rfc8785.dumps(kept["result"])
    assert digest(text) == kept["result_sha256"]
    told = keeper.post(f"/v1/decisions/{name}/replay").json()
    assert told["identical"], told
    assert keeper.get(f"/v1/decisions/{name}").content.endswith(b',"result":' + text + b"}")


@pytest.mark.parametrize("revision", sorted(REVISIONS))
def test_a_revision_is_still_read_as_it_was(revision: str) -> None:
    book = Rulebook.from_json(REVISIONS[revision], PlaceTable())
    assert book.revision == revision
    assert book.document() == rfc8785.dumps(REVISIONS[revision])


def test_the_corpus_has_all_sorts() -> None:
    assert len(RECEIPTS) >= 30
    assert set(RECEIPTS) == set(every_request())
    assert {r["revision"] for r in RECEIPTS.values()} == set(REVISIONS)
    results = [r["result"] for r in RECEIPTS.values()]
    singles = [one for r in results for one in r.get("items", [r])]
    assert {one["verdict"] for one in singles} == {
        *("inadmissible", "undetermined", "conditional", "admissible"),
        *("non-compliant", "compliant"),
    }
    assert {one["reason"] for one in singles} == {
        None,
        *("place", "day", "not-a-task", "no-rule", "facts", "reading"),
    }
    assert sum("items" in r for r in results) >= 2
    full = [one for one in singles if "findings" in one]
    assert sum(bool(one["derived"]) for one in full) >= 5
    assert sum(len(one["parts"]) > 1 for one in full) >= 3
    assert sum(bool(one["missing"]["questions"]) for one in full) >= 5
    assert sum(bool(one["changes"]["sets"]) for one in full) >= 5
    assert sum(bool(one["assumptions"]) for one in full) >= 5
    assert any(f["defeated_by"] for one in full for f in one["findings"])
    kinds = {r["kind"] for r in RECEIPTS.values()}
    assert kinds == {"admissibility", "compliance", "application", "lifecycle"}
    assert any(one.get("agenda") for one in full)
    assert any(s["status"] == "unmet" for one in full for s in one.get("standards", ()))


def test_why_it_was_recorded_is_said() -> None:
    lines = (CORPUS / "README.md").read_text("utf-8").splitlines()
    told = [line for line in lines if line.startswith("| 20")]
    assert told
    assert all(len(line.split("|")[2].strip()) > 10 for line in told)
