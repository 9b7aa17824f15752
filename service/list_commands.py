"""What `zhunru lists` and `zhunru token` do; they go to the store itself, as who runs it may."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import orjson
import typer

from kb.library import load_library
from kb.register import RegisteredList
from ontology.issue import ContentError
from ontology.names import nearest
from ontology.vocabulary import load_vocabulary
from service.commands import FAILED, fail, show_table
from service.deciding import today
from service.errors import ServiceError
from service.lists import forms
from service.lists.asked import Said, asked_of
from service.lists.grid import MAX_FILE
from service.lists.keeping import Lists, remarks
from service.lists.suggest import code_list
from service.settings import Settings
from service.store.database import open_database
from service.store.lists import ListStore
from service.store.migrate import upgrade
from service.store.record import instant
from service.store.tokens import ROLES, TokenStore


def take(file: Path, given: Mapping[str, str], by: str, *, as_json: bool) -> None:
    """Register a file."""
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_FILE else b""
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
    if size > MAX_FILE:
        fail(f"{file} has more than {MAX_FILE} bytes", hint="lists have some dozens of rows")
    with _lists(str(file)) as lists:
        taken = lists.take(asked_of(given, lists.vocabulary, today()), data, by or _user())
        for issue in remarks(taken.remarks):
            typer.echo(f"{file}: {issue}", err=True)
        if as_json:
            _json(forms.whole(taken.list, lists.vocabulary, lists.candidates(taken.list.id)))
            return
        _rows(taken.list, lists)
        known = "" if taken.fresh else "; it was registered before, nothing changed"
        rows = len(taken.list.rows)
        typer.echo(
            f"{taken.list.id}: {rows} rows, {taken.list.unconfirmed} to confirm{known}", err=True
        )


def show(list_id: str | None, *, as_json: bool) -> None:
    """Show every version, or one."""
    with _lists("lists show") as lists:
        register = lists.register()
        if list_id is None:
            found = sorted(
                register.lists, key=lambda one: (one.jurisdiction, one.kind, one.version)
            )
            if as_json:
                _json([forms.summary(one) for one in found])
                return
            columns = ("id", "kind", "place", "start", "end", "rows", "to confirm", "title")
            show_table(columns, [_line(one) for one in found])
            return
        one = register.get(list_id)
        if one is None:
            near = nearest(list_id, (known.id for known in register.lists))
            fail(f"there is no list {list_id}", hint=f"did you mean {near}?" if near else "")
        if as_json:
            _json(forms.whole(one, lists.vocabulary, lists.candidates(one.id)))
        else:
            _rows(one, lists)


def confirm(list_id: str, rows: list[int], by: str) -> None:
    """Confirm suggestions."""
    with _lists("lists confirm") as lists:
        found = lists.uploaded(list_id)
        wanted = rows or [
            row.number for row in found.rows if row.mapped.codes and not row.mapped.confirmed
        ]
        if wanted:
            said = [Said(number, "confirm") for number in wanted]
            found = lists.map(list_id, said, by or _user())
        typer.echo(f"{list_id}: {len(wanted)} confirmed, {found.unconfirmed} to confirm", err=True)


def create_token(role: str, name: str, days: int | None) -> None:
    """Make a token; its secret goes to standard output, all else to stderr."""
    chosen = next((known for known in ROLES if known == role), None)
    if chosen is None:
        fail(f"there is no role {role}", hint=f"there are: {', '.join(ROLES)}")
    with _tokens() as store:
        made, secret = store.create(chosen, name, days)
        typer.echo(secret)
        until = f", until {made.expires_at[:10]}" if made.expires_at else ""
        typer.echo(f"token {made.id} ({made.name}, {made.role}{until}); shown only now", err=True)


def list_tokens() -> None:
    """Every token."""
    now = instant()
    with _tokens() as store:
        rows = [
            (
                one.id,
                one.name,
                one.role,
                one.created_at[:10],
                (one.expires_at or "")[:10],
                "valid" if one.valid(now) else "revoked" if one.revoked_at else "expired",
            )
            for one in store.all()
        ]
    show_table(("id", "name", "role", "created", "ends", "state"), rows)


def revoke_token(name: str) -> None:
    """End a token."""
    with _tokens() as store:
        ended = store.revoke(name)
    if not ended:
        fail(f"no valid token has the id or name {name}", code=FAILED)
    typer.echo(f"{ended} revoked", err=True)


@contextmanager
def _lists(what: str) -> Iterator[Lists]:
    """The lists of the store; ends with what is wrong where something is."""
    try:
        engine = open_database(Settings().database_url)
        try:
            upgrade(engine)
            store = ListStore(engine)
            try:
                yield Lists(store, load_library().register, load_vocabulary())
            finally:
                store.close()
        finally:
            engine.dispose()
    except ContentError as error:
        fail("the content does not hold", error.issues, code=FAILED)
    except ServiceError as error:
        fail(f"{what}: {error.detail}", error.issues, error.hint)


@contextmanager
def _tokens() -> Iterator[TokenStore]:
    try:
        engine = open_database(Settings().database_url)
        try:
            upgrade(engine)
            yield TokenStore(engine)
        finally:
            engine.dispose()
    except ServiceError as error:
        fail(error.detail, error.issues, error.hint)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command"


def _line(one: RegisteredList) -> tuple[object, ...]:
    place = one.jurisdiction.ljust(6, "0")
    days = (one.start or "?", one.end or "")
    return (one.id, one.kind, place, *days, len(one.rows), one.unconfirmed or "", one.title)


def _rows(found: RegisteredList, lists: Lists) -> None:
    codes = code_list(found.kind, lists.vocabulary)
    rows = []
    for row in found.rows:
        labels = [c.label.zh for code in row.mapped.codes if (c := codes.get(code))]
        state = "confirmed" if row.mapped.confirmed else "suggested"
        rows.append((row.number, row.name, "、".join(labels), row.mapped.role, state))
    show_table(("row", "item", "what it is", "role", ""), rows)


def _json(value: object) -> None:
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    typer.echo(orjson.dumps(value, option=option).decode(), nl=False)
