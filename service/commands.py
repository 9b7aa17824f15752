"""What the commands do; `cli` only names their options."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NoReturn

import orjson
import typer
from rich.console import Console
from rich.table import Table

from ontology.issue import ContentError, Issue
from rules.engine import EngineFault
from rules.facts import BadFacts
from service.body import parse_json
from service.deciding import Answer, known_kind, read_request, rule_on, today, unrecorded
from service.envelope import Detail, parse_day
from service.errors import BadRequest, ServiceError
from service.plans import COUNTED, read_plan
from service.settings import Settings
from service.shipped import Shipped, load_shipped
from service.terminal import Language, Teller
from service.version import engine_version

FAILED: Final = 1
BAD_INPUT: Final = 2
FAULT: Final = 3


def fail(
    message: str, issues: Iterable[Issue] = (), hint: str = "", code: int = BAD_INPUT
) -> NoReturn:
    """Say on stderr what is wrong and where, and end."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"zhunru: {message}" + (f" ({hint})" if hint else ""), markup=False)
    for issue in issues:
        console.print(f"  {issue}", markup=False)
    raise typer.Exit(code)


def shipped() -> Shipped:
    """The content of the release; ends with its issues where it does not hold."""
    try:
        settings = Settings()
        return load_shipped(settings.rulebook_path, settings.graph_path.parent)
    except ContentError as error:
        fail("the content does not hold", error.issues, code=FAILED)


def decide(
    kind: str, file: str, as_of: str | None, detail: Detail, language: Language, *, as_json: bool
) -> None:
    """Decide the request in a file; a list only if every element of it can be decided."""
    content = shipped()
    try:
        known_kind(kind, content.rulebook)
        value = parse_json(_read(file))
        values = value if isinstance(value, list) else [value]
        day = None if as_of is None else _day(as_of)
        answers = [
            _answer(one, kind, content, day, detail, f"$[{i}]" if isinstance(value, list) else "$")
            for i, one in enumerate(values)
        ]
    except EngineFault:
        fail("the engine failed; there is no verdict", code=FAULT)
    except BadFacts as error:
        fail(f"{file}: the facts cannot be read", error.issues)
    except ServiceError as error:
        fail(f"{file}: {error.detail}", error.issues, error.hint)
    if as_json:
        told = [answer.to_json() for answer in answers]
        text = orjson.dumps(
            told if isinstance(value, list) else told[0],
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )
        sys.stdout.buffer.write(text)
        return
    teller = Teller(Console(highlight=False), language, content.rulebook)
    for answer in answers:
        teller.result(answer.body)


def plan(file: Path) -> None:
    """Print what a plan settles, as JSON."""
    try:
        found = read_plan(file.read_bytes())
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
    except ServiceError as error:
        fail(f"{file}: {error.detail}", hint=error.hint)
    told = {"facts": found.facts(), "counted": COUNTED.to_json()}
    sys.stdout.buffer.write(
        orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )


def _answer(
    value: object, kind: str, content: Shipped, day: str | None, detail: Detail, root: str
) -> Answer:
    if isinstance(value, dict) and day is not None:
        value = value | {"as_of": day}
    try:
        envelope = read_request(value, kind, content.rulebook, detail)
        ruling = rule_on(kind, envelope, content.rulebook, content.register, today())
    except BadFacts as error:
        raise BadFacts([_rooted(issue, root) for issue in error.issues]) from None
    except BadRequest as error:
        issues = [_rooted(issue, root) for issue in error.issues]
        raise BadRequest(error.detail, hint=error.hint, issues=issues) from None
    return unrecorded(ruling, engine_version())


def _rooted(issue: Issue, root: str) -> Issue:
    return Issue(issue.severity, issue.message, root + issue.where.removeprefix("$"), issue.hint)


def _day(text: str) -> str:
    try:
        return parse_day(text).isoformat()
    except ValueError as error:
        raise BadRequest(f"--as-of: {error}") from None


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise BadRequest(f"cannot be read: {error.strerror}") from None


def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve until stopped."""
    from service.serving import serve as serve_until_stopped

    settings = Settings()
    given = {"host": host, "port": port, "workers": workers}
    settings = settings.model_copy(update={k: v for k, v in given.items() if v is not None})
    try:
        serve_until_stopped(settings, shipped())
    except ServiceError as error:
        fail(error.detail, error.issues, error.hint)


def build(out: Path) -> None:
    """Write the knowledge graph and the compiled rulebook."""
    # What compiles Turtle takes longer to load than a decision to make.
    from service.building import build as build_all

    try:
        built = build_all(out, Settings().rulebook_path)
    except ContentError as error:
        fail("the content does not hold", error.issues, code=FAILED)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}")
    typer.echo(str(built))


def show_table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """A table; in a pipe, tab-separated lines."""
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(str(cell).replace("\t", " ") for cell in row))
        return
    shown = Table(*columns)
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    Console(highlight=False).print(shown)
