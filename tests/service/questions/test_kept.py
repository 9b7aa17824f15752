"""Issue 5: a kept result can be had again, to the byte, after the data have changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from bs4 import BeautifulSoup

from ontology.label import Label
from service.questions.answer import PLAIN
from service.questions.document import QUERY, read, written
from service.questions.keeping import Keeping
from service.sparql.results import Result
from service.sparql.terms import Table, Term
from service.web.login import COOKIE
from tests.service.conftest import Client
from tests.service.questions.asking import PAGE, plain, shown
from tests.service.sparql.writing import Desk

VALUES = "SELECT ?x { GRAPH <https://d.example/kept> { ?s <https://d.example/p> ?x } } ORDER BY ?x"
STANDING = {"title": "各文件规范数", "question": "norms-by-modality"}


def token(client: Client, role: Any = "analyst") -> dict[str, str]:
    return {"authorization": f"Bearer {client.app.state.tokens.create(role, '分析员')[1]}"}


def keep(client: Client, body: object, role: Any = "analyst") -> httpx.Response:
    return client.post("/v1/kept", content=json.dumps(body).encode(), headers=token(client, role))


def test_the_very_bytes_are_had_after_the_data_have_changed(desk: Desk) -> None:
    client = desk.client
    desk.update(
        'INSERT DATA { GRAPH <https://d.example/kept> { <x:s> <https://d.example/p> "一" } }'
    )
    made = keep(client, {"title": "甲的数", "query": VALUES})
    assert made.status_code == 201
    kept = made.json()
    assert made.headers["location"] == kept["href"] == f"/kept/{kept['hash']}"
    before = client.get(f"{kept['href']}.json").content
    assert hashlib.sha256(before).hexdigest() == kept["hash"]
    desk.update("DROP GRAPH <https://d.example/kept>")
    after = client.get(f"{kept['href']}.json")
    assert after.content == before
    assert "immutable" in after.headers["cache-control"]
    # It is SPARQL Results JSON, with what it is beside.
    assert after.json()["results"]["bindings"] == [{"x": {"type": "literal", "value": "一"}}]
    assert after.json()["kept"]["query"] == VALUES
    page = shown(client, kept["href"])
    assert [td.text for td in page.select("#rows td")] == ["一"]
    again = page.select_one(".lead a")
    assert again is not None
    compared = shown(client, str(again["href"]))
    assert compared.select_one(".compared.other") is not None
    assert compared.select_one(f".compared a[href='{kept['href']}']") is not None


def test_keeping_takes_a_token_and_reading_takes_none(asking: Client) -> None:
    body = json.dumps(STANDING).encode()
    assert asking.post("/v1/kept", content=body).status_code == 401
    for role in ("analyst", "legal", "admin"):
        assert keep(asking, STANDING | {"title": role}, role).status_code == 201
    told = plain(asking, "/kept")["kept"]
    assert [one["title"] for one in told[:3]] == ["admin", "legal", "analyst"]
    assert told[0]["kept_by"] == "分析员"
    assert asking.get(told[0]["href"], headers=PAGE).status_code == 200


def test_the_same_again_is_the_one_that_is_there(asking: Client) -> None:
    first, second = (keep(asking, STANDING | {"title": "再来一次"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


def test_only_the_result_that_was_seen_is_kept(asking: Client) -> None:
    seen = plain(asking, "/q/norms-by-modality")["result"]
    assert keep(asking, STANDING | {"title": "看过的", "result": seen}).status_code == 201
    other = keep(asking, STANDING | {"title": "没看过的", "result": "0" * 64})
    assert (other.status_code, other.json()["errors"][0]["path"]) == (422, "$.result")
    assert seen in other.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ([], 422, "an object"),
        ({"title": "a"}, 422, "name a query, or a question"),
        ({"title": "", "query": "ASK {}"}, 422, "a title"),
        ({"title": "a" * 201, "query": "ASK {}"}, 422, "a title"),
        ({"title": "a\0b", "query": "ASK {}"}, 422, "no text has"),
        ({"titel": "a", "query": "ASK {}"}, 422, "did you mean title?"),
        ({"title": 3, "query": "ASK {}"}, 422, "title is a text"),
        ({"title": "a", "query": "ASK {"}, 400, "bad-query"),
        ({"title": "a", "query": "CLEAR ALL"}, 405, "read-only"),
        ({"title": "a", "question": "instrumets"}, 404, "instruments"),
        ({"title": "a", "question": "zone-topics", "parameters": {"type": "urbn"}}, 422, "urban"),
        ({"title": "a", "question": "zone-topics", "parameters": {"type": 1}}, 422, "texts"),
    ],
)
def test_what_cannot_be_kept_is_told(asking: Client, body: object, status: int, says: str) -> None:
    before = plain(asking, "/kept")
    answer = keep(asking, body)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert plain(asking, "/kept") == before


def test_a_result_may_have_so_many_bytes(asking: Client) -> None:
    state = asking.app.state
    small = Keeping(state.keeping.store, 500)
    state.keeping, whole = small, state.keeping
    try:
        answer = keep(asking, STANDING | {"title": "太大"})
    finally:
        state.keeping = whole
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/kept-limit")


def test_what_is_not_kept_is_not_found(asking: Client) -> None:
    for name in ("0" * 64, "nothing", "0" * 64 + ".json"):
        answer = asking.get(f"/kept/{name}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-kept")
    assert "GET /kept" in shown(asking, "/kept/" + "0" * 64, 404).text


@pytest.fixture
def browser(asking: Client) -> dict[str, str]:
    """The headers of somebody who has logged in as an analyst, from a question's page."""
    secret = asking.app.state.tokens.create("analyst", "李四")[1]
    after = "/q/instruments?result=" + "a" * 64
    answer = asking.post("/login", data={"token": secret, "after": after})
    assert (answer.status_code, answer.headers["location"]) == (303, after)
    return PAGE | {"cookie": f"{COOKIE}={answer.cookies[COOKIE]}"}


