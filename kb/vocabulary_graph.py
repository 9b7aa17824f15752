"""The words of the graph: ontology, code lists and facts from their Turtle, places and bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import Graph as RdfGraph
from rdflib import Literal, URIRef
from rdflib.term import Node

from kb.bodies import Body
from kb.graph import jurisdiction_iri
from kb.quads import RDFS, Graph, literal
from ontology.ids import body_iri, graph_iri, place_iri
from ontology.places import Place


def vocabulary_quads(
    ontology: RdfGraph, places: Iterable[Place], bodies: Iterable[Body]
) -> Iterator[str]:
    """The graph of the vocabulary. ValueError where the ontology has a blank node."""
    graph = Graph(graph_iri("vocabulary"))
    for subject, predicate, value in ontology:
        yield graph.line(_iri(subject), _iri(predicate), _term(value))
    yield from _places(graph, places)
    for body in bodies:
        yield from _body(graph, body)


def _iri(node: Node) -> str:
    if not isinstance(node, URIRef):
        raise ValueError(f"the ontology names everything, so {node!r} cannot stand in it")
    return str(node)


def _term(node: Node) -> str:
    if isinstance(node, Literal):
        return literal(str(node), node.language or "", str(node.datatype or ""))
    return f"<{_iri(node)}>"


def _places(graph: Graph, places: Iterable[Place]) -> Iterator[str]:
    """Divisions by code (GB/T 2260); one code may have had several names and parents."""
    by_code: dict[str, list[Place]] = {}
    for place in places:
        by_code.setdefault(place.code, []).append(place)
    for code, records in by_code.items():
        iri = place_iri(code)
        yield from graph.type(iri, "AdministrativeDivision", "Place")
        yield from graph.text(iri, "divisionCode", code)
        for place in records:
            yield from graph.text(iri, "fullName", place.name)
            yield from graph.text(iri, "shortName", place.short)
            yield from graph.text(iri, RDFS + "label", place.name, "zh")
            if place.parent is not None:
                yield graph.link(iri, "partOf", place_iri(place.parent))
            for successor in place.successors:
                yield graph.link(iri, "succeededBy", place_iri(successor))
        starts = [place.start for place in records]
        ends = [place.end for place in records]
        if known := [start for start in starts if start]:
            yield from graph.day(iri, "usedFrom", min(known) if None not in starts else None)
        if known := [end for end in ends if end]:
            yield from graph.day(iri, "usedUntil", max(known) if None not in ends else None)
        if len(records) > 1:
            yield from _records(graph, iri, records)


def _records(graph: Graph, division: str, records: Iterable[Place]) -> Iterator[str]:
    """What a code stood for in turn: said of each period, for the division itself has all names."""
    for n, place in enumerate(records, start=1):
        iri = f"{division}#record-{n}"
        yield graph.link(division, "placeRecord", iri)
        yield from graph.type(iri, "PlaceRecord")
        yield from graph.text(iri, "nameThen", place.name)
        if place.parent is not None:
            yield graph.link(iri, "parentThen", place_iri(place.parent))
        yield from graph.day(iri, "usedFrom", place.start)
        yield from graph.day(iri, "usedUntil", place.end)


def _body(graph: Graph, body: Body) -> Iterator[str]:
    iri = body_iri(body.key)
    yield from graph.type(iri, body.kind, "Body")
    yield from graph.label(iri, RDFS + "label", body.name)
    yield graph.link(iri, "jurisdiction", jurisdiction_iri(body.jurisdiction))
    if body.under:
        yield graph.link(iri, "subordinateTo", body_iri(body.under))
