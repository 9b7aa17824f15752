"""The page of the ontology: its terms with what they are called and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ontology.ids import NS
from service.sparql.asking import Graph
from service.web.language import Language

_MOST: Final = 5000
_TERMS: Final = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?term ?type ?label ?meaning {{
  ?term a ?type FILTER(STRSTARTS(STR(?term), "{NS}"))
  OPTIONAL {{ ?term rdfs:label ?label FILTER(LANG(?label) = "%(language)s") }}
  OPTIONAL {{ ?term rdfs:comment|skos:definition ?meaning FILTER(LANG(?meaning) = "%(language)s") }}
}} ORDER BY ?term
"""


@dataclass(frozen=True, slots=True)
class DefinedTerm:
    """A class or a property."""

    name: str
    iri: str
    kind: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TermsPage:
    """All terms, by name."""

    namespace: str
    terms: tuple[DefinedTerm, ...]


async def terms_page(graph: Graph, language: Language) -> TermsPage:
    """The terms of the ontology. Raises Failed."""
    table = await graph.first(_TERMS % {"language": language}, _MOST)
    found: dict[str, DefinedTerm] = {}
    for term, kind, label, meaning in table.rows:
        if term is None or kind is None or term.text in found:
            continue
        found[term.text] = DefinedTerm(
            name=term.text.removeprefix(NS),
            iri=term.text,
            kind="class" if kind.text.endswith("#Class") else "property",
            label=label.text if label else "",
            meaning=meaning.text if meaning else "",
        )
    return TermsPage(NS, tuple(found.values()))