@pytest.mark.parametrize(
    "address",
    [
        "/q/zone-topics?type=rural",
        f"/result?{urlencode({'query': 'SELECT (1 AS ?n) {}'})}",
    ],
)
def test_a_page_keeps_what_it_shows(asking: Client, browser: dict[str, str], address: str) -> None:
    page = BeautifulSoup(asking.get(address, headers=browser).content, "html.parser")
    form = page.select_one("form[action='/kept']")
    assert form is not None
    data = {str(i["name"]): str(i["value"]) for i in form.select("input")} | {"title": "这一页"}
    forged = asking.post("/kept", data=data | {"csrf": "x"}, headers=browser)
    assert forged.status_code == 403
    kept = asking.post("/kept", data=data, headers=browser)
    assert kept.status_code == 303
    told = shown(asking, kept.headers["location"])
    assert told.select_one("h1").text == "这一页"  # type: ignore[union-attr]
    assert "李四" in told.select_one(".lead").text  # type: ignore[union-attr]
    cited = told.select_one(".cited").text  # type: ignore[union-attr]
    assert f"http://localhost{kept.headers['location']}" in cited
    document = asking.get(kept.headers["location"] + ".json").json()["kept"]
    assert document["generation"][:12] in cited
    assert "这一页" in cited


def test_without_a_login_the_page_leads_to_one_that_leads_back(asking: Client) -> None:
    page = shown(asking, "/q/instruments")
    assert page.select_one("form[action='/kept']") is None
    link = page.select_one(".keeping a")
    assert link is not None
    assert str(link["href"]).startswith("/login?after=" + quote("/q/instruments?", safe=""))


@pytest.mark.parametrize(
    "after", ["//elsewhere.example/q/", "/q/\\elsewhere", "https://e.example/kept", "/qx", "/q/ a"]
)
def test_a_login_leads_nowhere_else(asking: Client, after: str) -> None:
    secret = asking.app.state.tokens.create("legal")[1]
    answer = asking.post("/login", data={"token": secret, "after": after})
    assert (answer.status_code, answer.headers["location"]) == (303, "/lists")


def test_a_document_is_read_as_it_was_written() -> None:
    terms = (
        Term("iri", "https://例.example/甲"),
        Term("literal", "一", "zh"),
        Term("literal", "1", datatype="http://www.w3.org/2001/XMLSchema#integer"),
        Term("blank", "_:b0"),
        None,
    )
    table = Table(("a", "b", "c", "d", "e"), (terms, tuple(reversed(terms))))
    result = Result("SELECT …", table, b"", "ab" * 16, False, "c" * 64)
    names = {"https://例.example/甲": Label("甲", "first")}
    bytes_ = written("题", QUERY, result, names, PLAIN)
    assert bytes_ == written("题", QUERY, result, names, PLAIN)
    document = read(bytes_)
    assert document.result == result
    assert document.answer("en").rows[0][0].name == "first"  # type: ignore[union-attr]
    for truth in (True, False):
        asked = replace(result, table=Table((), (), truth=truth))
        assert read(written("题", QUERY, asked, {}, PLAIN)).result == asked
