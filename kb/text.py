"""Official texts → trees of provisions.

Marks (kb.marks) give the nesting, the frame (kb.frame) what stands around the text. Any string
parses: what is not recognised is a paragraph, and `kb.tree.unparse` gives the string back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from kb import blocks, forms, frame, labels, sentences
from kb.blocks import Block
from kb.draft import Draft, find_heading, walk
from kb.frame import Given, Piece
from kb.marks import RANK, Mark
from kb.tree import Node, Remark, Tree

# The ranks of kb.marks, with the root above, an annex under it, and paragraphs (款) in an article.
_ROOT: Final = -2.0
_ANNEX: Final = -1.0
_HOLDER: Final = 0.0
_ABOVE_ARTICLES: Final = RANK["article"] - 0.5
_PARAGRAPH: Final = RANK["article"] + 0.5
_LIST: Final = float(RANK["dash"])
_LEAF: Final = 99.0


def parse(text: str, given: Mapping[int, Given] | None = None) -> Tree:
    """The tree of `text`; `given` holds recorded roles of blocks by an offset inside them.

    Never raises: `unparse(parse(text).root) == text` for every string.
    """
    pieces = frame.read(blocks.read(text), given or {})
    root = Draft("document", 0, _ROOT)
    for part in _parts(pieces):
        _Part(root, part).grow()
    remarks = [
        Remark(piece.block.start, f"an annex without its label: {piece.inferred}")
        for piece in pieces
        if piece.role == "annex" and piece.inferred
    ]
    for draft in walk(root):
        find_heading(draft, text)
    named = labels.name(root, remarks)
    ordered = sorted(remarks, key=lambda r: (r.offset, r.message))
    return Tree(_freeze(root, text, len(text), named), tuple(ordered))


def _parts(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces of the main text, then of each annex."""
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.role == "annex":
            parts.append([])
        parts[-1].append(piece)
    return parts


