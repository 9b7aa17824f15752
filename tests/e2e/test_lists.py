"""A person registers a list in a browser and confirms its rows; a decision then rests on them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

FILE = "序号,事项,依据\n1,协助做好人口普查,《全国人口普查条例》\n2,修剪树枝,\n"


def test_a_list_is_registered_confirmed_and_decides(page: Page, token: str) -> None:
    page.goto("/lists")
    page.get_by_role("main").get_by_role("link", name="登录").click()
    page.get_by_label("令牌").fill(token)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/lists")
    page.get_by_label("适用区域").fill("吉林省长春市南关区")
    page.get_by_label("种类").select_option("assist")
    page.get_by_label("生效日").fill("2021-05-01")
    page.get_by_label("名称").fill("社区协助政府工作事项清单")
    page.get_by_label("来源").fill("某区政府网站")
    page.get_by_label("不完整").check()
    page.set_input_files(
        "#l-file", {"name": "a.csv", "mimeType": "text/csv", "buffer": FILE.encode("gb18030")}
    )
    page.get_by_role("button", name="登记").click()
    page.wait_for_url("**/lists/220102-assist-1")
    page.get_by_role("button", name="确认全部建议").click()
    expect(page.locator("#row-1")).to_contain_text("确认", use_inner_text=True)
    expect(page.locator("#row-2")).to_contain_text("没有建议")

    page.goto("/?task.kind=population-census&as_of=2021-06-01")
    page.get_by_label("适用区域").fill("吉林省长春市南关区")
    page.locator(".actions").get_by_role("button", name="判定").click()
    page.wait_for_url("**/decisions/*")
    row = page.locator(".derived a[href*='220102-assist-1']")
    expect(row).to_have_count(1)
    row.click()
    page.wait_for_url("**/lists/220102-assist-1#row-1")
    expect(page.locator("#row-1")).to_contain_text("协助做好人口普查")
