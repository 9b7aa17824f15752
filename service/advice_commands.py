"""`zhunru sparql --advise` and `--explain`: a query judged against the built graph."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from typing import NoReturn

import orjson
import typer

from service.commands import fail
from service.graph_commands import read_text
from service.settings import Settings
from service.sparql.advice.advising import Advice
from service.sparql.advice.known import Known
from service.sparql.client import Failed
from service.sparql.explaining import Explanation
from service.sparql.explaining import explain as explained
from service.sparql.in_process import OwnGraph
from service.sparql.knowing import Knowing, advice_by
from service.sparql.wire import Failure, Query
from service.terminal import Language
from service.web.templates import say


def advise(file: str, language: Language) -> None:
    """Tell what is slow or misleading in a query, without running it."""
    text = _sound(file)
    graph = _graph()
    try:
        found = asyncio.run(Knowing(graph).advice(text))
    except Failed as failed:
        _fail(file, failed.failure)
    if not sys.stdout.isatty():
        _json([each.to_json() for each in found])
        return
    _tell(file, found, language)
    typer.echo(f"{len(found)} pieces of advice", err=True)


def explain(file: str, language: Language) -> None:
    """Run a query and tell how long it takes, how much it gives, and from which graphs."""
    text = _sound(file)
    graph = _graph()
    try:
        found = asyncio.run(explained(graph, Knowing(graph), Query(text, seconds=float("inf"))))
    except Failed as failed:
        _fail(file, failed.failure)
    if not sys.stdout.isatty():
        _json(found.to_json())
        return
    _tell(file, found.advice, language)
    for line in _lines(found, language):
        typer.echo(line)


def _lines(found: Explanation, language: Language) -> Iterable[str]:
    yield f"first row {found.first} s, all {found.all} s"
    yield f"{found.rows:,} rows, {found.bytes:,} bytes"
    for traced in found.patterns or ():
        yield f"{traced.pattern.line}:{traced.pattern.column} {traced.pattern.text}"
        yield from (f"    {graph}" for graph in traced.graphs)
    yield say(found.plan, language)


def _tell(file: str, found: Iterable[Advice], language: Language) -> None:
    for advice in found:
        place = f"{file}:{advice.line}:{advice.column}"
        typer.echo(f"{place}: {advice.severity}: {say(advice.message, language)}")
        if advice.rewrite:
            typer.echo(f"\n{advice.rewrite.query.strip()}\n")
            typer.echo(f"{say(advice.rewrite.when, language)}\n")


def _sound(file: str) -> str:
    """The query in a file, which can be read: its faults are told before a graph is loaded."""
    text = read_text(file)
    try:
        asyncio.run(advice_by(text, Known()))
    except Failed as failed:
        _fail(file, failed.failure)
    return text


def _graph() -> OwnGraph:
    path = Settings().graph_path
    try:
        return OwnGraph(path)
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}", hint="run: zhunru build")
    except (SyntaxError, ValueError) as error:
        fail(f"{path}: {error}", hint="run: zhunru build")


def _fail(file: str, failure: Failure) -> NoReturn:
    where = f"{file}:{failure.line}:{failure.column}" if failure.line else file
    fail(f"{where}: {failure.detail}", hint=failure.hint)


def _json(value: object) -> None:
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(value, option=option))
