"""The whole result of a query, with what names it: the generation of the data and a hash.

The hash is the SHA-256 of the result as lines, so that whoever holds the lines can make it again.
Rows are TSV (https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv): the header, then the rows sorted
by their bytes, for the order that a store gives rows in is no part of what they say. Statements are
N-Triples, sorted, each once. Blank nodes are called b0, b1 … as they come::

    (head -n 1 rows.tsv; tail -n +2 rows.tsv | LC_ALL=C sort) | sha256sum
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from service.sparql.asker import Asker
from service.sparql.asking import Graph
from service.sparql.terms import Table, read_table
from service.sparql.text import Refused, read
from service.sparql.wire import Query

SHORT: Final = 32
"""So many digits of a generation name it, as in entity tags."""

_LINES: Final = "text/tab-separated-values, application/n-triples"
_MOST: Final = 10**9
_TRUTHS: Final = ("true\n", "false\n")
_BLANK: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|<[^>]*>|(_:[\w.\-]*\w)")


@dataclass(frozen=True, slots=True)
class Result:
    """All that a query found; `lines` are the very bytes, TSV or N-Triples.

    `generation` names the data, with what the asker alone may see of them after a hyphen; it is
    empty where the store does not tell whether it has changed. The result of a
    `volatile` query (NOW, RAND …) differs each time. One that is `cut` has its first rows alone,
    and no hash.
    """

    text: str
    table: Table
    lines: bytes
    generation: str
    volatile: bool
    sha256: str
    cut: bool = False


async def result_of(graph: Graph, text: str, asker: Asker) -> Result:
    """The result of a query under the asker's limits, whole. Raises Failed."""
    query = asker.within(Query(text, accept=_LINES))
    start, body = await graph.fetch(query)
    form = start.extension
    lines = plain_blanks(body)
    told = lines.decode()
    table = read_table(form, told.strip() if told in _TRUTHS else told, _MOST)
    return Result(
        text,
        table,
        lines,
        await _generation(graph, start.etag),
        is_volatile(text),
        digest(form, lines),
    )


async def first_of(graph: Graph, text: str, asker: Asker, most: int) -> Result:
    """The first rows of a result that is too large to be had whole. Raises Failed."""
    table = await graph.first(text, most, asker=asker)
    generation = await generation_of(graph)
    return Result(text, table, b"", generation, is_volatile(text), "", cut=True)


async def generation_of(graph: Graph) -> str:
    """The name of what answers now; empty where the store does not tell. Raises Failed."""
    return (await graph.current()).generation[:SHORT] if graph.tells_generation else ""


def is_volatile(text: str) -> bool:
    """Whether the same data may answer otherwise next time."""
    try:
        return read(text).volatile
    except Refused:
        return True


def digest(form: str, lines: bytes) -> str:
    """The hash of a result in its form, tsv or nt."""
    # Line feeds alone end lines: all others are escaped in both forms.
    header, rows = b"", [line + b"\n" for line in lines.split(b"\n")[:-1]]
    if form == "tsv" and rows:
        header, *rows = rows
    elif form == "nt":
        rows = list(set(rows))
    return sha256(header + b"".join(sorted(rows))).hexdigest()


def plain_blanks(body: bytes) -> bytes:
    """The lines with blank nodes called b0, b1 … in the order they come, ended by a line feed."""
    names: dict[str, str] = {}

    def plain(found: re.Match[str]) -> str:
        return names.setdefault(found[1], f"_:b{len(names)}") if found[1] else found[0]

    text = body.decode()
    text = _BLANK.sub(plain, text) if "_:" in text else text
    return (text if text.endswith("\n") else f"{text}\n").encode()


async def _generation(graph: Graph, etag: str) -> str:
    """That of the answer itself where its tag tells it, for another may have been loaded since."""
    if found := re.match(r'W/"([0-9a-f-]+)\.', etag):
        return found[1]
    return await generation_of(graph)
