"""Where an IRI of the knowledge base is shown to a person."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlsplit

_DOCUMENT: Final = "/id/doc/"
_LIST: Final = "/id/list/"
_NORM: Final = "/id/norm/"


def provision_href(iri: str, quoted: str = "") -> str:
    """The page of a provision or a list's row, the quote marked in it; "" for any other IRI."""
    path = urlsplit(iri).path
    if path.startswith(_DOCUMENT):
        key, _, eid = path[len(_DOCUMENT) :].partition("/")
        return instrument_href(key, eid, quoted)
    if path.startswith(_LIST):
        list_id, _, row = path[len(_LIST) :].partition("/")
        return list_href(list_id, row, quoted)
    return ""


def instrument_href(key: str, eid: str = "", quoted: str = "") -> str:
    """The page of an instrument, at one of its provisions."""
    return _address("/instruments/", key, eid, quoted)


def norm_href(iri: str) -> str:
    """The page of a norm; "" for any other IRI."""
    path = urlsplit(iri).path
    return f"/norms/{path[len(_NORM) :]}" if path.startswith(_NORM) else ""


def list_href(list_id: str, row: int | str | None = None, quoted: str = "") -> str:
    """The page of a registered list, at one of its rows."""
    return _address("/lists/", list_id, f"row-{row}" if row else "", quoted)


def _address(shelf: str, key: str, part: str, quoted: str) -> str:
    query = f"?quote={quote(quoted)}" if quoted else ""
    return f"{shelf}{quote(key)}{query}{'#' + quote(part) if part else ''}"