class _Part:
    """The main text, or one annex, growing under the root.

    `stack` are the open drafts: the root, the annex, then each part inside the one before.
    """

    def __init__(self, root: Draft, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.stack = [root]
        self.depth = 1
        marked = [n for n, p in enumerate(pieces) if p.role == "text" and p.block.mark]
        self.structured = bool(marked)
        self.closing = _closing(pieces, marked[-1]) if marked else frozenset()
        said = [n for n, p in enumerate(pieces) if p.role == "text"]
        self.last_said = said[-1] if said else -1
        self.ranks = _ranks(p.block.mark for p in pieces if p.role == "text")

    def grow(self) -> None:
        """Put every piece where it belongs."""
        for n, piece in enumerate(self.pieces):
            mark = piece.block.mark
            if piece.role == "annex":
                self._push(_leaf(piece, "annex", _ANNEX))
                self.depth = len(self.stack)
            elif piece.role != "text":
                # Notes of printing come last, after the annexes, and belong to none of them.
                last = piece.role in ("note", "rule") and n > self.last_said
                del self.stack[1 if last else self.depth :]
                self._push(_leaf(piece, piece.role, _LEAF))
            elif n in self.closing:
                del self.stack[self.depth :]
                self._hold("closing", piece)
            elif mark and (mark.apart or self._its_turn(mark)):
                self._push_marked(piece.block, mark)
            else:
                self._push_paragraph(piece)

    def _push(self, draft: Draft) -> None:
        while len(self.stack) > 1 and self.stack[-1].rank >= draft.rank:
            self.stack.pop()
        self.stack[-1].children.append(draft)
        if draft.rank < _LEAF:
            self.stack.append(draft)

    def _its_turn(self, mark: Mark) -> bool:
        """第三条规定的… begins a sentence, unless article 3 is the one that must come now."""
        same = (d.number for d in walk(self.stack[self.depth - 1]) if d.level == mark.style)
        numbers = [number for number in same if number]
        return mark.number == (numbers[-1] + 1 if numbers else 1)

    def _push_marked(self, block: Block, mark: Mark) -> None:
        self._resume(mark)
        after = block.first + mark.length
        draft = Draft(
            mark.style,
            block.start,
            self.ranks[mark.style],
            mark.number,
            mark.inserted,
            after,
            block.last,
        )
        self._push(draft)
        if mark.style == "article":
            # The text of an article is its first paragraph (款); what is in 【】 is its heading.
            close = block.bare.find("】") if block.bare[mark.length :].startswith("【") else -1
            draft.last = block.first + close + 1 if close > 0 else after
            if draft.last < block.last:
                self._push(
                    Draft("paragraph", draft.last, _PARAGRAPH, bare=draft.last, last=block.last)
                )

    def _resume(self, mark: Mark) -> None:
        """（三） goes on with a list that a paragraph interrupts: it is of the item before."""
        article = next((d for d in self.stack if d.level == "article"), None)
        if article is None or not mark.number or self.ranks[mark.style] <= _PARAGRAPH:
            return
        held = [n for n, d in enumerate(article.children) if _last(d, mark.style)]
        if not held or held[-1] == len(article.children) - 1:
            return
        listed = article.children[held[-1]]
        before = _last(listed, mark.style)
        if before is None or before.number != mark.number - 1:
            return
        before.children += article.children[held[-1] + 1 :]
        del article.children[held[-1] + 1 :]
        for draft in before.children:
            draft.rank = _LEAF if draft.level == "paragraph" else draft.rank
        self.stack = [*self.stack[: self.stack.index(article) + 1], listed]

    def _push_paragraph(self, piece: Piece) -> None:
        article = next((n for n, d in enumerate(self.stack) if d.level == "article"), None)
        if article is not None:
            del self.stack[article + 1 :]
            self._push(_leaf(piece, "paragraph", _PARAGRAPH))
            return
        if piece.block.bullet:
            self._push(_leaf(piece, "bullet", _LIST))
            return
        while self.stack[-1].rank >= _LIST:
            self.stack.pop()
        if len(self.stack) > self.depth:
            self.stack[-1].children.append(_leaf(piece, "paragraph", _LEAF))
        else:
            # Text before the first mark introduces what marks divide; without marks it is all.
            self._hold("preface" if self.structured else "body", piece)

    def _hold(self, level: str, piece: Piece) -> None:
        """Put a paragraph into the holder of such paragraphs, made where there is none."""
        siblings = self.stack[-1].children
        if not siblings or siblings[-1].level != level:
            siblings.append(Draft(level, piece.block.start, _HOLDER))
        siblings[-1].children.append(_leaf(piece, "paragraph", _LEAF))


def _last(draft: Draft, style: str) -> Draft | None:
    """The last child of a style."""
    return next((d for d in reversed(draft.children) if d.level == style), None)


def _ranks(marks: Iterable[Mark | None]) -> Mapping[str, float]:
    """The order of styles in a text: judicial interpretations group articles under 一、二、三."""
    first = next((m.style for m in marks if m and m.style in ("section", "article")), None)
    ranks: dict[str, float] = {style: float(rank) for style, rank in RANK.items()}
    return ranks | ({"section": _ABOVE_ARTICLES} if first == "section" else {})


def _closing(pieces: Sequence[Piece], last_marked: int) -> frozenset[int]:
    """Unnumbered paragraphs at the end that speak for the whole text, not for its last part."""
    after = [n for n in range(last_marked + 1, len(pieces)) if pieces[n].role == "text"]
    if pieces[last_marked].block.bare[-1] not in "。；！？;!?：:":
        # The last mark heads what follows, so the next paragraph is its own.
        after = after[1:]
    start = next((n for n in after if forms.is_closing(pieces[n].block)), None)
    return frozenset(n for n in after if start is not None and n >= start)


def _leaf(piece: Piece, level: str, rank: float) -> Draft:
    block = piece.block
    return Draft(
        level, block.start, rank, piece.number, None, block.first, block.last, piece.inferred
    )


def _freeze(draft: Draft, text: str, end: int, named: Mapping[int, tuple[str, str]]) -> Node:
    starts = [child.start for child in draft.children]
    eid, label = named[id(draft)]
    return Node(
        level=draft.level,
        number=draft.number,
        eid=eid,
        label=label,
        start=draft.start,
        end=end,
        own=text[draft.start : starts[0] if starts else end],
        heading=draft.heading,
        body=draft.body,
        sentences=sentences.split(text, *draft.body) if draft.body else (),
        children=tuple(
            _freeze(child, text, stop, named)
            for child, stop in zip(draft.children, [*starts[1:], end], strict=False)
        ),
        inferred=draft.inferred,
    )
