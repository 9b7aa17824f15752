"""The address under which this service was asked, for what must be told as a whole IRI."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from ontology.ids import BASE

_HOME: Final = urlsplit(BASE)


def origin(request: Request) -> str:
    """Scheme, host and port, without a slash; the scheme of our own IRIs where the host is theirs,
    since TLS ends before us."""
    host = request.headers.get("host", "")
    scheme = _HOME.scheme if host == _HOME.netloc else request.url.scheme
    return f"{scheme}://{host}"


def address(request: Request) -> str:
    """The address asked, without its query: what relative IRIs in a document sent here start at."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return origin(request) + raw.partition(b"?")[0].decode("ascii", "replace")
