"""The marks that number the parts of an official document.

Party and government organs number 一、 （一） 1. （1） (GB/T 9704-2012, 7.3.3); laws number
第…编 章 节 条 and, within an article, （一） and 1. (立法技术规范). Points are set off by ——.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from kb import numerals

Style = Literal[
    "part",
    "subpart",
    "chapter",
    "division",
    "article",
    "section",
    "subsection",
    "item",
    "subitem",
    "bracket",
    "circle",
    "dash",
    "bullet",
]

# What may hold what: a mark of lower rank closes every open one of its own rank or higher.
RANK: Final[dict[Style, int]] = {
    "part": 0,
    "subpart": 1,
    "chapter": 2,
    "division": 3,
    "article": 4,
    "section": 5,
    "subsection": 6,
    "item": 7,
    "subitem": 8,
    "bracket": 9,
    "circle": 10,
    "dash": 11,
    "bullet": 11,
}

_WORD: Final[dict[str, Style]] = {
    "编": "part",
    "分编": "subpart",
    "章": "chapter",
    "节": "division",
    "条": "article",
}
_HAN = f"[{numerals.HAN}]+"
_GAP = r"[^\S\r\n]*"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"

_LAW = re.compile(
    rf"第{_GAP}({_HAN}|[0-9０-９]{{1,4}}){_GAP}(分编|编|章|节|条)(之{_HAN})?(?P<rest>{_GAP}[：:、]?{_GAP})"
)
_SECTION = re.compile(rf"({_HAN}){_GAP}[、．.]{_GAP}(?!{_HAN}[、和至])")
_SUBSECTION = re.compile(rf"[（(]{_GAP}({_HAN}){_GAP}[）)][、.．]?{_GAP}")
_ITEM = re.compile(
    rf"([0-9０-９]{{1,3}}){_GAP}(?:、(?![0-9０-９]+[、和至])|[.．](?![0-9０-９])){_GAP}"
)
_SUBITEM = re.compile(rf"[（(]{_GAP}([0-9０-９]{{1,3}}){_GAP}[）)][、.．]?{_GAP}")
_BRACKET = re.compile(rf"([0-9０-９]{{1,3}}){_GAP}[）)]{_GAP}")
_CIRCLE = re.compile(rf"([{_CIRCLES}]){_GAP}")
_DASH = re.compile(rf"(?:[—─―]{{2,}}|--(?!-)){_GAP}(?=\S)")


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark at the start of a line: its style, number, and how many characters it takes.

    `inserted` is the 之一 of an article put in later (第十条之一); `apart` says that the mark is
    set off from what follows, so that it cannot be part of a sentence (第三条规定的…).
    """

    style: Style
    number: int | None
    length: int
    inserted: int | None = None
    apart: bool = True

    @property
    def rank(self) -> int:
        """The place of the mark's style in the order of styles."""
        return RANK[self.style]


def read(line: str) -> Mark | None:
    """The mark that `line` begins with (no leading space), or None."""
    if found := _LAW.match(line):
        number = numerals.read(found[1]) or numerals.read_digits(found[1])
        if number:
            inserted = numerals.read(found[3][1:]) if found[3] else None
            rest = line[found.end() :]
            apart = bool(found["rest"]) or not rest or rest[0] in "【（([〔“"
            return Mark(_WORD[found[2]], number, found.end(), inserted, apart)
    forms: tuple[tuple[Style, re.Pattern[str]], ...] = (
        ("section", _SECTION),
        ("subsection", _SUBSECTION),
        ("item", _ITEM),
        ("subitem", _SUBITEM),
        ("bracket", _BRACKET),
    )
    for style, form in forms:
        if (found := form.match(line)) and (number := numerals.read(found[1])):
            return Mark(style, number, found.end())
    if found := _CIRCLE.match(line):
        return Mark("circle", _CIRCLES.index(found[1]) + 1, found.end())
    if found := _DASH.match(line):
        return Mark("dash", None, found.end())
    return None
