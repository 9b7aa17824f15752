"""Who bears norms and to whom, asked of the graph: computed here, and as written in the texts."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.kb.world import JILIN, World, zh

COMMITTEES = {
    "self-governing-organisation",
    "residents-committee",
    "villagers-committee",
    "community",
}
DUTIES = ("obligation", "prohibition")


@pytest.mark.parametrize(
    "bearer", ["county-party-and-government", "provincial-finance", "residents-committee", "zone"]
)
def test_duties_by_bearer(world: World, bearer: str) -> None:
    expected = {
        (s.norm.iri, s.modality, zh("strengths", s.norm.strength), str(s.norm.implied).lower(),
         s.norm.deadline.as_written if s.norm.deadline else "")
        for s in world.norms
        if bearer in s.norm.bearer and s.norm.modality in DUTIES
    }  # fmt: skip
    found = world.answer(
        "duties-of-bearer", "norm", "modality", "strength", "implied", "deadline", bearer=bearer
    )
    assert found == expected != set()


def test_a_county_sets_up_admission_by_the_lists(world: World) -> None:
    """吉发〔2017〕36号 三（五）, which names its bearer: 各县（市、区）."""
    words = "各县（市、区）依据社区工作事项清单建立社区工作事项准入制度"
    rows = world.answer("duties-of-bearer", "number", "provision", "implied", "words")
    assert (JILIN, "三（五）", "false", words) in rows


@pytest.mark.parametrize("counterparty", ["residents", "community", "social-organisation"])
def test_duties_by_whom_they_are_owed_to(world: World, counterparty: str) -> None:
    expected = {
        (s.norm.iri, bearer)
        for s in world.norms
        if counterparty in s.norm.counterparty and s.norm.modality in DUTIES
        for bearer in s.bearers
    }
    found = world.answer("duties-owed-to", "norm", "bearer", counterparty=counterparty)
    assert found == expected != set()


def test_who_owes_whom_how_much(world: World) -> None:
    pairs = Counter(
        (bearer, zh("actors", code))
        for s in world.norms
        if s.norm.modality in DUTIES
        for bearer in s.bearers
        for code in s.norm.counterparty
    )
    assert world.answer("who-owes-whom", "bearer", "counterparty", "norms") == {
        (bearer, counterparty, str(count)) for (bearer, counterparty), count in pairs.items()
    }


def test_the_share_of_implied_bearers(world: World) -> None:
    expected = set()
    for instrument in {s.number for s in world.norms}:
        norms = [s.norm for s in world.norms if s.number == instrument]
        implied = sum(norm.implied for norm in norms)
        share = (200 * implied + len(norms)) // (2 * len(norms))  # half is rounded up
        expected.add((instrument, str(len(norms)), str(implied), str(share)))
    found = world.answer("implied-bearers", "number", "norms", "unnamed", "percent")
    assert found == expected
    assert len(found) == 5


def test_prohibitions_with_bearer_and_counterparty(world: World) -> None:
    expected = {
        (s.norm.iri, bearer, counterparty)
        for s in world.norms
        if s.norm.modality == "prohibition"
        for bearer in s.bearers
        for counterparty in s.counterparties
    }
    rows = world.answer("prohibitions", "norm", "bearer", "counterparty")
    assert rows == expected
    # 吉民发〔2019〕30号 四（二）: an applicant may not, towards the department.
    words = "已被民政部列为全国实验区的单位不再申报省级实验区"
    said = world.answer("prohibitions", "bearer", "counterparty", "words")
    assert ("实验区申报单位", "省民政厅", words) in said


def test_what_may_not_be_asked_or_is_to_be_taken_away(world: World) -> None:
    expected = {
        s
        for s in world.norms
        if set(s.norm.counterparty) & COMMITTEES
        and (
            s.norm.modality == "prohibition"
            or (s.norm.modality == "obligation" and re.search("取消|清理|精简", s.norm.quote))
        )
    }
    found = world.answer("not-asked-of-committees", "norm")
    assert found == {(s.norm.iri,) for s in expected}
    rows = world.answer("not-asked-of-committees", "number", "source", "strength", "words")
    assert {
        (JILIN, "", "刚性", "取消对社区工作的“一票否决”事项"),
        ("吉民议字〔2020〕16号", "吉民发〔2015〕44号", "刚性",
         "属于基层人民政府及其职能部门、街道办事处职责范围内的事项，不得转嫁给社区"),
        ("吉民议字〔2020〕16号", JILIN, "刚性",
         "各职能部门、企事业单位、社会组织职责范围内的证明核实事项不得要求社区出具证明"),
    } <= rows  # fmt: skip


def test_who_must_fund_what(world: World) -> None:
    money = re.compile("经费|资金|财政|补助|补贴|津贴")
    expected = {
        (s.norm.iri, bearer, counterparty)
        for s in world.norms
        if s.norm.modality in ("obligation", "target")
        and (s.norm.topic in ("funding", "pay") or money.search(s.norm.quote))
        for bearer in s.bearers
        for counterparty in s.counterparties
    }
    assert world.answer("who-funds-what", "norm", "bearer", "counterparty") == expected
    rows = world.answer("who-funds-what", "bearer", "counterparty", "provision", "words")
    assert {
        (
            "交办任务的部门",
            "基层群众性自治组织",
            "三（五）",
            "为基层群众性自治组织提供经费和必要工作条件",
        ),
        ("省财政", "社区工作者", "六（三）", "按照每人每月300元的标准对城市社区居委会成员进行补助"),
        ("省财政", "社区", "四（二）", "省财政继续按现行补助政策对城市社区工作经费给予补助"),
    } <= rows
