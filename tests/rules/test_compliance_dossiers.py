"""Whole dossiers of communities and counties: every standard with its status, gap and sentence."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.compiled import Compiled, reference_kind
from rules.decide import decide
from rules.model import Rulebook

KIND = "compliance"
FOLDER = Path(__file__).parents[1] / "fixtures" / "dossiers"
DOSSIERS = sorted(FOLDER.glob(f"{KIND}-*.json"))


@pytest.fixture(scope="module")
def compiled(rulebook: Rulebook) -> Compiled:
    return reference_kind(rulebook, KIND)


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def judged(dossier: dict[str, Any], rulebook: Rulebook, compiled: Compiled) -> dict[str, Any]:
    day = date.fromisoformat(dossier["as_of"])
    return decide(KIND, dossier["facts"], day, rulebook, compiled=compiled).to_json()


def told(row: dict[str, Any]) -> dict[str, Any]:
    """What a dossier says of a standard."""
    due, cited = row["due"], row["citations"][0]
    return {
        "rule": row["rule"],
        "status": row["status"],
        "gap": row["gap"],
        "decides": row["decides"],
        "passed": due["passed"] if due else None,
        **{member: cited[member] for member in ("instrument", "provision", "quote")},
    }


@pytest.mark.parametrize("path", DOSSIERS, ids=lambda path: path.stem)
def test_every_standard_is_told_with_its_gap_and_sentence(
    path: Path, rulebook: Rulebook, compiled: Compiled
) -> None:
    dossier = read(path)
    body = judged(dossier, rulebook, compiled)
    assert body["verdict"] == dossier["verdict"]
    found = {row["rule"]: told(row) for row in body["standards"]}
    assert found == {row["rule"]: row for row in dossier["standards"]}
    breaches = [
        finding["rule"]
        for finding in body["findings"]
        if finding["effect"] == "forbids" and finding["status"] == "holds"
    ]
    assert breaches == dossier["forbidden"]
    assert body["ignored"] == []


def test_there_is_a_good_and_a_bad_one_of_each() -> None:
    verdicts = {path.stem: read(path)["verdict"] for path in DOSSIERS}
    for subject in ("urban", "rural", "county"):
        assert verdicts.pop(f"{KIND}-{subject}-good") == "compliant"
        assert verdicts.pop(f"{KIND}-{subject}-bad") == "non-compliant"
    assert not verdicts


@pytest.mark.parametrize(
    ("rule", "fact", "better", "worse"),
    [
        ("jl-2017-36.households-per-member", "committee.members", 9, 6),
        ("jl-2017-36.urban-pay", "pay.urban_member", 60000, "59999.99"),
        ("jl-2017-36.training-heads", "training.heads_in_year", 1, 0),
        ("jl-2010-37.subsidy", "pay.subsidy", 300, "299.99"),
    ],
)
def test_one_figure_past_its_threshold_turns_a_good_community(
    rule: str, fact: str, better: object, worse: object, rulebook: Rulebook, compiled: Compiled
) -> None:
    dossier = read(FOLDER / f"{KIND}-urban-good.json")
    for value, verdict in ((better, "compliant"), (worse, "non-compliant")):
        changed = dossier | {"facts": dossier["facts"] | {fact: value}}
        body = judged(changed, rulebook, compiled)
        assert body["verdict"] == verdict
        unmet = [r["rule"] for r in body["standards"] if r["status"] == "unmet" and r["decides"]]
        assert unmet == ([] if verdict == "compliant" else [rule])


def test_what_is_only_striven_for_leaves_a_good_community_good(
    rulebook: Rulebook, compiled: Compiled
) -> None:
    dossier = read(FOLDER / f"{KIND}-urban-good.json")
    short = {"centre.premises_area": 499, "community.volunteers": 1100, "centre.area": 900}
    body = judged(dossier | {"facts": dossier["facts"] | short}, rulebook, compiled)
    rows = {row["rule"]: row for row in body["standards"]}
    assert body["verdict"] == "compliant"
    assert rows["jl-2010-37.premises-area"]["gap"] == "1.00"
    assert rows["jl-2017-36.volunteers"]["gap"] == "2.00"
    assert rows["jl-2010-37.volunteers-standard"]["status"] == "defeated"
    before = judged(
        dossier | {"facts": dossier["facts"] | short, "as_of": "2017-12-07"}, rulebook, compiled
    )
    rows = {row["rule"]: row for row in before["standards"]}
    assert rows["jl-2010-37.volunteers-standard"]["status"] == "met"
    assert "jl-2017-36.volunteers" not in rows
