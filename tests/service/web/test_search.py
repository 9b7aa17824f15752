"""The search page: the form, hits by instrument, faults shown where they are."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from service.web.search import EXAMPLES
from tests.service.conftest import Client


def page(client: Client, status: int = 200, **given: str) -> BeautifulSoup:
    answer = client.get("/search", params=given)
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def test_every_page_has_the_box(asking: Client) -> None:
    for address in ("/", "/rulebook", "/instruments", "/search", "/rules/no-such"):
        found = BeautifulSoup(asking.get(address).text, "html.parser")
        assert found.select_one("header form[action='/search'] input[name=q]"), address


def test_the_empty_page_asks_nothing(asking: Client) -> None:
    found = page(asking)
    assert found.select(".fault, .hits, .faults") == []
    assert found.select_one("input#q") is not None


def test_hits_stand_by_instrument_and_lead_into_the_text(asking: Client) -> None:
    found = page(asking, q="社區 AND 清單")
    groups = found.select(".found")
    assert len(groups) > 1
    assert len({group.select_one("h2").text for group in groups}) == len(groups)  # type: ignore[union-attr]
    hit = found.select_one(".hits li a[href*='jl-jifa-2017-36'][href$='#sec_3__sub_5']")
    assert hit is not None
    assert hit.text.strip() == "三（五）"
    marked = {mark.text for mark in found.select(".snippet mark")}
    assert marked == {"社区", "清单"}
    led = asking.get(str(hit["href"]))
    assert led.status_code == 200
    assert BeautifulSoup(led.text, "html.parser").select("#sec_3__sub_5 mark")


@pytest.mark.parametrize("words", EXAMPLES)
def test_every_example_finds_something(asking: Client, words: str) -> None:
    assert page(asking, q=words).select(".hits li")


@pytest.mark.parametrize("kind", ["sentence", "norm", "label"])
def test_each_kind_has_its_hits(asking: Client, kind: str) -> None:
    found = page(asking, q="经费", kind=kind)
    assert found.select(".hits li a[href]")
    tab = found.select_one(".tabs [aria-current]")
    assert tab is not None
    for link in found.select(".hits li a")[:3]:
        assert asking.get(str(link["href"]), follow_redirects=False).status_code == 200


def test_a_fault_is_shown_at_its_character(asking: Client) -> None:
    found = page(asking, 422, q="社区 AND (清单")
    assert "第8字" in found.select_one("#q-fault").text  # type: ignore[union-attr]
    assert found.select_one("pre.at mark").text == "("  # type: ignore[union-attr]
    assert found.select_one("#q")["value"] == "社区 AND (清单"  # type: ignore[index]
    english = page(asking, 422, q="社区 AND (清单", lang="en")
    assert "this bracket is not closed (character 8)" in english.text
    assert page(asking, 422, q="社区", province="火星").select("#province-fault")


def test_pages_lead_on(asking: Client) -> None:
    first = page(asking, q="社区", kind="sentence")
    following = first.select_one("a[rel=next]")
    assert following is not None
    second = BeautifulSoup(asking.get(str(following["href"])).text, "html.parser")
    snippets = [{str(s) for s in each.select(".hits li")} for each in (first, second)]
    assert snippets[0].isdisjoint(snippets[1])
    assert second.select_one(".turning a:not([rel])") is not None


def test_the_same_search_as_data(asking: Client) -> None:
    found = page(asking, q='权随责走 OR "a"')
    data, query = (
        next(str(a["href"]) for a in found.select("aside a") if str(a["href"]).startswith(start))
        for start in ("/v1/search", "/query")
    )
    assert asking.get(data).json()["total"] == len(found.select(".hits li"))
    asked = BeautifulSoup(asking.get(query).text, "html.parser")
    assert len(asked.select(".results tbody tr")) == len(found.select(".hits li"))


def test_without_a_graph_the_page_still_stands(client: Client) -> None:
    assert page(client, 503, q="社区").select_one("[role=alert]") is not None
