"""A person searches the texts from any page, in both languages, on a phone without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.e2e


def test_from_any_page_to_the_sentence(page: Page) -> None:
    page.goto("/rulebook")
    box = page.get_by_role("searchbox", name="检索全部文本")
    box.fill("權隨責走")
    box.press("Enter")
    expect(page).to_have_url(re.compile("/search\\?q="))
    expect(page.locator(".snippet mark")).to_have_text(["权随责走"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".hits a").click()
    expect(page.locator("#sec_3__sub_5 mark")).to_have_text("权随责走")
    expect(page.locator("#sec_3__sub_5")).to_be_in_viewport()


def test_narrowed_and_in_english(page: Page) -> None:
    page.goto("/search")
    page.get_by_label("检索式").fill("社区 AND 清单")
    page.get_by_label("查找").select_option("句子")
    page.get_by_label("省份").select_option("吉林省")
    page.locator("main").get_by_role("button", name="检索").click()
    tab = page.locator(".tabs [aria-current]")
    expect(tab).to_contain_text("句子")
    hits = page.locator(".hits li").count()
    assert str(hits) in tab.inner_text()
    page.locator(".counted a", has_text="吉发〔2017〕36号").click()
    assert 0 < page.locator(".hits li").count() < hits
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    expect(page.get_by_label("Province")).to_have_value("22")


def test_a_fault_on_a_phone_without_javascript(browser: Browser, address: str) -> None:
    phone: ViewportSize = {"width": 390, "height": 844}
    with browser.new_context(
        base_url=address, locale="zh-CN", viewport=phone, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto("/search?q=社区 AND (清单")
        expect(page.get_by_role("alert")).to_contain_text("第8字")
        words = page.get_by_label("检索式")
        expect(words).to_have_attribute("aria-invalid", "true")
        words.fill("社区 AND (清单)")
        words.press("Enter")
        expect(page.locator(".hits li").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
