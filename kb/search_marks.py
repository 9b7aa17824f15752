"""Where in a text the words stand that were searched for, and what to show of it around them.

Places are offsets of characters in the text as it is, whatever folding made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from kb.search_fold import Token, located
from kb.search_query import Phrase, Search, wanted
from kb.search_texts import Text

Span: TypeAlias = tuple[int, int]

WIDTH: Final = 80
"""The characters of a snippet."""
_BEFORE: Final = 20
"""How many of them stand before the first that is marked, where there are so many."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text: `text` is its characters from `start` on, `marks` are places within it."""

    text: str
    start: int
    marks: tuple[Span, ...]
    before: bool
    after: bool

    def written(self, opening: str = "⟦", closing: str = "⟧") -> str:
        """The snippet with its marks written into it, and … where the text goes on."""
        out, last = "…" if self.before else "", 0
        for start, end in self.marks:
            out += f"{self.text[last:start]}{opening}{self.text[start:end]}{closing}"
            last = end
        return out + self.text[last:] + ("…" if self.after else "")


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a thing that shows best why it was found; `at` are all places of the words."""

    text: Text
    at: tuple[Span, ...]

    @property
    def snippet(self) -> Snippet:
        """What to show of it."""
        return snippet(self.text.text, self.at)


def shown(search: Search, texts: Iterable[Text]) -> Shown | None:
    """Of several texts the one with the most of the words, the first of its like; None for none."""
    phrases = tuple(dict.fromkeys(wanted(search)))
    best, most = None, 0
    for text in texts:
        tokens = list(located(text.text))
        found = [spans for phrase in phrases if (spans := _places(tokens, phrase))]
        if len(found) > most:
            most = len(found)
            best = Shown(text, _merged(span for spans in found for span in spans))
    return best


def marks(search: Search, text: str) -> tuple[Span, ...]:
    """The places of the words in a text, in order and apart from each other."""
    tokens = list(located(text))
    return _merged(span for phrase in wanted(search) for span in _places(tokens, phrase))


def snippet(text: str, at: Sequence[Span], width: int = WIDTH) -> Snippet:
    """So many characters of a text, from shortly before where the most different words are."""
    start = 0
    if len(text) > width and at:
        first = max(at, key=lambda span: (_words(text, at, span[0], width - _BEFORE), -span[0]))
        start = max(0, min(first[0] - _BEFORE, len(text) - width))
    end = min(len(text), start + width)
    # A word is not cut in two by the end; one longer than that is marked as far as it is shown.
    end = next((e for s, e in at if s < end < e <= end + _BEFORE), end)
    inside = ((max(s, start) - start, min(e, end) - start) for s, e in at if s < end and e > start)
    return Snippet(text[start:end], start, tuple(inside), start > 0, end < len(text))


def _words(text: str, at: Sequence[Span], start: int, width: int) -> tuple[int, int]:
    """How many different words, and how many places, from here on."""
    found = [text[s:e] for s, e in at if start <= s and e <= start + width]
    return len({*found}), len(found)


def _places(tokens: Sequence[Token], phrase: Phrase) -> list[Span]:
    words, count = phrase.tokens, len(phrase.tokens)
    return [
        (tokens[n].start, tokens[n + count - 1].end)
        for n in range(len(tokens) - count + 1)
        if tokens[n].text == words[0]
        and all(tokens[n + k].text == words[k] for k in range(1, count))
    ]


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)
