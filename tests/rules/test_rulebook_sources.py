"""What the shipped rules rest on: their instruments, days, places and words (DESIGN §2, §4)."""

from __future__ import annotations

from typing import Any

import pytest

from kb.library import Library
from rules.condition import facts_of
from rules.condition import tests as comparisons
from rules.model import Rulebook
from tests.rules.rulings import JILIN, decided, found, rules_of


def test_the_norms_of_one_province_never_decide_for_another(rulebook: Rulebook) -> None:
    places = {"cn": "", "jl": "22", "sd": "37"}
    for rule in rules_of(rulebook).values():
        assert rule.jurisdiction == places[rule.id.partition("-")[0]], rule.id


@pytest.mark.parametrize("day", ["2019-04-29", "2019-04-30", "2022-06-08"])
def test_shandong_has_topics_and_no_rules(rulebook: Rulebook, day: str) -> None:
    """鲁民函〔2019〕50号 names topics for experiments: told, and the reason stays place."""
    decision = decided(
        rulebook,
        day,
        task__kind=["elderly-service"],
        task__role="purchased",
        task__funding=True,
        assigner__type="sub-district-or-township",
        community__jurisdiction="山东省临沂市兰山区",
    )
    assert (decision.verdict, decision.reason) == ("undetermined", "place")
    told = {f["rule"]: f for f in decision.body["findings"] if f["rule"].startswith("sd-")}
    if day < "2019-04-30":
        assert not told
        return
    assert set(told) == {"sd-2019-50.admission", "sd-2019-50.purchase"}
    assert all(f["effect"] == "none" for f in told.values())
    assert "附件1（三）" in told["sd-2019-50.admission"]["note"]["zh"]
    assert "不是规则" in told["sd-2019-50.admission"]["note"]["zh"]


def test_the_national_list_decides_in_shandong_too(rulebook: Rulebook) -> None:
    decision = decided(
        rulebook,
        "2021-11-09",
        task__kind=["certificate"],
        task__statutory_basis=False,
        certificate__name=["alive"],
        certificate__list="negative",
        community__jurisdiction="山东省青岛市市北区",
    )
    assert decision.verdict == "inadmissible"


def test_every_ban_of_jilin_is_quoted_with_its_prohibiting_word(rulebook: Rulebook) -> None:
    """A ban on admission rests on words that forbid: 不得, 不再, 取消, 方可."""
    for rule in rulebook.rules["admissibility"]:
        if rule.effect == "forbids" and rule.jurisdiction:
            quote = rule.citations[0].quote
            assert any(word in quote for word in ("不得", "不再", "取消", "方可")), rule.id


def test_in_principle_bans_yield_to_exceptions_only(rulebook: Rulebook) -> None:
    rules = rules_of(rulebook)
    for rule in rules.values():
        for defeat in rule.defeats:
            if rules[defeat.rule].strength == "in-principle":
                assert defeat.ground == "exception", rule.id


def test_listing_consent_funding_and_pilot_status_defeat_nothing(rulebook: Rulebook) -> None:
    """What defeats a ban reads only law, purpose or an approved exception, never these facts."""
    for rule in rules_of(rulebook).values():
        if rule.defeats:
            read = set(facts_of(rule.when))
            assert not read & {"task.list", "task.funding", "task.role", "assigner.type"}, rule.id


def test_rules_start_when_the_instrument_they_are_of_starts(
    rulebook: Rulebook, library: Library
) -> None:
    """A norm of X as quoted in Y is in force from X's date; Y is only evidence.

    A rule that rests on two instruments needs both, and starts with the later one. What a text asks
    from a later date on starts then, and the rule says so.
    """
    for rule in rules_of(rulebook).values():
        sources = [library.instrument(cited.instrument) for cited in rule.citations]
        periods = [source.in_force for source in sources if source is not None]
        assert len(periods) == len(sources)
        last = max(periods, key=lambda period: str(period.start))
        own = rule.in_force
        assert last.start is not None
        if rule.kind == "compliance" and own.start > (last.latest or last.start):
            assert rule.note is not None, rule.id
            assert str(own.start.year) in rule.note.zh, rule.id
        else:
            assert (own.start, own.latest) == (last.start, last.latest), rule.id


def test_pilot_or_drafting_is_no_excuse_for_what_is_forbidden(rulebook: Rulebook) -> None:
    """An experiment is told apart from the task it tries out: the strictest part stands."""
    decision = decided(
        rulebook,
        "2020-05-30",
        task__kind=["experimental-pilot", "urban-management"],
        task__role="responsible",
        task__list="autonomy",
        task__funding=True,
    )
    assert decision.verdict == "inadmissible"


