"""Relations between norms as RDF: each with its kind, ground and doubt, in a graph of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.quads import Graph
from kb.relations import Relation
from ontology.ids import code_iri, graph_iri, mint


def relation_quads(relations: Iterable[Relation]) -> Iterator[str]:
    """The graph of relations; one relation is named after its kind and its two norms."""
    graph = Graph(graph_iri("relations"))
    for relation in relations:
        ends = (relation.subject, relation.object)
        names = [norm.iri.split("/id/norm/")[1].replace("/", "--") for norm in ends]
        iri = mint("relation", "---".join((relation.kind, *names)))
        yield from graph.type(iri, "Relation")
        yield graph.link(iri, "relationKind", code_iri("relation-kinds", relation.kind))
        yield graph.link(iri, "relationFrom", relation.subject.iri)
        yield graph.link(iri, "relationTo", relation.object.iri)
        yield from graph.label(iri, "relationGround", relation.ground)
        yield graph.flag(iri, "inferredRelation", relation.inference)
        yield from graph.label(iri, "doubt", relation.doubt)
