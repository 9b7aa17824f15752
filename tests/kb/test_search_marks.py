"""Places and snippets: characters of the text as it is written."""

from __future__ import annotations

from kb.search_marks import WIDTH, marks, shown, snippet
from kb.search_query import read_search
from kb.search_texts import Text

WRITTEN = "見《意見》（中發〔２０１７〕13號），社區工作事項清單約５㎡。"


def marked(search: str, text: str) -> list[str]:
    return [text[start:end] for start, end in marks(read_search(search), text)]


def test_places_are_those_of_the_text_as_it_is_written() -> None:
    assert marked("中发〔2017〕13号", WRITTEN) == ["中發〔２０１７〕13號"]
    assert marked("社区 清单 NOT 村", WRITTEN) == ["社區", "清單"]
    assert marked("意见", WRITTEN) == ["意見"]
    assert marked("5m2", WRITTEN) == ["５㎡"]
    assert marked("2017 OR 13", WRITTEN) == ["２０１７", "13"]
    assert marked("村", WRITTEN) == []


def test_places_that_overlap_are_one() -> None:
    assert marked("社区工作 OR 工作事项", WRITTEN) == ["社區工作事項"]
    assert marked("人人", "人人人") == ["人人人"]
    assert marked("人 OR 民", "人民") == ["人", "民"]


def test_a_short_text_is_shown_whole() -> None:
    found = snippet(WRITTEN, marks(read_search("社区"), WRITTEN))
    assert (found.text, found.start, found.before, found.after) == (WRITTEN, 0, False, False)
    assert found.written("[", "]").endswith("，[社區]工作事項清單約５㎡。")


def test_of_a_long_text_is_shown_where_most_of_it_is() -> None:
    text = "社区" + "甲" * 200 + "社区乙清单" + "丙" * 200
    found = snippet(text, marks(read_search("社区 清单"), text))
    assert len(found.text) == WIDTH
    assert found.text == text[found.start : found.start + WIDTH]
    assert [found.text[s:e] for s, e in found.marks] == ["社区", "清单"]
    assert found.written("[", "]").startswith("…甲")
    assert found.written("[", "]").endswith("丙…")


def test_no_word_is_cut_by_the_end() -> None:
    text = "社区" + "甲" * (WIDTH - 3) + "清单" + "乙" * 100
    found = snippet(text, marks(read_search("社区 清单"), text))
    assert [found.text[s:e] for s, e in found.marks] == ["社区", "清单"]
    long = "甲" * 50 + "社" * 300 + "乙" * 50
    assert snippet(long, [(50, 350)]).marks == ((20, WIDTH),)


def test_the_text_with_the_most_words_is_shown() -> None:
    texts = [Text("p", "zh", "社区", True), Text("p", "zh", "社区清单", False)]
    found = shown(read_search("社区 清单"), texts)
    assert found is not None
    assert (found.text, found.at) == (texts[1], ((0, 4),)) or found.at == ((0, 2), (2, 4))
    assert shown(read_search("村"), texts) is None
