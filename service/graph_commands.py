"""`zhunru sparql`: the built graph, asked without a service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.table import Table

from kb.search_index import TextIndex
from kb.store import Answer, GraphStore
from service.commands import fail
from service.settings import Settings
from service.sparql.faults import syntax
from service.sparql.formats import offered
from service.sparql.prefixes import ENDPOINT, load_prefixes
from service.sparql.searching import TextSearch, dataset_of, searches
from service.sparql.terms import Term, read_table
from service.sparql.text import Reading, Refused, place, read

_ENDLESS: Final = sys.maxsize


def sparql(file: str, form: str | None) -> None:
    """Answer the query in a file: a table on a terminal, JSON or Turtle in a pipe."""
    text = read_text(file)
    try:
        reading = read(text)
        store = _store()
        union = not (reading.default or reading.named)
        ready = _ready(text, reading) if searches(text) else text
        answer = store.answer(ready, union=union, base=ENDPOINT, prefixes=load_prefixes())
    except Refused as refused:
        line, column = place(text, refused.at)
        fail(f"{file}:{line}:{column}: {refused}")
    except SyntaxError as error:
        told = syntax(str(error), text)
        fail(f"{file}:{told.line}:{told.column}: {told.detail}", hint=told.hint)
    names = [f.name for f in offered(answer.result)]
    if form is None and sys.stdout.isatty():
        _show(answer)
        return
    if form is not None and form not in names:
        fail(f"such results leave as {', '.join(names)}, not as {form}")
    answer.write(sys.stdout.buffer, form or names[0], _ENDLESS)


def read_text(file: str) -> str:
    """The query in a file or, for -, in the standard input; ends where it cannot be read."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        fail(f"{file}: not UTF-8 at byte {error.start}")


def _store() -> GraphStore:
    path = Settings().graph_path
    try:
        return GraphStore.open(path)
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}", hint="run: zhunru build")
    except SyntaxError as error:
        fail(f"{path}: {error}", hint="run: zhunru build")


def _ready(text: str, reading: Reading) -> str:
    """A query with search patterns, for which the texts are indexed now."""
    lines = Settings().graph_path.read_text("utf-8").split("\n")
    return TextSearch(lambda: TextIndex(lines)).ready(text, dataset_of(reading), ENDPOINT)


def _show(answer: Answer) -> None:
    form = "nt" if answer.result == "statements" else "tsv"
    found = read_table(form, answer.text(form), _ENDLESS)
    console = Console(highlight=False)
    if found.truth is not None:
        console.print("true" if found.truth else "false")
        return
    shown = Table(*found.names)
    for row in found.rows:
        shown.add_row(*(_cell(term) for term in row))
    console.print(shown)
    typer.echo(f"{len(found.rows)} rows", err=True)


def _cell(term: Term | None) -> str:
    return term.text.replace("[", r"\[") if term else ""
