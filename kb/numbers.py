"""Document numbers (发文字号): 机关代字〔年〕顺序号 (GB/T 9704-2012, 7.2.5)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_OPEN: Final = "[［【﹝〔(（"
_CLOSE: Final = "]］】﹞〕)）"
_NUMBER: Final = re.compile(
    rf"(?P<mark>[^\s〔〕]+?)[{re.escape(_OPEN)}](?P<year>[0-9]{{4}})[{re.escape(_CLOSE)}]"
    r"第?0*(?P<serial>[0-9]+)号"
)


def normal(raw: str) -> str:
    """A document number in its one spelling, 吉民发〔2019〕30号; other text only loses its space.

    The brackets of the year vary in the wild (〔〕 ﹝﹞ [] ()), the number means the same.
    """
    # NFKC would also turn 〔 into (: only figures are folded.
    plain = "".join(
        unicodedata.normalize("NFKC", c) if c.isdigit() else c for c in "".join(raw.split())
    )
    found = _NUMBER.fullmatch(plain)
    return f"{found['mark']}〔{found['year']}〕{found['serial']}号" if found else plain
