"""Whole dossiers: an application in each province, good and bad, and a zone from start to award.

吉民发〔2019〕30号 四, 鲁民函〔2019〕50号 二, 三. Every finding that decides is cited.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.decide import decide
from rules.model import Rulebook
from rules.zone_events import Event, facts_from

DOSSIERS = Path(__file__).parents[1] / "fixtures" / "dossiers"
APPLICATIONS = sorted(DOSSIERS.glob("application-*.json"))


@pytest.mark.parametrize("file", APPLICATIONS, ids=lambda f: f.stem)
def test_an_application_comes_out_as_its_dossier_says(file: Path, rulebook: Rulebook) -> None:
    dossier = json.loads(file.read_text("utf-8"))
    as_of = date.fromisoformat(dossier["as_of"])
    body = decide("application", dossier["facts"], as_of, rulebook).to_json()
    assert body["verdict"] == dossier["expect"]["verdict"], body["summary"]
    unmet = {r["rule"] for r in body["requirements"] if r["status"] != "met"}
    assert unmet == set(dossier["expect"]["unmet"])
    held = {f["rule"] for f in body["findings"] if f["status"] == "holds"}
    assert held >= set(dossier["expect"]["holds"])
    cited(body)


def cited(body: dict[str, Any]) -> None:
    """Every finding, requirement and standard quotes a provision."""
    for row in (*body["findings"], *body["requirements"], *body.get("standards", ())):
        assert row["citations"], row["rule"]
        assert all(c["quote"] and c["provision"] for c in row["citations"])


PLACE = "吉林省长春市南关区"
KEPT = {
    "zone.jurisdiction": PLACE,
    "zone.responsibilities": True,
    "zone.work_plan": True,
    "zone.staff": True,
    "zone.term_years": "2",
    "zone.continuing": False,
    "zone.evaluated": True,
    "zone.change_planned": ["no-change"],
}
HISTORY = (
    Event(date(2020, 1, 10), "recognised"),
    Event(date(2020, 2, 1), "annual-plan"),
    Event(date(2021, 1, 5), "annual-summary"),
    Event(date(2021, 1, 20), "annual-plan"),
    Event(date(2022, 1, 5), "annual-summary"),
    Event(date(2022, 1, 8), "final-report"),
    Event(date(2022, 3, 1), "review-passed"),
    Event(date(2022, 4, 1), "title-awarded"),
)


def zone(rulebook: Rulebook, day: date, **more: object) -> dict[str, Any]:
    facts = {**KEPT, **facts_from(HISTORY, day), **{f"zone.{k}": v for k, v in more.items()}}
    body = decide("lifecycle", facts, day, rulebook).to_json()
    cited(body)
    return body


def stage(body: dict[str, Any]) -> str:
    return str(next(d["value"] for d in body["derived"] if d["fact"] == "zone.state"))


def due(body: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {e["rule"].split(".", 1)[1]: (e["by"], e["status"]) for e in body["agenda"]}


def test_a_zone_before_its_recognition_owes_nothing(rulebook: Rulebook) -> None:
    facts = {**KEPT, "zone.recognised_on": "2020-01-10"}
    body = decide("lifecycle", facts, date(2020, 1, 9), rulebook).to_json()
    assert stage(body) == "not-recognised"
    assert body["verdict"] != "non-compliant"


def test_a_running_zone_is_told_what_comes_next(rulebook: Rulebook) -> None:
    """四（二）实验周期为2年: the term and the first year end the day before the anniversary."""
    body = zone(rulebook, date(2020, 6, 1))
    assert (body["verdict"], stage(body)) == ("compliant", "running")
    told = due(body)
    assert told["zone-next-final-report"] == ("2022-01-09", "due")
    assert told["zone-next-summary"] == ("2021-01-09", "due")
    assert told["zone-annual-plan"] == ("2021-01-09", "done")


def test_a_year_without_its_summary_is_a_violation(rulebook: Rulebook) -> None:
    """四（三）各实验区应按时上报年度实验计划和总结."""
    body = zone(rulebook, date(2021, 2, 1), summaries_filed=0)
    assert body["verdict"] == "non-compliant"
    failed = {s["rule"] for s in body["standards"] if s["decides"] and s["status"] == "unmet"}
    assert failed == {"jl-2019-30.zone-annual-summary"}


@pytest.mark.parametrize(("day", "over"), [(date(2022, 1, 9), False), (date(2022, 1, 10), True)])
def test_the_term_ends_with_its_last_day(rulebook: Rulebook, day: date, over: bool) -> None:
    body = zone(rulebook, day, accepted="not-yet")
    assert stage(body) == ("term-over" if over else "running")


def test_a_final_report_that_is_missing_is_overdue(rulebook: Rulebook) -> None:
    """四（三）在实验期末，各实验区应如期提交实验工作终期报告."""
    body = zone(rulebook, date(2022, 2, 1), final_report=False, final_report_on=None)
    assert body["verdict"] == "non-compliant"
    assert due(body)["zone-final-report"] == ("2022-01-09", "overdue")


def test_a_planned_change_needs_approval_and_one_made_without_is_a_violation(
    rulebook: Rulebook,
) -> None:
    """四（三）均应报省民政厅批准后方可进行: planning decides nothing, going ahead does."""
    planned = zone(rulebook, date(2020, 6, 1), change_planned=["content"], change_approved=False)
    row = next(s for s in planned["standards"] if s["rule"].endswith("zone-approval"))
    assert (row["status"], row["decides"], planned["verdict"]) == ("unmet", False, "compliant")
    made = zone(rulebook, date(2020, 6, 1), changes_unapproved=1)
    assert made["verdict"] == "non-compliant"


def test_an_extension_moves_the_end(rulebook: Rulebook) -> None:
    more = {"extension": "granted", "extended_to": "2022-12-31", "accepted": "not-yet"}
    body = zone(rulebook, date(2022, 6, 1), **more)
    assert stage(body) == "running"
    assert due(body)["zone-next-final-report"][0] == "2022-12-31"


def test_going_on_after_the_term_without_applying_is_a_violation(rulebook: Rulebook) -> None:
    """四（三）因特殊情况需要延长实验周期的，须向省民政厅提交延期申请."""
    body = zone(rulebook, date(2022, 2, 1), continuing=True)
    assert body["verdict"] == "non-compliant"


def test_a_zone_reviewed_and_outstanding_may_be_awarded_the_title(rulebook: Rulebook) -> None:
    """四（三）对于工作推进顺利，创新成效显著的实验区，授予…称号."""
    body = zone(rulebook, date(2022, 4, 2), outstanding=True)
    assert (body["verdict"], stage(body)) == ("compliant", "reviewed")
    held = {f["rule"] for f in body["findings"] if f["status"] == "holds"}
    assert held >= {"jl-2019-30.zone-award", "jl-2019-30.zone-recommend"}


def test_the_future_is_left_out_of_a_history() -> None:
    """What happened after the day asked about has not happened yet."""
    facts = facts_from(HISTORY, date(2020, 3, 1))
    assert (facts["zone.plans_filed"], facts["zone.final_report"]) == (1, False)
    assert "zone.final_report_on" not in facts
