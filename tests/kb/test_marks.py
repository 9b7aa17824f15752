"""Marks of official documents: 一、 （一） 1. （1） (GB/T 9704-2012, 7.3.3), 第…条 (laws)."""

from __future__ import annotations

import pytest

from kb.marks import read


@pytest.mark.parametrize(
    ("line", "style", "number"),
    [
        ("一、指导思想", "section", 1),
        ("十二．其他", "section", 12),
        ("（五）推进社区减负增效。", "subsection", 5),
        ("(十三) 探索居民参与", "subsection", 13),
        ("1.坚持以人为本", "item", 1),
        ("２．坚持", "item", 2),
        ("3、坚持", "item", 3),
        ("（1）实验背景", "subitem", 1),
        ("2）实验主题", "bracket", 2),
        ("③婚姻状况", "circle", 3),
        ("——坚持党的领导", "dash", None),
        ("第一章　总则", "chapter", 1),
        ("第二节 程序", "division", 2),
        ("第一百二十三条　本办法", "article", 123),
        ("第3条 本办法", "article", 3),
        ("第一编 通则", "part", 1),
        ("第二分编 合同", "subpart", 2),
    ],
)
def test_marks_are_read(line: str, style: str, number: int | None) -> None:
    mark = read(line)
    assert mark is not None
    assert (mark.style, mark.number) == (style, number)
    assert line[mark.length :].strip() == line[mark.length :]


@pytest.mark.parametrize(
    "line",
    [
        "1.5倍以上",
        "10．5万元",
        "2019年4月30日",
        "一、二、三产业融合",
        "1、2、3号楼",
        "（二○一七年十二月八日）",
        "（略）",
        "（2018年2月2日刊发）",
        "一是列入预算",
        "—坚持",
        "---",
        "第一批清单",
    ],
)
def test_figures_and_words_are_no_marks(line: str) -> None:
    assert read(line) is None


def test_an_article_put_in_later_keeps_its_number() -> None:
    mark = read("第十条之一　紧急事项")
    assert mark is not None
    assert (mark.number, mark.inserted) == (10, 1)


def test_a_mark_that_may_begin_a_sentence_says_so() -> None:
    tight, apart = read("第三条规定的原则"), read("第三条　本办法")
    assert tight is not None
    assert apart is not None
    assert (tight.apart, apart.apart) == (False, True)
