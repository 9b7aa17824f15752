"""Every kind of decision through the same doors: API, items, receipts, vocabulary, commands."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from rules import drawn
from rules.drawn import Drawn
from service.api.schemas import Decision, DecisionOnItems, VerdictOnly
from service.cli import app
from service.terminal import Teller
from tests.rules.generate import label
from tests.service.conftest import Client

COMMUNITY: dict[str, Any] = {
    "facts": {
        "subject.kind": "urban-community",
        "subject.jurisdiction": "吉林省长春市南关区",
        "community.households": 3506,
        "committee.members": 7,
        "centre.area": "500.5",
    },
    "as_of": "2020-06-01",
}
SHORT = "jl-2017-36.households-per-member"
GOOD = Path(__file__).parents[1] / "fixtures" / "dossiers" / "compliance-urban-good.json"


def ask(client: Client, request: object, query: str = "") -> dict[str, Any]:
    answer = client.post(f"/v1/decisions/compliance{query}", json=request)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def row(body: dict[str, Any], rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in body["standards"] if s["rule"] == rule)
    return found


def test_a_community_is_measured_by_the_standards(client: Client) -> None:
    body = ask(client, COMMUNITY)
    Decision.model_validate(body)
    assert (body["kind"], body["verdict"]) == ("compliance", "non-compliant")
    short = row(body, SHORT)
    assert (short["status"], short["gap"]) == ("unmet", "-0.85")
    assert short["citations"][0]["provision"] == "三（一）"
    area = row(body, "jl-2017-36.centre-area")
    assert (area["decides"], area["due"]["passed"]) == (False, None)
    computed = {d["fact"]: d["value"] for d in body["derived"]}
    assert computed["committee.households_per_member"] == "500.85"


def test_its_receipt_replays_to_the_byte(client: Client) -> None:
    body = ask(client, COMMUNITY)
    assert client.post(f"/v1/decisions/{body['id']}/replay").json()["identical"]


def test_what_followed_from_the_facts_is_in_the_receipt(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seven(*_: object) -> tuple[Drawn, ...]:
        return (Drawn("committee.members", 7, label("counted")),)

    monkeypatch.setattr(drawn, "DERIVATIONS", {"compliance": seven})
    facts = {k: v for k, v in COMMUNITY["facts"].items() if k != "committee.members"}
    body = ask(client, COMMUNITY | {"facts": facts})
    assert row(body, SHORT)["status"] == "unmet"
    receipt = client.get(f"/v1/decisions/{body['id']}").json()
    assert [d["fact"] for d in receipt["derived"][0]["facts"]] == ["committee.members"]
    monkeypatch.setattr(drawn, "DERIVATIONS", {})
    assert client.post(f"/v1/decisions/{body['id']}/replay").json()["identical"]


def test_several_are_measured_and_those_that_fail_are_named(client: Client) -> None:
    kept = json.loads(GOOD.read_text(encoding="utf-8"))["facts"]
    request = {
        "items": [{"facts": kept, "text": "甲"}, {"facts": COMMUNITY["facts"], "text": "乙"}],
        "as_of": COMMUNITY["as_of"],
    }
    body = ask(client, request)
    DecisionOnItems.model_validate(body)
    assert (body["verdict"], body["strike"]) == ("non-compliant", [1])
    assert [item["verdict"] for item in body["items"]] == ["compliant", "non-compliant"]
    assert body["summary"]["zh"] == "共2个，第2个不符合标准。"


def test_a_brief_answer_is_the_verdict(client: Client) -> None:
    body = ask(client, COMMUNITY, "?detail=verdict&record=false")
    VerdictOnly.model_validate(body)
    assert body["verdict"] == "non-compliant"


def test_the_vocabulary_tells_how_facts_are_computed_and_verdicts_come_about(
    client: Client,
) -> None:
    told = client.get("/v1/vocabulary/compliance").json()
    assert told["verdict_by"] == "standards"
    assert "subject" in [group["name"] for group in told["groups"]]
    facts = {fact["name"]: fact for fact in told["facts"]}
    assert facts["centre.area_per_100_households"]["computed"] == {
        "dividend": "centre.area",
        "divisor": "community.households",
        "factor": "100",
    }
    schema = client.get("/v1/vocabulary/compliance/schema").json()
    assert "community.households" in schema["$defs"]["facts"]["properties"]
    assert client.get("/v1/vocabulary/admissibility").json()["verdict_by"] == "permission"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), input=json.dumps(COMMUNITY))


def test_the_command_decides_every_kind(client: Client) -> None:
    told = run("decide", "compliance")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["standards"] == ask(client, COMMUNITY)["standards"]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("zh", ("不符合标准", "≤ 500 户", "-0.85", "未满足", "不影响结论")), ("en", ("≤", "unmet"))],
)
def test_people_at_a_terminal_get_a_table(
    client: Client, language: Any, wanted: tuple[str, ...]
) -> None:
    console = Console(record=True, width=160, file=StringIO())
    Teller(console, language, client.app.state.service.head()).result(ask(client, COMMUNITY))
    shown = console.export_text()
    for text in wanted:
        assert text in shown
