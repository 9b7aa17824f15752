"""Folding: what is the same to a search, and that places in a text stay those of the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search_fold import joined_form, located, simplified, tokens_of
from tests.kb.scan import folded

SAME = [
    ("社區居民委員會", "社区居民委员会"),
    ("證明", "证明"),
    ("２０１７", "2017"),
    ("\uff21\uff22\uff23", "abc"),
    ("Policy", "policy"),
    ("三（五）", "三(五)"),
    ("，", ","),
    ("社 区\u3000清\n单", "社区清单"),
    ("社\u200b区", "社区"),
    ("\u2f00", "一"),  # a radical that looks like a character
    ("\uf900", "\u8c48"),  # a compatibility ideograph
    ("乾部", "干部"),
    ("㎡", "m2"),
]
DIFFERENT = [
    ("2017", "20 17"),
    ("self governance", "selfgovernance"),
    ("三（五）", "三五"),
    ("己", "已"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_the_same(one: str, other: str) -> None:
    assert tokens_of(one) == tokens_of(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_is_not(one: str, other: str) -> None:
    assert tokens_of(one) != tokens_of(other)


def test_a_token_knows_the_characters_it_stands_for() -> None:
    text = "見《意見》（中發〔２０１７〕13號），約５㎡…"
    found = [(token.text, text[token.start : token.end]) for token in located(text)]
    assert ("见", "見") in found
    assert ("2017", "２０１７") in found
    assert ("号", "號") in found
    assert ("5m2", "５㎡") in found
    assert [written for _, written in found][-3:] == ["…"] * 3


@given(st.text(max_size=30))
def test_places_and_the_index_agree(text: str) -> None:
    """Whatever comes: what is marked is what was indexed."""
    tokens = list(located(text))
    assert [token.text for token in tokens] == tokens_of(text)
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)


@given(
    st.text(
        st.characters(min_codepoint=0x20, max_codepoint=0x9FFF, categories=["L", "N", "P", "Zs"])
    )
)
def test_tokens_are_what_folding_leaves(text: str) -> None:
    """Against the other implementation, character by character."""
    apart = "".join(tokens_of(folded(text)))
    assert "".join(tokens_of(text)) == apart


def test_old_forms_end_in_one_new_form() -> None:
    table = simplified()
    assert len(table) > 3000
    assert [one for one, form in table.items() if form in table] == []
    assert all(unicodedata.normalize("NFKC", form) == form for form in table.values())


def test_no_phrase_runs_from_one_text_into_the_next() -> None:
    assert joined_form(["社", "区"]).split()[0::2] == ["社", "区"]
    assert joined_form(["社", "区"]).split()[1] not in tokens_of("\U0010ffff")
