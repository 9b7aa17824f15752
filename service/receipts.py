"""Receipts: a recorded decision shown again, and decided again to the byte (DESIGN §4).

A replay uses the recorded facts, derivations, day and revision; the lists and the law of today play
no part in it. RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785) makes "the same" a matter of bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from kb.register import Register
from rules.receipt import canonical, digest
from service import basis
from service.deciding import read_request, rule_on
from service.errors import StoreFailed, UnknownDecision
from service.jsonpath import first_difference
from service.revisions import Revisions
from service.store import records
from service.store.record import Record


@dataclass(frozen=True, slots=True)
class Replay:
    """How a decision came out when decided again; `difference` is the first path that differs."""

    id: str
    result_sha256: str
    replay_sha256: str
    difference: str | None

    @property
    def identical(self) -> bool:
        """Whether every byte is the same."""
        return self.result_sha256 == self.replay_sha256

    def to_json(self) -> dict[str, Any]:
        """The JSON form; `difference` only where there is one."""
        body: dict[str, Any] = {
            "id": self.id,
            "identical": self.identical,
            "result_sha256": self.result_sha256,
            "replay_sha256": self.replay_sha256,
        }
        return body if self.identical else body | {"difference": self.difference}


class Receipts:
    """Reads receipts from the store and replays them."""

    def __init__(self, engine: Engine, revisions: Revisions, register: Register) -> None:
        self._engine = engine
        self._revisions = revisions
        self._register = register

    def find(self, decision_id: str) -> Record:
        """The record of an id. Raises UnknownDecision, StoreFailed."""
        try:
            record = records.find(self._engine, decision_id)
        except SQLAlchemyError as error:
            raise StoreFailed("receipts cannot be read") from error
        if record is None:
            raise UnknownDecision(
                "no decision was recorded under this id",
                hint="decisions asked with record=false leave no receipt",
            )
        return record

    def replay(self, decision_id: str) -> Replay:
        """Decide a recorded request again under its own revision, day and derivations."""
        record = self.find(decision_id)
        again = canonical(self._decide(record))
        replayed = digest(again)
        same = replayed == record.result_sha256
        difference = (
            None if same else first_difference(orjson.loads(record.result), orjson.loads(again))
        )
        return Replay(record.id, record.result_sha256, replayed, difference)

    def _decide(self, record: Record) -> dict[str, Any]:
        rulebook = self._revisions.get(record.revision)
        request = orjson.loads(record.request)
        bases = basis.from_bytes(record.derived)
        # The limit on items guards the door; what passed it once is decided again.
        envelope = read_request(request, record.kind, rulebook, limit=len(record.request))
        day = date.fromisoformat(record.as_of)
        return rule_on(record.kind, envelope, rulebook, self._register, day, bases).body


def to_json(record: Record) -> dict[str, Any]:
    """The receipt of a record, without its result: that is appended as the bytes that were kept."""
    return {
        "id": record.id,
        "kind": record.kind,
        "decided_at": record.decided_at,
        "engine": record.engine,
        "request": orjson.loads(record.request),
        "derived": orjson.loads(record.derived),
        "as_of": record.as_of,
        "revision": record.revision,
        "lists": orjson.loads(record.lists),
        "result_sha256": record.result_sha256,
    }


def to_bytes(record: Record) -> bytes:
    """The receipt as JSON; its result is the very bytes whose SHA-256 stands beside it."""
    return orjson.dumps(to_json(record))[:-1] + b',"result":' + record.result + b"}"
