"""The described shape of answers is the shape they have, on every practice case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from service.api.schemas import Decision, DecisionOnItems, ProblemOut, VerdictOnly
from tests.service.conftest import Client

PRACTICE = Path(__file__).parents[1] / "fixtures" / "practice.jsonl"


@pytest.fixture(scope="module")
def requests() -> list[dict[str, Any]]:
    return [json.loads(line)["request"] for line in PRACTICE.read_text("utf-8").splitlines()]


def test_full_answers(client: Client, requests: list[dict[str, Any]]) -> None:
    assert len(requests) >= 90
    answers = client.decide(requests, "?record=false").json()
    for request, answer in zip(requests, answers, strict=True):
        shape = DecisionOnItems if "items" in request else Decision
        shape.model_validate(answer)


def test_verdicts_only(client: Client, requests: list[dict[str, Any]]) -> None:
    answers = client.decide(requests, "?record=false&detail=verdict").json()
    for request, answer in zip(requests, answers, strict=True):
        shape = DecisionOnItems if "items" in request else VerdictOnly
        shape.model_validate(answer)


def test_the_shape_is_closed(client: Client, requests: list[dict[str, Any]]) -> None:
    answer = client.decide(requests[0], "?record=false").json()
    for wrong in (answer | {"more": 1}, {k: v for k, v in answer.items() if k != "missing"}):
        with pytest.raises(ValidationError):
            Decision.model_validate(wrong)


def test_problems(client: Client) -> None:
    ProblemOut.model_validate(client.decide({"facts": {"x": 1}}).json())
