"""Official texts → trees of provisions.

Marks (kb.marks) give the nesting, the frame (kb.frame) what stands around the text. Any string
parses: what is not recognised is a paragraph, and `kb.tree.unparse` gives the string back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kb import blocks, frame, labels, sentences
from kb.blocks import Block
from kb.frame import Given, Piece
from kb.marks import RANK
from kb.sentences import Span
from kb.tree import Node, Remark, Tree

_PARAGRAPH_RANK: Final = 4.5
_LEAF_RANK: Final = 99.0
_ARTICLE_RANK: Final = float(RANK["article"])
_LIST_RANK: Final = float(RANK["dash"])


@dataclass(slots=True)
class Draft:
    """A node while its place is being found."""

    level: str
    start: int
    rank: float
    number: int | None = None
    inserted: int | None = None
    own_end: int = 0
    first: int = 0
    last: int = 0
    bare: int = 0
    inferred: str = ""
    children: list[Draft] = field(default_factory=list)


def parse(text: str, given: Mapping[int, Given] | None = None) -> Tree:
    """The tree of `text`; `given` holds recorded roles of blocks by an offset inside them.

    Never raises: `unparse(parse(text).root) == text` for every string.
    """
    found = blocks.read(text)
    pieces = frame.read(found, given or {})
    root = Draft("document", 0, -2.0, own_end=pieces[0].block.start if pieces else len(text))
    for part in _parts(pieces):
        _grow(root, part)
    remarks: list[Remark] = []
    named = labels.name(root, remarks)
    return Tree(_freeze(root, text, len(text), named), tuple(sorted(remarks, key=_by_offset)))


def _by_offset(remark: Remark) -> tuple[int, str]:
    return remark.offset, remark.message


def _parts(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces of the main text, then of each annex."""
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.role == "annex":
            parts.append([])
        parts[-1].append(piece)
    return parts


def _grow(root: Draft, pieces: Sequence[Piece]) -> None:
    """Put the pieces of the main text or of one annex where they belong under the root."""
    marked = [n for n, p in enumerate(pieces) if p.role == "text" and p.block.mark]
    closing = _closing(pieces, marked[-1]) if marked else frozenset()
    stack = [root]
    for n, piece in enumerate(pieces):
        block = piece.block
        if piece.role == "annex":
            stack = [root]
            _push(stack, _leaf(block, "annex", -1.0, piece))
        elif piece.role != "text":
            # Notes of printing come last, after the annexes, and belong to none of them.
            if piece.role in ("note", "rule") and not any(p.role == "text" for p in pieces[n:]):
                del stack[1:]
            base = stack[:2] if len(stack) > 1 and stack[1].level == "annex" else stack[:1]
            stack = base
            _push(stack, _leaf(block, piece.role, _LEAF_RANK, piece))
        elif n in closing:
            base = stack[:2] if len(stack) > 1 and stack[1].level == "annex" else stack[:1]
            holder = base[-1].children[-1] if base[-1].children else None
            if holder is None or holder.level != "closing":
                holder = Draft("closing", block.start, 0, own_end=block.start)
                base[-1].children.append(holder)
            stack = base
            holder.children.append(_leaf(block, "paragraph", _LEAF_RANK, piece))
        elif block.mark and _is_mark(block, stack):
            _push_marked(stack, block)
        else:
            _push_paragraph(stack, block, piece, bool(marked))


def _closing(pieces: Sequence[Piece], last_marked: int) -> frozenset[int]:
    """Unnumbered paragraphs at the very end that speak for the whole text, not for its last part."""
    after = [n for n in range(last_marked + 1, len(pieces)) if pieces[n].role == "text"]
    start = next((n for n in after if frame.is_closing(pieces[n].block.bare)), None)
    return frozenset(n for n in after if start is not None and n >= start)


def _is_mark(block: Block, stack: Sequence[Draft]) -> bool:
    """第三条规定的… begins a sentence, not an article, unless it is the next article's turn."""
    mark = block.mark
    if mark is None or mark.apart:
        return mark is not None
    top = stack[1] if len(stack) > 1 and stack[1].level == "annex" else stack[0]
    last = [d.number for d in _drafts(top) if d.level == mark.style and d.number]
    return mark.number == (last[-1] + 1 if last else 1)


def _drafts(draft: Draft) -> list[Draft]:
    return [draft] + [d for child in draft.children for d in _drafts(child)]


def _push(stack: list[Draft], draft: Draft) -> None:
    while len(stack) > 1 and stack[-1].rank >= draft.rank:
        stack.pop()
    stack[-1].children.append(draft)
    if draft.rank < _LEAF_RANK:
        stack.append(draft)


