"""The texts of a graph, thing by thing, read from its N-Quads: what the index is made of.

What a thing is called and what else is said of it in words are kept apart, so that names can be
searched by themselves. Only literals without a datatype are texts; figures and days are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal, TypeAlias, get_args

from kb.quads import ELI, RDF, RDFS, SKOS
from ontology.ids import term

Kind: TypeAlias = Literal["provision", "sentence", "norm", "label"]
"""Where a hit is: in a provision, sentence or norm, or in what any other thing is called."""
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_CLASSES: Final[dict[str, Kind]] = {
    term("Provision"): "provision",
    term("Sentence"): "sentence",
    term("Norm"): "norm",
}
_NAMES: Final = frozenset(
    (
        *(RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", ELI + "title"),
        *map(term, ("label", "heading", "fullName", "shortName", "documentNumber")),
    )
)
# A row of a list is called by its text.
_ENTRY: Final = term("ListEntry")
_TEXT: Final = term("text")

# What follows subject and property where it is a text: with its language or none, and its graph.
_LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@(\S+))?(?:\ <([^<>\ ]*)>)?\ \.', re.DOTALL)
_TYPE: Final = f"<{RDF}type>"
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_CONTROL: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Text:
    """One literal of a thing; `name` where it says what the thing is called."""

    property: str
    language: str
    text: str
    name: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """What one graph says of a thing in words; `graph` is empty for the unnamed one."""

    graph: str
    subject: str
    kind: Kind
    texts: tuple[Text, ...]


def things(lines: Iterable[str]) -> Iterator[Thing]:
    """The things of sorted N-Quads lines that have texts, graph by graph of each."""
    for subject, said in groupby(lines, lambda line: line.partition(" ")[0]):
        if subject.startswith("<"):  # nothing else could be given as a hit
            yield from _things(subject, said)


def _things(subject: str, said: Iterable[str]) -> Iterator[Thing]:
    classes: set[str] = set()
    texts: list[tuple[str, re.Match[str]]] = []
    behind = len(subject) + 1
    for line in said:
        prop, _, rest = line[behind:].partition(" ")
        if rest.startswith('"'):
            if found := _LITERAL.match(rest):
                texts.append((prop[1:-1], found))
        elif prop == _TYPE:
            classes.add(rest.partition(" ")[0][1:-1])
    kind: Kind = next((kind for name, kind in _CLASSES.items() if name in classes), "label")
    names = _NAMES | {_TEXT} if _ENTRY in classes else _NAMES
    by_graph: dict[str, list[Text]] = {}
    for prop, found in texts:
        written, language, graph = found.groups("")
        if written:
            text = Text(prop, language, _unescaped(written), prop in names)
            by_graph.setdefault(graph, []).append(text)
    for graph, found_there in by_graph.items():
        yield Thing(graph, subject[1:-1], kind, tuple(found_there))


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if code := found[1] or found[2]:
            return chr(int(code, 16))
        return _CONTROL.get(found[3], found[3])

    return _ESCAPE.sub(plain, text) if "\\" in text else text
