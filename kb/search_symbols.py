"""The symbols of a search: words, phrases in quotation marks, brackets, operators.

A bracket that opens and closes within a word belongs to it, for so the texts are cited: 三（五）.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from ontology.label import Label

_OPERATORS: Final = ("AND", "OR", "NOT")
_OPENING: Final = "(（"
_CLOSING: Final = ")）"
_STRAIGHT: Final = '"\N{FULLWIDTH QUOTATION MARK}'
_CLOSED_BY: Final = dict.fromkeys(_STRAIGHT, _STRAIGHT) | {"“": "”", "”": "”", "〝": "〞"}


class BadSearch(Exception):
    """A search that cannot be read: why, and the column (from one) of the character at fault."""

    def __init__(self, zh: str, en: str, column: int) -> None:
        super().__init__(en)
        self.message = Label(zh, en)
        self.column = column


@dataclass(frozen=True, slots=True)
class Symbol:
    """An operator, a bracket or a phrase, and the column (from one) where it begins."""

    kind: Literal["(", ")", "AND", "OR", "NOT", "phrase"]
    text: str
    column: int


def symbols(text: str) -> Iterator[Symbol]:
    """The symbols of a text. Raises BadSearch for a quotation mark that is not closed."""
    at = 0
    while at < len(text):
        one, column = text[at], at + 1
        if one.isspace():
            at += 1
        elif one in _OPENING:
            yield Symbol("(", one, column)
            at += 1
        elif one in _CLOSING:
            yield Symbol(")", one, column)
            at += 1
        elif one in _CLOSED_BY:
            words, at = _quoted(text, at)
            yield Symbol("phrase", words, column)
        else:
            end, words = _word(text, at)
            written = unicodedata.normalize("NFKC", text[at:end])
            operator = next((o for o in _OPERATORS if o == written), None)
            yield Symbol(operator or "phrase", words, column)
            at = end


def _quoted(text: str, at: int) -> tuple[str, int]:
    closing, words = _CLOSED_BY[text[at]], ""
    end = at + 1
    while end < len(text):
        if text[end] in closing:
            return words, end + 1
        if text[end] == "\\" and end + 1 < len(text):
            end += 1
        words += text[end]
        end += 1
    raise BadSearch("引号没有闭合", "this quotation mark is not closed", at + 1)


def _word(text: str, at: int) -> tuple[int, str]:
    """Where the word that begins at a place ends, and the word."""
    words = ""
    while at < len(text) and not text[at].isspace():
        one = text[at]
        if one in _CLOSING or one in _STRAIGHT:
            break
        if one in _OPENING:
            inside = _bracketed(text, at)
            if inside == at:
                break
            words += text[at:inside]
            at = inside
            continue
        if one == "\\" and at + 1 < len(text):
            at += 1
        words += text[at]
        at += 1
    return at, words


def _bracketed(text: str, at: int) -> int:
    """The end of a bracket that closes before any blank; where none does, its beginning."""
    depth = 0
    for end in range(at, len(text)):
        if text[end].isspace():
            return at
        depth += (text[end] in _OPENING) - (text[end] in _CLOSING)
        if depth == 0:
            return end + 1
    return at
