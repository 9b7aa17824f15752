"""The part of the ontology that logic can take: a view in OWL 2 DL for the reasoner.

https://www.w3.org/TR/owl2-syntax/: axioms and what is said of named things, without labels and
texts, without datatypes outside OWL 2's map (HermiT fails on xsd:date), and with declarations of
the terms that we reuse, as what others say of them is not imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SKOS, XSD
from rdflib.term import Node

# https://www.w3.org/TR/owl2-syntax/#Datatype_Maps, of which it uses these.
DATATYPES: Final = frozenset(
    {XSD.string, XSD.boolean, XSD.integer, XSD.nonNegativeInteger, XSD.decimal}
)
_AXIOMS: Final = frozenset(
    {
        RDF.first,
        RDF.rest,
        RDFS.domain,
        RDFS.subClassOf,
        RDFS.subPropertyOf,
        OWL.allValuesFrom,
        OWL.cardinality,
        OWL.disjointWith,
        OWL.distinctMembers,
        OWL.equivalentClass,
        OWL.hasValue,
        OWL.intersectionOf,
        OWL.inverseOf,
        OWL.members,
        OWL.onProperty,
        OWL.someValuesFrom,
        OWL.unionOf,
    }
)
_REUSED: Final = frozenset({SKOS.Concept, SKOS.ConceptScheme})


def logical_view(graph: Graph) -> Graph:
    """The statements of a graph that a reasoner for OWL 2 DL can take."""
    classes = set(graph.subjects(RDF.type, OWL.Class))
    links = set(graph.subjects(RDF.type, OWL.ObjectProperty))
    values = set(graph.subjects(RDF.type, OWL.DatatypeProperty))
    terms = classes | links | values
    view = Graph()
    for subject, predicate, value in graph:
        if predicate == RDF.type:
            kept = value in classes or value in _REUSED or str(value).startswith(str(OWL))
        elif predicate == RDFS.range:
            kept = subject in links or value in DATATYPES
        elif predicate in links:
            # What texts say of a term as a thing (zr:namedIn) says nothing of its members.
            kept = subject not in terms and value not in terms
        elif predicate in values:
            kept = isinstance(value, Literal) and value.datatype in DATATYPES
        else:
            kept = predicate in _AXIOMS
        if kept:
            view.add((subject, predicate, value))
    declared = [
        *((used, OWL.Class) for used in (*_classes(view), *_REUSED)),
        *((above, OWL.ObjectProperty) for above in _above(view, links)),
        *((above, OWL.DatatypeProperty) for above in _above(view, values)),
        *((thing, OWL.NamedIndividual) for thing in _linked(view, links)),
    ]
    for thing, kind in declared:
        view.add((thing, RDF.type, kind))
    return view


def _classes(view: Graph) -> Iterator[Node]:
    for predicate in (RDFS.subClassOf, RDFS.domain, RDFS.range):
        for used in view.objects(None, predicate):
            if isinstance(used, URIRef) and used not in DATATYPES:
                yield used


def _above(view: Graph, properties: Iterable[Node]) -> Iterator[Node]:
    for name in properties:
        yield from view.objects(name, RDFS.subPropertyOf)


def _linked(view: Graph, links: Iterable[Node]) -> Iterator[Node]:
    for link in links:
        for pair in view.subject_objects(link):
            yield from pair
