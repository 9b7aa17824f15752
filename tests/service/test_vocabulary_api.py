"""GET /v1/vocabulary/{kind} and its JSON Schema (2020-12) say what a request may say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from service.api.openapi import example
from tests.service.conftest import DEMOLITION, Client


@pytest.fixture(scope="module")
def described(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/vocabulary/admissibility").json()
    return found


@pytest.fixture(scope="module")
def validator(client: Client) -> Draft202012Validator:
    answer = client.get("/v1/vocabulary/admissibility/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    Draft202012Validator.check_schema(answer.json())
    return Draft202012Validator(answer.json())


def test_facts_in_vocabulary_order_with_all_that_a_form_needs(
    client: Client, described: dict[str, Any]
) -> None:
    words = client.app.state.service.head().vocabulary
    assert [f["name"] for f in described["facts"]] == [f.name for f in words.facts("admissibility")]
    role = next(f for f in described["facts"] if f["name"] == "task.role")
    assert role["type"] == "code"
    assert role["changeable_by"]["code"] == "assigner"
    assert role["question"]["zh"]
    assert {c["code"] for c in described["code_lists"][role["codes"]]["concepts"]} == {
        "responsible",
        "assist",
        "autonomy",
        "purchased",
    }
    addressee = next(f for f in described["facts"] if f["name"] == "task.addressee")
    assert addressee["presumption"]["value"] == "committee"


def test_the_tag_is_the_revision(client: Client, described: dict[str, Any]) -> None:
    for path in ("/v1/vocabulary/admissibility", "/v1/vocabulary/admissibility/schema"):
        tag = client.get(path).headers["etag"]
        assert tag == f'"{described["revision"]}"'
        again = client.get(path, headers={"if-none-match": f'"old", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(path, headers={"if-none-match": '"old"'}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/vocabulary/admisibility", "/v1/vocabulary/admisibility/schema"]
)
def test_an_unknown_kind(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["hint"] == "did you mean admissibility?"


@pytest.mark.parametrize(
    "request_",
    [DEMOLITION, example("demolition"), example("items"), *example("list"), {"facts": {}}],
)
def test_the_schema_takes_what_the_service_takes(
    client: Client, validator: Draft202012Validator, request_: object
) -> None:
    assert validator.is_valid(request_)
    assert client.decide(request_, "?record=false&detail=verdict").status_code == 200


@pytest.mark.parametrize(
    "request_",
    [
        {},
        [],
        {"facts": {"task.knd": []}},
        {"facts": {"task.kind": ["nothing"]}},
        {"facts": {"task.funding": "yes"}},
        {"facts": {"task.role": ["assist"]}},
        {"facts": {}, "as_of": "20190601"},
        {"facts": {}, "items": [{"facts": {}}]},
        {"facts": {}, "common": {}},
        {"items": []},
        {"items": [{"text": "x"}]},
        {"facts": {}, "detail": "brief"},
        {"facts": {}, "not_a_task": "yes"},
    ],
)
def test_the_schema_refuses_what_the_service_refuses(
    client: Client, validator: Draft202012Validator, request_: object
) -> None:
    assert not validator.is_valid(request_)
    if not isinstance(request_, list):
        assert client.decide(request_).status_code == 422


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["assist", "demolition", "committee", "吉林省", "x"])
    | st.lists(st.sampled_from(["demolition", "assist", "death", 3]), max_size=2)
)


@given(data=st.data())
def test_schema_and_service_agree_on_any_facts(
    client: Client,
    described: dict[str, Any],
    validator: Draft202012Validator,
    data: st.DataObject,
) -> None:
    """But for places: whether a name resolves only the service can tell."""
    names = [f["name"] for f in described["facts"] if f["type"] != "place"]
    facts = data.draw(st.dictionaries(st.sampled_from([*names, "task.x"]), VALUES, max_size=4))
    answer = client.decide({"facts": facts}, "?record=false&detail=verdict")
    assert validator.is_valid({"facts": facts}) == (answer.status_code == 200), answer.text
