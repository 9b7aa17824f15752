"""Chinese numerals (GB/T 15835-2011)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import numerals


@given(st.integers(1, 9999))
def test_what_is_written_is_read_back(number: int) -> None:
    assert numerals.read(numerals.write(number)) == number
    assert numerals.read(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百二十三", 123),
        ("一百零一", 101),
        ("一百〇一", 101),
        ("一百○一", 101),
        ("１２", 12),
    ],
)
def test_every_way_of_writing_a_number_is_read(text: str, number: int) -> None:
    assert numerals.read(text) == number


@pytest.mark.parametrize("text", ["", "〇", "零", "0", "二〇", "二三", "百", "十十", "一是", "1a"])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert numerals.read(text) is None


def test_years_are_read_digit_by_digit() -> None:
    # The texts of 2010 and 2017 write zero as ○ (U+25CB).
    assert numerals.read_digits("二○一○") == 2010
    assert numerals.read_digits("二〇一七") == 2017
    assert numerals.read_digits("二十") is None
