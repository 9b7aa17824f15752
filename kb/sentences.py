"""Sentences of a Chinese official text, with exact offsets.

A sentence ends at 。！？ and, since official documents chain norms with them, at ；. Marks inside
quotation marks, brackets and book-title marks do not end it, unless the quotation is itself whole
sentences and closes there (…。”). A bracket that is never closed holds nothing together.
"""

from __future__ import annotations

from typing import Final

Span = tuple[int, int]

_END: Final = "。！？；!?;"
_STOP: Final = "。！？!?"
# Half- and full-width forms of one bracket are mixed in the wild, so they match each other.
_PAIRS: Final = {
    "“": "”",
    "‘": "’",
    "（": "）",
    "(": "）",
    "《": "》",
    "〈": "〉",
    "「": "」",
    "『": "』",
    "【": "】",
    "〔": "〕",
    "［": "］",
    "[": "］",
}
_CLOSING: Final = {c: c for c in _PAIRS.values()} | {")": "）", "]": "］"}
_QUOTES: Final = "”’」』"


def split(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """Spans of the sentences of text[start:end], without the space around them, in order.

    Every character that is not space belongs to exactly one sentence.
    """
    end = len(text) if end is None else end
    inside = _enclosed(text, start, end)
    found: list[Span] = []
    begin = start
    for at in range(start, end):
        if at not in inside and _closes(text, at, end):
            _add(found, text, begin, at + 1)
            begin = at + 1
    _add(found, text, begin, end)
    return tuple(found)


def _closes(text: str, at: int, end: int) -> bool:
    """Whether a sentence ends with the character at `at`, which no bracket encloses."""
    here, after = text[at], text[at + 1] if at + 1 < end else ""
    if here in _END:
        # …！？ and a stop before a closing quotation mark: the last mark ends the sentence.
        return after not in _END or not after
    if here in _QUOTES and at and text[at - 1] in _STOP:
        return not after or after not in _END + "，、：,:的"
    return False


def _enclosed(text: str, start: int, end: int) -> frozenset[int]:
    """Positions between a bracket and its partner, the partner itself left out."""
    open_: list[tuple[int, str]] = []
    pairs: list[Span] = []
    for at in range(start, end):
        c = text[at]
        if c in _PAIRS:
            open_.append((at, _PAIRS[c]))
        elif c in _CLOSING:
            for depth in range(len(open_) - 1, -1, -1):
                if open_[depth][1] == _CLOSING[c]:
                    pairs.append((open_[depth][0], at))
                    del open_[depth:]
                    break
    return frozenset(at for first, last in pairs for at in range(first, last))


def _add(found: list[Span], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if begin < end:
        found.append((begin, end))
