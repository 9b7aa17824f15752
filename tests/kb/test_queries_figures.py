"""Figures and counts, asked of the graph: computed here, and as written in the texts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.kb.world import JILIN, REPLY, World

OPINION = "吉政发〔2010〕37号"


def value(written: str) -> Decimal | None:
    return Decimal(written) if written else None


def test_every_figure_of_the_texts(world: World) -> None:
    expected = {
        (s.norm.iri, s.number, s.provision, q.measure.zh, q.comparison, q.unit, q.as_written,
         value(q.value or ""))
        for s in world.norms
        for q in s.norm.quantities
    }  # fmt: skip
    rows = world.answer(
        "figures", "norm", "number", "provision", "measure", "comparator", "unit", "as", "value"
    )
    assert {(*row[:-1], value(row[-1])) for row in rows} == expected


@pytest.mark.parametrize(
    ("number", "provision", "comparator", "figure", "unit", "words"),
    [
        (JILIN, "一（三）", "at-least", "50", "%", "达到50%"),
        (JILIN, "三（一）", "at-most", "9", "人", "5至9人"),
        (JILIN, "三（三）", "at-least", "30", "平方米", "不低于30平方米"),
        (OPINION, "六（一）", "at-least", "500", "平方米", "达到500平方米"),
        (OPINION, "六（三）", "is", "300", "元", "每人每月300元"),
        (OPINION, "六（三）", "at-least", "", "万元", "达到5□5万元"),
        ("吉民发〔2019〕30号", "四（二）", "at-least", "3000", "字", "不少于3000字"),
        ("鲁民函〔2019〕50号", "二（一）", "at-least", "4000", "字", "不少于 4000 字"),
    ],
)
def test_figures_as_the_texts_have_them(
    world: World,
    number: str,
    provision: str,
    comparator: str,
    figure: str,
    unit: str,
    words: str,
) -> None:
    rows = world.answer("figures", "number", "provision", "comparator", "value", "unit", "as")
    assert (number, provision, comparator, figure, unit, words) in rows


def test_a_figure_that_cannot_be_read_has_candidates_only(world: World) -> None:
    rows = world.answer("unreadable-figures", "number", "provision", "as", "candidate", "unit")
    assert rows == {(OPINION, "六（三）", "达到5□5万元", "5.5万元", "万元")}


def test_how_figures_changed_from_2010_to_2017(world: World) -> None:
    expected = set()
    for relation in world.library.relations:
        if relation.kind == "revises-figure":
            for norm in (relation.subject, relation.object):
                read = [q for q in norm.quantities if q.value is not None]
                expected |= {
                    (relation.ground.zh, norm.iri, q.measure.zh, value(q.value or "")) for q in read
                }
                expected |= {(relation.ground.zh, norm.iri, "", None)} if not read else set()
    rows = world.answer("figures-revised", "ground", "norm", "measure", "value")
    assert {(*row[:-1], value(row[-1])) for row in rows} == expected
    said = world.answer("figures-revised", "number", "provision", "comparator", "value", "unit")
    assert {
        (OPINION, "三（七）", "at-least", "10", "%"),
        (JILIN, "二（三）", "at-least", "13", "%"),
    } <= said


def test_targets_with_figures_and_their_deadlines(world: World) -> None:
    expected = {
        (s.norm.iri, q.measure.zh, s.norm.deadline.as_written if s.norm.deadline else "")
        for s in world.norms
        if s.norm.modality == "target"
        for q in s.norm.quantities
    }
    assert world.answer("targets-with-figures", "norm", "measure", "deadline") == expected
    rows = world.answer("targets-with-figures", "number", "value", "unit", "deadline", "by")
    assert {
        (JILIN, "13", "%", "到2020年", "2020"),
        (JILIN, "6000", "个", "到2020年", "2020"),
        # Literally the end of 2014.
        (OPINION, "500", "平方米", "2015年前", "2014"),
    } <= rows


def test_figures_of_the_zone_texts_side_by_side(world: World) -> None:
    rows = world.answer(
        "zone-figures-compared", "place", "comparator", "value", "unit", "provision"
    )
    assert {
        ("吉林省", "is", "2", "年", "四（二）"),
        ("山东省", "at-most", "2", "年", "二第一段"),
        ("吉林省", "at-least", "3000", "字", "四（二）"),
        ("山东省", "at-least", "4000", "字", "二（一）"),
        ("吉林省", "is", "3", "份", "四（二）"),
        ("山东省", "is", "3", "份", "二（三）"),
    } <= rows
    zones = {
        s.norm.iri
        for s in world.norms
        if s.norm.topic.startswith("zone-") and any(q.value is not None for q in s.norm.quantities)
    }
    assert {norm for (norm,) in world.answer("zone-figures-compared", "norm")} == zones


def test_totals_and_what_their_parts_add_up_to(world: World) -> None:
    """吉民议字〔2020〕16号 附件: 1,970 and 9,342 make 11,312; the other parts are not the whole."""
    found = world.answer("totals-of-observations", "total", "on", "whole", "sum", "rest")
    assert found == {
        ("城乡社区数", "2020-03", "11312", "11312", "0"),
        ("城市社区数（含乡镇社区）", "2020-03", "1970", "463", "1507"),
        ("村委会数", "2020-03", "9342", "8115", "1227"),
    }
    parts = {
        frozenset(parts.split("；"))
        for total, parts in world.answer("totals-of-observations", "total", "parts")
        if total == "城乡社区数"
    }
    assert parts == {frozenset({"城市社区数（含乡镇社区）", "村委会数"})}
    told = {o.value for i in world.library.instruments if i.number == REPLY
            for a in i.accounts for o in a.observations}  # fmt: skip
    assert {"11312", "1970", "463", "9342", "8115"} <= told
