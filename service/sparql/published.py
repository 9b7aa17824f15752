"""What was published and when, and which rules each publication changed, as N-Quads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Final

from kb.quads import RDFS, XSD, Graph, literal
from ontology.ids import graph_iri, mint, rule_iri
from rules.difference import compare
from rules.model import Rulebook
from service.sparql.graph_texts import graph_text
from service.store.revisions import Publication, RevisionStore

GRAPH: Final = graph_iri("revisions")
_MOST: Final = 200
"""Publications of which the graph tells, the latest ones."""


class RevisionsProjection:
    """Publications with what changed; `look` gives the rulebook of a revision."""

    def __init__(self, store: RevisionStore, look: Callable[[str], Rulebook]) -> None:
        self._store = store
        self._look = look
        self._lock = threading.Lock()
        # What a publication changed never changes, and takes two rulebooks to know.
        self._told: dict[int, tuple[str, ...]] = {}

    def key(self) -> str:
        """How many publications there are."""
        return str(self._store.moves())

    def lines(self) -> Iterator[str]:
        """The graph of revisions."""
        with self._lock:
            for one in self._store.publications()[:_MOST]:
                if one.id not in self._told:
                    self._told[one.id] = tuple(self._publication(one))
                yield from self._told[one.id]

    def _publication(self, one: Publication) -> Iterator[str]:
        out = Graph(GRAPH)
        iri = mint("publication", str(one.id))
        revision = mint("revision", one.revision)
        yield from out.type(iri, "Publication")
        yield from out.type(revision, "Revision")
        yield from out.label(iri, RDFS + "label", graph_text("publication", number=one.id))
        yield out.link(iri, "publishes", revision)
        at = literal(one.published_at, datatype=XSD + "dateTime")
        yield out.line(iri, "publishedAt", at)
        yield from out.text(iri, "publishedBy", one.publisher)
        yield from out.text(iri, "publicationNote", one.note)
        if one.parent is None:
            return
        yield out.link(iri, "revisionBefore", mint("revision", one.parent))
        yield from out.type(mint("revision", one.parent), "Revision")
        found = compare(self._look(one.parent), self._look(one.revision))
        changed = (
            ("addsRule", [rule.id for rule in found.added]),
            ("removesRule", [rule.id for rule in found.removed]),
            ("altersRule", [altered.after.id for altered in found.altered]),
        )
        for name, rules in changed:
            for rule in rules:
                yield out.link(iri, name, rule_iri(rule))
