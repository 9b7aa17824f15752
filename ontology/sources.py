"""The Turtle sources of this folder, each read with its place for what is wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from ontology.ids import BASE, NS
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest

HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Source:
    """One Turtle file: its name in the folder, its text and its statements."""

    name: str
    text: str
    graph: Graph

    def where(self, subject: Node | None = None) -> str:
        """The file, with the line on which a subject is first described."""
        if subject is None:
            return self.name
        local = re.escape(re.split(r"[/#]", str(subject))[-1])
        found = re.search(rf"^\S*?[:/#]{local}>? ", self.text, re.MULTILINE)
        return (
            f"{self.name}:{self.text.count(chr(10), 0, found.start()) + 1}" if found else self.name
        )


def read_sources(folder: Path, pattern: str) -> tuple[list[Source], list[Issue]]:
    """The sources matching a pattern, sorted by name; a file that is not Turtle is an issue."""
    sources: list[Source] = []
    issues: list[Issue] = []
    for path in sorted(folder.glob(pattern)):
        name = path.relative_to(folder).as_posix()
        try:
            text = path.read_text("utf-8")
            sources.append(Source(name, text, Graph().parse(data=text, format="turtle")))
        except BadSyntax as error:
            issues.append(Issue("error", f"not Turtle: {error._why}", f"{name}:{_line(error)}"))
        except (OSError, ValueError) as error:
            issues.append(Issue("error", str(error), name))
    return sources, issues


def _line(error: BadSyntax) -> int:
    # The parser's own count of lines runs ahead of the place it objects to; its offset does not,
    # but counts characters of a text that it keeps as bytes.
    return error._str.decode()[: error._i].count("\n") + 1


@dataclass
class Reader:
    """Reads values of one source and collects what is missing or malformed."""

    source: Source
    issues: list[Issue] = field(default_factory=list)

    def fail(self, message: str, subject: Node, hint: str = "") -> None:
        """Record an error at a subject."""
        self.issues.append(Issue("error", message, self.source.where(subject), hint))

    def subjects(self, kind: str) -> list[URIRef]:
        """The subjects of a class, given as prefixed name's IRI, sorted by IRI."""
        a = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        found = self.source.graph.subjects(a, URIRef(kind))
        return sorted(s for s in found if isinstance(s, URIRef))

    def values(self, subject: Node, predicate: str) -> list[Node]:
        """Every value of a property, sorted."""
        return sorted(self.source.graph.objects(subject, URIRef(predicate)), key=str)

    def value(self, subject: Node, predicate: str) -> Node | None:
        """The only value of a property, or None; several are an error."""
        found = self.values(subject, predicate)
        if len(found) > 1:
            self.fail(f"{short(subject)} has {len(found)} values of {short(predicate)}", subject)
        return found[0] if found else None

    def required(self, subject: Node, predicate: str) -> str:
        """The text of a property that must be there; "" after recording that it is not."""
        found = self.value(subject, predicate)
        if found is None:
            self.fail(f"{short(subject)} has no {short(predicate)}", subject)
        return "" if found is None else str(found)

    def number(self, subject: Node, predicate: str) -> int | None:
        """The integer of a property, or None."""
        found = self.value(subject, predicate)
        if found is None:
            return None
        value = found.toPython() if isinstance(found, Literal) else None
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail(f"{short(predicate)} of {short(subject)} is not a whole number", subject)
            return None
        return value

    def flag(self, subject: Node, predicate: str) -> bool | None:
        """The boolean of a property, or None."""
        found = self.value(subject, predicate)
        if found is None:
            return None
        value = found.toPython() if isinstance(found, Literal) else None
        if not isinstance(value, bool):
            self.fail(f"{short(predicate)} of {short(subject)} is not true or false", subject)
            return None
        return value

    def label(self, subject: Node, predicate: str, *, needed: bool = True) -> Label | None:
        """The text of a property in Chinese and English, each exactly once."""
        texts: dict[str, str] = {}
        for value in self.values(subject, predicate):
            language = value.language if isinstance(value, Literal) else None
            if language not in ("zh", "en") or language in texts:
                self.fail(
                    f"{short(predicate)} of {short(subject)} is in {language or 'no language'}",
                    subject,
                    "write one text @zh and one @en",
                )
                return None
            texts[language] = str(value)
        if not texts and not needed:
            return None
        for language in ("zh", "en"):
            if not texts.get(language, "").strip():
                self.fail(f"{short(subject)} has no {short(predicate)} in @{language}", subject)
                return None
        return Label(texts["zh"], texts["en"])

    def ordered(self, subjects: list[URIRef]) -> list[URIRef]:
        """Subjects by zr:order, which must be there and differ."""
        numbers = {s: self.number(s, NS + "order") for s in subjects}
        seen: dict[int, URIRef] = {}
        for subject, number in numbers.items():
            if number is None:
                self.fail(f"{short(subject)} has no zr:order", subject)
            elif number in seen:
                self.fail(f"{short(subject)} has the zr:order of {short(seen[number])}", subject)
            else:
                seen[number] = subject
        return sorted(subjects, key=lambda s: (numbers[s] or 0, s))

    def code(self, subject: Node, predicate: str, list_id: str, codes: tuple[str, ...]) -> str:
        """The code, of a list, that a property points to; "" after recording what is wrong."""
        iri = self.required(subject, predicate)
        code = iri.removeprefix(f"{BASE}id/code/{list_id}/")
        if iri and code not in codes:
            near = nearest(code, codes)
            hint = f"did you mean {near}?" if near else ""
            self.fail(f"{short(iri)} is not a code of {list_id}", subject, hint)
        return code


def short(iri: Node | str) -> str:
    """An IRI as people write it: zr:order, task-kinds/enforcement, skos:prefLabel."""
    text = str(iri)
    for prefix, base in _PREFIXES.items():
        if text.startswith(base):
            return prefix + text.removeprefix(base)
    return text


_PREFIXES: Final = {
    "zr:": NS,
    "": f"{BASE}id/",
    "skos:": "http://www.w3.org/2004/02/skos/core#",
    "rdfs:": "http://www.w3.org/2000/01/rdf-schema#",
}


def blank_nodes(sources: list[Source]) -> Iterator[Issue]:
    """An issue for each source with blank nodes: they cannot be cited and make builds differ."""
    for source in sources:
        for node in {n for triple in source.graph for n in triple}:
            if not isinstance(node, URIRef | Literal):
                yield Issue("error", "a blank node cannot be cited; give it an IRI", source.name)
                break
