"""GET /dumps: the whole dataset as one file, its checksum beside it, and where to get less.

The file's entity tag is the generation it is of; /dumps/{generation}/… stays that of it while it is
kept.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from service.dumps import NAME, Dump, Dumps
from service.errors import NotFound
from service.linked.forms import HTML, JSON, sent, wanted
from service.linked.routing import document_route
from service.sparql.address import origin
from service.sparql.client import Failed
from service.sparql.describing import Counts
from service.sparql.streaming import told
from service.web.templates import Pages

GZIP: Final = "application/gzip"
_ADDRESS: Final = f"/dumps/{NAME}"


@dataclass(frozen=True, slots=True)
class DumpsPage:
    """The file of all graphs, and each graph with the number of its statements and its address."""

    dump: Dump
    href: str
    graphs: tuple[tuple[str, int, str], ...]


class DumpDesk:
    """Handlers."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def listing(self, request: Request) -> Response:
        """What there is to fetch."""
        found = wanted(request, request.url.path, {".json": JSON})
        if found.path != "/dumps":
            raise NotFound("nothing is at this address")
        try:
            dump = await _dumps(request).current()
            counts: Counts = request.app.state.counts
            rows = (await counts.rows("graphs"))["graphs"]
        except Failed as failed:
            raise told(failed.failure, time.monotonic()) from None
        graphs = tuple(
            (
                row["graph"],
                int(row["triples"]),
                f"/rdf-graph-store?graph={quote(row['graph'], safe='')}",
            )
            for row in rows
        )
        if found.media == HTML:
            page = DumpsPage(dump, _ADDRESS, graphs)
            answer = self._pages.render(request, "dumps.html", page)
            answer.headers.update(found.headers())
            return answer
        body = orjson.dumps(_json(dump, graphs, origin(request)))
        return sent(request, found, dump.generation[:32], body)

    async def whole(self, request: Request) -> Response:
        """The file."""
        dump = await self._current(request)
        return _file(request, dump.path, dump.generation, dump)

    async def checksum(self, request: Request) -> Response:
        """Its SHA-256, as `sha256sum --check` reads it."""
        dump = await self._current(request)
        text = f"{dump.sha256}  {NAME}\n"
        headers = {"etag": f'"{dump.generation}.sha256"', "cache-control": "no-cache"}
        return Response(text, media_type="text/plain", headers=headers)

    async def earlier(self, request: Request, generation: str) -> Response:
        """The file of a generation while it is kept."""
        dump = await self._current(request)
        if generation == dump.generation:
            return _file(request, dump.path, generation, dump)
        path = _dumps(request).earlier(generation)
        if path is None:
            raise NotFound("no dump of this generation is kept", hint=_ADDRESS)
        return _file(request, path, generation, None)

    async def _current(self, request: Request) -> Dump:
        try:
            return await _dumps(request).current()
        except Failed as failed:
            raise told(failed.failure, time.monotonic()) from None


def router(pages: Pages) -> APIRouter:
    """The routes."""
    desk = DumpDesk(pages)
    routes = APIRouter(include_in_schema=False, route_class=document_route(pages))
    for path, handler in (
        ("/dumps", desk.listing),
        ("/dumps.json", desk.listing),
        (_ADDRESS, desk.whole),
        (f"{_ADDRESS}.sha256", desk.checksum),
        (f"/dumps/{{generation}}/{NAME}", desk.earlier),
    ):
        routes.api_route(path, methods=["GET", "HEAD"])(handler)
    return routes


def _dumps(request: Request) -> Dumps:
    dumps: Dumps = request.app.state.dumps
    return dumps


def _file(request: Request, path: Path, generation: str, dump: Dump | None) -> Response:
    """A file, or 304 where the client has it (RFC 9110 §13.1.2, §13.1.3)."""
    headers = {"etag": f'"{generation}"', "cache-control": "no-cache"}
    if dump is not None:
        headers["last-modified"] = format_datetime(dump.made, usegmt=True)
        headers["link"] = f'<{_ADDRESS}.sha256>; rel="describedby"; type="text/plain"'
        if _known(request.headers, dump):
            return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type=GZIP, filename=NAME, headers=headers)


def _known(headers: Mapping[str, str], dump: Dump) -> bool:
    if tags := headers.get("if-none-match", ""):
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return f'"{dump.generation}"' in known or "*" in known
    try:
        return parsedate_to_datetime(headers["if-modified-since"]) >= dump.made
    except (KeyError, TypeError, ValueError):
        return False


def _json(dump: Dump, graphs: tuple[tuple[str, int, str], ...], at: str) -> dict[str, Any]:
    return {
        "generation": dump.generation,
        "made": dump.made.isoformat().replace("+00:00", "Z"),
        "statements": dump.quads,
        "files": [
            {
                "name": NAME,
                "url": at + _ADDRESS,
                "permanent": f"{at}/dumps/{dump.generation}/{NAME}",
                "media_type": "application/n-quads",
                "compression": "gzip",
                "bytes": dump.bytes,
                "sha256": dump.sha256,
                "checksum_url": f"{at}{_ADDRESS}.sha256",
            }
        ],
        "graphs": [
            {"graph": name, "statements": count, "url": at + href} for name, count, href in graphs
        ],
    }