def test_duties_by_policy_documents_fall_under_2015_and_not_under_2017(
    rulebook: Rulebook,
) -> None:
    """职责范围内的事项 (2015) is wider than 法定职责 (2017): lists are made by policy."""
    facts: dict[str, Any] = {
        "task__kind": ["list-making"],
        "task__role": "responsible",
        "task__government_duty": False,
    }
    before = decided(rulebook, "2015-07-12", **facts)
    doubtful = decided(rulebook, "2015-09-01", **facts)
    after = decided(rulebook, "2019-12-03", **facts)
    assert (before.verdict, before.reason) == ("undetermined", "no-rule")
    assert (doubtful.verdict, doubtful.reason) == ("undetermined", "reading")
    assert after.verdict == "inadmissible"
    holding = {f["rule"] for f in after.body["findings"] if f["status"] == "holds"}
    assert "jl-2015-44.list-making" in holding
    assert "jl-2017-36.statutory-duty" not in holding


def test_what_the_text_of_2010_gives_to_communities_is_help_only(rulebook: Rulebook) -> None:
    """Each permission of tasks under 三 and 四 reads the role; answering for them is not let in."""
    for rule in rules_of(rulebook).values():
        place = rule.citations[0].provision
        if rule.id.startswith("jl-2010-37.") and rule.effect == "permits" and place[0] in "三四":
            roles = {v for t in comparisons(rule.when) if t.fact == "task.role" for v in t.values}
            assert roles <= {"assist", "autonomy"}, rule.id
            assert roles, rule.id


def test_party_work_of_a_party_organisation_is_no_matter_of_admission(rulebook: Rulebook) -> None:
    decision = decided(
        rulebook,
        "2021-07-01",
        task__kind=["party-education"],
        task__role="responsible",
        task__addressee="party-organisation",
        assigner__type="party-or-mass-organisation",
    )
    assert (decision.verdict, decision.reason) == ("undetermined", "no-rule")
    assert "不属社区工作事项准入" in found(decision, "jl-2017-36.party-own")["note"]["zh"]


def test_a_target_the_province_strives_for_is_put_on_nobody(rulebook: Rulebook) -> None:
    """力争、争取 are best-effort: they neither permit nor forbid a figure for a community."""
    decision = decided(
        rulebook,
        "2019-06-01",
        task__kind=["volunteer-registration-quota"],
        task__role="responsible",
        task__list="none",
        task__statutory_basis=False,
        task__government_duty=False,
        assigner__type="sub-district-or-township",
    )
    assert decision.verdict == "conditional"
    for rule in ("jl-2010-37.volunteer-target", "jl-2017-36.volunteer-target"):
        assert found(decision, rule)["strength"] == "best-effort"


def test_best_effort_norms_and_reports_decide_nothing(rulebook: Rulebook) -> None:
    rules = rules_of(rulebook)
    for rule in rules.values():
        # What the texts on zones say binds zones and who applies: nothing is admitted by it.
        told = rule.id.startswith(("jl-2019-30.", "jl-2020-16.", "sd"))
        if rule.strength == "best-effort" or (told and rule.kind == "admissibility"):
            assert rule.effect in ("advises", "none"), rule.id
            # A later figure to strive for takes the place of an earlier one; neither decides.
            assert all(rules[d.rule].effect == "advises" for d in rule.defeats), rule.id


@pytest.mark.parametrize(
    ("day", "place", "later"),
    [
        ("2020-06-30", JILIN, []),
        ("2024-01-01", JILIN, ["2022", "2023"]),
        ("2024-01-01", "吉林省延边州延吉市", ["2022", "2023", "2023-09-28"]),
        ("2024-08-06", "山东省济南市历下区", ["2022", "2024-03-28", "2024-08-06"]),
        ("2026-01-01", JILIN, ["2022", "2023", "2024-03-28", "2024-08-06", "2026-01-01"]),
    ],
)
def test_later_instruments_are_told_where_and_when_they_hold(
    rulebook: Rulebook, day: str, place: str, later: list[str]
) -> None:
    """Decisions after 2020-06-30 carry what is known but not held."""
    decision = decided(rulebook, day, task__kind=["demolition"], community__jurisdiction=place)
    assert [entry["date"] for entry in decision.body["horizon"]] == later
