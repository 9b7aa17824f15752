"""What the rules say, asked of the graph: computed here from the rulebook, without the graph."""

from __future__ import annotations

from datetime import date

import pytest

from tests.kb.world import JILIN, REPLY, World, in_force


@pytest.mark.parametrize("place", ["", "22", "220102", "37"])
@pytest.mark.parametrize(
    "day", ["2010-12-20", "2015-07-13", "2017-12-08", "2019-06-01", "2020-06-30"]
)
def test_rules_in_force_for_a_place_on_a_day(world: World, place: str, day: str) -> None:
    """DESIGN §4: half-open from the start, the nation's rules everywhere, no other province's."""
    on = date.fromisoformat(day)
    expected = {
        (r.id, str(r.in_force.latest is not None and r.in_force.latest > on).lower())
        for r in world.rules
        if in_force(r, on, place)
    }
    assert world.answer("rules-in-force", "id", "startUncertain", place=place, day=day) == expected


def test_what_may_not_be_asked_of_a_committee(world: World) -> None:
    on = date(2019, 6, 1)
    expected = {
        (r.id, world.number(c.instrument), c.quote)
        for r in world.rulebook.rules["admissibility"]
        if r.effect == "forbids" and in_force(r, on, "22")
        for c in r.citations
    }
    assert world.answer("not-to-be-asked", "id", "number", "quote") == expected
    assert ("jl-2017-36.one-vote-veto", JILIN, "取消对社区工作的“一票否决”事项") in expected
    assert world.answer("not-to-be-asked", "id", place="37") == set()


def test_requirements_have_their_bearers(world: World) -> None:
    bearers = {
        code: concept.label.zh
        for name in ("changers", "addressees")
        for concept in world.vocabulary.code_lists[name].concepts
        for code in (concept.code,)
    }
    expected = {
        (bearers[r.requirement.bearer], r.requirement.text.zh, r.id)
        for r in world.rules
        if r.requirement
    }
    assert world.answer("requirements-by-bearer", "bearer", "requirement", "id") == expected
    assert any(rule == "jl-2017-36.assist-funding" for _, _, rule in expected)


def test_rules_that_rest_on_what_is_not_held(world: World) -> None:
    expected = {
        (r.id, c.quote, world.number(c.quoted_in.instrument) if c.quoted_in else "")
        for r in world.rules
        for c in r.citations
        if (i := world.library.instrument(c.instrument)) and not i.held
    }
    found = world.answer("rules-on-instruments-not-held", "id", "quote", "quotedIn")
    assert found == expected
    assert {rule for rule, _, quoted in found if quoted == REPLY} >= {"jl-2015-44.duties"}


def test_words_quoted_by_another_instrument(world: World) -> None:
    expected = {
        (
            world.number(c.instrument),
            c.quote,
            world.number(c.quoted_in.instrument),
            c.quoted_in.provision,
        )
        for r in world.rules
        for c in r.citations
        if c.quoted_in
    }
    assert world.answer("quoted-in-another", "number", "quote", "in", "label") == expected
    rules = {
        quote: set(ids.split())
        for quote, ids in world.answer("quoted-in-another", "quote", "rules")
    }
    seal = "对法律法规有明确规定且社区有能力提供证明的，方可使用社区印章"
    assert rules[seal] == {r.id for r in world.rules for c in r.citations if c.quote == seal}


def test_inferences_and_doubts(world: World) -> None:
    inferred = {(r.id, r.doubt.zh if r.doubt else "") for r in world.rules if r.inference}
    assert world.answer("inferences", "id", "doubt") == inferred
    assert any(rule == "jl-2017-36.residual" for rule, _ in inferred)
    doubts = {(r.id, r.doubt.zh) for r in world.rules if r.doubt}
    assert world.answer("recorded-doubts", "id", "doubt") == doubts


def test_defeats_with_their_grounds(world: World) -> None:
    grounds = {"exception": "例外", "rank": "位阶", "speciality": "特别规定", "date": "时间"}
    expected = {(r.id, d.rule, grounds[d.ground]) for r in world.rules for d in r.defeats}
    assert world.answer("defeats", "prevails", "yields", "ground") == expected
    assert ("jl-2015-44.exception", "jl-2015-44.targets", "例外") in expected


def test_rules_are_counted_by_strength_and_norm(world: World) -> None:
    counts: dict[tuple[str, str], int] = {}
    for r in world.rules:
        counts[r.strength, r.norm] = counts.get((r.strength, r.norm), 0) + 1
    zh = {"strict": "刚性", "in-principle": "原则上", "best-effort": "力争", "prohibition": "禁止",
          "obligation": "义务", "permission": "许可", "recommendation": "倡导", "target": "目标",
          "definition": "界定"}  # fmt: skip
    rows = world.answer("rules-by-strength-and-norm", "strength", "norm", "rules", "effect")
    found: dict[tuple[str, str], int] = {}
    for strength, norm, number, _ in rows:
        found[strength, norm] = found.get((strength, norm), 0) + int(number)
    assert found == {(zh[s], zh[n]): count for (s, n), count in counts.items()}