def _leaf(block: Block, level: str, rank: float, piece: Piece) -> Draft:
    return Draft(
        level, block.start, rank, piece.number, None, block.end, block.first, block.last,
        block.first, piece.inferred,
    )  # fmt: skip


def _push_marked(stack: list[Draft], block: Block) -> None:
    mark = block.mark
    assert mark is not None
    after = block.first + mark.length
    draft = Draft(
        mark.style, block.start, float(mark.rank), mark.number, mark.inserted, block.end,
        block.first, block.last, after,
    )  # fmt: skip
    _push(stack, draft)
    if mark.style == "article" and after < block.last:
        # The text of an article is its first paragraph (款); what is in 【】 is its heading.
        close = block.bare.find("】") if block.bare[mark.length :].startswith("【") else -1
        draft.own_end = block.first + close + 1 if close > 0 else after
        draft.last = draft.own_end
        if draft.own_end < block.last:
            _push(
                stack,
                Draft("paragraph", draft.own_end, _PARAGRAPH_RANK, own_end=block.end,
                      first=draft.own_end, last=block.last, bare=draft.own_end),
            )  # fmt: skip
        else:
            draft.own_end = block.end


def _push_paragraph(stack: list[Draft], block: Block, piece: Piece, structured: bool) -> None:
    if block.bullet and not any(d.level == "article" for d in stack):
        _push(stack, _leaf(block, "bullet", _LIST_RANK, piece))
        return
    article = next((n for n, d in enumerate(stack) if d.level == "article"), None)
    if article is not None:
        del stack[article + 1 :]
        _push(stack, _leaf(block, "paragraph", _PARAGRAPH_RANK, piece))
        return
    while stack[-1].rank >= _LIST_RANK:
        stack.pop()
    top = stack[-1]
    if top.level in ("document", "annex"):
        # Text before the first mark introduces what the marks divide; without marks it is all.
        holder = top.children[-1] if top.children else None
        level = "preface" if structured else "body"
        if holder is None or holder.level != level:
            holder = Draft(level, block.start, 0, own_end=block.start)
            top.children.append(holder)
        holder.children.append(_leaf(block, "paragraph", _LEAF_RANK, piece))
    else:
        top.children.append(_leaf(block, "paragraph", _LEAF_RANK, piece))


def _freeze(draft: Draft, text: str, end: int, named: Mapping[int, tuple[str, str]]) -> Node:
    ends = [child.start for child in draft.children[1:]] + [end]
    children = tuple(
        _freeze(child, text, stop, named) for child, stop in zip(draft.children, ends, strict=False)
    )
    heading, body = _heading(draft, text)
    eid, label = named[id(draft)]
    return Node(
        draft.level, draft.number, eid, label, draft.start, end,
        text[draft.start : children[0].start if children else end],
        heading, body, sentences.split(text, *body) if body else (), children, draft.inferred,
    )  # fmt: skip


_HEADED: Final = frozenset(
    {"section", "subsection", "item", "subitem", "bracket", "circle", "dash", "bullet"}
)
_ALWAYS_HEADING: Final = frozenset({"part", "subpart", "chapter", "division", "annex", "article"})
_LONGEST_HEADING: Final = 45
# A sentence with one of these says something; a heading only names it.
_SAYS: Final = ("应当", "不得", "必须", "可以", "已经", "了", "《", "我们", "：", "；")


def _heading(draft: Draft, text: str) -> tuple[Span | None, Span | None]:
    """Where the heading of a node stands, and its own body, the mark left out."""
    first, last = draft.bare, draft.last
    while first < last and text[first].isspace():
        first += 1
    if first >= last:
        return None, None
    span = (first, last)
    if draft.level in _ALWAYS_HEADING:
        return span, None
    if draft.level not in _HEADED:
        return None, span
    parts = sentences.split(text, first, last)
    stopped = text[last - 1] in "。；！？;!?：:"
    if not stopped and len(parts) == 1:
        names = draft.children or draft.level == "section"
        return (span, None) if names and last - first <= 2 * _LONGEST_HEADING else (None, span)
    opening = text[slice(*parts[0])]
    named = (
        len(opening) <= _LONGEST_HEADING
        and opening.endswith("。")
        and not any(word in opening for word in _SAYS)
    )
    if not named or (len(parts) == 1 and not draft.children):
        return None, span
    return parts[0], (parts[1][0], last) if len(parts) > 1 else None
