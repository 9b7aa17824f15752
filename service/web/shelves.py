"""Where texts and rules are read."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from service.coverage import NormCover
from service.deps import LibraryDep, ServiceDep
from service.errors import NotFound
from service.web.carried import Teller, carried, norm_page
from service.web.covers import Covers, rules_of
from service.web.reading import instrument_page, library_page
from service.web.rulebook import place_name, rule_page, rulebook_page
from service.web.templates import Pages


class Shelves:
    """Handlers of the reading pages."""

    def __init__(self, pages: Pages, covers: Covers) -> None:
        self._pages = pages
        self._covers = covers

    def rulebook(self, request: Request, service: ServiceDep) -> Response:
        """Every rule that decides now."""
        return self._pages.render(request, "rulebook.html", rulebook_page(service.head()))

    def rule(
        self, request: Request, rule_id: str, service: ServiceDep, library: LibraryDep
    ) -> Response:
        """One rule."""
        book, teller = service.head(), Teller(library, {})
        covers = self._covers.texts(book, library).rules
        norms = [n for one in covers if one.rule.id == rule_id for n in one.norms]
        page = rule_page(rule_id, book, [teller.norm(NormCover(n, ())) for n in norms])
        if page is None:
            raise NotFound("the rulebook that decides now has no rule of this id")
        return self._pages.render(request, "rule.html", page)

    def instruments(self, request: Request, service: ServiceDep, library: LibraryDep) -> Response:
        """Every instrument, held or only known."""
        page = library_page(library, rules_of(service.head()))
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
        document = self._covers.texts(book, library).document(key)
        teller = Teller(library, self._covers.relations(library))
        said = carried(document, teller) if document else {}
        page = instrument_page(found, rules_of(book), place, said, quote)
        return self._pages.render(request, "instrument.html", page)

    def norm(
        self, request: Request, key: str, norm_id: str, service: ServiceDep, library: LibraryDep
    ) -> Response:
        """One norm, with the sentence it is taken from."""
        coverage = self._covers.texts(service.head(), library)
        teller = Teller(library, self._covers.relations(library))
        document = coverage.document(key)
        page = norm_page(document, norm_id, teller) if document else None
        if page is None:
            raise NotFound("no sentence of this text carries a norm of this id")
        return self._pages.render(request, "norm.html", page)
