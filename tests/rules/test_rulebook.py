"""The shipped rules: their own cases, and what law says of whole classes of tasks (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.library import Library
from ontology.vocabulary import Vocabulary
from rules.cases import Example, load_cases, run_case
from rules.condition import facts_of
from rules.decide import Decision, decide
from rules.model import Rule, Rulebook

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
JILIN = "吉林省长春市南关区"


def _decide(rulebook: Rulebook, day: str, **facts: Any) -> Decision:
    named = {name.replace("__", "."): value for name, value in facts.items()}
    named.setdefault("community.jurisdiction", JILIN)
    return decide("admissibility", named, date.fromisoformat(day), rulebook)


def _narrower(vocabulary: Vocabulary, codes: Iterable[str]) -> frozenset[str]:
    """The codes with all that are narrower."""
    kinds = vocabulary.code_lists["task-kinds"]
    return frozenset().union(*(kinds.narrower(code) for code in codes))


def _rules(rulebook: Rulebook) -> dict[str, Rule]:
    return {rule.id: rule for rules in rulebook.rules.values() for rule in rules}


def _found(decision: Decision, rule: str) -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in decision.body["findings"] if f["rule"] == rule)
    return found


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
    kind = data.draw(st.sampled_from(sorted(_narrower(vocabulary, FIVE))))
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
    barred = _narrower(vocabulary, (*FIVE, "certificate", "seal-use", "one-vote-veto"))
    for kind in set(vocabulary.code_lists["task-kinds"].codes) - barred:
        decision = _decide(
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
    own_regime = _narrower(vocabulary, OWN_REGIME)
    for kind in set(vocabulary.code_lists["task-kinds"].codes) - own_regime:
        decision = _decide(
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
    decision = _decide(rulebook, "2019-06-01", task__kind=[kind])
    assert decision.verdict == "admissible"


def test_the_residual_permission_is_told_as_an_inference_with_its_doubt(
    rulebook: Rulebook,
) -> None:
    decision = _decide(
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
    residual = _found(decision, "jl-2017-36.residual")
    assert residual["inference"] is True
    assert residual["doubt"] is not None
    assert {c["provision"] for c in residual["citations"]} == {"一（二）", "三（五）"}
    unmet = [r["rule"] for r in decision.body["requirements"] if r["status"] == "unmet"]
    assert unmet == ["jl-2017-36.residual-admission"]


def test_no_inference_is_needed_where_a_law_provides_for_the_help(rulebook: Rulebook) -> None:
    """With a statutory basis an unknown list decides nothing and is not asked for."""
    decision = _decide(
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
    decision = _decide(
        rulebook,
        "2019-06-01",
        task__kind=["self-governance-consultation"],
        task__role="autonomy",
        task__government_duty=False,
    )
    assert decision.verdict == "admissible"
    assert "不属准入事项" in _found(decision, "jl-2017-36.self-governance")["note"]["zh"]


def test_the_norms_of_one_province_never_decide_for_another(rulebook: Rulebook) -> None:
    for rule in _rules(rulebook).values():
        national = rule.id.startswith("cn-")
        assert rule.jurisdiction == ("" if national else "22"), rule.id


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
    decision = _decide(
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
    before = _decide(rulebook, "2017-12-07", **facts)
    after = _decide(rulebook, "2017-12-08", **facts)
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
    assert _decide(rulebook, "2021-06-21", **facts).verdict == "inadmissible"
    let = _decide(rulebook, "2021-06-21", **facts, certificate__purpose="notarisation-kinship")
    assert let.verdict == "admissible"
    ban = _found(let, "cn-2020-20.negative-list")
    assert (ban["status"], ban["defeated_by"][0]["ground"]) == ("defeated", "exception")


def test_every_ban_of_jilin_is_quoted_with_its_prohibiting_word(rulebook: Rulebook) -> None:
    """A `forbids` rests on words that forbid: 不得, 不再, 取消, 方可."""
    for rule in _rules(rulebook).values():
        if rule.effect == "forbids" and rule.jurisdiction:
            quote = rule.citations[0].quote
            assert any(word in quote for word in ("不得", "不再", "取消", "方可")), rule.id


def test_in_principle_bans_yield_to_exceptions_only(rulebook: Rulebook) -> None:
    rules = _rules(rulebook)
    for rule in rules.values():
        for defeat in rule.defeats:
            if rules[defeat.rule].strength == "in-principle":
                assert defeat.ground == "exception", rule.id


def test_listing_consent_funding_and_pilot_status_defeat_nothing(rulebook: Rulebook) -> None:
    """What defeats a ban reads only law, purpose or an approved exception, never these facts."""
    for rule in _rules(rulebook).values():
        if rule.defeats:
            read = set(facts_of(rule.when))
            assert not read & {"task.list", "task.funding", "task.role", "assigner.type"}, rule.id


def test_rules_start_when_the_instrument_they_are_of_starts(
    rulebook: Rulebook, library: Library
) -> None:
    """A norm of X as quoted in Y is in force from X's date; Y is only evidence."""
    for rule in _rules(rulebook).values():
        source = library.instrument(rule.citations[0].instrument)
        assert source is not None
        assert rule.in_force.start == source.in_force.start, rule.id
        assert rule.in_force.latest == source.in_force.latest, rule.id
