"""Every kind of decision has its form and its result, standards among them (DESIGN §4, §6)."""

from __future__ import annotations

from typing import Any

from tests.service.web.test_desk import read

COMMUNITY = {
    "subject.kind": "urban-community",
    "subject.jurisdiction": "吉林省长春市南关区",
    "community.households": "3506",
    "committee.members": "7",
    "centre.area": "500.5",
    "as_of": "2020-06-01",
}


def test_every_kind_of_decision_has_its_form_in_groups(client: Any) -> None:
    home = read(client.get("/"))
    kinds = {a.get_text(): str(a["href"]) for a in home.select("nav.kinds a")}
    assert kinds["准入判定"] == "/"
    form = read(client.get(kinds["达标判定"]))
    here = form.select_one("nav.kinds [aria-current]")
    assert here is not None
    assert here.get_text() == "达标判定"
    assert form.select_one("input[name='subject.jurisdiction']") is not None
    groups = form.select("details.group")
    assert groups
    for group in groups:
        for trigger in str(group["hx-trigger"]).split(", "):
            assert form.select(trigger.removeprefix("change from:")), trigger
    ratio = form.select_one("[name='committee.households_per_member']")
    assert ratio is not None
    assert "计算" in str(ratio["placeholder"])


def test_standards_are_shown_with_what_lacks_and_the_date(client: Any) -> None:
    sent = client.post("/decide/compliance", data=COMMUNITY)
    assert sent.status_code == 303, sent.text[:2000]
    page = read(client.get(sent.headers["location"]))
    headline = page.select_one("h1")
    assert headline is not None
    assert "不符合标准" in headline.get_text()
    assert "准入" not in headline.get_text()
    rows = {str(r["class"]): r for r in page.select("tr.standard")}
    first = page.select("tr.standard")[0]
    assert "standard-unmet" in first["class"]
    cells = [" ".join(cell.get_text(" ").split()) for cell in first.select("td")]
    assert cells[1].startswith("500.85 户")
    assert "不多于 500 户" in cells[2]
    assert cells[3] == "-0.85"
    assert first.select_one("details[open] blockquote") is not None
    striven = next(r for r in page.select("tr.advised"))
    assert "过没过取决于怎样理解" in striven.get_text()
    assert len(rows) >= 3
    again = page.select_one("form#again")
    assert again is not None
    assert again["action"] == "/decide/compliance"
    derived = page.select_one("section.derived")
    assert derived is not None
    assert "由居民户数" in derived.get_text()
    assert "3506 户" in page.select("section.stated dl")[0].get_text()


def test_several_communities_are_asked_about_in_one_form(client: Any) -> None:
    data = COMMUNITY | {"do": "add"}
    more = read(client.post("/decide/compliance", data=data))
    assert more.select_one("[name='items.1.community.households']") is not None
    assert len(more.select("[name='subject.jurisdiction']")) == 1
