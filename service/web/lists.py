"""Lists on pages: what is registered, registering one more, and saying what its rows are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from kb.register import REGISTRABLE, ListKind, RegisteredList, Row
from kb.standing import fate
from ontology.issue import Issue
from ontology.label import Label
from ontology.vocabulary import CodeList, Vocabulary
from service.deciding import today
from service.deps import LibraryDep, ListsDep
from service.errors import BadList, NotFound
from service.lists.asked import Said, asked_of
from service.lists.faults import MAX_TOLD, Fault, FaultyFile
from service.lists.keeping import Lists
from service.lists.suggest import code_list
from service.web.login import Writer, logged_in, writer_of, writing
from service.web.reading import ListPage, list_page
from service.web.rulebook import place_name
from service.web.templates import Pages

_FIELDS: Final = ("jurisdiction", "kind", "title", "complete", "start", "end", "source")
_MAX_FIELDS: Final = 8000
_SEPARATOR: Final = re.compile("[、，,；;]")


@dataclass(frozen=True, slots=True)
class Listed:
    """A version in the overview."""

    list: RegisteredList
    place: str


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The overview: registered versions, shipped lists, and the form to register one.

    `faults` are of the file sent, `issues` of what was said of it, by field.
    """

    registered: tuple[Listed, ...]
    shipped: tuple[Listed, ...]
    writer: Writer | None
    kinds: tuple[ListKind, ...]
    given: Mapping[str, str]
    faults: tuple[Fault, ...]
    more: int
    issues: Mapping[str, Issue]


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row with what it is, or may be, in words. `said` is what the field holds."""

    row: Row
    labels: tuple[Label, ...]
    said: str


@dataclass(frozen=True, slots=True)
class ListView:
    """One version with its rows, the other versions of the list, and who may confirm.

    `fate` says what became of its place, where that no longer has the code of the list.
    """

    page: ListPage
    rows: tuple[MappedRow, ...]
    versions: tuple[RegisteredList, ...]
    choices: tuple[Label, ...]
    roles: tuple[tuple[str, Label], ...]
    writer: Writer | None
    unknown: tuple[tuple[int, str], ...]
    fate: Label | None


class ListsDesk:
    """Handlers of the pages of lists."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def overview(self, request: Request, lists: ListsDep) -> Response:
        """Every list, and the form to register one."""
        return self._overview(request, lists, {}, 200)

    async def register(self, request: Request, lists: ListsDep) -> Response:
        """Register the file of the form, or show what is wrong with it."""
        await run_in_threadpool(logged_in, request)
        form = await request.form(max_files=1, max_fields=20)
        writer = await run_in_threadpool(writing, request, str(form.get("csrf", "")))
        given = {name: str(form.get(name, "")) for name in _FIELDS}
        sent = form.get("file")
        data = await sent.read() if isinstance(sent, UploadFile) else b""

        def take() -> Response:
            try:
                asked = asked_of(given, lists.vocabulary, today())
                taken = lists.take(asked, data, writer.token.name)
            except FaultyFile as error:
                return self._overview(request, lists, given, 422, faults=error.faults)
            except BadList as error:
                return self._overview(request, lists, given, 422, issues=error.issues)
            return RedirectResponse(f"/lists/{taken.list.id}", 303)

        return await run_in_threadpool(take)

    def one(
        self,
        request: Request,
        list_id: str,
        lists: ListsDep,
        library: LibraryDep,
        quote: Annotated[str, Query(max_length=2000)] = "",
    ) -> Response:
        """One version with its rows."""
        found = lists.register().get(list_id)
        if found is None:
            raise NotFound("no list has this id")
        place = place_name(found.jurisdiction, lists.vocabulary)
        return self._view(request, lists, list_page(found, library, place, quote))

    async def map(
        self, request: Request, list_id: str, lists: ListsDep, library: LibraryDep
    ) -> Response:
        """Confirm, correct or clear the rows that the form names."""
        form = await request.form(max_files=0, max_fields=_MAX_FIELDS)
        writer = await run_in_threadpool(writing, request, str(form.get("csrf", "")))
        found = lists.uploaded(list_id)
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        said, unknown = said_by(pairs, found, lists.vocabulary)
        if unknown:
            place = place_name(found.jurisdiction, lists.vocabulary)
            return self._view(request, lists, list_page(found, library, place), unknown, 422)
        if said:
            await run_in_threadpool(lists.map, list_id, said, writer.token.name)
        at = f"#row-{said[0].number}" if len(said) == 1 else ""
        return RedirectResponse(f"/lists/{list_id}{at}", 303)

    def _overview(
        self,
        request: Request,
        lists: Lists,
        given: Mapping[str, str],
        status: int,
        faults: Sequence[Fault] = (),
        issues: Sequence[Issue] = (),
    ) -> Response:
        words = lists.vocabulary
        every = [Listed(one, place_name(one.jurisdiction, words)) for one in lists.register().lists]
        page = ListsPage(
            registered=tuple(
                sorted(
                    (one for one in every if one.list.version),
                    key=lambda one: (one.list.jurisdiction, one.list.kind, -one.list.version),
                )
            ),
            shipped=tuple(one for one in every if not one.list.version),
            writer=writer_of(request),
            kinds=REGISTRABLE,
            given=dict.fromkeys(_FIELDS, "") | dict(given),
            faults=tuple(faults[:MAX_TOLD]),
            more=max(0, len(faults) - MAX_TOLD),
            issues={issue.where: issue for issue in issues},
        )
        return self._pages.render(request, "lists.html", page, status)

    def _view(
        self,
        request: Request,
        lists: Lists,
        page: ListPage,
        unknown: Sequence[tuple[int, str]] = (),
        status: int = 200,
    ) -> Response:
        words, found = lists.vocabulary, page.list
        codes = code_list(found.kind, words)
        view = ListView(
            page=page,
            rows=tuple(_mapped(row, codes) for row in found.rows),
            versions=lists.register().versions(found.kind, found.jurisdiction),
            choices=tuple(concept.label for concept in codes.concepts),
            roles=tuple((c.code, c.label) for c in words.code_lists["roles"].concepts),
            writer=writer_of(request) if found.version else None,
            unknown=tuple(unknown),
            fate=fate(found, today(), words.places),
        )
        return self._pages.render(request, "list.html", view, status)


