"""Relations, zones and mentions, asked of the graph: computed here, and as written in the texts."""

from __future__ import annotations

import pytest
from rdflib import Graph

from kb.instrument import Instrument
from kb.mentions import Mention, mentions, names_of
from kb.relations import Relation, RelationKind, same_wording
from ontology.ids import body_iri, code_iri, instrument_iri
from ontology.validate import CONTENT, read
from tests.kb.world import JILIN, REPLY, World

ZONES = ("jl-jiminfa-2019-30", "sd-luminhan-2019-50")
Pairs = set[tuple[str, ...]]


@pytest.fixture(scope="module")
def words() -> Graph:
    return read(CONTENT)


def pairs(relations: list[Relation]) -> Pairs:
    return {(r.subject.iri, r.object.iri, r.ground.zh) for r in relations}


def related(world: World, kind: RelationKind) -> list[Relation]:
    return [r for r in world.library.relations if r.kind == kind]


def test_norms_in_tension_with_the_reason(world: World) -> None:
    found = world.answer("norms-in-tension", "norm", "other", "ground")
    assert found == pairs(related(world, "in-tension"))
    rows = world.answer("norms-in-tension", "number", "provision", "otherNumber", "otherProvision")
    assert {
        (JILIN, "三（三）", "吉政发〔2010〕37号", "六（一）"),  # 30 and 500 square metres
        (JILIN, "一（二）", REPLY, "附件四"),  # lists of counties and of prefectures
        ("吉民发〔2019〕30号", "三（一）", JILIN, "一（四）"),  # 三社
    } <= rows


def test_what_prevails_is_an_inference_with_its_ground(world: World) -> None:
    """No text repeals another in words."""
    found = world.answer("prevails-over", "norm", "other", "ground", "inferred")
    assert found == {(*pair, "true") for pair in pairs(related(world, "prevails-over"))}
    rows = world.answer("prevails-over", "number", "provision", "otherNumber", "otherProvision")
    assert (JILIN, "三（五）", REPLY, "附件四") in rows


@pytest.mark.parametrize("kind", ["implements", "reports", "revises-figure", "in-tension"])
def test_relations_of_a_kind(world: World, kind: RelationKind) -> None:
    expected = {
        (r.subject.iri, r.object.iri, r.ground.zh, str(r.inference).lower())
        for r in related(world, kind)
    }
    found = world.answer("relations-of-kind", "norm", "other", "ground", "inferred", kind=kind)
    assert found == expected != set()


def test_norms_in_the_same_words(world: World) -> None:
    found = list(same_wording(world.library.instruments))
    rows = world.answer("same-wording", "norm", "other")
    assert rows == {(r.subject.iri, r.object.iri) for r in found}
    said = world.answer("same-wording", "number", "provision", "otherNumber", "otherProvision")
    assert ("鲁民函〔2019〕50号", "三（二）", "吉民发〔2019〕30号", "四（三）") in said


def test_two_zone_texts_point_by_point(world: World) -> None:
    """Every norm of either about zones, once for each relation to the other or once alone."""
    one, other = ({s.norm.iri for s in world.norms if s.instrument.key == key} for key in ZONES)
    about = {s.norm.iri for s in world.norms if s.norm.topic.startswith("zone-")}
    twins = same_wording(world.library.instruments)
    between = {
        (r.subject.iri, r.object.iri) if r.subject.iri in one else (r.object.iri, r.subject.iri)
        for r in [*world.library.relations, *twins]
        if {r.subject.iri, r.object.iri} <= one | other
        and len({r.subject.iri, r.object.iri} & one) == 1
    }
    left, right = {a for a, _ in between}, {b for _, b in between}
    expected = {(a, b) for a, b in between if a in about}
    expected |= {(a, "") for a in (one & about) - left} | {("", b) for b in (other & about) - right}
    assert world.answer("zones-point-by-point", "norm", "counterpart") == expected
    compared = world.answer("zones-point-by-point", "relation", "words", "otherWords")
    assert {
        ("不一致", "实验周期为2年", "实验周期一般不超过 2 年"),
        ("文字相同", "制定实施计划和工作方案", "制定实施计划和工作方案"),
        ("", "", "两次评审均未通过的申报单位不得再以原有实验主题参与申报"),
        ("", "已被民政部列为全国实验区的单位不再申报省级实验区", ""),
    } <= compared
    # The same the other way round.
    back = world.answer(
        "zones-point-by-point", "counterpart", "norm", instrument=ZONES[1], other=ZONES[0]
    )
    assert {row for row in back if all(row)} == {(a, b) for a, b in between if b in about}


