"""One address in several forms: which one is wanted, and the headers that tell of the others.

https://www.rfc-editor.org/rfc/rfc9110#section-12 — a suffix chooses, else Accept with its weights.
Content-Location names the address of the form that was chosen; Link those of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from kb.store import rewritten
from service.accept import preferred
from service.api.answering import tagged
from service.errors import NotAcceptable
from service.linked.naming import SUFFIXES
from service.sparql.prefixes import load_prefixes

HTML: Final = "text/html"
JSON: Final = "application/json"
ATOM: Final = "application/atom+xml"
DATA: Final[Mapping[str, str]] = {".json": JSON, **SUFFIXES}
"""Suffix → media type of what is told as JSON and as statements."""

_NAMES: Final = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: an address without suffix, and the form; `chosen` by its suffix.

    `suffixes` are those of the address, with the media types they stand for.
    """

    path: str
    media: str
    chosen: bool
    suffixes: Mapping[str, str]

    def headers(self, query: str = "") -> dict[str, str]:
        """Vary, Content-Location and Link; `query` is kept in the addresses."""
        bare = quote(self.path.rstrip("/"), safe="/:@,;=")
        rest = f"?{query}" if query else ""
        shown = quote(self.path, safe="/:@,;=") + rest
        links = [f'<{shown}>; rel="canonical"'] if self.chosen else []
        links += [
            f'<{bare}{suffix}{rest}>; rel="alternate"; type="{media}"'
            for suffix, media in self.suffixes.items()
        ]
        own = next((s for s, media in self.suffixes.items() if media == self.media), None)
        found = {"vary": "Accept, Cookie", "link": ", ".join(links)}
        if not self.chosen and own is not None:
            found["content-location"] = f"{bare}{own}{rest}"
        return found


def wanted(
    request: Request, path: str, suffixes: Mapping[str, str] = DATA, first: str = HTML
) -> Wanted:
    """The form of an address (with its leading slash) that a request asks for.

    `first` is what is sent to who takes anything. Raises NotAcceptable.
    """
    for suffix, media in suffixes.items():
        if path.endswith(suffix):
            return Wanted(path.removesuffix(suffix), media, True, suffixes)
    offered: Sequence[str] = tuple(dict.fromkeys((first, HTML, *suffixes.values())))
    best = preferred(request.headers.get("accept", ""), offered)
    if best is None:
        raise NotAcceptable(f"this is to be had as {', '.join(offered)}")
    return Wanted(path, best, False, suffixes)


def statements(lines: Sequence[str], media: str) -> bytes:
    """N-Triples lines as one of the forms of statements."""
    text = "".join(f"{line}\n" for line in sorted(set(lines)))
    return rewritten(text.encode(), _NAMES[media], load_prefixes())


def sent(request: Request, found: Wanted, tag: str, body: bytes, query: str = "") -> Response:
    """A body in the form wanted, under a strong ETag made of `tag` and the form."""
    form = found.media.rpartition("/")[2].partition("+")[0]
    charset = "; charset=utf-8" if found.media == "text/turtle" else ""
    answer = tagged(request, f"{tag}.{form}", body, found.media + charset)
    answer.headers.update(found.headers(query))
    return answer
