"""Where texts and rules are read."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from kb.library import Library
from rules.model import Rule, Rulebook
from service.deps import ServiceDep
from service.errors import NotFound
from service.web.reading import instrument_page, library_page
from service.web.rulebook import place_name, rule_page, rulebook_page
from service.web.templates import Pages


def library_of(request: Request) -> Library:
    """The instruments of the app."""
    library: Library = request.app.state.library
    return library


LibraryDep = Annotated[Library, Depends(library_of)]


class Shelves:
    """Handlers of the reading pages."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def rulebook(self, request: Request, service: ServiceDep) -> Response:
        """Every rule that decides now."""
        return self._pages.render(request, "rulebook.html", rulebook_page(service.head()))

    def rule(self, request: Request, rule_id: str, service: ServiceDep) -> Response:
        """One rule."""
        page = rule_page(rule_id, service.head())
        if page is None:
            raise NotFound("the rulebook that decides now has no rule of this id")
        return self._pages.render(request, "rule.html", page)

    def instruments(self, request: Request, service: ServiceDep, library: LibraryDep) -> Response:
        """Every instrument, held or only known."""
        page = library_page(library, _rules(service.head()))
        return self._pages.render(request, "instruments.html", page)

    def instrument(
        self,
        request: Request,
        key: str,
        service: ServiceDep,
        library: LibraryDep,
        quote: Annotated[str, Query(max_length=2000)] = "",
    ) -> Response:
        """One instrument with its text."""
        found = library.instrument(key)
        if found is None:
            raise NotFound("no instrument has this key")
        book = service.head()
        place = place_name(found.jurisdiction, book.vocabulary)
        page = instrument_page(found, _rules(book), place, quote)
        return self._pages.render(request, "instrument.html", page)


def _rules(book: Rulebook) -> tuple[Rule, ...]:
    return tuple(rule for rules in book.rules.values() for rule in rules)