def said_by(
    pairs: Sequence[tuple[str, str]], found: RegisteredList, words: Vocabulary
) -> tuple[list[Said], list[tuple[int, str]]]:
    """What a form says of rows, and the words in it that no label is.

    The button says which rows: one (`confirm-3`, `clear-3`), the ticked ones, or all not confirmed.
    """
    fields = dict(pairs)
    act, _, number = fields.get("do", "").partition("-")
    if number.isdecimal() and len(number) < 9:
        rows = {int(number)}
    elif act == "all":
        rows = {r.number for r in found.rows if r.mapped.codes and not r.mapped.confirmed}
    else:
        rows = {int(v) for n, v in pairs if n == "row" and v.isdecimal() and len(v) < 9}
    chosen = [row for row in found.rows if row.number in rows]
    if act == "clear":
        return [Said(row.number, "clear") for row in chosen], []
    codes = code_list(found.kind, words)
    by_label = {label: c.code for c in codes.concepts for label in (c.code, c.label.zh, c.label.en)}
    said, unknown = [], []
    for row in chosen:
        names = _names(fields.get(f"codes-{row.number}", _field(row, codes)), by_label)
        unknown += [(row.number, name) for name in names if name not in by_label]
        meant = tuple(dict.fromkeys(by_label[name] for name in names if name in by_label))
        role = fields.get(f"role-{row.number}", row.mapped.role)
        basis = row.mapped.statutory_basis
        mapping = {"codes": list(meant), "role": role, "statutory_basis": basis}
        same = (meant, role) == (row.mapped.codes, row.mapped.role)
        suggested = same and bool(meant) and not row.mapped.confirmed
        said.append(
            Said(row.number, "confirm") if suggested else Said(row.number, "correct", mapping)
        )
    return said, unknown


def _names(text: str, known: Mapping[str, str]) -> list[str]:
    """The labels in a field; one that has a separator in it is taken whole."""
    flat = text.strip()
    if not flat or flat in known:
        return [flat] if flat else []
    return [name.strip() for name in _SEPARATOR.split(flat) if name.strip()]


def _mapped(row: Row, codes: CodeList) -> MappedRow:
    labels = tuple(c.label for code in row.mapped.codes if (c := codes.get(code)))
    return MappedRow(row, labels, _field(row, codes))


def _field(row: Row, codes: CodeList) -> str:
    return "、".join(c.label.zh for code in row.mapped.codes if (c := codes.get(code)))
