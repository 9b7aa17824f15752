"""Statements as canonical N-Quads lines, written without a library and without blank nodes.

https://www.w3.org/TR/n-quads/, escapes as https://www.w3.org/TR/rdf-canon/#canonical-quads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from ontology.ids import term
from ontology.label import Label

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
ELI: Final = "http://data.europa.eu/eli/ontology#"
ORG: Final = "http://www.w3.org/ns/org#"
OA: Final = "http://www.w3.org/ns/oa#"
DCT: Final = "http://purl.org/dc/terms/"

_ESCAPES: Final = (
    {n: f"\\u{n:04X}" for n in [*range(0x20), 0x7F]}
    | {ord("\b"): "\\b", ord("\t"): "\\t", ord("\n"): "\\n", ord("\f"): "\\f", ord("\r"): "\\r"}
    | {ord('"'): '\\"', ord("\\"): "\\\\"}
)


def literal(text: str, language: str = "", datatype: str = "") -> str:
    """A literal term; `datatype` is an IRI, left out for plain strings."""
    quoted = f'"{text.translate(_ESCAPES)}"'
    if language:
        return f"{quoted}@{language}"
    return f"{quoted}^^<{datatype}>" if datatype and datatype != XSD + "string" else quoted


def without_graph(lines: Iterable[str], graph: str) -> list[str]:
    """N-Quads lines of one graph as N-Triples, for documents, which are in none."""
    end = f" <{graph}> ."
    return [f"{line.removesuffix(end)} ." for line in lines]


class Graph:
    """Writes the lines of one named graph; terms of the ontology by their local name."""

    def __init__(self, iri: str) -> None:
        self._graph = f"<{iri}>"

    def line(self, subject: str, predicate: str, value: str) -> str:
        """One statement; `predicate` is an IRI or a local name, `value` a term as written."""
        name = predicate if ":" in predicate else term(predicate)
        return f"<{subject}> <{name}> {value} {self._graph} ."

    def link(self, subject: str, predicate: str, target: str) -> str:
        """A statement about another thing."""
        return self.line(subject, predicate, f"<{target}>")

    def type(self, subject: str, *classes: str) -> Iterator[str]:
        """What a thing is: IRIs or local names of classes."""
        for name in classes:
            yield self.link(subject, RDF + "type", name if ":" in name else term(name))

    def text(self, subject: str, predicate: str, text: str, language: str = "") -> Iterator[str]:
        """A text, unless it is empty."""
        if text:
            yield self.line(subject, predicate, literal(text, language))

    def label(self, subject: str, predicate: str, label: Label | None) -> Iterator[str]:
        """A text in both languages, if there is one."""
        if label is not None:
            yield self.line(subject, predicate, literal(label.zh, "zh"))
            yield self.line(subject, predicate, literal(label.en, "en"))

    def number(self, subject: str, predicate: str, number: int) -> str:
        """A whole number: xsd:integer, as stores that know values keep no narrower type."""
        return self.line(subject, predicate, literal(str(number), datatype=XSD + "integer"))

    def flag(self, subject: str, predicate: str, value: bool) -> str:
        """True or false."""
        return self.line(subject, predicate, literal(str(value).lower(), datatype=XSD + "boolean"))

    def day(self, subject: str, predicate: str, day: date | None) -> Iterator[str]:
        """A day, if there is one."""
        if day is not None:
            yield self.line(subject, predicate, literal(day.isoformat(), datatype=XSD + "date"))
