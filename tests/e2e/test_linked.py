"""Days, changes, terms and dumps in a browser: legible, by keyboard, without scripts too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import fits, serious

pytestmark = pytest.mark.e2e

PAGES = [
    "/at/2016-06-30/?place=22",
    "/at/2016-06-30/2017-12-31?place=22",
    "/at/2020-06-04/id/place/130502",
    "/changes",
    "/ontology",
    "/ontology/Body",
    "/ontology/authority",
    "/dumps",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_a_page_fits_and_is_accessible(
    browser: Browser, address: str, path: str, width: int, height: int
) -> None:
    context = browser.new_context(
        base_url=address,
        locale="zh-CN",
        viewport={"width": width, "height": height},
        bypass_csp=True,  # for axe-core alone, which is no part of the page
    )
    page = context.new_page()
    page.goto(path)
    assert fits(page)
    assert serious(page) == []
    context.close()


def test_a_day_is_chosen_and_compared_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto("/at/2016-06-30/")
    page.get_by_label("日期", exact=True).fill("2019-06-01")
    page.get_by_label("区域", exact=True).fill("吉林省")
    page.get_by_role("button", name="查看").click()
    assert page.url == f"{address}/at/2019-06-01/?place=22"
    expect(page.locator("#instruments")).to_contain_text("吉发〔2017〕36号")
    page.get_by_label("与此日比较").fill("2016-06-30")
    page.get_by_role("button", name="查看").click()
    assert page.url == f"{address}/at/2016-06-30/2019-06-01?place=22"
    expect(page.locator("h1")).to_contain_text("2016年6月30日之后")
    context.close()


def test_a_diagram_is_walked_by_keyboard(page: Page) -> None:
    """Boxes are links in the order of reading; one is followed by Enter."""
    page.goto("/ontology/Norm")
    drawn = page.get_by_role("group", name="“规范”和与它相连的类")
    expect(drawn).to_be_visible()
    box = drawn.get_by_role("link", name="禁止")
    box.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ontology/Prohibition")
    expect(page.locator("h1")).to_contain_text("禁止")
