"""Norms of the texts, asked of the graph: computed here from the library, and as written there."""

from __future__ import annotations

from collections import Counter

import pytest

from kb.query import bind, load
from ontology.label import Label
from tests.kb.world import World, zh


def text(label: Label | None) -> str:
    return label.zh if label else ""


@pytest.mark.parametrize(
    ("key", "label"),
    [("jl-jifa-2017-36", "三（五）"), ("jl-jiminyizi-2020-16", "附件四"),
     ("sd-luminhan-2019-50", "二（二）")],
)  # fmt: skip
def test_the_norms_of_a_provision_in_the_order_of_the_text(
    world: World, key: str, label: str
) -> None:
    found = world.store.select(
        bind(load("norms-of-provision"), {"instrument": key, "label": label})
    )
    expected = [s for s in world.norms if s.instrument.key == key and s.provision == label]
    assert [row["norm"] for row in found] == [
        s.norm.iri
        for s in sorted(expected, key=lambda s: (s.norm.span[0], int(s.norm.id.split("_")[-1])))
    ]
    by_iri = {s.norm.iri: s for s in expected}
    for row in found:
        stated = by_iri[row["norm"]]
        norm = stated.norm
        assert (row["modality"], row["strength"]) == (
            stated.modality,
            zh("strengths", norm.strength),
        )
        assert set(row["bearers"].split("；")) == set(stated.bearers)
        assert set(row.get("counterparties", "").split("；")) == set(stated.counterparties)
        assert (row["action"], row["words"]) == (norm.action.zh, norm.quote)
        assert row.get("condition", "") == text(norm.condition)
        assert row.get("exception", "") == text(norm.exception)


def test_three_five_forbids_two_things_and_cancels_one(world: World) -> None:
    rows = world.answer("norms-of-provision", "modality", "words")
    assert {
        ("禁止", "应当由基层政府履行的法定职责，不得要求基层群众性自治组织承担"),
        ("禁止", "各职能部门不再单独组织考核评比活动"),
        ("义务", "取消对社区工作的“一票否决”事项"),
    } <= rows


@pytest.mark.parametrize("topic", ["workload-reduction", "pay", "zone-application", "elderly"])
def test_norms_of_a_topic(world: World, topic: str) -> None:
    expected = {
        (s.norm.iri, s.number, s.provision, s.modality, zh("norm-checks", s.norm.check))
        for s in world.norms
        if s.norm.topic == topic
    }
    found = world.answer(
        "norms-of-topic", "norm", "number", "provision", "modality", "check", topic=topic
    )
    assert found == expected != set()


def test_norms_are_counted_by_topic_by_kind_and_by_check(world: World) -> None:
    topics = Counter((zh("norm-topics", s.norm.topic), s.number) for s in world.norms)
    assert world.answer("norms-by-topic", "topic", "number", "norms") == {
        (topic, number, str(count)) for (topic, number), count in topics.items()
    }
    kinds = Counter((s.number, s.modality) for s in world.norms)
    assert world.answer("norms-by-modality", "number", "modality", "norms") == {
        (number, modality, str(count)) for (number, modality), count in kinds.items()
    }
    checks = Counter((s.number, zh("norm-checks", s.norm.check)) for s in world.norms)
    assert world.answer("norms-by-check", "number", "check", "norms") == {
        (number, check, str(count)) for (number, check), count in checks.items()
    }


def test_permissions_and_recommendations_by_topic(world: World) -> None:
    expected = {
        (s.norm.iri, zh("norm-topics", s.norm.topic), s.modality, bearer)
        for s in world.norms
        if s.norm.modality in ("permission", "recommendation")
        for bearer in s.bearers
    }
    rows = world.answer("permissions-and-recommendations", "norm", "topic", "modality", "bearer")
    assert rows == expected
    # Each topic of the two Shandong annexes is one permission: 22 and 10 of them.
    offered = {
        provision
        for number, provision, modality in world.answer(
            "permissions-and-recommendations", "number", "provision", "modality"
        )
        if number == "鲁民函〔2019〕50号" and modality == "许可"
    }
    assert sum(p.startswith("附件1（") for p in offered) == 22
    assert sum(p.startswith("附件2（") for p in offered) == 10


def test_norms_that_hold_in_principle(world: World) -> None:
    expected = {s for s in world.norms if s.norm.strength == "in-principle"}
    rows = world.answer("in-principle-norms", "norm", "modality", "doubt")
    assert rows == {(s.norm.iri, s.modality, text(s.norm.doubt)) for s in expected}
    assert {("社区居民委员会一般配置5至9人",), ("实验周期一般不超过 2 年",)} <= world.answer(
        "in-principle-norms", "words"
    )


def test_norms_with_a_condition_or_an_exception(world: World) -> None:
    expected = {
        (s.norm.iri, text(s.norm.condition), text(s.norm.exception))
        for s in world.norms
        if s.norm.condition or s.norm.exception
    }
    assert world.answer("norms-with-condition", "norm", "condition", "exception") == expected


def test_norms_in_doubt(world: World) -> None:
    expected = {(s.norm.iri, text(s.norm.doubt)) for s in world.norms if s.norm.doubt}
    assert world.answer("norms-with-doubt", "norm", "doubt") == expected
