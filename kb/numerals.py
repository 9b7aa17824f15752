"""Numbers as Chinese official documents write them (GB/T 15835-2011), read and written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

# Documents write zero as 〇, 零 or the geometric circle ○ (U+25CB): all are the same digit.
DIGITS: Final = "〇一二三四五六七八九"
ZEROES: Final = "〇零○"
HAN: Final = ZEROES + DIGITS[1:] + "十百千"

_ARABIC: Final = "0123456789０１２３４５６７８９"


def read(text: str) -> int | None:
    """The number written as 十二, 一百零三 or 12 (half or full width), from 1 on; None if none.

    Digits in a row without units (二〇一九) are not read here: `read_digits` does that.
    """
    if text and all(c in _ARABIC for c in text):
        return int(text) or None
    return _written().get(text.translate(_TO_LING))


def read_digits(text: str) -> int | None:
    """The number written digit by digit (二〇一九, 二○一○); None if it is not."""
    plain = text.translate(_TO_CIRCLE)
    if not plain or any(c not in DIGITS for c in plain):
        return None
    return int("".join(str(DIGITS.index(c)) for c in plain))


def write(number: int) -> str:
    """A number from 1 to 9999 in Chinese (12 is 十二, 101 is 一百零一), others in figures."""
    if not 0 < number < 10_000:
        return str(number)
    out, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if gap else "") + DIGITS[digit] + name
        gap = bool(out) and not digit
    return out.removeprefix("一") if out.startswith("一十") else out


_TO_LING: Final = {ord("〇"): "零", ord("○"): "零"}
_TO_CIRCLE: Final = {ord("零"): "〇", ord("○"): "〇"}


@cache
def _written() -> Mapping[str, int]:
    """Every written form: reading is looking up, so what is read is exactly what is written."""
    return {write(n): n for n in range(1, 10_000)}
