"""Where a task is judged: the form, what it posts, and the page of a recorded result.

Every form works by itself; htmx only saves reloads. A posted form is decided, its receipt kept, and
the reader sent on to the receipt's own page (POST, redirect, GET:
https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4): that address can be kept, shared and
reloaded, and shows the same for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import orjson
from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from ontology.issue import Issue
from rules.facts import BadFacts
from service.basis import from_bytes
from service.deciding import known_kind, today
from service.deps import ReceiptsDep, ServiceDep
from service.errors import BadPlan, BadRequest, NotFound
from service.plans import read_plan
from service.web.asked import Asked, asked_in, asked_of
from service.web.faults import faults_in
from service.web.form import DEFAULT_KIND, form_page, form_path
from service.web.places import suggest
from service.web.result import result_page
from service.web.templates import Pages

# One form may fill this much; the guard at the door caps its bytes as well.
_MAX_FIELDS: Final = 5000


@dataclass(frozen=True, slots=True)
class PlacesFragment:
    """Names of places that what is being typed may become."""

    names: tuple[str, ...]


class Desk:
    """Handlers of the judging pages."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def home(self, request: Request, service: ServiceDep) -> Response:
        """The form, filled in with what the address says."""
        return self.form(request, DEFAULT_KIND, service)

    def form(self, request: Request, kind: str, service: ServiceDep) -> Response:
        """The form of a decision kind, filled in with what the address says."""
        rulebook = service.head()
        facts = rulebook.vocabulary.facts(known_kind(kind, rulebook))
        asked = asked_in(request.query_params.multi_items(), facts)
        return self._ask(request, asked, kind, service)

    def group(
        self, request: Request, kind: str, index: int, group: str, service: ServiceDep
    ) -> Response:
        """One group of one item, for what the form says now."""
        rulebook = service.head()
        words = rulebook.vocabulary
        facts = words.facts(known_kind(kind, rulebook))
        asked = asked_in(request.query_params.multi_items(), facts)
        fragment = form_page(asked, kind, words).fragment(index, group)
        if fragment is None:
            raise NotFound("the form has no such group")
        return self._pages.render(request, "group-fragment.html", fragment)

    def places(self, request: Request, service: ServiceDep) -> Response:
        """Places that the one value sent may become."""
        typed = next(iter(request.query_params.values()), "")
        names = suggest(typed, service.head().vocabulary.places.places, today())
        return self._pages.render(request, "places.html", PlacesFragment(names))

    async def decide(self, request: Request, kind: str, service: ServiceDep) -> Response:
        """Do what the pressed button says: decide, add an item, drop one."""
        rulebook = service.head()
        facts = rulebook.vocabulary.facts(known_kind(kind, rulebook))
        sent = (await request.form(max_files=0, max_fields=_MAX_FIELDS)).multi_items()
        pairs = taken([(name, value) for name, value in sent if isinstance(value, str)])
        asked = asked_in(pairs, facts)
        # Another site's form may fill this one in, but not have anything decided and kept.
        if request.headers.get("sec-fetch-site") == "cross-site":
            return RedirectResponse(address(kind, asked), 303)
        match dict(pairs).get("do", "decide").partition("-"):
            case ("add", _, _):
                return self._ask(request, asked.add_item(), kind, service)
            case ("more", _, _):  # every form has some empty rows after those that say something
                return self._ask(request, asked, kind, service)
            case ("drop", _, index) if index.isdecimal():
                return self._ask(request, asked.drop_item(int(index)), kind, service)
        try:
            result = await service.decide(asked.envelope(), kind, record=True)
        except (BadFacts, BadRequest) as error:
            # The nearest of some thousand names is looked for, which takes a while.
            return await run_in_threadpool(self._ask, request, asked, kind, service, error.issues)
        return RedirectResponse(f"/decisions/{result['id']}", 303)

    async def plan(self, request: Request, service: ServiceDep) -> Response:
        """Count an uploaded plan, and show the form of an application with what it settles."""
        kind = "application"
        rulebook = service.head()
        facts = rulebook.vocabulary.facts(known_kind(kind, rulebook))
        sent = await request.form(max_files=1, max_fields=_MAX_FIELDS)
        file = sent.get("plan")
        data = await file.read() if isinstance(file, UploadFile) else b""
        try:
            found = await run_in_threadpool(read_plan, data)
        except BadPlan as error:
            return self._ask(request, asked_in((), facts), kind, service, error.issues)
        told = [
            (name, str(value).lower() if isinstance(value, bool) else str(value))
            for name, value in found.facts().items()
        ]
        return RedirectResponse(address(kind, asked_in(told, facts)), 303)

    def decision(
        self, request: Request, decision_id: str, service: ServiceDep, receipts: ReceiptsDep
    ) -> Response:
        """A recorded result, in the words of the revision that decided it."""
        record = receipts.find(decision_id)
        words = service.revisions.get(record.revision).vocabulary
        asked = asked_of(orjson.loads(record.request))
        body = {"id": record.id, "decided_at": record.decided_at} | orjson.loads(record.result)
        left_out = [one for basis in from_bytes(record.derived) for one in basis.left_out]
        permalink = str(request.base_url.replace(path=f"/decisions/{record.id}"))
        edit = address(record.kind, asked)
        page = result_page(body, asked, words, permalink, edit, left_out)
        return self._pages.render(request, "result.html", page)

    def _ask(
        self,
        request: Request,
        asked: Asked,
        kind: str,
        service: ServiceDep,
        issues: Sequence[Issue] = (),
    ) -> Response:
        words = service.head().vocabulary
        faults = faults_in(issues, asked, kind, words)
        page = form_page(asked, kind, words, faults)
        return self._pages.render(request, "form.html", page, 422 if faults else 200)


def taken(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields with those replaced that a button `take:<field>` gives another value."""
    replaced = {n.removeprefix("take:"): v for n, v in pairs if n.startswith("take:")}
    kept = [(n, v) for n, v in pairs if n not in replaced and not n.startswith("take:")]
    return kept + list(replaced.items())


def address(kind: str, asked: Asked) -> str:
    """The address of the form filled in with what is asked."""
    path = form_path(kind)
    query = urlencode(asked.pairs())
    return f"{path}?{query}" if query else path
