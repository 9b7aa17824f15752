"""Nothing in the built graph is of two classes that exclude each other (OWL 2 disjoint classes).

What a thing is follows from what is said of it: its classes, and the domain and range of each
property it has. HermiT holds the ontology itself to its logic (tests/ontology/test_reason.py).
"""

from __future__ import annotations

from itertools import combinations

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from ontology.ids import NS
from ontology.validate import CONTENT, read, read_nquads
from tests.kb.world import World

ONTOLOGY = read(CONTENT)


def exclusions() -> set[frozenset[Node]]:
    axioms = read(["axioms.ttl"])
    found = {frozenset(pair) for pair in ONTOLOGY.subject_objects(OWL.disjointWith)}
    for first in axioms.objects(None, OWL.members):
        found |= {frozenset(pair) for pair in combinations(Collection(axioms, first), 2)}
    return found


def classes_of(graph: Graph) -> dict[Node, set[Node]]:
    """The classes of each thing, stated or by domain and range, with all above them."""
    stated: dict[Node, set[Node]] = {}
    for thing, kind in graph.subject_objects(RDF.type):
        stated.setdefault(thing, set()).add(kind)
    for predicate in set(graph.predicates()):
        for domain in ONTOLOGY.objects(predicate, RDFS.domain):
            for thing in graph.subjects(predicate):
                stated.setdefault(thing, set()).add(domain)
        if (predicate, RDF.type, OWL.ObjectProperty) in ONTOLOGY:
            for kind in ONTOLOGY.objects(predicate, RDFS.range):
                for thing in graph.objects(None, predicate):
                    stated.setdefault(thing, set()).add(kind)
    above: dict[Node, set[Node]] = {
        kind: {k for k in ONTOLOGY.transitive_objects(kind, RDFS.subClassOf) if k is not None}
        for kind in set().union(*stated.values())
    }
    return {thing: set().union(*(above[k] for k in kinds)) for thing, kinds in stated.items()}


def contradictions(graph: Graph) -> list[Node]:
    pairs = exclusions()
    return sorted(
        (thing for thing, kinds in classes_of(graph).items() if any(p <= kinds for p in pairs)),
        key=str,
    )


def test_nothing_is_of_two_classes_that_exclude_each_other(world: World) -> None:
    """What follows from classes and properties is drawn here anew, so what is stated is enough."""
    stated = [line for line in world.store.nquads().split(b"\n") if b"/graph/derived/" not in line]
    assert contradictions(read_nquads(b"\n".join(stated))) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("ResidentsCommittee", "SubDistrictOffice"), ("Community", "VillagersCommittee"),
     ("PartyBranch", "GovernmentDepartment"), ("OwnersCommittee", "SocialOrganisation"),
     ("UrbanCommunity", "RuralCommunity"), ("UnifiedAssessment", "DepartmentAssessment")],
)  # fmt: skip
def test_what_excludes_each_other_is_told(one: str, other: str) -> None:
    """A committee is no organ of state, a community no body, the Party no department."""
    thing = URIRef("https://zhunru.example/id/body/x")
    graph = Graph()
    for name in (one, other):
        graph.add((thing, RDF.type, URIRef(NS + name)))
    assert contradictions(graph) == [thing]


def test_domain_and_range_are_heeded() -> None:
    """A rule that rests on a body has taken a body for a provision's place."""
    thing = URIRef("https://zhunru.example/id/body/x")
    graph = Graph()
    graph.add((thing, RDF.type, URIRef(NS + "Government")))
    graph.add((thing, URIRef(NS + "quotation"), URIRef(NS + "q")))
    assert contradictions(graph) == [thing]
