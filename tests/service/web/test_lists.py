"""Lists on pages: registering, faults row by row, confirming, and nobody else's forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup

from service.settings import Settings
from service.shipped import Shipped
from service.web.login import COOKIE
from tests.service.conftest import Client, running

WORDS = {
    "jurisdiction": "吉林省长春市南关区",
    "kind": "assist",
    "title": "社区协助事项清单",
    "complete": "true",
    "start": "2021-05-01",
    "end": "",
    "source": "某区政府网站",
}
FILE = "事项,依据\n协助做好人口普查,《全国人口普查条例》\n修剪树枝,\n"


class Browser:
    """A client that keeps its cookie and fills in the forms it is shown."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cookies: dict[str, str] = {}

    @property
    def kept(self) -> dict[str, str]:
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def get(self, path: str) -> BeautifulSoup:
        answer = self.client.get(path, headers=self.kept)
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "html.parser")

    def post(
        self,
        path: str,
        data: dict[str, Any],
        headers: dict[str, str] | None = None,
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:
        sent = self.kept | (headers or {})
        return self.client.post(path, data=data, files=files, headers=sent)

    def login(self, role: str = "legal") -> httpx.Response:
        _, secret = self.client.app.state.tokens.create(role, "张三")
        answer = self.post("/login", {"token": secret, "after": "/lists"})
        if answer.status_code == 303:
            self.cookies = {COOKIE: answer.cookies[COOKIE]}
        return answer

    def csrf(self, path: str) -> str:
        field = self.get(path).select_one("input[name=csrf]")
        assert field is not None
        return str(field["value"])

    def register(self, text: str = FILE, **words: str) -> httpx.Response:
        data = WORDS | words | {"csrf": self.csrf("/lists")}
        return self.post("/lists", data, files={"file": ("a.csv", text.encode("gb18030"))})


@pytest.fixture
def browser(shipped: Shipped, settings: Settings) -> Iterator[Browser]:
    with running(settings, shipped) as client:
        yield Browser(client)


@pytest.fixture
def writer(browser: Browser) -> Browser:
    assert browser.login().status_code == 303
    return browser


def test_reading_needs_no_login_and_offers_no_forms(browser: Browser) -> None:
    page = browser.get("/lists")
    assert "随本系统提供的" in page.get_text()
    assert page.select("main form") == []
    shown = browser.get("/lists/cn-law-assist")
    assert "未核原文" in shown.get_text()
    assert shown.select("main form") == []


def test_a_list_is_registered_and_its_rows_confirmed_and_then_decide(writer: Browser) -> None:
    sent = writer.register()
    assert (sent.status_code, sent.headers["location"]) == (303, "/lists/220102-assist-1")
    page = writer.get("/lists/220102-assist-1")
    assert "建议，未经确认" in page.get_text()
    field = page.select_one("input[name=codes-1]")
    assert field is not None
    assert field["value"] == "人口普查"
    csrf = writer.csrf("/lists/220102-assist-1")
    shown = {"csrf": csrf, "codes-1": "人口普查", "role-1": "assist", "codes-2": "", "role-2": ""}
    path = "/lists/220102-assist-1/mapping"
    assert writer.post(path, shown | {"do": "all"}).status_code == 303
    rows = writer.client.app.state.lists.register().get("220102-assist-1").rows
    # Nothing is suggested for the second row, so it takes a person to say that it is of none.
    assert [row.mapped.confirmed for row in rows] == [True, False]
    answer = writer.post(path, shown | {"codes-2": "人民调解；会议", "do": "confirm-2"})
    assert answer.headers["location"] == "/lists/220102-assist-1#row-2"
    rows = writer.client.app.state.lists.register().get("220102-assist-1").rows
    assert rows[1].codes == ("mediation", "meeting")
    assert rows[1].mapped.by == "张三"
    writer.post(path, shown | {"do": "clear-2"})
    writer.post(path, shown | {"row": ["2"], "do": "ticked"})
    rows = writer.client.app.state.lists.register().get("220102-assist-1").rows
    assert (rows[1].codes, rows[1].mapped.confirmed) == ((), True)
    assert "由张三于" in writer.get("/lists/220102-assist-1").get_text()


def test_a_word_that_is_no_kind_is_told_at_its_row(writer: Browser) -> None:
    writer.register()
    data = {"csrf": writer.csrf("/lists"), "codes-1": "人口谱查", "do": "confirm-1"}
    answer = writer.post("/lists/220102-assist-1/mapping", data)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    link = page.select_one(".faults a")
    assert link is not None
    assert link["href"] == "#row-1"
    assert "人口谱查" in link.get_text()


def test_faults_of_a_file_are_told_in_chinese_and_what_was_typed_is_kept(writer: Browser) -> None:
    answer = writer.register("事项\n甲\n=1\n甲\n")
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    told = [item.get_text(" ", strip=True) for item in page.select(".faults li")]
    assert told[0].startswith("第3行 A列 是公式")
    assert told[1].startswith("第4行 A列 与第 2 行重复")
    title = page.select_one("input[name=title]")
    assert title is not None
    assert title["value"] == "社区协助事项清单"
    assert writer.register(start="").status_code == 422
    assert writer.client.app.state.lists._store.generation() == 0


def test_a_form_that_keeps_its_origin_to_itself_is_taken(writer: Browser) -> None:
    """With Referrer-Policy: no-referrer browsers send `Origin: null` (Fetch, append Origin)."""
    data = {"csrf": writer.csrf("/lists")} | WORDS
    sent = {"origin": "null", "sec-fetch-site": "same-origin"}
    files = {"file": ("a.csv", FILE.encode())}
    assert writer.post("/lists", data, headers=sent, files=files).status_code == 303
    sent["sec-fetch-site"] = "cross-site"
    assert writer.post("/lists", data, headers=sent, files=files).status_code == 403


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.login().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize(("token", "status"), [("zr_nothing", 401), ("", 401), ("analyst", 403)])
def test_a_token_that_may_not_write_logs_nobody_in(
    browser: Browser, token: str, status: int
) -> None:
    if token == "analyst":
        answer = browser.login("analyst")
    else:
        answer = browser.post("/login", {"token": token})
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert token not in answer.text or not token


def test_forms_of_other_sites_change_nothing(writer: Browser) -> None:
    csrf = writer.csrf("/lists")
    files = {"file": ("a.csv", FILE.encode())}
    forged: list[tuple[dict[str, str], dict[str, str]]] = [
        (WORDS, {}),
        (WORDS | {"csrf": "x"}, {}),
        (WORDS | {"csrf": csrf}, {"sec-fetch-site": "cross-site"}),
        (WORDS | {"csrf": csrf}, {"origin": "https://elsewhere.example"}),
    ]
    for data, headers in forged:
        assert writer.post("/lists", data, files=files, headers=headers).status_code == 403
    assert writer.client.app.state.lists._store.generation() == 0
    # Another's cookie does not make the word right.
    other = Browser(writer.client)
    other.login()
    assert other.post("/lists", WORDS | {"csrf": csrf}, files=files).status_code == 403
    nobody = Browser(writer.client)
    assert nobody.post("/lists", WORDS | {"csrf": csrf}, files=files).status_code == 401


def test_the_api_does_not_take_the_cookie(writer: Browser) -> None:
    answer = writer.client.request(
        "PUT", "/v1/lists/220102/assist", content=b"", headers=writer.kept
    )
    assert answer.status_code == 401


def test_logging_out_forgets_the_token(writer: Browser) -> None:
    answer = writer.post("/logout", {"csrf": writer.csrf("/login")})
    assert answer.status_code == 303
    assert f'{COOKIE}=""' in answer.headers["set-cookie"]


def test_a_login_leads_to_pages_of_this_site_only(browser: Browser) -> None:
    _, secret = browser.client.app.state.tokens.create("legal")
    sent = browser.post("/login", {"token": secret, "after": "https://elsewhere.example/"})
    assert sent.headers["location"] == "/lists"


def test_the_pages_are_there_in_english(writer: Browser) -> None:
    writer.register()
    for path in ("/lists", "/lists/220102-assist-1", "/login"):
        page = writer.get(f"{path}?lang=en")
        assert page.html is not None
        assert page.html["lang"] == "en"
