"""A query and what the dataset knows → advice on it, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

from kb.store import parse
from ontology.label import Label
from service.sparql.advice.aggregates import aggregate_of_optional
from service.sparql.advice.exists import exists_with_path, exists_with_search
from service.sparql.advice.finding import Asked, Equal, Found, Shape, rewritten
from service.sparql.advice.known import Known
from service.sparql.advice.literals import text_of_other_kind, unknown_language
from service.sparql.advice.names import unknown_class, unknown_code, unknown_property
from service.sparql.advice.optional import optional_first
from service.sparql.advice.order import offset_without_order
from service.sparql.advice.paths import path_from_variable
from service.sparql.advice.product import cartesian_product
from service.sparql.advice.reading import read_tree
from service.sparql.advice.scanning import contains_for_search
from service.sparql.prefixes import ENDPOINT
from service.sparql.text import Refused, place, prologue, read, tokens

Severity = Literal["misleading", "slow"]

SHAPES: Final[tuple[Shape, ...]] = (
    optional_first,
    path_from_variable,
    exists_with_path,
    exists_with_search,
    aggregate_of_optional,
    cartesian_product,
    unknown_property,
    unknown_class,
    unknown_code,
    text_of_other_kind,
    unknown_language,
    offset_without_order,
    contains_for_search,
)
MOST: Final = 30
"""More is not told of one query."""
_TEXTS: Final = Path(__file__).with_name("texts.json")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A query to ask instead; whether it has the same answer `equal` and `when` tell."""

    query: str
    equal: Equal
    when: Label


@dataclass(frozen=True, slots=True)
class Advice:
    """A shape that is slow or misleading, where it stands (each from one), and what to do."""

    slug: str
    severity: Severity
    line: int
    column: int
    message: Label
    rewrite: Rewrite | None = None

    def to_json(self) -> dict[str, Any]:
        """The advice as it leaves the service."""
        rewrite = self.rewrite and {
            "query": self.rewrite.query,
            "equal": self.rewrite.equal,
            "when": self.rewrite.when.to_json(),
        }
        return {
            "slug": self.slug,
            "severity": self.severity,
            "line": self.line,
            "column": self.column,
            "message": self.message.to_json(),
            "rewrite": rewrite,
        }


def advise(text: str, known: Known, shapes: tuple[Shape, ...] = SHAPES) -> tuple[Advice, ...]:
    """Advice on a query, in the order of its text, at most MOST of it.

    Raises SyntaxError as the engine words it where the text is no query, and Refused for one that
    is not run. A query that cannot be followed (SPARQL 1.2) has none.
    """
    read(text)
    parse(text, ENDPOINT)
    found = tokens(text)
    _, prefixes, _ = prologue(found)
    try:
        tree = read_tree(found)
    except Refused:
        return ()
    asked = Asked(text, found, prefixes, tree, known)
    places = sorted(_found(asked, shapes), key=lambda each: each.at)
    return tuple(_advice(text, each) for each in places[:MOST])


def _found(asked: Asked, shapes: tuple[Shape, ...]) -> Iterator[Found]:
    for shape in shapes:
        yield from islice(shape(asked), MOST)


def _advice(text: str, found: Found) -> Advice:
    said = texts()[found.said or found.slug]
    line, column = place(text, found.at)
    message = Label(_filled(said["zh"], found.words), _filled(said["en"], found.words))
    return Advice(found.slug, said["severity"], line, column, message, _rewrite(text, found))


def _rewrite(text: str, found: Found) -> Rewrite | None:
    """The rewritten query, if it is one: nothing is offered that cannot be asked."""
    if not found.edits:
        return None
    query = rewritten(text, found.edits)
    try:
        parse(query, ENDPOINT)
    except SyntaxError:
        return None
    return Rewrite(query, found.equal, Label.from_json(texts()["when"][found.when or "always"]))


def _filled(text: str, words: Mapping[str, str]) -> str:
    """A text with words in the places of their names; braces in them are left alone."""
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


@cache
def texts() -> dict[str, Any]:
    """What is said of each shape, with its severity, and of each rewrite."""
    found: dict[str, Any] = json.loads(_TEXTS.read_text("utf-8"))
    return found
