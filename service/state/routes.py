"""GET /at/DAY/, /at/DAY/id/…, /at/DAY/DAY, /changes-between: states of days, by stable addresses.

Each is to be had as a page, JSON, Turtle, JSON-LD and N-Triples, by Accept or suffix
(/at/2016-06-30.json); its entity tag is the generation of the graph it was read from.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Generic, Protocol, TypeVar

import orjson
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from ontology.places import PlaceTable
from service.api.sparql import GraphDep
from service.deciding import today
from service.deps import ServiceDep
from service.errors import NotFound
from service.linked.forms import HTML, JSON, Wanted, sent, statements, wanted
from service.linked.routing import document_route
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.streaming import told
from service.state.asked import Asked, asked_of, day_of, href, place_of
from service.state.pages import between_page, state_page, thing_page
from service.state.reading import between, state_at
from service.state.telling import between_json, between_lines, state_json, state_lines
from service.state.thing import thing_at, thing_json, thing_lines
from service.web.language import Language, language_of
from service.web.templates import Pages


async def places_of(service: ServiceDep) -> PlaceTable:
    """The table of places."""
    return service.head().vocabulary.places


PlacesDep = Annotated[PlaceTable, Depends(places_of)]
Place = Annotated[str, Query(max_length=60)]
Day = Annotated[str, Query(max_length=20)]


class Read(Protocol):
    """What was read of the graph, and the generation that answered."""

    @property
    def generation(self) -> str:
        """The name of the generation."""


T = TypeVar("T", bound=Read)


@dataclass(frozen=True, slots=True)
class Telling(Generic[T]):
    """How something is told: as a page of a template, as JSON, as lines of N-Triples."""

    template: str
    page: Callable[[T], object]
    json: Callable[[T], object]
    lines: Callable[[T], Sequence[str]]


_STATE: Final = Telling("state.html", state_page, state_json, state_lines)
_BETWEEN: Final = Telling("between.html", between_page, between_json, between_lines)
_THING: Final = Telling("thing-at.html", thing_page, thing_json, thing_lines)


class States:
    """Handlers."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def choose(
        self, places: PlacesDep, day: Day = "", since: Day = "", place: Place = ""
    ) -> Response:
        """The address of the day asked by a form, or of today."""
        on = day_of(day) if day else today()
        where = place_of(place, on, places)
        if since:
            first, last = sorted((day_of(since), on))
            return RedirectResponse(href(first, last, place=where), 303)
        return RedirectResponse(href(on, place=where), 303)

    async def compare(
        self,
        places: PlacesDep,
        first: Annotated[str, Query(alias="from", max_length=20)],
        last: Annotated[str, Query(alias="to", max_length=20)],
        place: Place = "",
    ) -> Response:
        """The address of a comparison."""
        since, day = day_of(first), day_of(last)
        return RedirectResponse(href(since, day, place=place_of(place, day, places)), 303)

    async def read(
        self, request: Request, graph: GraphDep, places: PlacesDep, place: Place = ""
    ) -> Response:
        """A state, a comparison or a thing on a day."""
        found = wanted(request, request.url.path)
        asked = asked_of(found.path)
        where = place_of(place, asked.until or asked.day, places)
        canonical = href(asked.day, asked.until, asked.iri)
        if found.path.rstrip("/") != canonical.rstrip("/"):
            raise NotFound("no state is at this address")
        if not found.chosen and found.path != canonical:
            return RedirectResponse(href(asked.day, asked.until, asked.iri, where), 308)
        found = Wanted(canonical, found.media, found.chosen, found.suffixes)
        language = language_of(request) if found.media == HTML else "zh"
        try:
            if asked.iri:
                return await self._thing(request, graph, found, asked, language)
            if asked.until is not None:
                return await self._between(request, graph, found, asked, where, language)
            return await self._state(request, graph, found, asked.day, where, language)
        except Failed as failed:
            raise told(failed.failure, time.monotonic()) from None

    async def _state(
        self,
        request: Request,
        graph: Graph,
        found: Wanted,
        day: date,
        where: str,
        language: Language,
    ) -> Response:
        state = await state_at(graph, day, where, language)
        return self._sent(request, found, _STATE, state, where)

    async def _between(
        self,
        request: Request,
        graph: Graph,
        found: Wanted,
        asked: Asked,
        where: str,
        language: Language,
    ) -> Response:
        changes = await between(graph, asked.day, asked.until or asked.day, where, language)
        return self._sent(request, found, _BETWEEN, changes, where)

    async def _thing(
        self, request: Request, graph: Graph, found: Wanted, asked: Asked, language: Language
    ) -> Response:
        thing = await thing_at(graph, asked.iri, asked.day, language)
        if thing is None:
            raise NotFound("nothing is said of this name")
        return self._sent(request, found, _THING, thing)

    def _sent(
        self,
        request: Request,
        found: Wanted,
        telling: Telling[T],
        it: T,
        where: str | None = None,
    ) -> Response:
        """It in the form wanted; the place stays in the addresses of the others."""
        query = f"place={where}" if where else ""
        tag = it.generation[:32] + ("" if where is None else f".{where}")
        if found.media == HTML:
            answer = self._pages.render(request, telling.template, telling.page(it))
            answer.headers.update(found.headers(query))
            return answer
        if found.media == JSON:
            body = orjson.dumps(telling.json(it))
        else:
            body = statements(telling.lines(it), found.media)
        return sent(request, found, tag, body, query)


def router(pages: Pages) -> APIRouter:
    """The routes."""
    states = States(pages)
    routes = APIRouter(include_in_schema=False, route_class=document_route(pages))
    for path, handler in (
        ("/at", states.choose),
        ("/changes-between", states.compare),
        ("/at/{rest:path}", states.read),
    ):
        routes.api_route(path, methods=["GET", "HEAD"])(handler)
    return routes
