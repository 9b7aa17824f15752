"""An analyst asks, draws, keeps and cites, by keyboard too, at a desk and on a phone."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, Download, Page, ViewportSize, expect

from tests.e2e.axe import fits, serious
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.e2e

DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
COUNTED = """PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX zr: <https://zhunru.example/ns#>
SELECT ?number ?modality (COUNT(?norm) AS ?norms) WHERE {
  ?norm a ?class ; eli:is_part_of/zr:documentNumber ?number .
  ?class rdfs:subClassOf zr:Norm ; rdfs:label ?modality .
  FILTER(LANG(?modality) = "zh")
} GROUP BY ?number ?modality ORDER BY ?number ?modality"""
RULE = "DESCRIBE <https://zhunru.example/id/rule/jl-2017-36.five-matters>"


def bench(query: str) -> str:
    return f"/workbench?{urlencode({'query': query})}"


def saved(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


@pytest.fixture(scope="module")
def analyst(folder: Path, address: str) -> str:
    """A token of an analyst, made by the command while the application runs."""
    command = (sys.executable, "-m", "service", "token", "create", "--role", "analyst")
    database = f"sqlite:///{folder}/zhunru.db"
    env = os.environ | {"ZHUNRU_DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    made = subprocess.run(command, cwd=folder, env=env, capture_output=True, check=True, text=True)
    return made.stdout.strip()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def screen(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at a desk or on a phone; the policy of the page must let it do all it does."""
    with browser.new_context(base_url=address, locale="zh-CN", viewport=request.param) as context:
        page = context.new_page()
        refused: list[str] = []
        page.on(
            "console", lambda m: refused.append(m.text) if "Content Security" in m.text else None
        )
        page.on("pageerror", lambda error: refused.append(str(error)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((address, "blob:")) else refused.append(r.url),
        )
        yield page
        assert refused == []


def test_pages_fit_and_are_free_of_serious_faults(screen: Page) -> None:
    for path in (
        "/workbench",
        "/q",
        "/q/norms-by-topic",
        "/q/deadlines-passed?place=22",
        "/q/rules-in-force?day=2019-99-01",
        "/kept",
        f"/result?{urlencode({'query': COUNTED, 'result': '0' * 64})}",
    ):
        screen.goto(path)
        screen.wait_for_load_state("networkidle")
        assert serious(screen) == [], path
        assert fits(screen), path


def test_every_view_of_an_answer_fits_and_is_free_of_serious_faults(screen: Page) -> None:
    for query, names in (
        (COUNTED, ("表格", "图表", "原始数据")),
        (RULE, ("表格", "关系图", "原始数据")),
    ):
        screen.goto(bench(query))
        for name in names:
            tab = screen.get_by_role("tab", name=name, exact=True)
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
            view = screen.get_by_role("tabpanel")
            expect(view).to_be_visible()
            if name in ("图表", "关系图"):
                expect(view.locator("canvas")).to_be_visible()
            assert serious(screen) == [], name
            assert fits(screen), name


def test_a_class_is_completed_by_its_chinese_name_and_tab_is_no_trap(page: Page) -> None:
    page.goto("/workbench")
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text("SELECT ?label {\n  ?c a ")
    page.keyboard.insert_text("居委会")
    offered = page.get_by_role("listbox")
    expect(offered.get_by_role("option").first).to_contain_text("zr:ResidentsCommittee")
    assert serious(page) == []
    page.keyboard.press("Enter")
    expect(offered).to_have_count(0)
    page.keyboard.type("\n}")
    query = page.locator("textarea[name=query]").input_value()
    assert query.startswith("PREFIX zr: <https://zhunru.example/ns#>\n")
    assert "?c a zr:ResidentsCommittee" in query
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="运行")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-status]")).to_contain_text("0行")


