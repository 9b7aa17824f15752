"""Prefixes and example queries as statements, in the graph, where editors look for them.

`sh:declare` (https://www.w3.org/TR/shacl/#sparql-prefixes) for the prefixes; each competency
question of `kb/queries` as a `sh:SPARQLExecutable` (https://www.w3.org/TR/shacl-af/#SPARQLExecutable),
as the SIB's SPARQL editor shows them: https://github.com/sib-swiss/sparql-examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from typing import Final

from kb.quads import RDFS, XSD, Graph, literal
from kb.query import Query, queries
from ontology.ids import graph_iri
from service.sparql.prefixes import ENDPOINT, load_prefixes
from service.sparql.text import prologue, tokens

GRAPH: Final = graph_iri("endpoint")
PREFIXES: Final = f"{ENDPOINT}#prefixes"
SH: Final = "http://www.w3.org/ns/shacl#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
_TARGET: Final = "https://schema.org/target"
# What a query is → the class of its executable, and the property that holds its text.
_FORMS: Final = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
}


class EndpointProjection:
    """What the endpoint says of itself in the graph, beside what was built."""

    @cached_property
    def _lines(self) -> tuple[str, ...]:
        return tuple(endpoint_quads())

    @cached_property
    def _hash(self) -> str:
        return sha256("\n".join(self._lines).encode()).hexdigest()

    def key(self) -> str:
        """The hash of the statements."""
        return self._hash

    def lines(self) -> tuple[str, ...]:
        """Prefixes and examples."""
        return self._lines


def endpoint_quads() -> Iterator[str]:
    """The statements, as N-Quads."""
    out = Graph(GRAPH)
    yield from prefix_quads(out)
    yield from example_quads(out)


def example_quads(out: Graph) -> Iterator[str]:
    """The competency questions, with their texts."""
    for query in queries():
        yield from _example(out, query)


def prefix_quads(out: Graph) -> Iterator[str]:
    """The prefixes that queries may leave to an editor."""
    yield from out.type(PREFIXES, OWL + "Ontology")
    for prefix, namespace in load_prefixes().items():
        declared = f"{PREFIXES}-{prefix}"
        yield out.link(PREFIXES, SH + "declare", declared)
        yield from out.type(declared, SH + "PrefixDeclaration")
        yield out.line(declared, SH + "prefix", literal(prefix))
        yield out.line(declared, SH + "namespace", literal(namespace, datatype=XSD + "anyURI"))


def _example(out: Graph, query: Query) -> Iterator[str]:
    found = tokens(query.text)
    form = found[prologue(found)[0]].word
    if form not in _FORMS:
        return
    kind, holds = _FORMS[form]
    example = f"{ENDPOINT}#example-{query.name}"
    yield from out.type(example, SH + "SPARQLExecutable", SH + kind)
    yield from out.label(example, RDFS + "label", query.title)
    yield from out.label(example, RDFS + "comment", query.title)
    yield out.line(example, SH + holds, literal(query.text))
    yield out.link(example, SH + "prefixes", PREFIXES)
    yield out.link(example, _TARGET, ENDPOINT)
