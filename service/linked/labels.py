"""What things are called, for pages that would else show bare IRIs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from service.linked.naming import in_query
from service.sparql.asking import Graph
from service.web.language import Language

_MOST: Final = 400
_QUERY: Final = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX zr: <https://zhunru.example/ns#>
SELECT ?thing ?label {
  VALUES ?thing { %s }
  ?thing rdfs:label|skos:prefLabel|eli:title|zr:label|zr:action ?label
}
"""


async def labels(graph: Graph, iris: Iterable[str], language: Language) -> dict[str, str]:
    """IRI → label in the language, else in Chinese, else in none. Raises Failed."""
    wanted = [name for iri in dict.fromkeys(iris) if (name := in_query(iri))]
    found: dict[str, tuple[int, str]] = {}
    for at in range(0, len(wanted), _MOST):
        table = await graph.first(_QUERY % " ".join(wanted[at : at + _MOST]), 10 * _MOST)
        for thing, label in table.rows:
            if thing is None or label is None:
                continue
            order = (language, "zh", "")
            rank = order.index(label.language) if label.language in order else len(order)
            found[thing.text] = min(found.get(thing.text, (9, "")), (rank, label.text))
    return {iri: text for iri, (_, text) in found.items()}
