"""The forms in which results leave, by media type and by the short name that `format=` takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kb.store import Result
from service.accept import preferred


@dataclass(frozen=True, slots=True)
class Format:
    """A form of results: its short name (also the file's extension) and its media types."""

    name: str
    media_type: str
    also: tuple[str, ...] = ()
    charset: bool = False

    @property
    def content_type(self) -> str:
        """The Content-Type it is sent under."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


# https://www.w3.org/TR/sparql11-protocol/#query-success names them; the first is the default.
ROWS: Final = (
    Format("json", "application/sparql-results+json", ("application/json",)),
    Format("xml", "application/sparql-results+xml", ("application/xml",)),
    Format("csv", "text/csv", charset=True),
    Format("tsv", "text/tab-separated-values", charset=True),
)
STATEMENTS: Final = (
    Format("ttl", "text/turtle", charset=True),
    Format("nt", "application/n-triples", ("text/plain",)),
    Format("jsonld", "application/ld+json", ("application/json",)),
    Format("nq", "application/n-quads"),
    Format("trig", "application/trig"),
    Format("rdf", "application/rdf+xml", ("application/xml",)),
)
NAMES: Final = tuple(f.name for f in (*ROWS, *STATEMENTS))

# What clients send as `format=` beside these names: SPARQLWrapper's words, and media types.
_ALSO: Final = {
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "json-ld": "jsonld",
    "rdf+xml": "rdf",
    "rdfxml": "rdf",
    "nquads": "nq",
    "n-quads": "nq",
}
# SPARQLWrapper asks for xml or json before it knows what a query gives.
_OF_STATEMENTS: Final = {"xml": "rdf", "json": "jsonld"}


def is_format(name: str) -> bool:
    """Whether `format=` may have this value, for whatever results."""
    return any(_named(name, result) for result in ("rows", "statements"))


def offered(result: Result) -> tuple[Format, ...]:
    """The forms that a result can take."""
    return STATEMENTS if result == "statements" else ROWS


@lru_cache(maxsize=64)
def choose(result: Result, accept: str, name: str = "") -> Format | None:
    """The form asked for, by name or else by an Accept header; None where it cannot be had."""
    formats = offered(result)
    if name:
        return _named(name, result)
    by_type = {media: f for f in reversed(formats) for media in (f.media_type, *f.also)}
    order = [f.media_type for f in formats] + [media for f in formats for media in f.also]
    found = preferred(accept, order)
    return by_type[found] if found else None


def _named(name: str, result: Result) -> Format | None:
    """The form of a name, of another word for it or of a media type."""
    word = name.lower()
    word = _ALSO.get(word, word)
    if result == "statements":
        word = _OF_STATEMENTS.get(word, word)
    formats = offered(result)
    return next((f for f in formats if word in (f.name, f.media_type, *f.also)), None)
