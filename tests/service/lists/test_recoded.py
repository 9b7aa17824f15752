"""Lists of places whose code has changed since, from the upload to the page of the decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from service.api.schemas import Decision, ReceiptOut
from service.settings import Settings
from service.shipped import Shipped
from tests.service.conftest import Client, running
from tests.service.lists.test_lists_api import Writer, listed


@pytest.fixture(scope="module")
def writer(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    """Lists of 公主岭市 (220381, since 2020 220184) and 四方区 (since 2012 part of 市北区)."""
    file: Path = tmp_path_factory.mktemp("store") / "zhunru.db"
    with running(Settings(database_url=f"sqlite:///{file}"), shipped) as found:
        writer = Writer(found)
        for place, list_id in (("220381", "220381-assist-1"), ("370205", "370205-assist-1")):
            told = writer.put(path=f"{place}/assist", start="2012-01-01").json()
            assert told["id"] == list_id
            writer.map(f"{list_id}/rows/1/mapping", {"action": "confirm"})
        yield writer


def asked(client: Client, place: str, day: str = "2021-06-01") -> Any:
    facts = {
        "task.kind": ["population-census"],
        "task.role": "assist",
        "community.jurisdiction": place,
    }
    answer = client.decide({"facts": facts, "as_of": day})
    assert answer.status_code == 200
    Decision.model_validate(answer.json())
    return answer.json()


def test_a_recoded_place_keeps_its_list_and_both_codes_are_shown(writer: Writer) -> None:
    told = asked(writer.client, "220184")
    assert listed(told) == [("assist", "220381-assist-1", 1)]
    assert (told["lists"], told["lists_left_out"]) == (["220381-assist-1"], [])
    (source,) = [d["source"] for d in told["derived"] if d["fact"] == "task.list"]
    for text in source.values():
        assert "220381" in text
        assert "220184" in text


def test_a_merged_place_is_told_that_the_list_of_its_part_is_not_used(writer: Writer) -> None:
    client = writer.client
    told = asked(client, "370203")
    assert listed(told) == []
    (left_out,) = told["lists_left_out"]
    assert left_out["list"] == "370205-assist-1"
    assert "四方区" in left_out["why"]["zh"]
    receipt = client.get(f"/v1/decisions/{told['id']}").json()
    ReceiptOut.model_validate(receipt)
    assert receipt["derived"][0]["left_out"] == [left_out]
    assert client.post(f"/v1/decisions/{told['id']}/replay").json()["identical"]
    page = BeautifulSoup(client.get(f"/decisions/{told['id']}").content, "html.parser")
    link = page.select_one("a[href='/lists/370205-assist-1']")
    assert link is not None
    assert link.text == left_out["why"]["zh"]


def test_each_version_has_its_address_under_the_code_of_today_too(writer: Writer) -> None:
    client = writer.client
    for place in ("220381", "220184", "公主岭市"):
        found = client.get(f"/v1/lists/{place}/assist")
        assert (found.status_code, found.json()["id"]) == (200, "220381-assist-1")
        assert client.get(f"/v1/lists/{place}/assist/220381-assist-1").status_code == 200
        for path in (f"/v1/lists/{place}/assist/versions", f"/v1/lists/{place}"):
            assert [one["id"] for one in client.get(path).json()["lists"]] == ["220381-assist-1"]
    absent = client.get("/v1/lists/370203/assist")
    assert absent.status_code == 404
    assert "370205" in absent.json()["hint"]
    assert client.get("/v1/lists/370205/assist?at=2012-02-01").json()["id"] == "370205-assist-1"


@pytest.mark.parametrize(
    ("list_id", "says"),
    [("220381-assist-1", ("220184", "继续适用")), ("370205-assist-1", ("370203", "未予采用"))],
)
def test_the_page_of_a_list_says_what_became_of_its_place(
    writer: Writer, list_id: str, says: tuple[str, str]
) -> None:
    page = BeautifulSoup(writer.client.get(f"/lists/{list_id}").content, "html.parser")
    note = page.select_one("main > .doubt")
    assert note is not None
    assert all(word in note.text for word in says)
