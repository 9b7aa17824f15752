"""An answer made ready to be shown: columns with their names, things by what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kb.query_show import Show
from ontology.label import Label
from service.linked.about import Shown, shown
from service.linked.labels import labels
from service.sparql.asker import Asker
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.results import Result, first_of, result_of
from service.web.language import Language

PLAIN: Final = Show(shared=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its variable, what it is called, and whether it holds things that have an IRI."""

    name: str
    label: Label
    things: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a query, whole or the first rows of it; None where a variable is unbound."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Shown | None, ...], ...]
    result: Result

    @property
    def more(self) -> bool:
        """Whether rows were left out."""
        return self.result.cut or len(self.rows) < len(self.result.table.rows)


async def answer_of(
    graph: Graph,
    text: str,
    asker: Asker,
    language: Language,
    show: Show = PLAIN,
    most: int | None = None,
) -> Answer:
    """The answer to a query, of which at most so many rows are made ready. Raises Failed.

    With `most`, a result that is larger than it may be is answered by its first rows, and says so.
    """
    try:
        result = await result_of(graph, text, asker)
    except Failed as failed:
        if most is None or failed.failure.slug != "query-too-large":
            raise
        result = await first_of(graph, text, asker, most)
    return await prepared(graph, result, language, show, most)


async def prepared(
    graph: Graph, result: Result, language: Language, show: Show = PLAIN, most: int | None = None
) -> Answer:
    """A result made ready. Raises Failed."""
    rows = result.table.rows[:most]
    iris = [term.text for row in rows for term in row if term and term.kind == "iri"]
    return labelled(result, await labels(graph, iris, language), show, most)


def labelled(
    result: Result, called: Mapping[str, str], show: Show = PLAIN, most: int | None = None
) -> Answer:
    """A result with its things by what they are called."""
    table = result.table
    rows = table.rows[:most]
    things = {
        at for row in table.rows for at, term in enumerate(row) if term and term.kind == "iri"
    }
    return Answer(
        tuple(Column(n, show.column(n), at in things) for at, n in enumerate(table.names)),
        tuple(tuple(shown(term, called) if term else None for term in row) for row in rows),
        result,
    )
