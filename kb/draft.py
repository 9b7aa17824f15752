"""A node while its place in the tree is being found, and where its heading ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from kb import sentences
from kb.sentences import Span

_HEADED: Final = frozenset(
    {"section", "subsection", "item", "subitem", "bracket", "circle", "dash", "bullet"}
)
_HEADING_ONLY: Final = frozenset({"part", "subpart", "chapter", "division", "annex", "article"})
_LONGEST: Final = 45
# Words with which a sentence says something; a heading only names it.
_SAYS: Final = (
    "应当",
    "不得",
    "必须",
    "可以",
    "一律",
    "已经",
    "了",
    "我们",
    "的，",
    "《",
    "：",
    "；",
)
_OPENS: Final = ("请", "凡", "对", "由", "到", "按照", "根据")


@dataclass(slots=True)
class Draft:
    """A node of `level` whose own characters begin at `start`.

    `bare` is where its words begin after the mark, `last` where they end; a draft of higher `rank`
    may be put under it. `heading` and `body` are found by `find_heading`.
    """

    level: str
    start: int
    rank: float
    number: int | None = None
    inserted: int | None = None
    bare: int = 0
    last: int = 0
    inferred: str = ""
    children: list[Draft] = field(default_factory=list)
    heading: Span | None = None
    body: Span | None = None


def walk(draft: Draft) -> Iterator[Draft]:
    """The draft and all below it, in document order."""
    yield draft
    for child in draft.children:
        yield from walk(child)


def find_heading(draft: Draft, text: str) -> None:
    """Part the words of a draft into heading and body.

    Headings run in: in （五）推进社区减负增效。各县…… the first sentence names, the rest says.
    """
    first, last = draft.bare, draft.last
    while first < last and text[first].isspace():
        first += 1
    if first >= last:
        return
    if draft.level in _HEADING_ONLY:
        draft.heading = first, last
    elif draft.level not in _HEADED:
        draft.body = first, last
    else:
        draft.heading, draft.body = _parted(draft, text, first, last)


def _parted(draft: Draft, text: str, first: int, last: int) -> tuple[Span | None, Span | None]:
    parts = sentences.split(text, first, last)
    if len(parts) == 1 and text[last - 1] not in "。；！？;!?：:":
        # Without a stop it names what stands below it; alone, it is an entry of a list.
        names = draft.children or draft.level == "section"
        return (
            ((first, last), None)
            if names and last - first <= 2 * _LONGEST
            else (None, (first, last))
        )
    if not _names(text[slice(*parts[0])]) or (len(parts) == 1 and not draft.children):
        return None, (first, last)
    return parts[0], (parts[1][0], last) if len(parts) > 1 else None


def _names(sentence: str) -> bool:
    return (
        len(sentence) <= _LONGEST
        and sentence.endswith("。")
        and not sentence.startswith(_OPENS)
        and not any(word in sentence for word in _SAYS)
    )
