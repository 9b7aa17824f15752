"""The ontology as its terms state it: classes, properties, and how they hang together.

OWL 2, SKOS and Dublin Core by the IRIs that `ontology/*.ttl` use; only what is stated counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from kb.quads import DCT, RDF, RDFS, SKOS
from ontology.ids import NS
from ontology.label import Label
from service.sparql.terms import Term as Node

OWL: Final = "http://www.w3.org/2002/07/owl#"
Kind = Literal["class", "object-property", "datatype-property", "annotation-property"]
_KINDS: Final[Mapping[str, Kind]] = {
    f"{OWL}Class": "class",
    f"{OWL}ObjectProperty": "object-property",
    f"{OWL}DatatypeProperty": "datatype-property",
    f"{OWL}AnnotationProperty": "annotation-property",
}
_TRAITS: Final = ("FunctionalProperty", "TransitiveProperty", "SymmetricProperty")
_MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_HERE: Final = Path(__file__).parent
_OTHER: Final = Label("其他", "Other")

Statements = Iterable[tuple[Node | None, Node | None, Node | None]]


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property; other terms by IRI, `matches` with the property that relates them."""

    iri: str
    kind: Kind
    label: Label
    definition: Label
    above: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    inverses: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    matches: tuple[tuple[str, str], ...] = ()
    traits: tuple[str, ...] = ()
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    named_in: tuple[str, ...] = ()
    named_as: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The local name."""
        return self.iri.removeprefix(NS)

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return self.kind == "class"


@dataclass(frozen=True, slots=True)
class Module:
    """Classes that belong together, each with its depth below a root, and their properties."""

    name: str
    label: Label
    classes: tuple[tuple[Term, int], ...]
    properties: tuple[Term, ...]


@dataclass(frozen=True)
class Ontology:
    """All terms by IRI, in the order of their names."""

    terms: Mapping[str, Term]

    def below(self, iri: str) -> tuple[Term, ...]:
        """The terms stated to be right below one."""
        return tuple(term for term in self.terms.values() if iri in term.above)

    def ancestors(self, iri: str) -> tuple[str, ...]:
        """Our terms above one, the nearest first; each once, whatever way leads there."""
        found: list[str] = []
        queue = [iri]
        while queue:
            term = self.terms.get(queue.pop(0))
            for above in term.above if term else ():
                if above in self.terms and above not in found:
                    found.append(above)
                    queue.append(above)
        return tuple(found)

    def of_class(self, iri: str) -> tuple[Term, ...]:
        """The properties stated to have a class as their domain."""
        return tuple(term for term in self.terms.values() if iri in term.domains)

    def to_class(self, iri: str) -> tuple[Term, ...]:
        """The properties stated to have a class as their range."""
        return tuple(term for term in self.terms.values() if iri in term.ranges)

    def inverses_of(self, term: Term) -> tuple[str, ...]:
        """What is stated to be the inverse of a property, from either side."""
        other = (t.iri for t in self.terms.values() if term.iri in t.inverses)
        return tuple(dict.fromkeys((*term.inverses, *other)))

    def modules(self) -> tuple[Module, ...]:
        """The modules of `modules.json`; what is in none of them stands in a last one."""
        placed: dict[str, str] = {}
        found: list[Module] = []
        for name, label, roots in _modules():
            found.append(Module(name, label, tuple(self._trees(roots, placed, name)), ()))
        left = [t.name for t in self.terms.values() if t.is_class and t.iri not in placed]
        if left:
            rest = self._trees(left, placed, "other")
            found.append(Module("other", _OTHER, tuple(rest), ()))
        return tuple(
            Module(m.name, m.label, m.classes, self._properties(m.name, placed)) for m in found
        )

    def shared(self) -> tuple[Term, ...]:
        """The properties of no class of their own."""
        return tuple(t for t in self.terms.values() if not t.is_class and not self._home(t))

    def _trees(
        self, roots: Iterable[str], placed: dict[str, str], module: str
    ) -> list[tuple[Term, int]]:
        found: list[tuple[Term, int]] = []

        def walk(iri: str, depth: int) -> None:
            if iri in placed or iri not in self.terms:
                return
            placed[iri] = module
            found.append((self.terms[iri], depth))
            for term in self.below(iri):
                walk(term.iri, depth + 1)

        for name in roots:
            walk(NS + name, 0)
        return found

    def _properties(self, module: str, placed: Mapping[str, str]) -> tuple[Term, ...]:
        return tuple(
            term
            for term in self.terms.values()
            if not term.is_class and placed.get(self._home(term)) == module
        )

    def _home(self, term: Term) -> str:
        return next((domain for domain in term.domains if domain in self.terms), "")


def read_ontology(statements: Statements) -> Ontology:
    """The ontology of the statements of its terms."""
    said: dict[str, dict[str, list[Node]]] = {}
    for subject, predicate, value in statements:
        if subject is not None and predicate is not None and value is not None:
            said.setdefault(subject.text, {}).setdefault(predicate.text, []).append(value)
    terms = (term for iri, of in sorted(said.items()) if (term := _term(iri, of)))
    return Ontology({term.iri: term for term in terms})


def _term(iri: str, said: Mapping[str, list[Node]]) -> Term | None:
    types = [node.text for node in said.get(RDF + "type", [])]
    kind = next((_KINDS[name] for name in types if name in _KINDS), None)
    if kind is None:
        return None

    def iris(*names: str) -> tuple[str, ...]:
        nodes = [node for name in names for node in said.get(name, [])]
        return tuple(dict.fromkeys(node.text for node in nodes if node.kind == "iri"))

    def texts(name: str) -> tuple[str, ...]:
        return tuple(node.text for node in said.get(name, []) if node.kind == "literal")

    def label(name: str) -> Label:
        by = {node.language: node.text for node in said.get(name, [])}
        zh = by.get("zh", "")
        return Label(zh, by.get("en", zh))

    return Term(
        iri=iri,
        kind=kind,
        label=label(RDFS + "label"),
        definition=label(SKOS + "definition"),
        above=iris(RDFS + "subClassOf", RDFS + "subPropertyOf"),
        domains=iris(RDFS + "domain"),
        ranges=iris(RDFS + "range"),
        inverses=iris(OWL + "inverseOf"),
        disjoint=iris(OWL + "disjointWith"),
        matches=tuple((name, other) for name in _MATCHES for other in iris(SKOS + name)),
        traits=tuple(name for name in _TRAITS if OWL + name in types),
        deprecated="true" in texts(OWL + "deprecated"),
        replaced_by=iris(DCT + "isReplacedBy"),
        sources=iris(DCT + "source"),
        named_in=iris(NS + "namedIn"),
        named_as=texts(NS + "namedAs"),
        examples=texts(SKOS + "example"),
    )


@cache
def _modules() -> list[tuple[str, Label, tuple[str, ...]]]:
    found: list[dict[str, Any]] = json.loads((_HERE / "modules.json").read_text("utf-8"))
    return [(one["name"], Label(one["zh"], one["en"]), tuple(one["roots"])) for one in found]
