"""A person judges a task in a browser (issue "The spine": seen in Chromium and looked at)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.e2e

FIVE_MATTERS = (
    "不得将基层群众性自治组织作为行政执法、拆迁拆违、环境整治、城市管理、招商引资等事项的责任主体"
)
"""吉发〔2017〕36号 三（五）."""


def fill_in_the_first_case(page: Page) -> None:
    """Practice case P001: a contract that makes a committee answer for demolition."""
    page.goto("/")
    page.get_by_label("适用区域").fill("吉林省吉林市船营区")
    page.get_by_label("判定依据哪一天的文件").fill("2019-09-12")
    page.get_by_label("交办主体").select_option("sub-district-or-township")
    page.locator("[name='community.type'][value=urban]").check()
    page.locator("[name='task.kind'][value=demolition]").check()
    page.locator("[name='task.role'][value=responsible]").check()
    page.locator("[name='task.statutory_basis'][value=false]").check()
    page.locator("[name='task.target'][value=true]").check()


def decide(page: Page) -> None:
    page.locator(".actions").get_by_role("button", name="判定").click()
    page.wait_for_url("**/decisions/*")


def no_overflow(page: Page) -> bool:
    script = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(script))


def test_the_first_case_is_answered_with_its_sentence_in_its_provision(page: Page) -> None:
    fill_in_the_first_case(page)
    decide(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("不符合所引文件")
    quote = page.locator(".reasons blockquote", has_text=FIVE_MATTERS)
    expect(quote).to_be_visible()
    page.locator(".reasons article", has_text=FIVE_MATTERS).locator(".cited a").click()
    target = page.locator(".passage:target")
    expect(target).to_be_in_viewport()
    expect(target.locator("mark")).to_have_text(FIVE_MATTERS)


def test_a_missing_fact_is_answered_on_the_spot(page: Page) -> None:
    page.goto("/?task.kind=environmental-remediation&as_of=2020-10-20")
    page.get_by_label("适用区域").fill("吉林省通化市二道江区")
    decide(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("尚不能判定")
    page.locator(".questions").get_by_role("button", name="责任主体").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("不符合所引文件")
    expect(page.locator(".stated")).to_contain_text("责任主体")


def test_the_form_works_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.get_by_label("适用区域").focus()
    page.keyboard.type("吉林省吉林市船营区")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "focus is seen"
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisions/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("尚不能判定")


def test_places_are_offered_and_long_lists_narrowed_while_typing(page: Page) -> None:
    page.goto("/")
    page.get_by_label("适用区域").press_sequentially("船营")
    expect(page.locator("datalist option")).to_have_attribute("value", "吉林省吉林市船营区")
    kinds = page.locator("#f-task-kind li:visible")
    every = kinds.count()
    page.get_by_label("查找").first.fill("违建")
    found = page.locator("[name='task.kind'][value=illegal-structure-removal]")
    expect(found).to_be_visible()
    assert 0 < kinds.count() < every
    found.check()
    expect(page.locator(".chosen").first).to_have_text("违法建设拆除")


def test_certificate_facts_open_with_a_kind_of_certificate(page: Page) -> None:
    page.goto("/")
    names = page.locator("[name='certificate.name']").first
    expect(names).to_be_hidden()
    page.locator("[name='task.role'][value=assist]").check()
    page.locator("[name='task.kind'][value=certificate]").check()
    expect(names).to_be_visible()
    page.locator("[name='task.kind'][value=certificate]").uncheck()
    expect(names).to_be_hidden()
    expect(page.locator("[name='task.role'][value=assist]")).to_be_checked()


def test_several_tasks_are_judged_one_by_one(page: Page) -> None:
    fill_in_the_first_case(page)
    page.get_by_role("button", name="增加一项任务").click()
    expect(page.locator(".item")).to_have_count(2)
    page.locator("[name='items.1.task.kind'][value=publicity]").check()
    page.locator("[name='items.1.task.role'][value=assist]").check()
    decide(page)
    expect(page.locator(".contents .struck")).to_have_count(1)


def test_everything_works_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    fill_in_the_first_case(page)
    page.locator("details.group summary").click()
    expect(page.locator("[name='certificate.name']").first).to_be_visible()
    decide(page)
    expect(page.locator(".reasons blockquote", has_text=FIVE_MATTERS)).to_be_visible()
    page.locator(".derived summary").click()
    page.locator(".derived").get_by_role("button").first.click()
    expect(page.locator(".stated")).to_contain_text("政府法定职责")
    context.close()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_no_page_is_wider_than_the_screen(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    fill_in_the_first_case(page)
    assert no_overflow(page)
    decide(page)
    assert no_overflow(page)
    result = page.url
    for address in (
        f"{result}?lang=en",
        "/?lang=zh",
        "/rulebook",
        "/rules/jl-2017-36.five-matters",
        "/instruments",
        "/instruments/sd-luminhan-2019-50",
        "/lists/cn-minfa-2020-20-list-1",
    ):
        page.goto(address)
        assert no_overflow(page), address


def test_a_result_prints_with_its_quotes_and_receipt_and_nothing_to_press(
    page: Page, tmp_path: Path
) -> None:
    fill_in_the_first_case(page)
    decide(page)
    receipt = page.url.rpartition("/")[2]
    page.emulate_media(media="print")
    expect(page.locator(".reasons blockquote", has_text=FIVE_MATTERS)).to_be_visible()
    expect(page.locator(".facts-of-record")).to_contain_text(receipt)
    expect(page.locator(".permalink .printed")).to_have_text(page.url)
    assert page.locator("button:visible, nav:visible").count() == 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.folded:not([open])").count() == 0
    page.pdf(path=str(tmp_path / "result.pdf"))
    assert (tmp_path / "result.pdf").stat().st_size > 10_000


def test_text_stands_out_from_its_ground(page: Page) -> None:
    """WCAG 2.2, 1.4.3: contrast of 4.5:1 for text."""
    fill_in_the_first_case(page)
    assert page.evaluate(WEAK) == []
    decide(page)
    for details in page.locator("details").all():
        details.evaluate("it => (it.open = true)")
    assert page.evaluate(WEAK) == []
    for address in ("/rulebook", "/instruments/jl-jizhengfa-2010-37", "/instruments"):
        page.goto(address)
        assert page.evaluate(WEAK) == []


WEAK = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((v) => {
      v /= 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const c = parse(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const element of document.querySelectorAll("body *")) {
    const says = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!says || !element.checkVisibility() || element.matches(".unseen, .skip")) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push(`${element.className} ${element.textContent.trim()} ${ratio}`);
  }
  return weak;
}"""
