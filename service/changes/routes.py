"""GET /changes, /changes.atom, /changes.json: what changed, the latest first, page by page.

A page names the next by the key it ends with, so that what is added meanwhile shifts nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from kb.added import load_added
from ontology.names import nearest
from rules.difference import Difference, compare
from service.api.sparql import GraphDep
from service.changes import entries as told
from service.changes.atom import MEDIA_TYPE, atom
from service.changes.entries import KINDS, Entry, Page
from service.deps import LibraryDep, ListsDep, ServiceDep
from service.errors import BadRequest, NotFound
from service.linked.forms import HTML, JSON, Wanted, sent, wanted
from service.linked.routing import document_route
from service.revisions import Revisions
from service.sparql.address import origin
from service.store.revisions import Publication
from service.web.language import language_of
from service.web.rulebook import place_name
from service.web.templates import Pages

_SIZE: Final = 50
_MOST: Final = 200
_FORMS: Final = {".atom": MEDIA_TYPE, ".json": JSON}


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Some entries by day, the kind they are of, and the address of the next page."""

    days: tuple[tuple[str, tuple[Entry, ...]], ...]
    kind: str
    kinds: tuple[str, ...]
    next: str
    first: str
    atom: str


class Changes:
    """Handlers; what two revisions differ in is kept, for revisions never change."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._lock = threading.Lock()
        self._compared: dict[int, Difference | None] = {}

    async def read(
        self,
        request: Request,
        service: ServiceDep,
        lists: ListsDep,
        graph: GraphDep,
        library: LibraryDep,
        kind: Annotated[str, Query(max_length=20)] = "",
        after: Annotated[str, Query(max_length=400)] = "",
        limit: Annotated[int, Query(ge=1, le=_MOST)] = _SIZE,
    ) -> Response:
        """Some entries."""
        found = wanted(request, request.url.path, _FORMS)
        if found.path != "/changes":
            raise NotFound("nothing is at this address")
        if kind and kind not in KINDS:
            near = nearest(kind, KINDS)
            raise BadRequest(
                f"kind: {kind!r} is none", hint=f"did you mean {near}?" if near else ""
            )

        def collect() -> tuple[Entry, ...]:
            words = service.head().vocabulary
            return (
                *told.instruments(load_added(), library),
                *self._revisions(service.revisions),
                *told.lists(lists.register().lists, lambda code: place_name(code, words)),
                *told.graphs(graph.writes()),
            )

        page = told.page(await run_in_threadpool(collect), after, limit, kind)
        return self._sent(request, found, page, kind, limit)

    def _revisions(self, revisions: Revisions) -> Iterator[Entry]:
        def differences(one: Publication) -> Difference | None:
            with self._lock:
                if one.id not in self._compared:
                    before = revisions.look(one.parent) if one.parent else None
                    self._compared[one.id] = (
                        compare(before, revisions.look(one.revision)) if before else None
                    )
                return self._compared[one.id]

        rules = sum(len(of_kind) for of_kind in revisions.head().rules.values())
        return told.revisions(revisions.store.publications(), differences, rules)

    def _sent(self, request: Request, found: Wanted, page: Page, kind: str, limit: int) -> Response:
        given = ({"kind": kind} if kind else {}) | ({"limit": str(limit)} if limit != _SIZE else {})
        following = {**given, "after": page.after} if page.after else None
        asked = request.url.query
        if found.media == HTML:
            shown = _page(page, kind, _address("", following), _address("", given))
            answer: Response = self._pages.render(request, "changes.html", shown)
            answer.headers.update(found.headers(asked))
        elif found.media == JSON:
            body = orjson.dumps(_json(page, origin(request), _address(".json", following)))
            answer = sent(request, found, sha256(body).hexdigest()[:32], body, asked)
        else:
            links = {"self": f"/changes.atom?{asked}" if asked else "/changes.atom"}
            links |= {"alternate": _address("", given), "first": _address(".atom", given)}
            if following:
                links["next"] = _address(".atom", following)
            language = language_of(request)
            feed = f"/{kind}" if kind else ""
            body = atom(page.entries, origin(request), links, language, feed)
            answer = sent(request, found, sha256(body).hexdigest()[:32], body, asked)
        if following:
            suffix = next((s for s, media in _FORMS.items() if media == found.media), "")
            answer.headers["link"] += f', <{_address(suffix, following)}>; rel="next"'
        return answer


def router(pages: Pages) -> APIRouter:
    """The routes."""
    changes = Changes(pages)
    routes = APIRouter(include_in_schema=False, route_class=document_route(pages))
    for path in ("/changes", "/changes.atom", "/changes.json"):
        routes.api_route(path, methods=["GET", "HEAD"])(changes.read)
    return routes


def _page(page: Page, kind: str, following: str, first: str) -> ChangesPage:
    days: dict[str, list[Entry]] = {}
    for entry in page.entries:
        days.setdefault(entry.at[:10], []).append(entry)
    return ChangesPage(
        days=tuple((day, tuple(found)) for day, found in days.items()),
        kind=kind,
        kinds=KINDS,
        next=following,
        first=first,
        atom=_address(".atom", {"kind": kind} if kind else {}),
    )


def _address(suffix: str, given: dict[str, str] | None) -> str:
    if given is None:
        return ""
    return f"/changes{suffix}" + (f"?{urlencode(given)}" if given else "")


def _json(page: Page, at: str, following: str) -> dict[str, Any]:
    return {
        "entries": [
            {
                "id": entry.id,
                "at": entry.at,
                "kind": entry.kind,
                "title": entry.title.to_json(),
                "about": entry.about.to_json(),
                "url": at + entry.href,
            }
            for entry in page.entries
        ],
        "next": at + following if following else None,
    }
