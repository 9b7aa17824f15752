"""A person reads the advice on a query and uses the rewritten one, by keyboard, without scripts."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.e2e

EARLY = """PREFIX zr: <https://zhunru.example/ns#>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
SELECT ?s ?t ?n {
  OPTIONAL { ?s zr:documentNumber ?n }
  ?s a zr:Instrument ; eli:title ?t .
}"""


def test_advice_is_read_and_used_by_keyboard(page: Page) -> None:
    page.goto("/query")
    page.get_by_label("查询语句").fill(EARLY)
    page.get_by_role("button", name="先看建议").press("Enter")
    advice = page.get_by_role("region", name="建议")
    expect(advice).to_contain_text("第4行第3列")
    expect(page.get_by_role("region", name="结果")).to_have_count(0)
    advice.locator("summary").press("Enter")
    expect(advice.locator("pre")).to_be_visible()
    advice.get_by_role("button", name="用改写后的查询").press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert page.get_by_label("查询语句").input_value() != EARLY
    page.get_by_role("button", name="说明用时和来源").press("Enter")
    expect(page.locator("#explained .traced tbody tr")).to_have_count(3)


def test_it_works_without_javascript_and_fits_a_phone(browser: Browser, address: str) -> None:
    phone: ViewportSize = {"width": 390, "height": 844}
    with browser.new_context(
        base_url=address, locale="zh-CN", viewport=phone, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto(f"/query?{urlencode({'query': EARLY, 'explain': '1'})}")
        page.locator("#advice summary").click()
        for summary in page.locator("#explained summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="用改写后的查询").click()
        expect(page.locator("#explained")).to_be_visible()
        expect(page.locator("#advice")).to_have_count(0)
