"""The shipped rules: their own cases, and what law says of whole classes of tasks (DESIGN §4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.vocabulary import Vocabulary
from rules.cases import Example, load_cases, run_case
from rules.decide import decide
from rules.model import Rulebook
from tests.rules.rulings import JILIN, decided, found, narrower

CASES, _ = load_cases()
FIVE = (
    "enforcement",
    "demolition",
    "environmental-remediation",
    "urban-management",
    "investment-promotion",
)
OWN_REGIME = (
    "certificate",
    "seal-use",
    "assessment",
    "one-vote-veto",
    "tax-assistance",
    "revenue-generation",
    "investment-promotion",
)
RELIEF = ("signboard-removal", "ledger-reduction", "withdrawal")


@pytest.mark.parametrize("example", CASES, ids=lambda e: f"{e.rule}: {e.title.en} ({e.as_of})")
def test_cases_beside_the_rules_come_out_as_written(example: Example, rulebook: Rulebook) -> None:
    assert run_case(example, rulebook).problem == ""


@pytest.mark.parametrize("role", ["responsible", "purchased"])
@given(
    data=st.data(),
    funding=st.booleans(),
    listed=st.sampled_from(["autonomy", "assist", "none"]),
    basis=st.booleans(),
    approved=st.booleans(),
    day=st.dates(date(2017, 12, 8), date(2030, 1, 1)),
)
def test_nothing_lifts_the_ban_on_the_five_matters(
    rulebook: Rulebook,
    vocabulary: Vocabulary,
    role: str,
    data: st.DataObject,
    funding: bool,
    listed: str,
    basis: bool,
    approved: bool,
    day: date,
) -> None:
    """Listing, contract, funding or an exception never defeats a strict `forbids`."""
    kind = data.draw(st.sampled_from(sorted(narrower(vocabulary, FIVE))))
    facts = {
        "task.kind": [kind],
        "task.role": role,
        "task.funding": funding,
        "task.list": listed,
        "task.statutory_basis": basis,
        "task.exception_approved": approved,
        "community.jurisdiction": JILIN,
    }
    assert decide("admissibility", facts, day, rulebook, detail="verdict").verdict == "inadmissible"


def test_other_matters_are_not_read_into_the_five(
    rulebook: Rulebook, vocabulary: Vocabulary
) -> None:
    """等事项 is not stretched: kinds outside the five rest on `task.government_duty`."""
    by_policy = ("list-making", "admission-review", "pilot-application")
    own = (*FIVE, "certificate", "seal-use", "one-vote-veto", *by_policy)
    barred = narrower(vocabulary, own)
    for kind in set(vocabulary.code_lists["task-kinds"].codes) - barred:
        decision = decided(
            rulebook,
            "2019-06-01",
            task__kind=[kind],
            task__role="responsible",
            task__government_duty=False,
            task__target=False,
            assigner__type="sub-district-or-township",
        )
        assert decision.verdict != "inadmissible", kind


def test_funded_help_that_is_listed_and_provided_for_is_admissible_for_every_other_kind(
    rulebook: Rulebook, vocabulary: Vocabulary
) -> None:
    own_regime = narrower(vocabulary, OWN_REGIME)
    for kind in set(vocabulary.code_lists["task-kinds"].codes) - own_regime:
        decision = decided(
            rulebook,
            "2019-06-01",
            task__kind=[kind],
            task__role="assist",
            task__list="assist",
            task__statutory_basis=True,
            task__funding=True,
            assigner__type="government-department",
        )
        assert decision.verdict == "admissible", kind


@pytest.mark.parametrize("kind", RELIEF)
def test_relieving_the_community_is_never_a_burden(rulebook: Rulebook, kind: str) -> None:
    decision = decided(rulebook, "2019-06-01", task__kind=[kind])
    assert decision.verdict == "admissible"


def test_the_residual_permission_is_told_as_an_inference_with_its_doubt(
    rulebook: Rulebook,
) -> None:
    decision = decided(
        rulebook,
        "2019-06-01",
        task__kind=["publicity"],
        task__role="assist",
        task__list="none",
        task__statutory_basis=False,
        task__funding=True,
        assigner__type="government-department",
    )
    assert decision.verdict == "conditional"
    residual = found(decision, "jl-2017-36.residual")
    assert residual["inference"] is True
    assert residual["doubt"] is not None
    assert {c["provision"] for c in residual["citations"]} == {"一（二）", "三（五）"}
    unmet = [r["rule"] for r in decision.body["requirements"] if r["status"] == "unmet"]
    assert unmet == ["jl-2017-36.residual-admission"]


def test_no_inference_is_needed_where_a_law_provides_for_the_help(rulebook: Rulebook) -> None:
    """With a statutory basis an unknown list decides nothing and is not asked for."""
    decision = decided(
        rulebook,
        "2019-06-01",
        task__kind=["publicity"],
        task__role="assist",
        task__statutory_basis=True,
        task__funding=True,
        assigner__type="government-department",
    )
    assert decision.verdict == "admissible"
    assert "jl-2017-36.residual" not in {f["rule"] for f in decision.body["findings"]}
    assert decision.body["missing"]["questions"] == []


def test_self_governance_is_noted_as_no_matter_of_admission(rulebook: Rulebook) -> None:
    decision = decided(
        rulebook,
        "2019-06-01",
        task__kind=["self-governance-consultation"],
        task__role="autonomy",
        task__government_duty=False,
    )
    assert decision.verdict == "admissible"
    assert "不属准入事项" in found(decision, "jl-2017-36.self-governance")["note"]["zh"]


@pytest.mark.parametrize(
    ("day", "verdict", "reason"),
    [
        ("2010-12-20", "undetermined", "day"),
        ("2015-07-12", "undetermined", "no-rule"),
        ("2015-07-13", "undetermined", "reading"),
        ("2015-12-30", "undetermined", "reading"),
        ("2015-12-31", "inadmissible", None),
        ("2017-12-07", "inadmissible", None),
        ("2017-12-08", "inadmissible", None),
    ],
)
def test_demolition_over_the_years(
    rulebook: Rulebook, day: str, verdict: str, reason: str | None
) -> None:
    """A day before any rule, before the ban, while its start is uncertain, and after."""
    decision = decided(
        rulebook,
        day,
        task__kind=["demolition"],
        task__role="responsible",
        task__government_duty=False,
    )
    assert (decision.verdict, decision.reason) == (verdict, reason)


def test_an_approved_exception_yields_to_the_strict_ban_from_its_first_day(
    rulebook: Rulebook,
) -> None:
    facts: dict[str, Any] = {
        "task__kind": ["demolition"],
        "task__role": "responsible",
        "task__government_duty": False,
        "task__exception_approved": True,
    }
    before = decided(rulebook, "2017-12-07", **facts)
    after = decided(rulebook, "2017-12-08", **facts)
    assert (before.verdict, before.reason) == ("undetermined", "no-rule")
    assert after.verdict == "inadmissible"


def test_only_the_quoted_exception_lets_kinship_off_the_negative_list(rulebook: Rulebook) -> None:
    facts: dict[str, Any] = {
        "task__kind": ["certificate"],
        "task__role": "responsible",
        "task__statutory_basis": False,
        "certificate__name": ["kinship"],
        "certificate__list": "negative",
        "certificate__verifiable": True,
        "assigner__type": "public-institution",
    }
    assert decided(rulebook, "2021-06-21", **facts).verdict == "inadmissible"
    let = decided(rulebook, "2021-06-21", **facts, certificate__purpose="notarisation-kinship")
    assert let.verdict == "admissible"
    ban = found(let, "cn-2020-20.negative-list")
    assert (ban["status"], ban["defeated_by"][0]["ground"]) == ("defeated", "exception")
