"""What `zhunru rules schema|diff|publish|revisions` do; `cli` only names their options."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import orjson
import typer
from sqlalchemy import Engine

from kb.library import load_library
from ontology.issue import ContentError
from ontology.vocabulary import load_vocabulary
from rules.cases import load_cases
from rules.difference import Answered, Difference, Question, Words, compare
from rules.load import RULEBOOK
from rules.model import Rulebook
from rules.schema import schemas
from service import trial
from service.commands import BAD_INPUT, FAILED, fail, show_table
from service.deciding import today
from service.errors import ServiceError
from service.publishing import NotPublished, named
from service.publishing import publish as publish_revision
from service.revisions import Revisions
from service.settings import Settings
from service.shipped import Shipped, load_shipped
from service.store.database import open_database
from service.store.migrate import upgrade
from service.store.revisions import RevisionStore

DIFFERENT = 1


@dataclass(frozen=True, slots=True)
class _Store:
    engine: Engine
    published: RevisionStore
    revisions: Revisions


def schema(out: Path | None) -> None:
    """Write the schemas that editors check rule files and case files against."""
    # What compiles Turtle takes longer to load than the other commands need to work.
    from service.building import replace, titles

    folder = out or Settings().rulebook_path or RULEBOOK
    try:
        made = schemas(load_vocabulary(), titles(load_library()))
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            replace(folder / name, text)
            typer.echo(str(folder / name))
    except ContentError as error:
        fail("the content does not hold", error.issues, code=FAILED)
    except OSError as error:
        fail(f"{folder} cannot be written: {error.strerror}")


def diff(against: str | None, files: list[Path], *, log: bool, as_json: bool) -> None:
    """Tell what the files would change; ends with DIFFERENT where a verdict would change."""
    content = _content(BAD_INPUT)
    with _opened(content) as store:
        before = named(against, store.revisions) if against else _head(store)
        books = (before, content.rulebook)
        questions = [_beside(books), _of_files(files, content, books)]
        if log:
            questions.append(trial.of_log(store.engine, *books))
        found = compare(*books, chain.from_iterable(questions))
    if as_json:
        sys.stdout.buffer.write(
            orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        )
    else:
        _tell(found)
    if found.changed:
        raise typer.Exit(DIFFERENT)


def publish(note: str, publisher: str) -> None:
    """Check, test and publish the files; ends with FAILED, and nothing done, where one fails."""
    content = _content(FAILED)
    with _opened(content) as store:
        try:
            done = publish_revision(
                store.published, content, Settings().rulebook_path, note, publisher
            )
        except NotPublished as refused:
            for outcome in refused.failed:
                where = f"{outcome.example.where}: {outcome.example.title.zh}"
                typer.echo(f"{where}: {outcome.problem}", err=True)
            fail(f"not published: {refused.detail}", refused.issues, refused.hint, FAILED)
    typer.echo(done.revision)
    typer.echo(f"decides since {done.published_at}, after {done.parent or 'none'}", err=True)


def revisions() -> None:
    """List what was published, the latest first; an asterisk marks what decides."""
    with _opened(None) as store:
        head = store.published.head()
        told = store.published.publications()
    rows = []
    for index, one in enumerate(told):
        mark = "*" if index == 0 and one.revision == head else ""
        rows.append((mark, one.revision, one.published_at, one.publisher, one.note))
    show_table(("", "revision", "published", "by", "note"), rows)


@contextmanager
def _opened(content: Shipped | None) -> Iterator[_Store]:
    """The store the settings name, brought up to date; ends where it cannot be used."""
    settings = Settings()
    try:
        engine = open_database(settings.database_url)
        try:
            upgrade(engine)
            store = RevisionStore(engine)
            places = (content.rulebook.vocabulary if content else load_vocabulary()).places
            held = Revisions(store, places, settings.cached_revisions)
            yield _Store(engine, store, held)
            store.close()
        finally:
            engine.dispose()
    except ServiceError as error:
        fail(error.detail, error.issues, error.hint)


def _content(code: int) -> Shipped:
    try:
        return load_shipped(Settings().rulebook_path)
    except ContentError as error:
        fail("the rules do not hold", error.issues, code=code)


def _head(store: _Store) -> Rulebook:
    if store.published.head() is None:
        fail(
            "nothing is published in this store",
            hint="start the service once, publish, or name a revision document: --against FILE",
        )
    return store.revisions.head()


def _beside(books: tuple[Rulebook, ...]) -> Iterator[Question]:
    cases, issues = load_cases(Settings().rulebook_path)
    if issues:
        fail("the cases cannot be read", issues)
    return trial.of_examples(cases, *books)


def _of_files(files: list[Path], content: Shipped, books: tuple[Rulebook, ...]) -> list[Question]:
    questions: list[Question] = []
    for file in files:
        try:
            found, issues = trial.of_file(file, content.register, today(), *books)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            fail(f"{file} cannot be read: {reason}")
        if issues:
            fail(f"{file}: the cases cannot be read", issues)
        questions += found
    return questions


def _tell(found: Difference) -> None:
    for rule in found.added:
        typer.echo(f"+ {rule.id}  {rule.title.zh}")
    for rule in found.removed:
        typer.echo(f"- {rule.id}  {rule.title.zh}")
    for altered in found.altered:
        names = ", ".join(member.name for member in altered.members)
        typer.echo(f"~ {altered.after.id}  {altered.after.title.zh}: {names}")
    for words in found.words:
        typer.echo(f"~ {words.of}: {_counts(words)}")
    for name in found.elsewhere:
        typer.echo(f"~ {name}")
    rows = [
        (
            changed.question.name,
            f"{_said(changed.before)} → {_said(changed.after)}",
            ", ".join(changed.rules),
            changed.question.text,
        )
        for changed in found.changed
    ]
    if rows:
        show_table(("case", "verdict", "rules", "text"), rows)
    rules = f"{len(found.added)} rules added, {len(found.removed)} removed"
    typer.echo(
        f"{rules}, {len(found.altered)} altered; "
        f"{len(found.changed)} of {found.asked} verdicts change",
        err=True,
    )


def _counts(words: Words) -> str:
    parts = (("+", words.added), ("-", words.removed), ("~", words.altered))
    return " ".join(f"{sign}{name}" for sign, names in parts for name in names)


def _said(answered: Answered) -> str:
    if answered.fault:
        return f"({answered.fault})"
    return f"{answered.verdict} ({answered.reason})" if answered.reason else answered.verdict