def test_norms_that_a_text_only_reports(world: World) -> None:
    expected = set()
    for stated in world.norms:
        if stated.norm.source:
            source = world.instrument(stated.norm.source)
            row = (stated.norm.iri, source.number or "", str(source.held).lower())
            expected.add(row)
    assert world.answer("norms-reported", "norm", "of", "held") == expected
    rows = world.answer("norms-reported", "of", "held", "words")
    assert {
        ("吉办发〔2019〕43号", "false", "严格实行权责清单和准入制度"),
        # The reply ascribes it to a text that is held, and whose print does not have it.
        (JILIN, "true", "对法律法规有明确规定且社区有能力提供证明的，方可使用社区印章"),
    } <= rows
    rules = {
        rule
        for words, found in world.answer("norms-reported", "words", "rules")
        if words.startswith("属于基层人民政府及其职能部门")
        for rule in found.split()
    }
    assert "jl-2015-44.duties" in rules


def test_norms_that_name_what_is_not_held(world: World, words: Graph) -> None:
    """The words of the norm itself; a law inside the title of another text is not named."""
    starts = {
        (i.key, s.id): s.span[0]
        for i in world.library.instruments
        for p in i.provisions
        for s in p.sentences
    }
    titles = {i.iri: i.title for i in world.library.instruments if not i.held}
    expected = set()
    for instrument, mention in mentioned(world, words):
        at = starts[instrument.key, mention.sentence] + mention.at
        expected |= {
            (norm.iri, titles[mention.names])
            for norm in instrument.norms
            if mention.names in titles and norm.span[0] <= at < norm.span[1]
        }
    assert world.answer("norms-naming-instruments-not-held", "norm", "title") == expected
    rows = world.answer("norms-naming-instruments-not-held", "provision", "title")
    assert ("二（四）", "中华人民共和国村民委员会组织法") in rows
    assert ("二（四）", "中华人民共和国城市居民委员会组织法") not in rows


def mentioned(world: World, words: Graph) -> list[tuple[Instrument, Mention]]:
    return [
        (i, mention)
        for i in world.library.instruments
        if i.held
        for mention in mentions(i, names_of(world.library, words, i.jurisdiction))
    ]


def test_what_only_one_document_names(world: World, words: Graph) -> None:
    where: dict[str, set[tuple[str, str]]] = {}
    for instrument, mention in mentioned(world, words):
        where.setdefault(mention.names, set()).add((instrument.number or "", mention.sentence))
    expected = {
        (thing, next(iter({number for number, _ in places})), str(len(places)))
        for thing, places in where.items()
        if len({number for number, _ in places}) == 1
    }
    rows = world.answer("named-in-one-document", "thing", "number", "sentences")
    assert rows == expected
    named = {
        (name, number) for name, number in world.answer("named-in-one-document", "name", "number")
    }
    assert {
        ("第一书记", JILIN),
        ("大学生主任助理", "吉政发〔2010〕37号"),
        ("关于提高全省社区工作者待遇的意见的通知", REPLY),
        ("山东省民政厅", "鲁民函〔2019〕50号"),
    } <= named


def test_sentences_that_name_something(world: World, words: Graph) -> None:
    shandong, jilin = body_iri("sd-civil-affairs"), body_iri("jl-civil-affairs")
    rows = world.answer("mentions-of-name", "name", "number", "sentence")
    named = {name for name, _, _ in rows}
    assert {"吉林省民政厅", "山东省民政厅"} <= named
    expected = {
        (f"{i.iri}/{mention.sentence}",)
        for i, mention in mentioned(world, words)
        if mention.names in (shandong, jilin)
    }
    assert {(s,) for name, _, s in rows if name in ("吉林省民政厅", "山东省民政厅")} == expected
    posts = world.answer("mentions-of-name", "number", "provision", "thing", part="第一书记")
    assert posts == {(JILIN, "一（一）", code_iri("posts", "first-secretary"))}
    cited = world.answer("mentions-of-name", "number", "thing", part="城市居民委员会组织法")
    assert (REPLY, instrument_iri("cn-residents-committee-law")) in cited
