"""Paths of this service ↔ IRIs of the knowledge base, and what may stand in a query."""

from __future__ import annotations

import re
from typing import Final

from ontology.ids import BASE, NS, Named, decision_id, parse
from service.web.links import instrument_href, list_href, norm_href

# Nothing that could end an IRI in SPARQL (https://www.w3.org/TR/sparql11-query/#rIRIREF).
_PATH: Final = re.compile(r"(?:id|graph)/[\w.:@/~+%-]+|ns(?:/[\w.-]+)?", re.ASCII)
_IRI: Final = re.compile(r"[^<>\"{}|^`\\\x00-\x20]+")
ONTOLOGY: Final = NS.removesuffix("#")
SUFFIXES: Final = {
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
}


def iri_at(path: str) -> str | None:
    """The IRI whose path this is (no leading slash); None where no IRI of ours looks so."""
    return BASE + path if _PATH.fullmatch(path) else None


def in_query(iri: str) -> str | None:
    """An IRI as SPARQL writes it; None where it cannot be written."""
    return f"<{iri}>" if _IRI.fullmatch(iri) else None


def split_suffix(path: str) -> tuple[str, str]:
    """A path without its suffix, and the media type that the suffix asks for."""
    for suffix, media in SUFFIXES.items():
        if path.endswith(suffix) and path != suffix:
            return path.removesuffix(suffix), media
    return path, ""


def here(iri: str) -> str:
    """The address that serves an IRI of ours; any other IRI as it is."""
    if iri.startswith(NS):  # a fragment of /ns, which no server would see
        return f"/ontology/{iri.removeprefix(NS)}"
    return "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else iri


def page_of(iri: str) -> str:
    """The page made for a thing, if its kind has one; else the plain page of its statements."""
    match parse(iri):
        case Named("instrument", (key,)):
            return instrument_href(key)
        case Named("provision", (key, eid)):
            return instrument_href(key, eid)
        case Named("norm"):
            return norm_href(iri)
        case Named("rule", (rule,)):
            return f"/rules/{rule}"
        case Named("list" | "list-row", parts):
            return list_href(*parts)
        case Named("decision"):
            return f"/decisions/{decision_id(iri)}"
    return "/ontology" if iri == ONTOLOGY else "/about/" + iri.removeprefix(BASE)
