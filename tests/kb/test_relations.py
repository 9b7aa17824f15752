"""How norms stand to each other: written down with a ground, or found in the same words."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import product
from pathlib import Path

import pytest

from kb.instrument import Instrument
from kb.library import Library, load_library
from kb.relation_graph import relation_quads
from kb.relations import Relation, read_relations, same_wording
from kb.store import GraphStore
from ontology.issue import Issue
from tests.kb.annotated import annotated, entry, instrument, norm

JILIN, SHANDONG = "jl-jiminfa-2019-30", "sd-luminhan-2019-50"
OLD = "一、城区社区面积应当达到500平方米。\n二、甲应当报告，甲应当公开。\n"
NEW = "一、城区社区面积应当达到600平方米。\n二、乙应当每年报告一次工作情况。\n"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture
def texts(tmp_path: Path) -> tuple[Instrument, Instrument]:
    """An earlier and a later text."""
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    return (
        annotated(
            old,
            instrument(OLD, key="xx-1"),
            entry("sec_1__s_1", norm("城区社区面积应当达到500平方米"))
            + entry("sec_2__s_1", norm("甲应当报告"), norm("甲应当公开")),
        ),
        annotated(
            new,
            instrument(NEW, key="xx-2", day="2032-01-02"),
            entry("sec_1__s_1", norm("城区社区面积应当达到600平方米"))
            + entry("sec_2__s_1", norm("乙应当每年报告一次工作情况")),
        ),
    )


def relation(old: str = "达到500", provision: str = "一", key: str = "xx-1") -> str:
    return (
        "relations:\n"
        "- kind: revises-figure\n"
        "  from: {instrument: xx-2, provision: 一, quote: 达到600平方米}\n"
        f"  to: {{instrument: {key}, provision: {provision}, quote: {old}}}\n"
        "  ground: {zh: 由500改为600, en: from 500 to 600}\n"
        "  inference: true\n"
    )


def read(
    folder: Path, texts: tuple[Instrument, ...], text: str
) -> tuple[tuple[Relation, ...], list[Issue]]:
    path = folder / "relations.yaml"
    path.write_text(text, "utf-8")
    return read_relations(path, "kb/relations.yaml", texts)


def test_a_relation_names_norms_by_words_of_their_quotes(
    tmp_path: Path, texts: tuple[Instrument, Instrument]
) -> None:
    (found,), issues = read(tmp_path, texts, relation())
    assert issues == []
    assert (found.kind, found.inference, found.ground.zh) == (
        "revises-figure",
        True,
        "由500改为600",
    )
    assert found.subject == texts[1].norms[0]
    assert found.object == texts[0].norms[0]


def test_words_that_several_norms_have_relate_them_all(
    tmp_path: Path, texts: tuple[Instrument, Instrument]
) -> None:
    found, issues = read(tmp_path, texts, relation("甲应当", "二"))
    assert issues == []
    assert [r.object.quote for r in found] == ["甲应当报告", "甲应当公开"]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        (relation("达到501"), "kb/relations.yaml:4:40", "no norm of 一 has the words 达到501"),
        (relation("报告", "一"), "kb/relations.yaml:4:40", "no norm of 一 has the words 报告"),
        (relation(provision="九"), "kb/relations.yaml:4:3", "there is no xx-1 九"),
        (relation(key="xx-9"), "kb/relations.yaml:4:3", "there is no xx-9 一"),
        (relation().replace("to:", "too:"), "kb/relations.yaml:4:3", "unknown key relations.0.too"),
        (
            relation().replace("revises-figure", "revises"),
            "kb/relations.yaml:2:3",
            "relations.0.kind: Input should be",
        ),
    ],
)
def test_an_end_that_is_not_there_is_an_issue_at_its_line(
    tmp_path: Path, texts: tuple[Instrument, Instrument], text: str, where: str, message: str
) -> None:
    found, issues = read(tmp_path, texts, text)
    assert found == ()
    assert any(i.where == where and i.message.startswith(message) for i in issues), issues


def test_a_library_without_the_file_has_no_relations(tmp_path: Path) -> None:
    assert read_relations(tmp_path / "relations.yaml", "kb/relations.yaml", ()) == ((), [])


def test_the_same_words_are_found_spaces_and_marks_aside(tmp_path: Path) -> None:
    def one(key: str, day: str, words: str) -> Instrument:
        folder = tmp_path / key
        folder.mkdir()
        return annotated(
            folder,
            instrument(f"一、{words}。\n", key=key, day=day),
            entry("sec_1__s_1", norm(words)),
        )

    later = one("xx-1", "2032-01-02", "各实验区应 按时上报“年度实验计划”和总结")
    earlier = one("xx-2", "2031-01-02", "各实验区应按时上报年度实验计划和总结")
    other = one("xx-3", "2033-01-02", "街道办事处应当统一管理社区专职工作人员")
    (found,) = same_wording([later, earlier, other])
    # The later text first, whatever the order in which they are given.
    assert (found.subject, found.object) == (later.norms[0], earlier.norms[0])
    assert (found.kind, found.inference) == ("same-wording", False)


def test_what_is_found_is_what_comparing_every_pair_finds(library: Library) -> None:
    """Lengths and characters only spare comparisons; the ratio alone says what is alike."""

    def bare(words: str) -> str:
        return re.sub(r"\W", "", words)

    one, other = library.instrument(JILIN), library.instrument(SHANDONG)
    assert one is not None
    assert other is not None
    wanted = {
        (new.iri, old.iri)
        for new, old in product(other.norms, one.norms)
        if min(len(bare(new.quote)), len(bare(old.quote))) >= 8
        and re.findall(r"\d+", bare(new.quote)) == re.findall(r"\d+", bare(old.quote))
        and SequenceMatcher(None, bare(old.quote), bare(new.quote), False).ratio() >= 0.9
    }
    found = same_wording([one, other])
    assert {(r.subject.iri, r.object.iri) for r in found} == wanted
    assert wanted


def test_another_figure_is_not_the_same_wording(texts: tuple[Instrument, Instrument]) -> None:
    assert list(same_wording(texts)) == []


def test_the_twin_passages_of_the_two_zone_notices_are_found(library: Library) -> None:
    """吉民发〔2019〕30号 二, 四 and 鲁民函〔2019〕50号 一, 三 (issue 4, section 1)."""

    def section(norm_iri: str) -> tuple[str, str]:
        key, sentence = norm_iri.split("/")[-2:]
        return key, sentence.split("__s_")[0]

    found = {
        (section(r.subject.iri), section(r.object.iri))
        for r in same_wording(library.instruments)
        if {section(r.subject.iri)[0], section(r.object.iri)[0]} == {JILIN, SHANDONG}
    }
    assert {
        ((SHANDONG, "sec_1__sub_3"), (JILIN, "sec_2__dash_4")),
        ((SHANDONG, "sec_1__sub_4"), (JILIN, "sec_2__dash_5")),
        ((SHANDONG, "sec_3__sub_1"), (JILIN, "sec_4__sub_1")),
        ((SHANDONG, "sec_3__sub_2"), (JILIN, "sec_4__sub_3")),
        ((SHANDONG, "sec_3__sub_3"), (JILIN, "sec_4__sub_4")),
    } <= found


def test_texts_that_have_nothing_to_do_with_each_other_have_no_words_in_common(
    library: Library,
) -> None:
    """The opinion of 2010 and the notices on zones; 3,000 and 4,000 characters are not the same."""
    pairs = [(r.subject, r.object) for r in same_wording(library.instruments)]
    keys = [{norm_.iri.split("/")[-2] for norm_ in pair} for pair in pairs]
    assert {"jl-jizhengfa-2010-37", SHANDONG} not in keys
    assert {"jl-jizhengfa-2010-37", JILIN} not in keys
    assert not any("字" in norm_.quote for pair in pairs for norm_ in pair)


def test_a_relation_in_the_graph(tmp_path: Path, texts: tuple[Instrument, Instrument]) -> None:
    relations, _ = read(tmp_path, texts, relation())
    store = GraphStore("".join(f"{line}\n" for line in relation_quads(relations)).encode())
    assert store.graphs() == ["https://zhunru.example/graph/relations"]
    (row,) = store.select(
        """PREFIX zr: <https://zhunru.example/ns#>
        SELECT ?from ?to ?kind ?ground ?inferred WHERE {
          ?relation a zr:Relation ; zr:relationFrom ?from ; zr:relationTo ?to ;
                    zr:relationKind ?kind ; zr:relationGround ?ground ;
                    zr:inferredRelation ?inferred . FILTER(LANG(?ground) = "en") }"""
    )
    assert row == {
        "from": "https://zhunru.example/id/norm/xx-2/sec_1__s_1__n_1",
        "to": "https://zhunru.example/id/norm/xx-1/sec_1__s_1__n_1",
        "kind": "https://zhunru.example/id/code/relation-kinds/revises-figure",
        "ground": "from 500 to 600",
        "inferred": "true",
    }


def test_what_no_text_says_is_marked_as_inferred(library: Library) -> None:
    """No text repeals another in words, so what prevails is always inferred."""
    assert library.relations
    assert all(r.inference for r in library.relations if r.kind == "prevails-over")
