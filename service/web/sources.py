"""A cited sentence as pages show it, from a result's JSON or from a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.model import Citation
from service.web.links import provision_href


@dataclass(frozen=True, slots=True)
class Source:
    """A quote with its instrument and provision; `within` is the text that hands it down.

    `href` is empty where the text is not held: then it is read where it is quoted.
    """

    number: str
    title: str
    provision: str
    quote: str
    href: str
    within: Source | None


def source_in(citation: Mapping[str, Any]) -> Source:
    """The source of a citation as results have it (its `instrument` is the document number)."""
    inner, quote = citation["quoted_in"], citation["quote"]
    return Source(
        number=citation["instrument"],
        title=citation["title"],
        provision=citation["provision"] or "",
        quote=quote,
        href="" if inner else provision_href(citation["iri"], quote),
        within=source_in({**inner, "quote": quote, "quoted_in": None}) if inner else None,
    )


def source_of(citation: Citation) -> Source:
    """The source of a rule's citation."""
    inner = citation.quoted_in
    return Source(
        number=citation.number,
        title=citation.title,
        provision=citation.provision,
        quote=citation.quote,
        href="" if inner else provision_href(citation.iri, citation.quote),
        within=source_of(inner) if inner else None,
    )
