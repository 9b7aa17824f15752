"""The grammar of a search: what is read from it, and where a fault stands."""

from __future__ import annotations

import pytest

from kb.search_query import MAX_DEPTH, MAX_LENGTH, MAX_PHRASES, fts5, read_search, wanted
from kb.search_symbols import BadSearch

READ = [
    ("社区", '"社 区"'),
    ("社区 清单", '"社 区" AND "清 单"'),
    ("社区\u3000清单", '"社 区" AND "清 单"'),
    ("社区 AND 清单", '"社 区" AND "清 单"'),
    ("社区 \uff21\uff2e\uff24 清单", '"社 区" AND "清 单"'),
    ("社区 and 清单", '"社 区" AND "and" AND "清 单"'),
    ("a OR b c", '"a" OR ("b" AND "c")'),
    ("a b OR c", '("a" AND "b") OR "c"'),
    ("(a OR b) c", '("a" OR "b") AND "c"'),
    ("（a OR b） c", '("a" OR "b") AND "c"'),
    ("a NOT b", '"a" NOT "b"'),
    ("a AND NOT b", '"a" NOT "b"'),
    ("NOT b AND a", '"a" NOT "b"'),
    ("NOT NOT a", '"a"'),
    ("a NOT (b OR c)", '"a" NOT ("b" OR "c")'),
    ("a NOT b NOT c", '"a" NOT "b" NOT "c"'),
    ("a AND (b OR NOT c)", '"a" NOT ("c" NOT "b")'),
    ("a (NOT b NOT c)", '"a" NOT ("b" OR "c")'),
    ("a (NOT b OR NOT c)", '"a" NOT ("b" AND "c")'),
    ('"社区 AND 清单"', '"社 区 and 清 单"'),
    ("“权随责走”", '"权 随 责 走"'),
    ("按照“权随责走”要求", '"按 照 “ 权 随 责 走 ” 要 求"'),
    ('x"y z"w', '"x" AND "y z" AND "w"'),
    ("吉发〔2017〕36号", '"吉 发 〔 2017 〕 36 号"'),
    ("拆迁、拆违", '"拆 迁 、 拆 违"'),
]
BRACKET = ("三（五）", "三(五)", "三\\（五\\）", '"三（五）"')
FAULTS = [
    ("", 1),
    (" \u3000 ", 1),
    ("AND", 1),
    ("a OR", 5),
    ("a AND OR b", 7),
    ("a NOT", 6),
    ("(a", 1),
    ("a (b", 3),
    ("a)", 2),
    ("( )", 3),
    ('a "b', 3),
    ("“a", 1),
    ('a ""', 3),
    ("a \u200b", 3),
    ("NOT a", 1),
    ("a OR NOT b", 1),
    ("a " * (MAX_PHRASES + 1), 2 * MAX_PHRASES + 1),
    ("a" * (MAX_LENGTH + 1), MAX_LENGTH + 1),
    ("( " * (MAX_DEPTH + 2) + "a", 2 * (MAX_DEPTH + 1) + 1),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_what_is_read(text: str, expected: str) -> None:
    assert fts5(read_search(text)) == expected


@pytest.mark.parametrize("text", BRACKET)
def test_a_bracket_within_a_word_is_part_of_it(text: str) -> None:
    assert read_search(text) == read_search(BRACKET[0])
    assert read_search(text) != read_search("三五")
    assert fts5(read_search("社区（清单 OR 台账）")) == '"社 区" AND ("清 单" OR "台 账")'


@pytest.mark.parametrize(("text", "column"), FAULTS)
def test_a_fault_is_told_in_both_languages_at_its_column(text: str, column: int) -> None:
    with pytest.raises(BadSearch) as caught:
        read_search(text)
    assert caught.value.column == column
    assert caught.value.message.zh
    assert str(caught.value) == caught.value.message.en


def test_only_what_must_be_there_is_marked() -> None:
    found = read_search("a (b OR c) NOT d")
    assert [phrase.tokens for phrase in wanted(found)] == [("a",), ("b",), ("c",)]
