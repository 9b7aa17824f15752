"""What a shape is looked for in, and what is found of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from service.sparql.advice.known import Known
from service.sparql.advice.tree import Select
from service.sparql.text import Token

Equal = Literal["always", "sometimes", "never"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A query that was read, and what the dataset knows that it is asked of."""

    text: str
    tokens: Sequence[Token]
    prefixes: Mapping[str, str]
    tree: Select
    known: Known

    def written(self, start: int, end: int) -> str:
        """What stands between two places."""
        return self.text[start:end]

    def short(self, iri: str) -> str:
        """An IRI as the query would write it."""
        for prefix, namespace in self.prefixes.items():
            local = iri.removeprefix(namespace)
            if local != iri and local.replace("-", "_").replace(".", "_").isidentifier():
                return f"{prefix}:{local}"
        return f"<{iri}>"


@dataclass(frozen=True, slots=True)
class Edit:
    """A place in the text, and what is to stand there."""

    start: int
    end: int
    new: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A shape where it stands.

    `slug` names the shape, `said` the text about it where there are several; `words` go into that
    text. `edits` make the rewritten query, where there is one; `equal` tells whether it has the
    same answer, `when` names the text that says on what that depends.
    """

    slug: str
    at: int
    words: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    edits: tuple[Edit, ...] = ()
    equal: Equal = "always"
    when: str = ""


Shape = Callable[[Asked], Iterator[Found]]
"""Looks for one shape."""


def rewritten(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits made; they do not overlap, and at one place the first comes first."""
    out, last = "", 0
    for edit in sorted(edits, key=lambda each: each.start):
        out += text[last : edit.start] + edit.new
        last = max(last, edit.end)
    return out + text[last:]
