"""Asking for plain JSON and for pages, as the tests of this folder do."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup

from tests.service.conftest import Client

PAGE = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


def plain(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(address, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def shown(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address, headers=PAGE)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    return BeautifulSoup(answer.content, "html.parser")
