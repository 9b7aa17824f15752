"""Document numbers (GB/T 9704-2012, 7.2.5): one spelling, whatever the brackets."""

from __future__ import annotations

import pytest

from kb.numbers import normal


@pytest.mark.parametrize(
    "raw",
    [
        "吉发〔2017〕36号",
        "吉发﹝2017﹞36号",
        "吉发[2017]36号",
        "吉发（2017）36号",
        "吉发(2017) 第36号",
        " 吉发【２０１７】３６号 ",
        "吉发〔2017〕036号",
    ],
)
def test_brackets_space_and_width_do_not_matter(raw: str) -> None:
    assert normal(raw) == "吉发〔2017〕36号"


def test_what_is_no_number_only_loses_its_space() -> None:
    assert normal("主席令 第三十七号") == "主席令第三十七号"
