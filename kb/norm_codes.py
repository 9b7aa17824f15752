"""Whether the codes that annotations use (actors, topics) are concepts of the ontology."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from kb.library import Library
from kb.norms import Norm
from ontology.ids import mint
from ontology.issue import Issue
from ontology.names import nearest


def unknown_codes(library: Library, words: Graph) -> list[Issue]:
    """An issue at its entry for each code of a norm that `words` (the ontology) does not have."""
    known = {scheme: _codes(words, scheme) for scheme in ("actors", "norm-topics")}
    keys = {instrument.key for instrument in library.instruments}
    issues: list[Issue] = []
    for instrument in library.instruments:
        for account in instrument.accounts:
            for norm in account.norms:
                for scheme, code in _used(norm):
                    if code not in known[scheme]:
                        near = nearest(code, known[scheme])
                        hint = f"did you mean {near}?" if near else ""
                        issues.append(
                            Issue("error", f"{code} is no code of {scheme}", account.where, hint)
                        )
                if norm.source and norm.source not in keys:
                    near = nearest(norm.source, keys)
                    hint = f"did you mean {near}?" if near else ""
                    message = f"no instrument {norm.source} is known"
                    issues.append(Issue("error", message, account.where, hint))
    return issues


def _used(norm: Norm) -> Iterator[tuple[str, str]]:
    yield from (("actors", code) for code in (*norm.bearer, *norm.counterparty))
    yield "norm-topics", norm.topic


def _codes(words: Graph, scheme: str) -> set[str]:
    concepts = words.subjects(SKOS.inScheme, URIRef(mint("code-list", scheme)))
    return {str(concept).rsplit("/", 1)[-1] for concept in concepts}
