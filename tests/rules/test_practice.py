"""Practice cases: verdicts against labels; where they differ, the law's ground."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.derive import derive
from kb.library import Library
from ontology.issue import Issue
from ontology.vocabulary import Vocabulary
from rules.combine import combine
from rules.decide import decide
from rules.facts import BadFacts
from rules.model import Rulebook
from rules.practice import Answer, Counts, Report, count, load_practice, run_practice

FIXTURES = Path(__file__).parents[1] / "fixtures"
EMPTY: dict[str, Any] = {"reason": None, "findings": [], "requirements": []}


@pytest.fixture(scope="module")
def answer(rulebook: Rulebook, library: Library, vocabulary: Vocabulary) -> Answer:
    """Deciding as the service does: derive from the knowledge base, decide, combine items."""

    def decided(request: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
        day = date.fromisoformat(request["as_of"])

        def one(facts: Mapping[str, Any]) -> Any:
            derived = derive(kind, facts, day, library.register, vocabulary)
            no_task = bool(request.get("not_a_task"))
            return decide(kind, facts, day, rulebook, derived=derived, not_a_task=no_task)

        if "items" not in request:
            result: Mapping[str, Any] = one(request["facts"]).to_json()
            return result
        items = [(i["text"], one({**request["common"], **i["facts"]})) for i in request["items"]]
        return combine(kind, items, day, rulebook).to_json()

    return decided


@pytest.fixture(scope="module")
def report(answer: Answer) -> Report:
    text = (FIXTURES / "practice.jsonl").read_text("utf-8")
    cases, issues = load_practice(text, "practice.jsonl")
    assert issues == []
    return run_practice(cases, answer)


def test_all_ninety_one_cases_are_run(report: Report) -> None:
    assert report.counts.cases == 91
    assert report.counts.errors == 0
    assert len(report.items) == 6


def test_no_task_is_let_in_that_nobody_would_let_in(report: Report) -> None:
    assert [row.id for row in (*report.cases, *report.items) if row.dangerous] == []


def test_every_verdict_is_one_that_is_not_wrong(report: Report) -> None:
    """The issue asks for 80 %; by law all are, and one that no longer is needs a reason."""
    assert [row.id for row in (*report.cases, *report.items) if not row.within] == []


def test_open_answers_ask_for_or_require_what_is_missing(report: Report) -> None:
    """Issue: of role, list, funding and basis, where named, one is asked for or required."""
    assert sum(bool(row.wanted) for row in report.cases) == 14
    assert [row.id for row in report.cases if row.silent] == []


def test_open_answers_elsewhere_name_the_place_or_the_day(report: Report) -> None:
    """Issue: scope cases name the scope reason."""
    assert {row.id for row in report.cases if row.outside} >= {"P049", "P050", "P053", "P089"}
    assert [row.id for row in report.cases if row.unplaced] == []


def test_each_disagreement_with_the_strict_label_is_recorded_with_the_laws_reason(
    report: Report,
) -> None:
    recorded = yaml.safe_load((FIXTURES / "practice_disagreements.yaml").read_text("utf-8"))
    found = {
        row.id: {"label": row.labels.expected, "verdict": row.verdict}
        for row in report.disagreements
    }
    assert found == {
        name: {"label": entry["label"], "verdict": entry["verdict"]}
        for name, entry in recorded.items()
    }
    assert all(entry["why"].strip() for entry in recorded.values())


def test_every_verdict_that_law_decides_names_its_ground(report: Report) -> None:
    for row in report.cases:
        if row.reason not in ("place", "not-a-task", "day"):
            assert row.grounds, row.id


def test_the_first_case_is_answered_with_its_sentence(report: Report) -> None:
    first = report.cases[0]
    assert (first.id, first.verdict) == ("P001", "inadmissible")
    assert any(
        ground.startswith("吉发〔2017〕36号 三（五）：“不得将基层群众性自治组织作为行政执法")
        for ground in first.grounds
    )


@pytest.fixture(scope="module")
def own(answer: Answer) -> Report:
    """Cases of our own: edges of days, evasions, certificates, purchase, addressees, places."""
    cases, issues = load_practice((FIXTURES / "own_cases.jsonl").read_text("utf-8"), "own")
    assert issues == []
    return run_practice(cases, answer)


def test_our_own_cases_come_out_as_the_law_has_it(own: Report) -> None:
    assert own.counts.cases >= 40
    assert [row.id for row in (*own.cases, *own.items) if not row.agrees] == []
    assert (own.counts.errors, own.counts.silent, own.counts.unplaced) == (0, 0, 0)


def test_our_own_cases_give_the_reason_they_are_open_for(own: Report) -> None:
    lines = (FIXTURES / "own_cases.jsonl").read_text("utf-8").splitlines()
    reasons = {case["id"]: case.get("reason") for case in map(json.loads, lines)}
    wrong = [r.id for r in own.cases if reasons[r.id] not in (None, r.reason)]
    assert wrong == []
    assert {"place", "day", "no-rule", "reading"} <= set(reasons.values())


def _case(**members: Any) -> str:
    request = {"facts": {}, "as_of": "2020-01-01"}
    case = {"id": "X1", "text": "t", "request": request, "acceptable_verdicts": ["conditional"]}
    return json.dumps(case | members, ensure_ascii=False)


def _run(text: str, body: Mapping[str, Any]) -> Report:
    cases, issues = load_practice(text, "x.jsonl")
    assert issues == []
    return run_practice(cases, lambda request, kind: {**EMPTY, "kind": kind, **body})


def test_letting_in_what_only_others_accept_is_dangerous_and_told_first() -> None:
    text = (
        _case(id="X1", acceptable_verdicts=["admissible", "undetermined"]) + "\n\n" + _case(id="X2")
    )
    report = _run(text, {"verdict": "admissible"})
    assert [row.id for row in report.disagreements] == ["X2"]
    assert report.disagreements[0].dangerous
    assert report.counts == Counts(cases=2, agree=1, within=1, dangerous=1, errors=0)


def test_a_verdict_that_is_wrong_but_lets_nothing_in_is_not_dangerous() -> None:
    report = _run(_case(), {"verdict": "inadmissible"})
    assert report.counts == Counts(cases=1, agree=0, within=0, dangerous=0, errors=0)


@pytest.mark.parametrize(
    ("body", "silent"),
    [
        ({"verdict": "conditional"}, 1),
        ({"verdict": "admissible"}, 0),
        ({"verdict": "undetermined", "missing": {"questions": [{"fact": "task.role"}]}}, 0),
        ({"verdict": "undetermined", "missing": {"sets": [{"facts": ["task.list"]}]}}, 1),
        ({"verdict": "undetermined", "reason": "not-a-task"}, 0),
    ],
)
def test_an_open_answer_that_asks_for_nothing_it_should_is_counted(
    body: dict[str, Any], silent: int
) -> None:
    report = _run(_case(expected_missing=["role", "频次"]), body)
    assert report.counts.silent == silent


def test_a_requirement_asks_for_its_facts_until_it_is_met() -> None:
    for status, silent in (("unmet", 0), ("unknown", 0), ("met", 1)):
        demanded = [{"status": status, "facts": ["task.funding"], "citations": [], "rule": "r"}]
        body = {"verdict": "conditional", "requirements": demanded}
        case = _case(expected_missing=["funding"])
        assert _run(case, body).counts.silent == silent


@pytest.mark.parametrize(
    ("verdict", "reason", "unplaced"),
    [
        ("undetermined", "place", 0),
        ("undetermined", "day", 0),
        ("undetermined", "no-rule", 1),
        ("inadmissible", None, 0),
    ],
)
def test_elsewhere_an_open_answer_gives_the_place_or_the_day(
    verdict: str, reason: str | None, unplaced: int
) -> None:
    report = _run(_case(in_jurisdiction=False), {"verdict": verdict, "reason": reason})
    assert report.counts.unplaced == unplaced
    assert _run(_case(), {"verdict": verdict, "reason": reason}).counts.unplaced == 0


def test_items_are_compared_each_with_its_own_labels() -> None:
    items = [
        {"text": "a", "facts": {}, "acceptable_verdicts": ["admissible"]},
        {"text": "b", "facts": {}},
    ]
    request = {"items": items, "as_of": "2020-01-01"}
    answered = [
        {"index": i, "text": t, "verdict": v, **EMPTY}
        for i, (t, v) in enumerate((("a", "conditional"), ("b", "admissible")))
    ]
    report = _run(_case(request=request), {"verdict": "conditional", "items": answered})
    assert [(row.id, row.within) for row in report.items] == [("X1[0]", False)]
    assert count(report.items).within == 0


def test_a_request_that_cannot_be_read_is_an_error_not_an_agreement() -> None:
    def refuse(request: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
        raise BadFacts([Issue("error", "no such fact", "$.facts['x']")])

    cases, _ = load_practice(_case(), "x.jsonl")
    report = run_practice(cases, refuse)
    assert report.counts == Counts(cases=1, agree=0, within=0, dangerous=0, errors=1)
    assert report.cases[0].error == "$.facts['x']: error: no such fact"


@pytest.mark.parametrize(
    ("line", "where", "message"),
    [
        ("{", "x.jsonl:2:2", "not JSON"),
        ("[]", "x.jsonl:2", "a case is an object with a request"),
        (_case(acceptable_verdicts=[]), "x.jsonl:2", "a case lists its acceptable_verdicts"),
        (_case(acceptable_verdicts=["conditonal"]), "x.jsonl:2", "conditonal is not a verdict"),
        (
            _case(request={"items": [{"acceptable_verdicts": ["yes"]}]}),
            "x.jsonl:2",
            "yes is not a verdict",
        ),
    ],
)
def test_a_line_that_is_no_case_is_an_issue_at_its_line(
    line: str, where: str, message: str
) -> None:
    cases, issues = load_practice(f"{_case()}\n{line}\n", "x.jsonl")
    assert len(cases) == 1
    assert [issue.where for issue in issues] == [where]
    assert message in issues[0].message
