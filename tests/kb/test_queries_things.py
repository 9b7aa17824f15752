"""Places, bodies, zones and terms, asked of the graph: as the texts and dated codes have them."""

from __future__ import annotations

from kb.query import bind, load
from tests.kb.world import World


def test_places_that_were_recoded_or_renamed(world: World) -> None:
    """公主岭 passed from 四平 to 长春 in 2020, 九台 became a district; 八道江 was renamed."""
    assert world.answer("places-recoded", "code", "names", "successorCode", "successors") == {
        ("220181", "吉林省长春市九台市", "220113", "吉林省长春市九台区"),
        ("220381", "吉林省四平市公主岭市", "220184", "吉林省长春市公主岭市"),
        ("220625", "吉林省白山市江源县", "220605", "吉林省白山市江源区"),
        ("220724", "吉林省松原市扶余县", "220781", "吉林省松原市扶余市"),
    }
    renamed = {
        (code, frozenset(names.split("、")))
        for code, names in world.answer("places-renamed", "code", "names")
    }
    assert renamed == {("220602", frozenset({"吉林省白山市八道江区", "吉林省白山市浑江区"}))}
    # 莱芜 became part of 济南 at the end of 2018.
    assert ("371202", "370116") in world.answer(
        "places-recoded", "code", "successorCode", place="37"
    )


def test_bodies_stand_under_their_most_special_class(world: World) -> None:
    """Inferred from level and field; 民政部 is the civil affairs department of the centre."""
    found = world.answer("bodies-by-level", "level", "name", "kind", "instruments")
    assert {row[:3] for row in found} >= {
        ("中央", "中共中央", "党中央"),
        ("中央", "民政部", "国务院民政部门"),
        ("省级", "中共吉林省委", "省委"),
        ("省级", "吉林省民政厅", "省民政厅"),
        ("省级", "山东省人民政府", "省人民政府"),
    }
    made = {name: int(count) for _, name, _, count in found}
    names = [a.name for i in world.library.instruments for a in i.authorities]
    assert made == {name: names.count(name) for name in made}


def test_what_an_instrument_names_is_in_its_words(world: World) -> None:
    instrument = world.instrument("jl-jiminfa-2019-30")
    rows = world.answer(
        "named-in-provisions", "provision", "name", "words", instrument=instrument.key
    )
    for label, _, words in rows:
        provision = instrument.provision(label)
        assert provision is not None
        assert words in provision.text + provision.heading
    assert ("三（四）", "社区印章使用范围清单", "社区印章使用范围清单") in rows
    assert ("四（二）", "市（州）民政局", "市州民政局") in rows


def test_zone_programmes_of_two_provinces(world: World) -> None:
    """吉民发〔2019〕30号 四（二）（三） and 鲁民函〔2019〕50号 二, 三（二）."""
    steps = world.answer("zone-programmes-compared", "place", "kind", "actor", "due", "provision")
    assert ("吉林省", "审核评审环节", "市（州）民政局", "每年的9月底前", "四（二）") in steps
    assert ("山东省", "审核评审环节", "市（州）民政局", "6 月 30 日前", "二（一）") in steps
    assert {kind for _, kind, _, _, _ in steps} == {
        "申报环节",
        "审核评审环节",
        "确认环节",
        "管理环节",
    }
    papers = world.answer(
        "zone-requirements-compared", "place", "years", "maximum", "paper", "characters", "copies"
    )
    assert papers == {
        ("吉林省", "2", "false", "申请文件", "", "3"),
        ("吉林省", "2", "false", "实验方案", "3000", "3"),
        ("吉林省", "2", "false", "市州审核意见", "", "3"),
        ("山东省", "2", "true", "实验方案", "4000", "3"),
        ("山东省", "2", "true", "申报表", "", "3"),
        ("山东省", "2", "true", "本级审核意见", "", "3"),
    }


def test_the_counts_that_the_reply_reports(world: World) -> None:
    found = world.answer("reported-counts", "indicator", "place", "on", "number", "total")
    dated = {row for row in found if row[2] == "2020-03"}
    assert dated == {
        ("城乡社区数", "吉林省", "2020-03", "11312", ""),
        ("城市社区数（含乡镇社区）", "吉林省", "2020-03", "1970", "城乡社区数"),
        ("乡镇社区数", "吉林省", "2020-03", "463", "城市社区数（含乡镇社区）"),
        ("村委会数", "吉林省", "2020-03", "9342", "城乡社区数"),
        ("农村社区数", "吉林省", "2020-03", "8115", "村委会数"),
    }
    # 600余名 of the report meetings has no day in the text.
    assert [row[2] for row in found if row[3] == "600"] == [""]


def test_terms_without_a_counterpart_are_really_our_own(world: World) -> None:
    found = {term.rsplit("#", 1)[1] for (term,) in world.answer("terms-without-alignment", "term")}
    assert found >= {"Seal", "Signboard", "Ledger", "ExperimentalZone"}
    assert not found & {
        "Instrument",
        "Provision",
        "ResidentsCommittee",
        "Certificate",
        "Post",
        "Rule",
    }


def test_posts_with_the_bodies_they_are_in(world: World) -> None:
    """吉发〔2017〕36号 一（一）, 三（一）, 三（四）; 吉政发〔2010〕37号 二（三）."""
    rows = world.answer("posts", "post", "body", "number", "provision")
    assert {
        ("第一书记", "基层党组织", "吉发〔2017〕36号", "一（一）"),
        ("社区专职工作人员", "机构", "吉发〔2017〕36号", "三（一）"),
        ("居（村）民委员会主任", "基层群众性自治组织", "吉发〔2017〕36号", "三（四）"),
        ("服务中心主任", "公共事务服务中心", "吉政发〔2010〕37号", "二（三）"),
    } <= rows
    # The texts name the grid, not who works in it.
    assert {row for row in rows if row[0] == "网格员"} == {("网格员", "机构", "", "")}


def test_topics_by_kind_of_community_are_the_annexes_in_order(world: World) -> None:
    instrument = world.instrument("sd-luminhan-2019-50")
    for kind, annex in (("urban", "附件1（"), ("rural", "附件2（")):
        rows = world.store.select(bind(load("zone-topics"), {"type": kind}))
        assert [row["provision"] for row in rows] == [
            p.label for p in instrument.provisions if p.label.startswith(annex)
        ]
        assert {row["place"] for row in rows} == {"山东省"}
