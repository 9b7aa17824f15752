"""Later instruments known but not held (horizon.yaml) as RDF: what is known of them, and whence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kb.graph import jurisdiction_iri
from kb.loading import HorizonEntry
from kb.quads import ELI, XSD, Graph, literal
from ontology.ids import graph_iri, later_iri

_TYPES: Final = {10: "date", 7: "gYearMonth", 4: "gYear"}


def horizon_quads(entries: Iterable[HorizonEntry]) -> Iterator[str]:
    """The graph of the horizon."""
    graph = Graph(graph_iri("horizon"))
    for entry in entries:
        iri = later_iri(entry.title)
        yield from graph.type(iri, "LaterInstrument", ELI + "LegalResource")
        yield from graph.text(iri, ELI + "title", entry.title, "zh")
        yield graph.flag(iri, "held", value=False)
        yield graph.link(iri, "jurisdiction", jurisdiction_iri(entry.jurisdiction))
        # Without a number the note tells what is known instead.
        if entry.number:
            yield from graph.text(iri, "documentNumber", entry.number)
        else:
            yield from graph.label(iri, "noNumber", entry.note)
        if kind := _TYPES.get(len(entry.date)):
            yield graph.line(iri, "issued", literal(entry.date, datatype=XSD + kind))
        else:
            yield from graph.label(iri, "dateBecause", entry.note)
        yield from graph.label(iri, "note", entry.note)
        for source in entry.source:
            yield from graph.text(iri, "source", source)
