"""A task is judged with forms alone: no script runs here (issue "The spine", service)."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

P001 = {
    "task.kind": ["demolition"],
    "task.role": "responsible",
    "task.statutory_basis": "false",
    "task.target": "true",
    "assigner.type": "sub-district-or-township",
    "community.type": "urban",
    "community.jurisdiction": "吉林省吉林市船营区",
    "as_of": "2019-09-12",
}
"""The first practice case: a contract that makes a committee answer for demolition."""

FIVE_MATTERS = (
    "不得将基层群众性自治组织作为行政执法、拆迁拆违、环境整治、城市管理、招商引资等事项的责任主体"
)
"""吉发〔2017〕36号 三（五）."""


def read(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def filled(form: Tag) -> dict[str, list[str]]:
    """What a browser would send of a form as it stands, without a pressed button."""
    data: dict[str, list[str]] = {}
    for field in form.select("input[name], select[name]"):
        kind = field.get("type")
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = str(chosen["value"]) if chosen else ""
        elif kind in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        else:
            value = str(field.get("value", ""))
        data.setdefault(str(field["name"]), []).append(value)
    return data


def judged(client: Any, data: dict[str, Any]) -> tuple[str, BeautifulSoup]:
    """Post a form and follow to the result, as a browser does."""
    sent = client.post("/decide/admissibility", data=data)
    assert sent.status_code == 303, sent.text[:2000]
    address = sent.headers["location"]
    shown = client.get(address)
    assert shown.status_code == 200
    return address, read(shown)


def test_the_first_practice_case_is_answered_with_its_quoted_sentence(client: Any) -> None:
    form = read(client.get("/")).select_one("form.ask")
    assert form is not None
    empty = filled(form)
    assert set(P001) <= set(empty) | {"task.kind"}, "each fact has its field"
    _, page = judged(client, empty | P001)
    assert page.select_one("section.verdict-inadmissible") is not None
    assert FIVE_MATTERS in {q.get_text(strip=True) for q in page.select(".reasons blockquote")}


def test_the_quote_is_seen_in_its_provision(client: Any) -> None:
    _, page = judged(client, P001)
    quote = next(q for q in page.select("blockquote") if q.get_text(strip=True) == FIVE_MATTERS)
    cited = quote.find_next("p", class_="cited")
    assert isinstance(cited, Tag)
    link = cited.select_one("a")
    assert link is not None
    address, _, eid = str(link["href"]).partition("#")
    text = read(client.get(address))
    marked = text.select(f"#{eid} mark")
    assert "".join(m.get_text() for m in marked) == FIVE_MATTERS


def test_the_same_address_shows_the_same_result(client: Any) -> None:
    address, page = judged(client, P001)
    assert read(client.get(address)) == page
    assert page.select_one(f"a.permalink[href$='{address}']") is not None


def test_a_missing_fact_is_answered_on_the_spot(client: Any) -> None:
    """Practice case P005: who answers for the result is not said."""
    asked = {k: v for k, v in P001.items() if k not in ("task.role", "task.target")}
    asked |= {"task.kind": ["environmental-remediation"], "as_of": "2020-10-20"}
    _, page = judged(client, asked)
    assert page.select_one("section.verdict-undetermined") is not None
    form = page.select_one("form#again")
    button = page.select_one(".questions button[name='task.role'][value=responsible]")
    assert form is not None
    assert button is not None
    _, answered = judged(client, filled(form) | {str(button["name"]): str(button["value"])})
    assert answered.select_one("section.verdict-inadmissible") is not None
    stated = answered.select_one(".stated")
    assert stated is not None
    assert "社区角色" in stated.get_text()


def test_each_offered_answer_leads_where_it_says(client: Any) -> None:
    asked = {"task.kind": ["information-reporting"], "as_of": "2022-08-16"}
    asked |= {"community.jurisdiction": "吉林省四平市梨树县", "task.role": "assist"}
    _, page = judged(client, asked)
    form = page.select_one("form#again")
    assert form is not None
    names = {
        "不符合所引文件": "inadmissible",
        "尚不能判定": "undetermined",
        "附条件符合": "conditional",
        "符合所引文件": "admissible",
    }
    tried = 0
    for outcome in page.select(".questions .answers li"):
        badge = outcome.select_one(".badge")
        for button in outcome.select("button"):
            answer = {str(button["name"]): str(button["value"])}
            _, answered = judged(client, filled(form) | answer)
            assert badge is not None
            verdict = names[badge.get_text(strip=True)]
            assert answered.select_one(f"section.verdict-{verdict}") is not None, answer
            tried += 1
    assert tried


def test_a_result_leads_back_to_the_form_filled_in_with_its_facts(client: Any) -> None:
    _, page = judged(client, P001)
    link = page.select_one(".tools a")
    assert link is not None
    form = read(client.get(str(link["href"]))).select_one("form.ask")
    assert form is not None
    data = filled(form)
    assert {k: v for k, v in data.items() if k in P001} == {
        k: v if isinstance(v, list) else [v] for k, v in P001.items()
    }


def test_a_derived_fact_can_be_corrected(client: Any) -> None:
    _, page = judged(client, P001)
    form = page.select_one("form#again")
    button = page.select_one(".derived button[name='task.government_duty']")
    assert form is not None
    assert button is not None
    assert button["value"] == "false"
    _, corrected = judged(client, filled(form) | {"task.government_duty": "false"})
    stated = corrected.select_one(".stated")
    assert stated is not None
    assert "政府法定职责" in stated.get_text()


def test_an_unknown_place_is_told_beside_its_field_and_what_was_said_stays(client: Any) -> None:
    answer = client.post(
        "/decide/admissibility", data=P001 | {"community.jurisdiction": "吉林省吉林市船菅区"}
    )
    assert answer.status_code == 422
    page = read(answer)
    fault = page.select_one("#f-community-jurisdiction-fault")
    assert fault is not None
    assert "船菅区" in fault.get_text()
    field = page.select_one("#f-community-jurisdiction")
    assert field is not None
    assert (field["value"], field["aria-invalid"]) == ("吉林省吉林市船菅区", "true")
    assert field["aria-describedby"] == fault["id"]
    summary = page.select_one(".faults a")
    assert summary is not None
    assert summary["href"] == "#f-community-jurisdiction"
    role = page.select_one("input[name='task.role'][value=responsible]")
    assert role is not None
    assert role.has_attr("checked")


def test_the_name_that_was_meant_is_taken_with_one_button(client: Any) -> None:
    data = P001 | {"community.jurisdiction": "朝阳区"}
    page = read(client.post("/decide/admissibility", data=data))
    form = page.select_one("form.ask")
    assert form is not None
    take = next(b for b in page.select(".fault button") if "长春" in str(b["value"]))
    _, result = judged(client, filled(form) | {str(take["name"]): str(take["value"])})
    place = result.select_one(".facts-of-record")
    assert place is not None
    assert "吉林省长春市朝阳区" in place.get_text()


def test_a_day_that_does_not_exist_is_told_beside_the_day(client: Any) -> None:
    answer = client.post("/decide/admissibility", data=P001 | {"as_of": "2019-02-30"})
    assert answer.status_code == 422
    fault = read(answer).select_one("#f-as-of ~ .fault")
    assert fault is not None
    assert "2019-02-30" in fault.get_text()


def test_an_area_without_a_code_is_judged_by_its_parent_and_says_so(client: Any) -> None:
    """DESIGN §4: areas without a code resolve to the nearest coded parent."""
    data = P001 | {"community.jurisdiction": "吉林省长春市净月高新区"}
    _, page = judged(client, data)
    place = page.select_one(".facts-of-record")
    assert place is not None
    assert "吉林省长春市" in place.get_text()
    assert "没有" in place.get_text()


def test_without_a_day_it_is_today_and_says_so(client: Any) -> None:
    _, page = judged(client, P001 | {"as_of": ""})
    head = page.select_one(".facts-of-record")
    assert head is not None
    assert "未指定，按今天" in head.get_text()


def test_several_tasks_are_added_judged_and_one_is_to_be_struck(client: Any) -> None:
    """Practice case P004: helping to keep order, and signing as the body responsible."""
    first = {
        "task.kind": ["safety-and-prevention"],
        "task.role": "assist",
        "assigner.type": "sub-district-or-township",
        "community.type": "urban",
        "community.jurisdiction": "吉林省通化市东昌区",
        "as_of": "2022-05-23",
    }
    added = read(client.post("/decide/admissibility", data=first | {"do": "add"}))
    assert len(added.select("details.item")) == 2
    form = added.select_one("form.ask")
    assert form is not None
    data = filled(form) | {
        "items.0.text": "社区派4人到强拆现场维持秩序",
        "items.1.text": "在“属地责任单位”处签字盖章",
        "items.1.task.kind": ["demolition", "seal-use"],
        "items.1.task.role": "responsible",
    }
    address, page = judged(client, data | {"do": "decide"})
    assert page.select_one("section.verdict-inadmissible") is not None
    [struck] = page.select(".contents .struck")
    assert "签字盖章" in struck.get_text()
    assert len(page.select("#item-2 .parts .badge")) == 2
    again = read(client.get(address)).select_one("form#again")
    assert again is not None
    assert filled(again)["items.1.task.kind"] == ["demolition", "seal-use"]
    dropped = read(client.post("/decide/admissibility", data=data | {"do": "drop-0"}))
    [only] = dropped.select("section.item")
    assert only.select_one("input[name='task.kind'][value=seal-use][checked]") is not None


def test_a_paper_that_asks_nothing_is_no_task(client: Any) -> None:
    asked = {k: v for k, v in P001.items() if k != "task.kind"} | {"not_a_task": "true"}
    _, page = judged(client, asked)
    headline = page.select_one("h1")
    assert headline is not None
    assert "来文没有向社区交办事项" in headline.get_text()


def test_another_site_can_fill_the_form_in_but_have_nothing_decided(client: Any) -> None:
    sent = client.post("/decide/admissibility", data=P001, headers={"sec-fetch-site": "cross-site"})
    assert sent.status_code == 303
    assert sent.headers["location"].startswith("/?")


def test_certificate_facts_open_when_a_kind_of_certificate_is_chosen(client: Any) -> None:
    def details(query: str) -> Tag:
        found = read(client.get(f"/form/admissibility/0/certificate{query}")).select_one("details")
        assert found is not None
        return found

    assert not details("").has_attr("open")
    assert "仅当任务类型为" in details("").get_text()
    assert not details("?task.kind=demolition").has_attr("open")
    assert details("?task.kind=certificate").has_attr("open")
    assert client.get("/form/admissibility/7/certificate").status_code == 404
    page = read(client.get("/"))
    group = page.select_one("details.group")
    assert group is not None
    assert page.select_one(str(group["hx-trigger"]).removeprefix("change from:")) is not None


def test_places_are_suggested_while_typing(client: Any) -> None:
    options = read(client.get("/places?community.jurisdiction=船营")).select("option")
    assert [o["value"] for o in options] == ["吉林省吉林市船营区"]


@pytest.mark.parametrize("address", ["/decisions/none", "/rules/none", "/instruments/none"])
def test_what_is_not_there_is_told_on_a_page(client: Any, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert read(answer).select_one("a[href='/']") is not None


def test_what_cannot_be_read_is_told_on_a_page(client: Any) -> None:
    broken = client.post(
        "/decide/admissibility",
        content=b"--x",
        headers={"content-type": "multipart/form-data; boundary=y"},
    )
    assert broken.status_code == 400
    for answer in (broken, client.get("/form/admissibility/x/certificate")):
        assert answer.headers["content-type"].startswith("text/html")
        assert 400 <= answer.status_code < 500
    assert client.get("/decide/admisibility").status_code == 404
    assert client.get(f"/instruments/jl-jifa-2017-36?quote={'不' * 2001}").status_code == 422


def test_the_language_asked_for_stays_chosen(client: Any) -> None:
    first = client.get("/?lang=en")
    assert read(first).select_one("html[lang=en]") is not None
    cookie = first.headers["set-cookie"].partition(";")[0]
    assert read(client.get("/", headers={"cookie": cookie})).select_one("html[lang=en]") is not None
    assert read(client.get("/")).select_one("html[lang=zh-Hans]") is not None
    switch = read(client.get("/?task.role=assist")).select_one("a.switch")
    assert switch is not None
    assert switch["href"] == "/?task.role=assist&lang=en"


def test_every_control_of_the_form_has_a_label(client: Any) -> None:
    """WCAG 2.2, 1.3.1 and 4.1.2."""
    for query in ("", "?items.1.task.role=assist&task.kind=certificate"):
        page = read(client.get(f"/{query}"))
        ids = [str(tag["id"]) for tag in page.select("[id]")]
        assert len(ids) == len(set(ids))
        labelled = {str(label["for"]) for label in page.select("label[for]")}
        assert labelled <= set(ids)
        for control in page.select("input:not([type=hidden]), select"):
            inside = control.find_parent("label") is not None
            named = inside or control.get("aria-label") or control.get("id") in labelled
            assert named, control
        for group in page.select("fieldset"):
            assert group.find("legend") is not None


def test_pages_run_under_the_strict_policy(client: Any) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy


def test_a_task_in_shandong_is_told_that_the_text_held_gives_topics_only(client: Any) -> None:
    facts = {"task.kind": ["demolition"], "community.jurisdiction": "山东省济南市历下区"}
    told = client.decide({"facts": facts, "as_of": "2021-06-01"}).json()
    assert (told["verdict"], told["reason"]) == ("undetermined", "place")
    page = BeautifulSoup(client.get(f"/decisions/{told['id']}").content, "html.parser")
    note = page.select_one(".reasons .note")
    assert note is not None
    assert "鲁民函〔2019〕50号只把它列为实验参考选题" in note.text
