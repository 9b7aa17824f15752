"""What the pages of terms show: links with labels, diagrams, examples from the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ontology.ids import NS
from ontology.label import Label
from service.linked.about import Shown
from service.linked.naming import here
from service.sparql.prefixes import load_prefixes
from service.terms.diagram import Diagram, Link, around, forest
from service.terms.model import Module, Ontology, Term
from service.web.language import Language

_DISJOINT_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Ref:
    """A term or a thing by its name, with where it is read."""

    name: str
    href: str
    iri: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the graph has of a term: how often, and some of it (a property's as pairs)."""

    count: int
    things: tuple[Shown, ...] = ()
    pairs: tuple[tuple[Shown, Shown], ...] = ()


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property of a class with what it leads to, and from which class above it comes."""

    term: Term
    href: str
    ranges: tuple[Ref, ...]
    domains: tuple[Ref, ...]
    inherited: Ref | None


@dataclass(frozen=True, slots=True)
class TermPage:
    """The page of a class or property."""

    term: Term
    short: str
    diagram: Diagram
    above: tuple[Ref, ...]
    below: tuple[Ref, ...]
    properties: tuple[PropertyRow, ...]
    leading: tuple[PropertyRow, ...]
    domains: tuple[Ref, ...]
    ranges: tuple[Ref, ...]
    inverses: tuple[Ref, ...]
    disjoint: tuple[Ref, ...]
    matches: tuple[tuple[str, Ref], ...]
    replaced_by: tuple[Ref, ...]
    named_in: tuple[Ref, ...]
    found: Found
    data: str


@dataclass(frozen=True, slots=True)
class ModuleView:
    """A module with its diagram."""

    module: Module
    diagram: Diagram
    properties: tuple[PropertyRow, ...]


@dataclass(frozen=True, slots=True)
class OntologyPage:
    """All terms by module; `counts` are of classes, object and other properties."""

    namespace: str
    modules: tuple[ModuleView, ...]
    shared: tuple[PropertyRow, ...]
    counts: tuple[int, int, int]


def href(iri: str) -> str:
    """Where a term of ours is read; for any other IRI its own address."""
    return f"/ontology/{iri.removeprefix(NS)}" if iri.startswith(NS) else here(iri)


def term_page(
    term: Term,
    ontology: Ontology,
    language: Language,
    found: Found,
    called: Mapping[str, str],
) -> TermPage:
    """The page of a term; `called` are labels of things that are no terms."""

    def refs(iris: Iterable[str]) -> tuple[Ref, ...]:
        return tuple(_ref(iri, ontology, language, called) for iri in iris)

    own = ontology.of_class(term.iri)
    inherited = [
        (p, above) for above in ontology.ancestors(term.iri) for p in ontology.of_class(above)
    ]
    rows = [_row(p, ontology, language) for p in own] + [
        _row(p, ontology, language, _ref(above, ontology, language)) for p, above in inherited
    ]
    return TermPage(
        term=term,
        short=_short(term.iri),
        diagram=_diagram(term, ontology, language),
        above=refs(term.above),
        below=refs(t.iri for t in ontology.below(term.iri)),
        properties=tuple(rows) if term.is_class else (),
        leading=tuple(_row(p, ontology, language) for p in ontology.to_class(term.iri)),
        domains=refs(term.domains),
        ranges=refs(term.ranges),
        inverses=refs(ontology.inverses_of(term)),
        disjoint=refs(term.disjoint[:_DISJOINT_SHOWN]),
        matches=tuple((name, _ref(iri, ontology, language)) for name, iri in term.matches),
        replaced_by=refs(term.replaced_by),
        named_in=refs(term.named_in),
        found=found,
        data=href(term.iri),
    )


def ontology_page(ontology: Ontology, language: Language) -> OntologyPage:
    """The page of all terms."""
    terms = ontology.terms.values()
    objects = [t for t in terms if t.kind == "object-property"]
    return OntologyPage(
        namespace=NS,
        modules=tuple(
            ModuleView(
                module,
                forest([(_link(t, language), depth) for t, depth in module.classes]),
                tuple(_row(p, ontology, language) for p in module.properties),
            )
            for module in ontology.modules()
        ),
        shared=tuple(_row(p, ontology, language) for p in ontology.shared()),
        counts=(
            sum(t.is_class for t in terms),
            len(objects),
            sum(not t.is_class for t in terms) - len(objects),
        ),
    )


def said(label: Label, language: Language) -> str:
    """A label in a language."""
    return label.zh if language == "zh" else label.en


def _diagram(term: Term, ontology: Ontology, language: Language) -> Diagram:
    above = [_named(iri, ontology, language) for iri in term.above]
    below = [_link(t, language) for t in ontology.below(term.iri)]
    if not term.is_class:
        return around(
            _link(term, language),
            above,
            below,
            [_named(iri, ontology, language) for iri in term.domains],
            [_named(iri, ontology, language) for iri in term.ranges],
        )
    into = [
        _via(domain, p, ontology, language)
        for p in ontology.to_class(term.iri)
        for domain in p.domains
    ]
    out = [
        _via(target, p, ontology, language)
        for p in ontology.of_class(term.iri)
        if p.kind == "object-property"
        for target in p.ranges
    ]
    return around(_link(term, language), above, below, into, out)


def _via(iri: str, prop: Term, ontology: Ontology, language: Language) -> Link:
    found = _named(iri, ontology, language)
    return Link(found.text, found.href, said(prop.label, language), href(prop.iri))


def _link(term: Term, language: Language) -> Link:
    return Link(said(term.label, language) or term.name, href(term.iri))


def _named(iri: str, ontology: Ontology, language: Language) -> Link:
    term = ontology.terms.get(iri)
    return _link(term, language) if term else Link(_short(iri), href(iri))


def _ref(
    iri: str, ontology: Ontology, language: Language, called: Mapping[str, str] | None = None
) -> Ref:
    name = (called or {}).get(iri) or _named(iri, ontology, language).text
    return Ref(name, href(iri), iri)


def _row(
    prop: Term, ontology: Ontology, language: Language, inherited: Ref | None = None
) -> PropertyRow:
    def refs(iris: Sequence[str]) -> tuple[Ref, ...]:
        return tuple(_ref(iri, ontology, language) for iri in iris)

    return PropertyRow(prop, href(prop.iri), refs(prop.ranges), refs(prop.domains), inherited)


def _short(iri: str) -> str:
    for prefix, namespace in load_prefixes().items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
