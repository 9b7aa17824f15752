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

# The subjects of texts are IRIs: nothing else could be given as a hit.
_LINE: Final = re.compile(
    r"<(?P<subject>[^<>\ ]*)>\ <(?P<property>[^<>\ ]*)>\ "
    r'(?:"(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>\S+))?|<(?P<object>[^<>\ ]*)>)'
    r"(?:\ <(?P<graph>[^<>\ ]*)>)?\ \."
)
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
    for _, said in groupby(lines, lambda line: line.partition(" ")[0]):
        yield from _things([found for line in said if (found := _LINE.match(line))])


def _things(said: list[re.Match[str]]) -> Iterator[Thing]:
    classes = {found["object"] for found in said if found["property"] == RDF + "type"}
    kind: Kind = next((kind for name, kind in _CLASSES.items() if name in classes), "label")
    names = _NAMES | {_TEXT} if _ENTRY in classes else _NAMES
    by_graph: dict[str, list[Text]] = {}
    for found in said:
        if found["text"]:
            text = Text(
                found["property"],
                found["language"] or "",
                _unescaped(found["text"]),
                found["property"] in names,
            )
            by_graph.setdefault(found["graph"] or "", []).append(text)
    for graph, texts in by_graph.items():
        yield Thing(graph, said[0]["subject"], kind, tuple(texts))


def _unescaped(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if code := found[1] or found[2]:
            return chr(int(code, 16))
        return _CONTROL.get(found[3], found[3])

    return _ESCAPE.sub(plain, text) if "\\" in text else text
