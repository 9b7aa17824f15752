"""Hosts, sizes and headers hold for every answer (DESIGN §8)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from service.guard import HEADERS
from service.settings import Settings
from service.shipped import Shipped
from tests.service.conftest import Client, running

PATHS = ["/healthz", "/docs", "/openapi.json", "/nothing", "/v1/rulebook", "/", "/metrics"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    given = client.get(path).headers
    assert set(HEADERS) <= set(given)
    policy = given["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy  # no other host
    assert "frame-ancestors 'none'" in policy
    assert "server" not in given


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:9", "[::1]", "[::1]:8000"]
)
def test_loopback_names_are_served(client: Client, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["example.org", "", "127.0.0.1.example.org", "[::2]", "localhost@x"]
)
def test_other_names_are_refused(client: Client, host: str) -> None:
    """Else a page of another site could reach this one by a name it controls (DNS rebinding)."""
    answer = client.get("/healthz", headers={"host": host})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/unknown-host"
    assert set(HEADERS) <= set(answer.headers)


def test_a_name_that_is_allowed_is_served(settings: Settings, shipped: Shipped) -> None:
    named = settings.model_copy(update={"allowed_hosts": ("Zhunru.example",)})
    with running(named, shipped) as client:
        assert client.get("/healthz", headers={"host": "zhunru.example:80"}).status_code == 200
        assert client.get("/healthz", headers={"host": "other.example"}).status_code == 400


def test_a_body_over_the_limit_is_refused_by_its_announced_size(client: Client) -> None:
    limit = client.app.state.service.settings.max_body_bytes
    answer = client.post(
        "/v1/decisions/admissibility",
        content=b" " * (limit + 1),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/too-large"


def test_a_body_over_the_limit_is_refused_as_it_comes(client: Client) -> None:
    limit = client.app.state.service.settings.max_body_bytes

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 65536

    answer = client.post(
        "/v1/decisions/admissibility",
        content=chunks(),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 413
    assert limit < 100 * 65536


def test_a_body_at_the_limit_is_read(client: Client) -> None:
    limit = client.app.state.service.settings.max_body_bytes
    body = b'{"facts": {}}'
    answer = client.post(
        "/v1/decisions/admissibility?record=false&detail=verdict",
        content=body + b" " * (limit - len(body)),
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 200
