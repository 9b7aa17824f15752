"""The OpenAPI description names every operation, and its examples run as they stand."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from service.web.assets import MOUNT
from tests.service.conftest import DEMOLITION, Client


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def test_every_operation_of_the_contract_is_described(document: dict[str, Any]) -> None:
    operations = {
        f"{method.upper()} {path}" for path, ops in document["paths"].items() for method in ops
    }
    assert operations >= {
        "POST /v1/decisions/{kind}",
        "GET /v1/decisions/{id}",
        "POST /v1/decisions/{id}/replay",
        "GET /v1/vocabulary/{kind}",
        "GET /v1/vocabulary/{kind}/schema",
        "GET /v1/rulebook",
        "GET /v1/rulebook/{revision}",
        "GET /healthz",
        "GET /metrics",
    }


def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    wanted = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)))
    assert wanted
    assert wanted <= set(document["components"]["schemas"])


def test_the_examples_of_a_decision_run(client: Client, document: dict[str, Any]) -> None:
    content = document["paths"]["/v1/decisions/{kind}"]["post"]["requestBody"]["content"]
    examples = content["application/json"]["examples"]
    assert len(examples) == 3
    for shown in examples.values():
        answer = client.decide(shown["value"])
        assert answer.status_code == 200
        found = answer.json()
        for one in found if isinstance(found, list) else [found]:
            assert one["verdict"]
    streamed = client.stream(content["application/x-ndjson"]["example"].splitlines())
    assert [line["verdict"] for line in streamed] == ["inadmissible"] * 2


def test_the_examples_of_every_operation_run(client: Client, document: dict[str, Any]) -> None:
    """Path parameters without an example are ids that only a running service gives."""
    answer = client.decide(DEMOLITION).json()
    given = {"id": answer["id"], "revision": answer["revision"]}
    run = 0
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "security" in operation:
                continue  # what needs a token is run where lists are tested
            values = dict(given)
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and "example" in parameter:
                    values[parameter["name"]] = parameter["example"]
            content = operation.get("requestBody", {}).get("content", {})
            if content and "application/json" not in content:
                continue  # what other bodies say is tested where they are read
            options = {"json": DEMOLITION} if content else {}
            found = client.request(method.upper(), path.format(**values), **options)
            assert found.status_code == 200, f"{method} {path}"
            run += 1
    assert run >= 10


def test_errors_are_described_as_problems(document: dict[str, Any]) -> None:
    responses = document["paths"]["/v1/decisions/{kind}"]["post"]["responses"]
    assert list(responses["4XX"]["content"]) == ["application/problem+json"]


def test_the_reference_page_loads_only_from_here(client: Client) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 3
    assert all(address.startswith("/static/") for address in loaded)
    assert "http" not in page.text
    built = [address for address in loaded if address.startswith(MOUNT)]
    assert len(built) == 2
