"""A reader sees what each sentence carries: by keyboard, without JavaScript, on small screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

pytestmark = pytest.mark.e2e

TEXT = "/instruments/jl-jifa-2017-36"
SENTENCE = "sec_3__sub_5__s_1"
PAGES = (
    TEXT,
    "/coverage",
    "/coverage/jl-jifa-2017-36",
    "/coverage/conditions",
    f"/norms/jl-jifa-2017-36/{SENTENCE}__n_1",
)


# What pages share is worked out for the first that asks.
FIRST = 60_000


def test_a_sentence_is_unfolded_by_mouse_and_keyboard(page: Page) -> None:
    page.goto(TEXT, timeout=FIRST)
    box, label = page.locator(f"#show-{SENTENCE}"), page.locator(f"#{SENTENCE}")
    panel = label.locator("xpath=following-sibling::div[1]")
    expect(panel).to_be_hidden()
    box.focus()
    page.keyboard.press("Space")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("责任主体")
    page.keyboard.press("Space")
    expect(panel).to_be_hidden()
    label.dispatch_event("click")
    expect(panel).to_be_visible()
    panel.get_by_role("link", name="依据社区工作事项清单建立社区工作事项准入制度").first.click()
    expect(page.locator("blockquote mark")).to_be_visible()


def test_colours_are_turned_off_and_on_without_javascript(browser: Browser, address: str) -> None:
    phone: ViewportSize = {"width": 390, "height": 844}
    with browser.new_context(
        base_url=address, locale="zh-CN", viewport=phone, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto(TEXT)
        label = page.locator(f"#{SENTENCE}")
        plain = "rgba(0, 0, 0, 0)"
        expect(label).not_to_have_css("background-color", plain)
        page.get_by_text("按所载内容着色").click()
        expect(label).to_have_css("background-color", plain)
        page.locator("#tints").focus()
        page.keyboard.press("Space")
        expect(label).not_to_have_css("background-color", plain)


@pytest.mark.parametrize("width", [1366, 390])
def test_no_page_is_wider_than_the_screen(browser: Browser, address: str, width: int) -> None:
    with browser.new_context(
        base_url=address, locale="zh-CN", viewport={"width": width, "height": 800}
    ) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(path, timeout=FIRST)
            if path == TEXT:
                for box in page.locator(".reveal").all()[:12]:
                    box.check(force=True)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