def test_an_answer_is_sorted_narrowed_drawn_and_taken_away(page: Page) -> None:
    page.goto(bench(COUNTED))
    rows = page.locator("#view-table tbody tr")
    expect(page.locator("[data-status]")).to_contain_text("25行")
    page.get_by_role("button", name="norms", exact=True).click()
    page.get_by_role("button", name="norms", exact=True).click()
    expect(rows.first).to_contain_text("351")
    page.get_by_label("筛选").fill("禁止")
    expect(rows).to_have_count(5)

    table = page.get_by_role("tab", name="表格")
    table.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="图表")).to_be_focused()
    expect(page.locator("#view-chart canvas")).to_be_visible()
    for form, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as taken:
            page.locator("#view-chart").get_by_role("button", name=form).click()
        assert saved(taken.value).startswith(begins)
    for form, begins in (("CSV", b"\xef\xbb\xbfnumber,"), ("XLSX", b"PK"), ("JSON", b"{")):
        with page.expect_download() as taken:
            page.locator("[data-takes]").get_by_role("button", name=form, exact=True).click()
        assert saved(taken.value).startswith(begins), form


def test_statements_are_a_graph_and_go_as_turtle(page: Page) -> None:
    page.goto(bench(RULE))
    page.get_by_role("tab", name="关系图").click()
    expect(page.locator("#view-graph canvas")).to_be_visible()
    expect(page.locator("#view-graph [data-drawn]")).to_contain_text("个事物")
    expect(page.get_by_role("tab", name="图表")).to_be_hidden()
    with page.expect_download() as taken:
        page.locator("[data-takes]").get_by_role("button", name="Turtle").click()
    assert b"zr:ruleId" in saved(taken.value)


def test_a_fault_is_shown_at_its_line(browser: Browser, address: str) -> None:
    with browser.new_context(base_url=address, locale="zh-CN", viewport=DESK) as context:
        page = context.new_page()
        page.goto(bench("SELECT * {\n  ?s nope:x ?o }"))
        expect(page.get_by_role("alert")).to_contain_text("第2行")
        expect(page.locator(".at-fault")).to_have_count(1)
        assert serious(page) == []
        page.locator(".CodeMirror").click()
        page.keyboard.type(" ")
        expect(page.get_by_role("alert")).to_be_hidden()


def test_a_result_is_kept_cited_and_had_again(page: Page, address: str, analyst: str) -> None:
    page.goto(bench(COUNTED))
    page.get_by_role("link", name="打开、留存和引用").click()
    expect(page.get_by_role("heading", name="数据和结果都没有变")).to_be_visible()
    page.get_by_text("留存和引用").click()
    page.locator(".keeping").get_by_role("link", name="登录").click()
    page.get_by_label("令牌").fill(analyst)
    page.get_by_role("button", name="登录").click()
    page.get_by_text("留存和引用").click()
    page.get_by_label("标题").fill("各文件的规范数")
    page.get_by_role("button", name="留存").click()
    expect(page.get_by_role("heading", name="各文件的规范数")).to_be_visible()
    expect(page.locator(".cited")).to_contain_text("/kept/")
    assert serious(page) == []
    name = page.url.rpartition("/")[2]
    document = httpx.get(f"{address}/kept/{name}.json", timeout=30).content
    assert hashlib.sha256(document).hexdigest() == name
    page.get_by_role("link", name="留存的结果").click()
    expect(page.get_by_role("link", name="各文件的规范数")).to_be_visible()


def test_a_question_is_drawn_and_without_a_script_its_table_says_the_same(
    page: Page, browser: Browser, address: str
) -> None:
    page.goto("/q/norms-by-modality")
    expect(page.locator("zr-chart canvas")).to_be_visible()
    with page.expect_download() as taken:
        page.locator("zr-chart").get_by_role("button", name="SVG").click()
    assert "吉发〔2017〕36号" in saved(taken.value).decode()
    with browser.new_context(base_url=address, java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto("/q/norms-by-modality")
        expect(plain.locator("zr-chart")).to_be_hidden()
        assert plain.locator("#rows").inner_text() == page.locator("#rows").inner_text()
        plain.goto("/workbench")
        plain.get_by_role("button", name="运行").click()
        expect(plain.locator(".results tbody tr").first).to_be_visible()


def test_other_pages_do_not_load_the_workbench(page: Page) -> None:
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    for path in ("/", "/query", "/q", "/q/instruments", "/rulebook"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert any("/app-" in url for url in loaded)
    assert [url for url in loaded if "workbench-" in url] == []
    # The chart engine comes with the one page among them that draws.
    assert sum("engine-" in url for url in loaded) == 1
