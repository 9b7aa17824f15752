"""What the graph is asked for the pages of terms: the ontology, counts and examples."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import Final

from service.linked.about import Shown, shown
from service.linked.labels import labels
from service.sparql.asking import Graph
from service.sparql.terms import Table
from service.terms.model import Ontology, Term, read_ontology
from service.terms.pages import Found
from service.web.language import Language

_HERE: Final = Path(__file__).with_name("queries")
_MOST: Final = 50_000
_SHOWN: Final = 6


class Terms:
    """The ontology as the graph has it, read once a generation. Every method may raise Failed."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._held: tuple[str, Ontology] = ("", Ontology({}))

    async def ontology(self, graph: Graph) -> Ontology:
        """All terms."""
        generation = (await graph.current()).generation
        async with self._lock:
            if self._held[0] != generation:
                table = await graph.first(_text("statements"), _MOST)
                rows = [(row[0], row[1], row[2]) for row in table.rows]
                self._held = (generation, read_ontology(rows))
            return self._held[1]


async def found(graph: Graph, term: Term, language: Language) -> Found:
    """How often the graph uses a term, and some of it."""
    if term.is_class:
        count = await graph.first(_text("instances", term.iri), 1)
        some = await graph.first(_text("examples", term.iri), _SHOWN)
        things = [row[0] for row in some.rows if row[0] is not None]
        called = await labels(graph, [thing.text for thing in things], language)
        return Found(_number(count), things=tuple(shown(thing, called) for thing in things))
    count = await graph.first(_text("uses", term.iri), 1)
    some = await graph.first(_text("pairs", term.iri), _SHOWN)
    rows = [(s, o) for s, o in some.rows if s is not None and o is not None]
    iris = [node.text for row in rows for node in row if node.kind == "iri"]
    called = await labels(graph, iris, language)
    pairs: list[tuple[Shown, Shown]] = [(shown(s, called), shown(o, called)) for s, o in rows]
    return Found(_number(count), pairs=tuple(pairs))


@cache
def _content(name: str) -> str:
    return (_HERE / f"{name}.rq").read_text("utf-8")


def _text(name: str, iri: str = "") -> str:
    return _content(name).replace("$term", f"<{iri}>")


def _number(table: Table) -> int:
    node = table.rows[0][0] if table.rows else None
    return int(node.text) if node else 0
