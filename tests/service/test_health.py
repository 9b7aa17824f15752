"""/healthz tells whether decisions can be made; /metrics counts them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.api.schemas import HealthOut
from service.errors import StoreFailed
from service.settings import Settings
from service.shipped import Shipped
from service.store.revisions import RevisionStore
from service.version import version
from tests.service.conftest import DEMOLITION, Client, running


@pytest.fixture
def own(settings: Settings, shipped: Shipped) -> Iterator[Client]:
    with running(settings, shipped) as client:
        yield client


def test_healthy(own: Client, shipped: Shipped) -> None:
    answer = own.get("/healthz")
    assert answer.status_code == 200
    assert HealthOut.model_validate(answer.json()) == HealthOut(
        status="ok", version=version(), revision=shipped.rulebook.revision, store="ok"
    )


def test_a_store_that_fails_is_told(own: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: RevisionStore) -> str:
        raise StoreFailed("gone")

    monkeypatch.setattr(RevisionStore, "head", failing)
    answer = own.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    decision = own.decide(DEMOLITION)
    assert decision.status_code == 503
    assert decision.headers["retry-after"] == "1"
    assert "verdict" not in decision.json()


def test_decisions_and_responses_are_counted(own: Client) -> None:
    own.decide(DEMOLITION)
    own.decide({"facts": {"x": 1}})
    text = own.get("/metrics").text
    decided = 'zhunru_decisions_total{kind="admissibility",verdict="inadmissible"} 1.0'
    assert decided in text
    assert 'zhunru_http_responses_total{method="POST",status="200"} 1.0' in text
    assert 'zhunru_http_responses_total{method="POST",status="422"} 1.0' in text
    assert 'zhunru_decision_seconds_count{detail="full",kind="admissibility"} 1.0' in text
