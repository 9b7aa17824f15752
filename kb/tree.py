"""The tree of a text: nodes carry their own characters, so text → tree → text is exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.sentences import Span


@dataclass(frozen=True, slots=True)
class Node:
    """One part of a text. `own` are its characters before its first child, space included.

    `level` is a style of mark (section, article …), a role of the frame (title, signature …) or
    paragraph, preface, body, closing, document. Offsets are into the text that was parsed; the node
    with its children is text[start:end]. `heading` and `body` are spans without mark and space
    around. A node without a label is not a provision.
    """

    level: str
    number: int | None
    eid: str
    label: str
    start: int
    end: int
    own: str
    heading: Span | None
    body: Span | None
    sentences: tuple[Span, ...]
    children: tuple[Node, ...]
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a text worth a warning: numbers missing, an annex without its label."""

    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed text: its root and what the parser noticed."""

    root: Node
    remarks: tuple[Remark, ...]

    def find(self, eid: str) -> Node | None:
        """The node with an eid, or None."""
        return next((node for node in walk(self.root) if node.eid == eid), None)


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in document order."""
    yield node
    for child in node.children:
        yield from walk(child)


def unparse(node: Node) -> str:
    """The text of a node: what `kb.text.parse` was given, if the node is the root."""
    return "".join(part.own for part in walk(node))
