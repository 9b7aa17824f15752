"""GET /v1/rulebook: published rules with their sentences; a revision is its own hash."""

from __future__ import annotations

import hashlib

import rfc8785

from tests.service.conftest import Client


def test_the_current_rulebook_cites_every_rule(client: Client) -> None:
    body = client.get("/v1/rulebook").json()
    rules = body["rules"]["admissibility"]
    assert len(rules) >= 20
    assert all(citation["quote"] for rule in rules for citation in rule["citations"])
    assert all(rule["citations"] for rule in rules)


def test_a_revision_is_the_hash_of_its_document(client: Client) -> None:
    body = client.get("/v1/rulebook").json()
    revision = body.pop("revision")
    assert revision == "sha256:" + hashlib.sha256(rfc8785.dumps(body)).hexdigest()


def test_a_published_revision_is_found_by_its_name(client: Client) -> None:
    current = client.get("/v1/rulebook")
    revision = current.json()["revision"]
    again = client.get(f"/v1/rulebook/{revision}")
    assert again.json() == current.json()
    assert again.headers["etag"] == f'"{revision}"'
    assert (
        client.get(
            f"/v1/rulebook/{revision}", headers={"if-none-match": f'"{revision}"'}
        ).status_code
        == 304
    )


def test_an_unknown_revision(client: Client) -> None:
    answer = client.get("/v1/rulebook/sha256:0")
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/unknown-revision"
