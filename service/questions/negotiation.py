"""The forms in which answers leave under their own addresses: by suffix, `format=` or Accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ontology.names import nearest
from service.accept import preferred
from service.errors import BadQuery, NotAcceptable


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its name, which is the suffix too, its media type, and what SPARQL calls it.

    `sparql` is the name that the endpoint has for it, empty for the forms that have labels.
    """

    name: str
    media_type: str
    sparql: str = ""

    @property
    def content_type(self) -> str:
        """The Content-Type it is sent under."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTML: Final = Form("html", "text/html")
JSON: Final = Form("json", "application/json")

# Plain JSON comes first: it is for whoever does not say. The suffixes of the last three are those
# that https://www.w3.org/TR/sparql11-results-json/ and its siblings register.
FORMS: Final = (
    JSON,
    HTML,
    Form("csv", "text/csv"),
    Form("xlsx", XLSX),
    Form("srj", "application/sparql-results+json", "json"),
    Form("srx", "application/sparql-results+xml", "xml"),
    Form("tsv", "text/tab-separated-values", "tsv"),
)
NAMES: Final = tuple(form.name for form in FORMS)


def split(name: str) -> tuple[str, str]:
    """A name without its suffix, and the form that the suffix names."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix) if dot and suffix in NAMES else (name, "")


def form_of(accept: str, suffix: str = "", format: str = "") -> Form:
    """The form asked for, the suffix before `format=` before Accept.

    Raises BadQuery for a format that is none, NotAcceptable where Accept lets none.
    """
    asked = suffix or format.strip().lower()
    by_type = {form.media_type: form for form in FORMS}
    if asked:
        found = next((form for form in FORMS if asked in (form.name, form.media_type)), None)
        if found is None:
            near = nearest(asked, NAMES)
            hint = f"did you mean {near}?" if near else f"one of {', '.join(NAMES)}"
            raise BadQuery(f"no such format: {asked[:40]}", hint=hint)
        return found
    media = preferred(accept, list(by_type))
    if media is None:
        raise NotAcceptable(f"this is to be had as {', '.join(by_type)}")
    return by_type[media]
