"""The OpenAPI description names every operation, and its examples run as they stand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import urlencode

import pytest

from ontology.ids import NS, place_iri
from service.settings import Settings
from service.shipped import Shipped
from service.sparql.process import query_process
from service.sparql.wire import Limits
from service.web.assets import MOUNT
from tests.service.conftest import DEMOLITION, Client, running


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


@pytest.fixture(scope="module")
def whole(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An application with a graph to query, and a list that a place has registered."""
    folder = tmp_path_factory.mktemp("whole")
    graph = folder / "graph.nq"
    statements = (
        "<https://a.example/s> <https://a.example/p> <https://a.example/o>",
        f"<{place_iri('220102')}> <{NS}within> <{place_iri('220000')}>",
    )
    graph.write_text("".join(f"{one} .\n" for one in statements))
    with query_process(Limits(1)) as querying:
        settings = Settings(
            database_url=f"sqlite:///{folder}/zhunru.db",
            graph_path=graph,
            sparql_socket=querying.address,
            sparql_writing=True,
        )
        with running(settings, shipped) as found:
            yield found


def requests(operation: dict[str, Any]) -> list[tuple[bytes | None, str]]:
    """Every example of a body with its media type; of an operation without a body, none."""
    content = operation.get("requestBody", {}).get("content", {})
    found: list[tuple[bytes | None, str]] = []
    for media, told in content.items():
        values = [shown["value"] for shown in told.get("examples", {}).values()]
        for value in [*values, told["example"]] if "example" in told else values:
            text = value if isinstance(value, str) else json.dumps(value)
            if media == "application/x-www-form-urlencoded":
                text = urlencode(value)
            found.append((text.encode(), media))
    return found if content else [(None, "")]


# A product of so many values takes for ever, and no memory.
ENDLESS = "SELECT (COUNT(*) AS ?n) {{ {} }}".format(
    " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(100)))} }}" for n in range(9))
)


@contextmanager
def endless_query(whole: Client, headers: dict[str, str]) -> Iterator[str]:
    """The id of a query that runs until somebody ends it."""
    asking = Thread(target=lambda: whole.get("/sparql", params={"query": ENDLESS, "timeout": "20"}))
    asking.start()
    try:
        while not (found := whole.get("/v1/queries", headers=headers).json()["active"]):
            sleep(0.02)
        yield found[0]["id"]
    finally:
        asking.join()


def test_every_example_gets_the_status_described(whole: Client, document: dict[str, Any]) -> None:
    """Path parameters without an example are ids that only a running service gives; those of a
    list are the version that the example of PUT makes, registered first."""
    answer = whole.decide(DEMOLITION).json()
    given = {"id": answer["id"], "revision": answer["revision"]}
    _, token = whole.app.state.tokens.create("admin", "example")
    asked = json.dumps({"title": "example", "query": "ASK {}"}).encode()
    kept = whole.post("/v1/kept", content=asked, headers={"authorization": f"Bearer {token}"})
    given["hash"] = kept.json()["hash"]
    run = 0
    operations = [
        (method, path, operation)
        for path, told in document["paths"].items()
        for method, operation in told.items()
    ]
    for method, path, operation in sorted(operations, key=lambda found: found[0] != "put"):
        writes = "security" in operation
        shown: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
        for parameter in operation.get("parameters", ()):
            if "example" in parameter:
                shown[parameter["in"]][parameter["name"]] = parameter["example"]
        for body, media in requests(operation):
            headers = {"content-type": media} if media else {}
            if writes:
                headers["authorization"] = f"Bearer {token}"
            with ExitStack() as running:
                if "{query_id}" in path:
                    given["query_id"] = running.enter_context(endless_query(whole, headers))
                found = whole.request(
                    method.upper(),
                    path.format(
                        **{**shown["path"], **given} if writes else {**given, **shown["path"]}
                    ),
                    params=shown["query"],
                    headers=headers,
                    content=body,
                )
            assert str(found.status_code) in operation["responses"], f"{method} {path} {found.text}"
            assert found.status_code < 300, f"{method} {path} {found.text}"
            if path.startswith("/v1/lists") and method == "put":
                given["list_id"] = found.json()["id"]
            run += 1
    assert run >= 22


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
