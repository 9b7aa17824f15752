"""The graph in memory, to be asked in SPARQL 1.1: the only module that imports pyoxigraph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph


class GraphStore:
    """A built graph, read only: queries see the union of all named graphs as the default graph."""

    def __init__(self, nquads: bytes) -> None:
        """Load N-Quads. Raises SyntaxError, with the line, where they are not."""
        self._store = pyoxigraph.Store()
        self._store.bulk_load(nquads, format=pyoxigraph.RdfFormat.N_QUADS)

    @classmethod
    def open(cls, path: Path) -> GraphStore:
        """The store of a built graph.nq; OSError where it cannot be read."""
        return cls(path.read_bytes())

    def __len__(self) -> int:
        return len(self._store)

    def select(self, query: str) -> list[Mapping[str, str]]:
        """Rows of a SELECT: variables to values, IRIs and literals by their text alone.

        Unbound variables are left out. Raises SyntaxError where the query is not SPARQL, TypeError
        where it is not a SELECT.
        """
        results = self._store.query(query, use_default_graph_as_union=True)
        if not isinstance(results, pyoxigraph.QuerySolutions):
            raise TypeError("only a SELECT has rows")
        names = [variable.value for variable in results.variables]
        return [
            {name: _text(value) for name in names if (value := row[name]) is not None}
            for row in results
        ]

    def ask(self, query: str) -> bool:
        """The answer to an ASK; TypeError where the query is none."""
        result = self._store.query(query, use_default_graph_as_union=True)
        if not isinstance(result, pyoxigraph.QueryBoolean):
            raise TypeError("only an ASK is true or false")
        return bool(result)

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        return sorted(graph.value for graph in self._store.named_graphs())

    def nquads(self) -> bytes:
        """All statements as sorted N-Quads lines: what was loaded, in the form of a build."""
        data = self._store.dump(format=pyoxigraph.RdfFormat.N_QUADS)
        return b"".join(sorted((data or b"").splitlines(keepends=True)))


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
