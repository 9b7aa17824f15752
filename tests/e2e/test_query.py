"""A person fills in a question of the query page, with and without JavaScript, on small screens."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.e2e


def asked_for(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_place_is_suggested_and_the_address_can_be_passed_on(
    page: Page, browser: Browser
) -> None:
    page.goto("/query")
    page.get_by_role("link", name="某地某日施行的规则").click()
    place = page.get_by_label("适用区域")
    expect(place).to_have_value("22")
    place.fill("南关")
    suggested = page.locator("#p-place-places option[value='吉林省长春市南关区']")
    expect(suggested).to_have_count(1)
    place.fill("吉林省长春市南关区")
    page.get_by_label("日期").fill("2018-06-01")
    page.locator(".params").get_by_role("button", name="查询").click()
    expect(page.get_by_role("region", name="结果")).to_be_visible()
    assert asked_for(page)["place"] == ["吉林省长春市南关区"]
    assert asked_for(page)["day"] == ["2018-06-01"]

    with browser.new_context(java_script_enabled=False) as other:
        passed_on = other.new_page()
        passed_on.goto(page.url)
        assert passed_on.locator(".results").inner_text() == page.locator(".results").inner_text()
        expect(passed_on.get_by_label("日期")).to_have_value("2018-06-01")


def test_it_works_without_javascript_and_fits_a_phone(browser: Browser, address: str) -> None:
    phone: ViewportSize = {"width": 390, "height": 844}
    with browser.new_context(
        base_url=address, locale="zh-CN", viewport=phone, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto("/query?question=rules-of-provision")
        page.get_by_label("文件").select_option("jl-jiminfa-2019-30")
        page.get_by_label("条款号").fill("三（四）")
        page.locator(".params").get_by_role("button", name="查询").click()
        expect(page.get_by_label("条款号")).to_have_value("三（四）")
        expect(page.locator(".results tbody tr").first).to_be_visible()
        page.goto("/query?question=rules-in-force&day=2019-99-01")
        expect(page.locator("#p-day-fault")).to_contain_text("2019-99-01")
        # Tables scroll in themselves; the page does not.
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
