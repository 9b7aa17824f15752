"""Where an IRI of the knowledge base is shown to a person."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlsplit

_DOCUMENT: Final = "/id/doc/"


def provision_href(iri: str, quoted: str = "") -> str:
    """The page of a provision, with the quoted sentence marked in it; "" for any other IRI."""
    path = urlsplit(iri).path
    if not path.startswith(_DOCUMENT):
        return ""
    key, _, eid = path[len(_DOCUMENT) :].partition("/")
    return instrument_href(key, eid, quoted)


def instrument_href(key: str, eid: str = "", quoted: str = "") -> str:
    """The page of an instrument, at one of its provisions."""
    query = f"?quote={quote(quoted)}" if quoted else ""
    return f"/instruments/{quote(key)}{query}{'#' + quote(eid) if eid else ''}"
