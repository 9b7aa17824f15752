"""Reading a mapping member by member, noting everything that is not as it should be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest
from rules.marked import Mapping, Node, Scalar, Sequence


@dataclass(slots=True)
class Notes:
    """Issues collected while reading; methods return None (or nothing) where they noted one."""

    issues: list[Issue] = field(default_factory=list)

    def error(self, message: str, where: str, hint: str = "") -> None:
        """Note an error."""
        self.issues.append(Issue("error", message, where, hint))

    def mapping(
        self, node: Node | None, what: str, required: Iterable[str], optional: Iterable[str] = ()
    ) -> Mapping | None:
        """The node as a mapping with these members; others and missing ones are noted."""
        if node is None:
            return None
        if not isinstance(node, Mapping):
            self.error(f"{what} is a mapping of names to values", node.where)
            return None
        required = tuple(required)
        known = (*required, *optional)
        for key, _ in node.members:
            if key.value not in known:
                near = nearest(str(key.value), known)
                hint = f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
                self.error(f"{key.value} is not a member of {what}", key.where, hint)
        for name in required:
            if node.get(name) is None:
                self.error(f"{what} lacks {name}", node.where)
        return node

    def sequence(self, node: Node | None, what: str, least: int = 0) -> tuple[Node, ...]:
        """The parts of a list of at least `least`."""
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.error(f"{what} is a list", node.where)
            return ()
        if len(node.parts) < least:
            self.error(f"{what} is empty", node.where)
        return node.parts

    def text(self, node: Node | None, what: str, *, empty: bool = False) -> str | None:
        """A string; an empty one only where `empty` allows it."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            self.error(f"{what} is text", node.where, "put it in quotes")
            return None
        if not node.value.strip() and not empty:
            self.error(f"{what} is empty", node.where)
            return None
        return node.value

    def flag(self, node: Node | None, what: str) -> bool | None:
        """true or false."""
        if node is None:
            return None
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            self.error(f"{what} is true or false", node.where)
            return None
        return node.value

    def choice(self, node: Node | None, what: str, valid: Iterable[str]) -> str | None:
        """One of the valid words."""
        value = self.text(node, what)
        words = tuple(valid)
        if value is None or node is None or value in words:
            return value
        near = nearest(value, words)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(words)}"
        self.error(f"{value} is not {article(what)}", node.where, hint)
        return None

    def label(self, node: Node | None, what: str) -> Label | None:
        """A text in Chinese and in English: {zh: …, en: …}."""
        both = self.mapping(node, what, ("zh", "en"))
        if both is None:
            return None
        zh, en = (self.text(both.get(k), f"{what}: {k}") for k in ("zh", "en"))
        return Label(zh, en) if zh and en else None

    def day(self, node: Node | None, what: str) -> date | None:
        """A day written "YYYY-MM-DD"."""
        value = self.text(node, what)
        if value is None or node is None:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value:
            self.error(f"{value} is not a day", node.where, 'write "YYYY-MM-DD"')
            return None
        return day


def article(noun: str) -> str:
    """An English noun with its indefinite article."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
