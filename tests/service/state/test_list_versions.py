"""A list as of a day is the version of that day: the last to start, for good (kb.register)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ontology.ids import list_iri
from tests.service.conftest import Client

DAYS = ["2018-12-31", "2019-06-01", "2020-06-01", "2020-12-31", "2021-06-01", "2022-06-01"]


@pytest.fixture(scope="module")
def registered(asking: Client) -> Client:
    """Three versions, the second of which ends while the third has begun already."""
    _, secret = asking.app.state.tokens.create("legal")
    for n, (start, end) in enumerate(
        (("2019-01-01", ""), ("2020-01-01", "2022-01-01"), ("2021-01-01", ""))
    ):
        words = {"title": f"协助事项{n}", "start": start, "source": "测试", "complete": "true"}
        answer = asking.request(
            "PUT",
            "/v1/lists/220102/assist",
            params=words | ({"end": end} if end else {}),
            content=f"序号,事项名称\n1,协助事项{n}\n".encode(),
            headers={"authorization": f"Bearer {secret}", "content-type": "text/csv"},
        )
        assert answer.status_code in (200, 201), answer.text
    return asking


def lists(told: Any) -> set[str]:
    return {one["iri"] for one in told["lists"] if "220102" in one["iri"]}


@pytest.mark.parametrize("day", DAYS)
def test_the_version_of_a_day_is_the_one_that_governs(registered: Client, day: str) -> None:
    register = registered.app.state.lists.register()
    governing = register.governing("assist", "220102", date.fromisoformat(day))
    expected = {list_iri(governing.id)} if governing else set()
    assert lists(registered.get(f"/at/{day}.json?place=220102").json()) == expected
    for version in register.versions("assist", "220102"):
        told = registered.get(f"/at/{day}/id/list/{version.id}.json").json()
        assert (told["standing"] == "in-force") is (governing == version)
        if told["standing"] == "superseded":
            assert governing is not None
            assert told["instead"] == [list_iri(governing.id)]
        assert bool(told["parts"]) is (governing == version)


def test_a_new_version_is_a_change_between_two_days(registered: Client) -> None:
    told = registered.get("/at/2019-06-01/2020-06-01.json?place=220102").json()["changes"]
    assert [
        (c["number"], c["on"]) for c in told if "220102" in c["iri"] and c["kind"] == "lists"
    ] == [("2", "2020-01-01")]
