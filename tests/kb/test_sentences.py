"""Sentences: 。！？；end them, what quotation marks and brackets hold together does not part."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.sentences import split


def _said(text: str) -> list[str]:
    return [text[slice(*span)] for span in split(text)]


@given(st.text("甲乙。；！？;“”‘’（）()《》〈〉 \n\u3000的，abc"))
def test_sentences_hold_every_character_but_space_once(text: str) -> None:
    spans = split(text)
    assert "".join("".join(text[slice(*s)].split()) for s in spans) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[slice(*s)].strip() == text[slice(*s)] != "" for s in spans)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("甲。乙；丙！丁？", ["甲。", "乙；", "丙！", "丁？"]),
        ("甲（一。二）乙。丙", ["甲（一。二）乙。", "丙"]),
        ("遵循“成熟一个，认定一个。”的原则。乙。", ["遵循“成熟一个，认定一个。”的原则。", "乙。"]),
        ("他说：“甲。乙。”丙。", ["他说：“甲。乙。”", "丙。"]),
        ("《关于〈办法。〉的通知》印发。", ["《关于〈办法。〉的通知》印发。"]),
        ("甲。）乙。", ["甲。", "）乙。"]),
        ("甲（乙。丙。", ["甲（乙。", "丙。"]),
        ("(甲。乙）丙。", ["(甲。乙）丙。"]),
        ("真的？！是。", ["真的？！", "是。"]),
        ("甲;乙;", ["甲;", "乙;"]),
        ("", []),
        ("  \n", []),
    ],
)
def test_where_sentences_end(text: str, sentences: list[str]) -> None:
    assert _said(text) == sentences


def test_only_the_part_asked_for_is_split_with_offsets_of_the_whole() -> None:
    assert split("甲。乙。丙。", 2, 4) == ((2, 4),)
