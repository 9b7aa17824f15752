"""Pages rendered from results kept as files, read as a browser would."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from starlette.requests import Request

from ontology.vocabulary import Vocabulary, load_vocabulary
from service.web.asked import asked_of
from service.web.assets import Assets
from service.web.result import result_page
from service.web.templates import Pages

RESULTS = Path(__file__).parents[2] / "fixtures/results"
NAMES = sorted(path.stem for path in RESULTS.glob("*.json"))

Show = Callable[..., BeautifulSoup]


def request(path: str = "/", query: str = "", method: str = "GET") -> Request:
    """A request as the server would make it."""
    return Request(
        {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(b"host", b"localhost")],
            "scheme": "http",
            "server": ("localhost", 80),
        }
    )


def asking(body: Mapping[str, Any]) -> dict[str, Any]:
    """The request that a kept result answers."""
    as_of = {} if body["as_of_assumed"] else {"as_of": body["as_of"]}
    if "items" in body:
        items = [{"text": i["text"], "facts": i["facts"]} for i in body["items"]]
        return {"common": {}, "items": items} | as_of
    return {"facts": body["facts"]} | as_of


@pytest.fixture(scope="session")
def words() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def pages() -> Pages:
    return Pages(Assets({"app.css": "app-0.css", "app.js": "app-0.js"}))


@pytest.fixture(params=NAMES)
def body(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each of the results kept in tests/fixtures/results."""
    return kept(request.param)


@pytest.fixture
def result() -> Callable[[str], dict[str, Any]]:
    return kept


def kept(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return body


@pytest.fixture
def show(pages: Pages, words: Vocabulary) -> Show:
    """The page of a result, in a language."""

    def show(body: Mapping[str, Any], language: str = "zh") -> BeautifulSoup:
        page = result_page(body, asked_of(asking(body)), words, "http://h/decisions/1", "/?a=b")
        shown = pages.render(request("/decisions/1", f"lang={language}"), "result.html", page)
        return BeautifulSoup(bytes(shown.body), "html.parser")

    return show
