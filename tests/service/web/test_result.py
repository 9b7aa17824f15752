"""A result is shown whole: verdict, reasons with quotes, requirements, questions, changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

Show = Callable[..., BeautifulSoup]
Kept = Callable[[str], dict[str, Any]]

HEADLINES = {
    "inadmissible": "不符合所引文件",
    "undetermined": "尚不能判定",
    "conditional": "附条件符合",
    "admissible": "符合所引文件",
}


def results(body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body.get("items", [body])
    return found


def text(page: Tag) -> str:
    return " ".join(page.get_text(" ", strip=True).split())


def test_the_head_says_verdict_day_place_revision_and_receipt(
    show: Show, body: dict[str, Any]
) -> None:
    page = show(body)
    head = page.select_one("section.verdict")
    assert head is not None
    assert head["class"] == ["verdict", f"verdict-{body['verdict']}"]
    assert page.select("h1")[0].get_text(strip=True).startswith(HEADLINES[body["verdict"]])
    said = text(head)
    assert body["summary"]["zh"] in said
    assert body["revision"].removeprefix("sha256:")[:12] in said
    assert results(body)[0]["place"]["name"] in said
    assert page.select_one(f"a[href='/v1/decisions/{body['id']}']") is not None
    assert page.select_one("a.permalink")["href"] == "http://h/decisions/1"  # type: ignore[index]


def test_it_advises_and_never_speaks_as_an_act_or_of_legality(
    show: Show, body: dict[str, Any]
) -> None:
    """DESIGN §1: 判定结果, never 决定; 符合/不符合所引文件, never 合法/违法."""
    page = show(body)
    for quoted in page.select("[lang=zh-Hans]:not(html)") + page.select(".struck, .one-item h2"):
        quoted.decompose()
    for word in ("决定书", "合法", "违法"):
        assert word not in text(page).replace("拆除违法建设", "")


def test_every_quote_of_a_finding_is_shown_with_its_provision(
    show: Show, body: dict[str, Any]
) -> None:
    page = show(body)
    quotes = {q.get_text(strip=True) for q in page.select("blockquote")}
    cited = " ".join(c.get_text("", strip=True) for c in page.select(".cited"))
    for result in results(body):
        for holder in result["findings"] + result["requirements"]:
            for citation in holder["citations"]:
                assert citation["quote"] in quotes
                assert f"（{citation['instrument']}）{citation['provision']}" in cited


def test_a_quote_leads_to_its_provision_with_the_sentence_marked(show: Show, result: Kept) -> None:
    page = show(result("inadmissible"))
    link = page.select_one(".reasons .cited a")
    assert link is not None
    address = str(link["href"])
    assert address.startswith("/instruments/jl-jifa-2017-36?quote=%E4%B8%8D%E5%BE%97")
    assert address.endswith("#sec_3__sub_5")


def test_a_sentence_handed_down_by_another_instrument_says_so_and_leads_there(
    show: Show, result: Kept
) -> None:
    page = show(result("inadmissible"))
    [cited] = page.select(".overruled .cited")
    assert "转引自" in text(cited)
    [link] = cited.select("a")
    assert "吉民议字〔2020〕16号" in link.get_text()
    assert str(link["href"]).endswith("#annex__sec_4")


def test_what_forbids_comes_first_and_what_yields_is_struck_with_its_ground(
    show: Show, result: Kept
) -> None:
    page = show(result("inadmissible"))
    first = page.select_one(".reasons article")
    assert first is not None
    assert {"finding-forbids", "status-holds"} <= set(first["class"])
    yielding = page.select_one(".overruled")
    assert yielding is not None
    assert yielding.select_one("header s") is not None
    assert "位阶较高、日期在后" in text(yielding)


def test_inference_and_doubt_are_marked(show: Show, result: Kept) -> None:
    inferred = show(result("inadmissible")).select_one(".inference")
    assert inferred is not None
    assert "推论，文件未明言" in text(inferred)
    assert "存疑" in text(inferred)


def test_facts_that_nobody_stated_say_where_they_come_from(show: Show, result: Kept) -> None:
    page = show(result("inadmissible"))
    assert "推导 政府法定职责 是" in text(page.select(".reasons")[0])
    derived = page.select_one(".derived")
    assert derived is not None
    assert "未核原文" in text(derived)
    correction = derived.select_one("button")
    assert correction is not None
    assert (correction["name"], correction["value"]) == ("task.government_duty", "false")


def test_questions_are_buttons_that_say_where_each_answer_leads(show: Show, result: Kept) -> None:
    page = show(result("undetermined"))
    buttons = page.select(".questions .answers button")
    offered = {(str(b["name"]), str(b["value"])) for b in buttons}
    assert ("task.role", "responsible") in offered
    assert ("task.list", "none") in offered
    assert all(b["form"] == "again" for b in buttons)
    responsible = page.select_one("button[value=responsible]")
    assert responsible is not None
    assert responsible.parent is not None
    assert "不符合所引文件" in text(responsible.parent)


def test_the_form_behind_the_buttons_repeats_what_was_said(show: Show, result: Kept) -> None:
    body = result("conditional")
    hidden = show(body).select("form#again input[type=hidden]")
    said = {(str(i["name"]), str(i["value"])) for i in hidden}
    assert ("task.role", "assist") in said
    assert ("as_of", body["as_of"]) in said
    assert "task.funding" not in {name for name, _ in said}, "the button says it"


def test_a_question_with_many_answers_is_a_list_box_of_its_own_form(
    show: Show, result: Kept
) -> None:
    body = result("undetermined")
    label = {"zh": "某", "en": "some"}
    body["missing"]["questions"] = [
        {
            "fact": "assigner.type",
            "label": label,
            "question": label,
            "answers": [
                {"values": [f"c{n}" for n in range(12)], "labels": [label] * 12, "verdict": None}
            ],
        }
    ]
    form = show(body).select_one("form.answers")
    assert form is not None
    assert len(form.select("select[name='assigner.type'] optgroup option")) == 12
    assert form.select("input[type=hidden][name='task.kind']")


def test_presumptions_are_questions_with_their_ground(show: Show, result: Kept) -> None:
    body = result("inadmissible")
    shown = show(body).select_one(".assumptions")
    assert shown is not None
    assert body["assumptions"][0]["ground"]["zh"] in text(shown)
    no = shown.select_one("button[name='task.exception_approved']")
    assert no is not None
    assert no["value"] == "true"


def test_requirements_name_their_bearer_and_whether_they_are_met(show: Show, result: Kept) -> None:
    shown = show(result("conditional")).select_one(".requirements")
    assert shown is not None
    assert "由交办主体负责" in text(shown)
    assert "是否满足不知道" in text(shown)


def test_changes_are_acts_with_who_can_do_them_and_their_proof(show: Show, result: Kept) -> None:
    body = result("inadmissible")
    shown = show(body).select_one(".changes")
    assert shown is not None
    for change in body["changes"]["sets"][0]["changes"]:
        assert change["act"]["zh"] in text(shown)
        assert change["by"]["label"]["zh"] in text(shown)
        assert change["proof"]["zh"] in text(shown)


def test_no_change_can_is_an_answer_only_where_all_were_examined(show: Show, result: Kept) -> None:
    body = result("inadmissible")
    body["changes"] = {"complete": True, "sets": []}
    assert "没有任何可行的改变" in text(show(body))
    body["changes"] = {"complete": False, "sets": []}
    assert "没有任何可行的改变" not in text(show(body))


def test_items_name_those_to_strike_and_their_parts(show: Show, result: Kept) -> None:
    page = show(result("items"))
    struck = page.select(".contents .struck")
    assert len(struck) == 1
    assert "应从来文中剔除" in text(struck[0])
    assert len(page.select("article.one-item")) == 2
    parts = page.select_one("#item-2 .parts")
    assert parts is not None
    assert [b.get_text() for b in parts.select(".badge")] == ["不符合所引文件", "尚不能判定"]
    names = {str(b["name"]) for b in page.select("#item-2 .assumptions button")}
    assert names == {"items.1.task.addressee", "items.1.task.exception_approved"}


def test_later_instruments_and_unused_members_are_told(show: Show, result: Kept) -> None:
    assert "厅字〔2022〕28号" in text(show(result("undetermined")).select(".horizon")[0])
    assert "$.expected_verdict" in text(show(result("inadmissible")).select(".ignored")[0])


def test_silence_names_the_permissions_that_came_nearest(show: Show, result: Kept) -> None:
    body = result("inadmissible")
    body |= {"verdict": "undetermined", "reason": "no-rule"}
    body["findings"] = [f for f in body["findings"] if f["status"] == "fails"]
    page = show(body)
    assert len(page.select(".nearest article")) == 2
    assert "所引文件对此没有规定" in text(page.select("h1")[0])


def test_the_english_page_has_no_chinese_of_its_own(show: Show, body: dict[str, Any]) -> None:
    """What stays Chinese is quoted: sentences, titles, places, the caller's words."""
    page = show(body, "en")
    assert page.html is not None
    assert page.html["lang"] == "en"
    quoted = "[lang=zh-Hans], .verdict dd, .contents a, .one-item > h2, .stated dd, .question"
    for part in page.select(f"{quoted}, script, .because, .derived, .assumptions, .summary"):
        part.decompose()
    own = [string for string in page.stripped_strings if _chinese(string)]
    labels = {a for r in results(body) for a in _labels(r)}
    assert [s for s in own if s not in labels] == []


def _chinese(string: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in string)


def _labels(value: object) -> list[str]:
    """Every English text of a result: some quote Chinese names."""
    if isinstance(value, dict):
        return [t for k, v in value.items() for t in ([v] if k == "en" else _labels(v))]
    return [t for v in value for t in _labels(v)] if isinstance(value, list) else []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_control_has_a_name_and_ids_are_unique(
    show: Show, body: dict[str, Any], language: str
) -> None:
    """WCAG 2.2, 4.1.2 and 1.3.1."""
    page = show(body, language)
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert all(b.get_text(strip=True) for b in page.select("button"))
    for tag in page.select("[aria-labelledby]"):
        assert set(str(tag["aria-labelledby"]).split()) <= set(ids)
