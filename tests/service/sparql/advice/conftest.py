"""The real graph, and what it knows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from kb.search_index import TextIndex
from kb.store import GraphStore
from service.sparql.advice.advising import Advice, advise
from service.sparql.advice.finding import Shape
from service.sparql.advice.known import Known, asking, known
from service.sparql.prefixes import load_prefixes
from service.sparql.searching import TextSearch

PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in load_prefixes().items())
LINES = PROLOGUE.count("\n")
JILIN = "<https://zhunru.example/id/place/220000>"


@dataclass(frozen=True)
class Judge:
    """Judges queries by one shape, and compares answers."""

    store: GraphStore
    known: Known

    def found(self, shape: Shape, query: str) -> list[Advice]:
        return list(advise(PROLOGUE + query, self.known, (shape,)))

    def one(self, shape: Shape, query: str, at: str) -> Advice:
        """The only advice, which stands where `at` does in the query."""
        (found,) = self.found(shape, query)
        before = query[: query.index(at)]
        line = LINES + 1 + before.count("\n")
        assert (found.line, found.column) == (line, len(before) - before.rfind("\n"))
        return found

    def rewritten(self, advice: Advice) -> str:
        assert advice.rewrite is not None
        assert advice.rewrite.query.startswith(PROLOGUE)
        return advice.rewrite.query[len(PROLOGUE) :]

    def rows(self, query: str) -> Counter[str]:
        """The rows of an answer, however often each comes, in whatever order."""
        text = query if query.startswith("PREFIX") else PROLOGUE + query
        return Counter(self.store.answer(text).text("tsv").splitlines()[1:])

    def keeps(self, query: str, advice: Advice) -> None:
        """The rewritten query is said to have the same answer, and has, and it is not empty."""
        assert advice.rewrite is not None
        assert advice.rewrite.equal == "always"
        rows = self.rows(query)
        assert rows
        assert self.rows(advice.rewrite.query) == rows


@pytest.fixture(scope="session")
def judge(built_graph: Path) -> Judge:
    store = GraphStore.open(built_graph)
    rows = {name: store.select(query) for name, query in asking().items()}
    return Judge(store, known(rows, searches=True))


@pytest.fixture(scope="session")
def search(built_graph: Path) -> TextSearch:
    """Makes queries with search patterns such as the store can answer."""
    return TextSearch(lambda: TextIndex(built_graph.read_text("utf-8").split("\n")))
