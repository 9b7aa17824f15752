"""Which bodies, instruments, posts and kinds of actor a sentence names: every mention, by name.

A name counts where no longer name covers it (省委组织部 is no mention of 省委). Names that only one
province uses (省民政厅) are looked for in that province's texts alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from kb.instrument import Instrument
from kb.library import Library
from kb.quads import Graph as Quads
from ontology.ids import body_iri, graph_iri, instrument_iri, mint, provision_iri

_SCHEMES = ("actors", "posts")


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence (by id) and the IRI of what it names, in these words at these characters of it."""

    sentence: str
    names: str
    words: str
    at: int


def names_of(library: Library, words: Graph, jurisdiction: str) -> dict[str, str]:
    """What is looked for in the texts of a jurisdiction: IRIs by name; `words` is the ontology."""
    found = dict(_concepts(words))
    for body in library.bodies:
        if body.jurisdiction in ("", jurisdiction):
            found |= dict.fromkeys((body.name.zh, *body.also), body_iri(body.key))
    for instrument in library.instruments:
        iri = instrument_iri(instrument.key)
        found |= {f"《{instrument.title}》": iri}
        found |= {instrument.number: iri} if instrument.number else {}
        found |= {f"《{cite.title}》": instrument_iri(cite.instrument) for cite in instrument.cites}
    return found


def _concepts(words: Graph) -> Iterator[tuple[str, str]]:
    """Kinds of actor and posts by label; of a name that two concepts share the later one wins."""
    for scheme in _SCHEMES:
        concepts = words.subjects(SKOS.inScheme, URIRef(mint("code-list", scheme)))
        for concept in sorted(map(str, concepts), reverse=True):
            for label in (SKOS.prefLabel, SKOS.altLabel):
                for name in words.objects(URIRef(concept), label):
                    if getattr(name, "language", "") == "zh":
                        yield str(name), concept


def mentions(instrument: Instrument, names: Mapping[str, str]) -> Iterator[Mention]:
    """Every mention in a held text, in order."""
    pattern = re.compile("|".join(re.escape(n) for n in sorted(names, key=len, reverse=True)))
    for provision in instrument.provisions:
        for sentence in provision.sentences:
            for hit in pattern.finditer(sentence.text):
                yield Mention(sentence.id, names[hit[0]], hit[0], hit.start())


def mention_quads(library: Library, words: Graph) -> Iterator[str]:
    """All mentions, each in the graph of its text."""
    for instrument in library.instruments:
        if not instrument.held:
            continue
        graph = Quads(graph_iri(f"doc/{instrument.key}"))
        yield from _lines(
            graph,
            instrument.key,
            mentions(instrument, names_of(library, words, instrument.jurisdiction)),
        )


def _lines(graph: Quads, key: str, found: Iterable[Mention]) -> Iterator[str]:
    for mention in found:
        yield graph.link(provision_iri(key, mention.sentence), "mentions", mention.names)
