"""What each block of an official document is: its frame (GB/T 9704-2012, 7.2–7.4) or its text.

The frame is what stands around the text: letterhead, title, document number, addressee,
attachments, signature, date, notes of printing, and where an annex begins. Nothing here fails: a
block that is nothing special is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from kb import forms, numerals
from kb.blocks import Block

Role = Literal[
    "metadata",
    "letterhead",
    "title",
    "number",
    "enactment",
    "contents",
    "addressee",
    "text",
    "attachments",
    "attachment",
    "signature",
    "date",
    "contact",
    "note",
    "rule",
    "annex",
    "annex-title",
]

_ANNEX = re.compile(
    rf"附\s*(?P<word>[件录表])?\s*"
    rf"(?P<number>[0-9０-９]{{1,2}}|[{numerals.HAN}]{{1,3}})?\s*(?P<sign>[：:.、]?)\s*(?P<rest>.*)$",
    re.DOTALL,
)
_ENTRY_NUMBER = re.compile(r"^([0-9０-９]{1,2})\s*[.．、]\s*")
_ENTRY_LABEL = re.compile(r"^附\s*[件录表]?\s*[0-9０-９]*\s*[：:]\s*")
_GOES_ON = re.compile(r"[。；].")

# A role of the head and the form it has, in the order they are tried.
_HEAD: Final[tuple[tuple[Role, Callable[[Block], bool]], ...]] = (
    ("number", forms.is_number),
    ("title", forms.is_qualifier),
    ("enactment", forms.is_enactment),
    ("date", forms.is_date),
    ("addressee", forms.is_addressee),
)
_TAIL: Final[tuple[tuple[Role, Callable[[Block], bool]], ...]] = (
    ("note", forms.is_note),
    ("contact", forms.is_contact),
    ("date", forms.is_date),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with its role; `number` numbers an annex or an attachment.

    `inferred` says why a role was given to a block that does not carry its own sign.
    """

    block: Block
    role: Role
    number: int | None = None
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A role recorded by a person for the block at an offset (a stand-off repair)."""

    role: Role
    number: int | None = None
    reason: str = ""


@dataclass(slots=True)
class _State:
    """Where in the document the reading is."""

    zone: Literal["head", "text", "tail", "annex-head", "annex"] = "head"
    titled: bool = False
    in_list: bool = False
    in_contents: bool = False
    contents: set[str] = field(default_factory=set)
    listed: dict[str, int | None] = field(default_factory=dict)
    annexes: set[int | None] = field(default_factory=set)

    def advance(self, piece: Piece) -> None:
        """Go on past a piece."""
        role, bare = piece.role, piece.block.bare
        self.in_list = role in ("attachments", "attachment")
        if self.in_list and (title := _listed_title(bare)):
            self.listed[title] = piece.number
        if role == "annex":
            self.zone, self.titled = "annex-head", forms.ends_title(bare)
            self.annexes.add(piece.number)
        elif role in ("annex-title", "title"):
            self.titled = self.titled or forms.ends_title(bare)
        elif role == "addressee":
            self.zone = "text"
        elif role == "text":
            self.zone = "text" if self.zone in ("head", "text", "tail") else "annex"
        elif role in ("signature", "date") and self.zone == "text":
            self.zone = "tail"


def read(blocks: Sequence[Block], given: Mapping[int, Given]) -> tuple[Piece, ...]:
    """The role of each block. `given` holds recorded roles by an offset inside their block."""
    pieces: list[Piece] = []
    state = _State()
    for at, block in enumerate(blocks):
        said = next((g for o, g in given.items() if block.start <= o < block.end), None)
        piece = (
            Piece(block, said.role, said.number, said.reason) if said else _role(blocks, at, state)
        )
        state.advance(piece)
        pieces.append(piece)
    return tuple(pieces)


def _role(blocks: Sequence[Block], at: int, state: _State) -> Piece:
    block = blocks[at]
    if forms.is_rule(block):
        return Piece(block, "rule")
    if state.zone in ("head", "annex-head") and (piece := _contents(block, state)):
        return piece
    if state.zone == "head" and (piece := _head(block, state)):
        return piece
    if state.zone == "annex-head" and (piece := _annex_head(block, state)):
        return piece
    return (
        _attachment(blocks, at, state)
        or _tail(blocks, at)
        or _unlabelled_annex(blocks, at, state)
        or Piece(block, "text")
    )


def _head(block: Block, state: _State) -> Piece | None:
    if forms.is_metadata(block) and not state.titled:
        return Piece(block, "metadata")
    for role, has_form in _HEAD:
        if has_form(block):
            return Piece(block, role)
    if not forms.is_title(block):
        return None
    if forms.is_letterhead(block):
        return Piece(block, "letterhead")
    return None if state.titled else Piece(block, "title")


def _annex_head(block: Block, state: _State) -> Piece | None:
    if forms.is_enactment(block):
        return Piece(block, "enactment")
    if forms.is_qualifier(block) or (not state.titled and forms.is_title(block)):
        return Piece(block, "annex-title")
    return None


def _contents(block: Block, state: _State) -> Piece | None:
    """A table of contents lasts until its first entry comes again, as the heading itself."""
    if not state.in_contents:
        state.in_contents = forms.is_contents(block)
        return Piece(block, "contents") if state.in_contents else None
    bare = forms.squeeze(block.bare)
    if bare in state.contents or not forms.is_entry(block):
        state.in_contents, state.contents = False, set()
        return None
    state.contents.add(bare)
    return Piece(block, "contents")


def _attachment(blocks: Sequence[Block], at: int, state: _State) -> Piece | None:
    """A line of the list of attachments, or the label that an annex begins with."""
    block = blocks[at]
    if state.in_list and block.mark and block.mark.style == "item":
        return Piece(block, "attachment", block.mark.number)
    found = _ANNEX.match(block.bare)
    if not found:
        return None
    number = numerals.read(found["number"]) if found["number"] else None
    rest, labelled, sign = found["rest"], bool(found["word"]), bool(found["sign"])
    if not rest:
        # 附件： alone heads a list that follows, 附件 alone the annex itself.
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        heads_list = sign and after and after.mark and after.mark.style == "item"
        return Piece(block, "attachments" if heads_list else "annex", number) if labelled else None
    if not (sign or (labelled and number and rest[0] not in "的中所")) or _GOES_ON.search(rest):
        return None
    if state.zone == "text" and not (number and state.listed and not state.in_list):
        entry = _ENTRY_NUMBER.match(rest)
        listed_as = numerals.read(entry[1]) if entry else number
        return Piece(block, "attachment" if state.in_list else "attachments", listed_as)
    return Piece(block, "annex", number) if labelled else None


def _tail(blocks: Sequence[Block], at: int) -> Piece | None:
    block = blocks[at]
    if block.mark:
        return None
    for role, has_form in _TAIL:
        if has_form(block):
            return Piece(block, role)
    if not forms.is_organ(block):
        return None
    # Who signs stands before the date, or last; who prints stands before the day of printing.
    after = next((b for b in blocks[at + 1 :] if not forms.is_organ(b)), None)
    if after is None or forms.is_date(after) or forms.is_rule(after):
        return Piece(block, "signature")
    if forms.is_note(after):
        return Piece(block, "note")
    label = _ANNEX.match(after.bare)
    return Piece(block, "signature") if label and label["word"] else None


def _unlabelled_annex(blocks: Sequence[Block], at: int, state: _State) -> Piece | None:
    """An annex whose label is missing: its title is one listed, or comes first after the date."""
    block = blocks[at]
    if state.zone not in ("tail", "annex") or block.mark:
        return None
    title = forms.squeeze(block.bare)
    if title in state.listed:
        number = state.listed[title]
        return Piece(block, "annex", number, "its title stands in the list of attachments")
    if state.zone == "tail" and at + 1 < len(blocks) and forms.is_title(block):
        number = next((n for n in state.listed.values() if n not in state.annexes), None)
        return Piece(block, "annex", number, "a title stands after the signature and date")
    return None


def _listed_title(bare: str) -> str:
    """The title in one line of a list of attachments."""
    return forms.squeeze(_ENTRY_NUMBER.sub("", _ENTRY_LABEL.sub("", bare)))
