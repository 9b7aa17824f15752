"""Text → tree → text, and what the tree of an official document says (GB/T 9704-2012)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import library
from kb.frame import Given
from kb.text import parse
from kb.tree import Node, Tree, unparse, walk

COMPOSED = Path(__file__).parent / "texts"
HELD = sorted((Path(library.__file__).parent / "texts").glob("*/*/text.txt"))

# Pieces that the parser acts upon, so that random texts reach its branches.
_NUMERALS = st.text("一二三四五六七八九十百千零〇○", min_size=1, max_size=4)
_FIGURES = st.text("0123456789０１９", min_size=1, max_size=4)
_ANY_NUMBER = _NUMERALS | _FIGURES
_MARKS = st.one_of(
    st.builds("第{}{}".format, _ANY_NUMBER, st.sampled_from(["编", "章", "节", "条", "条之一"])),
    st.builds("{}{}".format, _ANY_NUMBER, st.sampled_from(["、", ".", "．", ")", "）"])),
    st.builds("{1}{0}{2}".format, _ANY_NUMBER, st.sampled_from("（("), st.sampled_from("）)")),
    st.sampled_from(
        ["——", "--", "- ", "# ", "**", "①", "⑳", "---", "|", "附件", "附件1：", "附："]
    ),
)
_WORDS = st.sampled_from(
    [
        "推进社区减负增效。",
        "各县（市、区）依据清单；",
        "关于某事的通知",
        "吉民发〔2019〕30号",
        "吉林省民政厅",
        "2019年4月30日",
        "二○一○年十二月二十一日",
        "各市民政局：",
        "索引号:",
        "目录",
        "（试行）",
        "此复。",
        "联系人：（略）",
        "抄送：",
        "“成熟一个。”",
        "《意见",
        "第三条规定的",
        "实\n\n践",
    ]
)
_SPACE = st.sampled_from(
    ["", " ", "  ", "\n", "\r\n", "\r", "\n\n", "\u3000\u3000", "\xa0", "\t", "\ufeff"]
)
_DOCUMENTS = st.lists(_MARKS | _WORDS | _SPACE | st.text(max_size=6), max_size=40).map("".join)


def _check(text: str, tree: Tree) -> None:
    """Whatever the text: the tree gives it back, its parts tile it, its names are unique."""
    assert unparse(tree.root) == text
    nodes = list(walk(tree.root))
    for node in nodes:
        assert text[node.start : node.start + len(node.own)] == node.own
        assert text[node.start : node.end] == unparse(node)
        spans = [span for span in (node.heading, node.body) if span]
        for first, last in spans:
            assert node.start <= first < last <= node.start + len(node.own)
            assert text[first:last].strip() == text[first:last]
        words = "".join("".join(text[slice(*s)].split()) for s in node.sentences)
        assert words == "".join((text[slice(*node.body)] if node.body else "").split())
    eids = [node.eid for node in nodes]
    assert len(set(eids)) == len(eids)
    labels = [node.label for node in nodes if node.label]
    assert len(set(labels)) == len(labels)


@given(_DOCUMENTS | st.text())
def test_any_text_parses_and_comes_back_unchanged(text: str) -> None:
    _check(text, parse(text))


@given(_DOCUMENTS, st.integers(0, 200), st.sampled_from(["annex", "title", "text", "note"]))
def test_recorded_roles_change_nothing_of_that(text: str, offset: int, role: str) -> None:
    tree = parse(text, {offset: Given(role, 1, "recorded")})  # type: ignore[arg-type]
    _check(text, tree)


@pytest.mark.parametrize("path", HELD, ids=lambda p: p.parent.name)
def test_the_held_texts_come_back_byte_for_byte(path: Path) -> None:
    source = path.read_bytes()
    tree = parse(source.decode("utf-8"))
    _check(source.decode("utf-8"), tree)
    assert unparse(tree.root).encode() == source


def _tree(name: str) -> tuple[str, Tree]:
    text = (COMPOSED / name).read_text("utf-8")
    tree = parse(text)
    _check(text, tree)
    return text, tree


def _labels(tree: Tree, *levels: str) -> list[str]:
    return [n.label for n in walk(tree.root) if n.level in levels]


def _levels(tree: Tree) -> list[str]:
    return [node.level for node in tree.root.children]


def _words(text: str, node: Node) -> tuple[str, str]:
    return (
        text[slice(*node.heading)] if node.heading else "",
        text[slice(*node.body)] if node.body else "",
    )


def _at(tree: Tree, label: str) -> Node:
    return next(node for node in walk(tree.root) if node.label == label)


def test_a_regulation_is_chapters_articles_paragraphs_items() -> None:
    # 立法技术规范: 条下设款、项、目; articles are numbered through all chapters.
    text, tree = _tree("regulation.txt")
    assert _levels(tree)[:3] == ["title", "enactment", "contents"]
    assert _labels(tree, "chapter", "division") == [
        "第一章",
        "第二章",
        "第二章第一节",
        "第二章第二节",
        "第三章",
    ]
    assert _labels(tree, "article") == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
        "第四条之一",
        "第五条",
        "第六条",
        "第七条",
    ]
    assert _words(text, _at(tree, "第三条第二款"))[1] == "前款规定的原则同样适用于街道办事处。"
    assert _words(text, _at(tree, "第三条第一款第（二）项第2目"))[1] == "减少会议；"
    assert _at(tree, "第四条之一").eid == "art_4-1"
    assert _at(tree, "第三条第一款第（二）项第2目").eid == "art_3__para_1__item_2__subitem_2"
    assert _words(text, _at(tree, "第四条"))[0] == "【申请】"
    # A sentence that begins with 第三条规定的 is no article.
    assert "第三条规定的原则是审核的依据" in _words(text, _at(tree, "第五条第一款"))[1]
    assert tree.remarks == ()


def test_the_table_of_contents_is_not_the_chapters_themselves() -> None:
    text, tree = _tree("regulation.txt")
    contents = [n for n in walk(tree.root) if n.level == "contents"]
    assert [text[slice(*n.body)] for n in contents if n.body][-1] == "第三章　附则"
    assert len(contents) == 6


def test_a_forwarding_notice_has_its_measures_as_annexes() -> None:
    text, tree = _tree("forwarding-notice.txt")
    assert _levels(tree) == [
        "letterhead",
        "number",
        "title",
        "title",
        "addressee",
        "body",
        "attachments",
        "attachment",
        "signature",
        "date",
        "note",
        "annex",
        "annex",
        "note",
        "note",
    ]
    # Tight setting (第一条为加强…) and a single paragraph, whose items need no 第一款.
    assert _words(text, _at(tree, "附件1第一条第一款"))[1].startswith("为加强社区工作者")
    assert _words(text, _at(tree, "附件1第二条第（二）项"))[1] == "社区居民委员会成员。"
    assert _at(tree, "附件1第一百二十三条").number == 123
    assert [r.message for r in tree.remarks] == ["第四条、第五条、第六条、第七条、第八条…… missing"]


def test_an_opinion_nests_its_marks_in_whatever_form_they_are_written() -> None:
    text, tree = _tree("nested-opinion.txt")
    assert _words(text, _at(tree, "一（一）")) == (
        "指导思想。",
        "坚持以人民为中心，着力为基层减负。",
    )
    # A heading without a stop, its text in the next line.
    assert _words(text, _at(tree, "一（二）")) == ("工作目标", "")
    # 1.5倍 is a figure, not mark 1; 3、 and （1） and ① follow each other down.
    assert _words(text, _at(tree, "一（二）2"))[1] == "村级组织机制牌子精简1.5倍以上；"
    assert _words(text, _at(tree, "一（二）3（2）①"))[1] == "亲属关系；"
    assert _at(tree, "一（二）3（2）①").eid == "sec_1__sub_2__item_3__subitem_2__circle_1"
    assert _words(text, _at(tree, "三第二点")) == (
        "规范证明事项。",
        "凡无法律依据的，不得要求村级组织出具证明。",
    )
    assert [text[slice(*s)] for s in _at(tree, "三（一）").sentences] == [
        "未经准入的事项，村级组织有权拒绝！",
        "谁来审核？",
        "由县委、县政府“统一审核。统一下达。”",
        "各部门不得自行下达；",
        "违者通报。",
    ]
    # 四、组织实施 heads the paragraph after it, which therefore does not close the whole.
    assert _words(text, _at(tree, "四第一段"))[1] == "各乡镇要结合实际制定方案。"


def test_missing_and_repeated_numbers_are_remarks_with_their_place() -> None:
    text, tree = _tree("nested-opinion.txt")
    assert [(text[r.offset :][:4], r.message) for r in tree.remarks] == [
        ("三、重点", "二 missing"),
        ("（三）落", "（二） missing"),
        ("（三）强", "（三） comes after （三）"),
    ]
    assert _at(tree, "三（三）[2]").eid == "sec_3__sub_3.2"


def test_numbering_that_restarts_keeps_every_part_apart() -> None:
    _, tree = _tree("restarting.txt")
    assert _labels(tree, "section", "item") == [
        "一", "一1", "一2", "一1[2]", "一4", "二", "一[2]", "二[2]",
    ]  # fmt: skip
    assert [r.message for r in tree.remarks] == [
        "1 comes after 2",
        "2、3 missing",
        "一 comes after 二",
    ]
    assert _levels(tree)[-3:] == ["contact", "signature", "date"]


def test_a_reply_to_a_request_has_its_frame() -> None:
    text, tree = _tree("approval.txt")
    assert _levels(tree) == [
        "title", "number", "addressee", "preface", "section", "section", "section", "closing",
        "signature", "date",
    ]  # fmt: skip
    assert _words(text, _at(tree, "二")) == ("", "实验周期为2年，自批复之日起计算。")
    assert _words(text, _at(tree, "结语第一段"))[1] == "此复。"


def test_an_annex_without_label_is_known_by_its_place() -> None:
    text = (
        "关于印发办法的通知\n\n各市：\n现印发办法。\n\n某厅\n2031年1月1日\n\n某办法\n第一条 甲。\n"
    )
    tree = parse(text)
    annex = tree.find("annex")
    assert annex is not None
    assert annex.inferred == "a title stands after the signature and date"
    assert _labels(tree, "article") == ["附件第一条"]
    assert "without its label" in tree.remarks[0].message


def test_a_hard_line_break_does_not_part_a_paragraph() -> None:
    # CommonMark 0.31, 6.7: two spaces at the end of a line.
    tree = parse("联系人：（略），邮箱：  \n（略）。\n1. 甲；  \n2. 乙。\n")
    assert [n.level for n in walk(tree.root)][1:] == ["contact", "item", "item"]


def test_articles_grouped_under_sections_stay_numbered_through() -> None:
    # Judicial interpretations: 一、管辖 heads articles, unlike 一、 within an article.
    text, tree = _tree("interpretation.txt")
    assert _levels(tree) == [
        "title",
        "enactment",
        "enactment",
        "rule",
        "preface",
        "section",
        "section",
    ]
    assert [_words(text, _at(tree, label))[0] for label in ("一", "二")] == ["管辖", "期间"]
    assert _at(tree, "第二条").eid == "art_2"
    assert tree.remarks == ()


def test_a_list_that_a_paragraph_interrupts_goes_on() -> None:
    text, tree = _tree("interpretation.txt")
    item = _at(tree, "第一条第一款第（二）项")
    assert [_words(text, child)[1] for child in item.children] == [
        "案件在本辖区有重大影响的，另行处理。"
    ]
    assert _at(tree, "第一条第一款第（三）项").eid == "art_1__para_1__item_3"
    assert _words(text, _at(tree, "第一条第二款"))[1] == "前款所称案件，不包括执行案件。"
