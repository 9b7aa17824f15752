"""The graph in memory, to be asked in SPARQL 1.1: the only module that imports pyoxigraph."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, Literal

import pyoxigraph

Result = Literal["rows", "boolean", "statements"]

_ROWS: Final = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
_STATEMENTS: Final = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
}


class Answer:
    """What a query found, not yet written; rows are computed as they are written."""

    def __init__(
        self,
        found: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples,
        prefixes: Mapping[str, str],
    ) -> None:
        self._found = found
        self._prefixes = dict(prefixes)

    @property
    def result(self) -> Result:
        """Whether it is rows, a truth value or statements."""
        if isinstance(self._found, pyoxigraph.QueryBoolean):
            return "boolean"
        return "rows" if isinstance(self._found, pyoxigraph.QuerySolutions) else "statements"

    def write(self, sink: IO[bytes], form: str, most: int) -> int:
        """Write it as json, xml, csv, tsv, or as ttl, nt, jsonld, nq, trig, rdf.

        Gives the number of statements written, which is 0 for rows: `service.sparql.rows` counts
        them in what is written. Raises TooMany past `most` statements, OSError where the engine
        fails, and what the sink raises. KeyError for a form that such a result does not take.
        """
        if not isinstance(self._found, pyoxigraph.QueryTriples):
            self._found.serialize(sink, _ROWS[form])
            return 0
        counted = _Counted(self._found, most)
        pyoxigraph.serialize(counted, sink, _STATEMENTS[form], prefixes=self._prefixes)
        return counted.seen

    def text(self, form: str) -> str:
        """The whole of it as text, in one of the forms of `write`."""
        sink = io.BytesIO()
        self.write(sink, form, sys.maxsize)
        return sink.getvalue().decode()


class TooMany(Exception):
    """More statements than may be."""


class _Counted:
    def __init__(self, found: Iterable[pyoxigraph.Triple], most: int) -> None:
        self._found = found
        self._most = most
        self.seen = 0

    def __iter__(self) -> Iterator[pyoxigraph.Triple]:
        for triple in self._found:
            self.seen += 1
            if self.seen > self._most:
                raise TooMany
            yield triple


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

    def answer(
        self,
        query: str,
        default: Sequence[str] | None = None,
        named: Sequence[str] | None = None,
        *,
        union: bool = True,
        base: str | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to any query, over the graphs named or else over all.

        `union` must be false where the query names its graphs itself (FROM), which it would hide.
        Relative IRIs are an error without a `base`. `prefixes` shorten what is written as Turtle.
        Raises SyntaxError as pyoxigraph words it.
        """
        if default is None and named is None:
            found = self._store.query(query, base_iri=base, use_default_graph_as_union=union)
        else:
            found = self._store.query(
                query,
                base_iri=base,
                default_graph=[pyoxigraph.NamedNode(iri) for iri in default or ()],
                named_graphs=[pyoxigraph.NamedNode(iri) for iri in named or ()],
            )
        return Answer(found, prefixes or {})

    def construct(self, query: str, most: int) -> bytes:
        """What a CONSTRUCT over all graphs gives, as N-Triples, where a line may come again.

        Raises TooMany past `most` statements, SyntaxError as pyoxigraph words it, TypeError where
        the query is no CONSTRUCT.
        """
        found = self._store.query(query, use_default_graph_as_union=True)
        if not isinstance(found, pyoxigraph.QueryTriples):
            raise TypeError("only a CONSTRUCT gives statements")
        data = found.serialize(format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
        if data.count(b"\n") > most:
            raise TooMany
        return data

    def put(self, ntriples: bytes, graph: str) -> None:
        """Add N-Triples to a graph; a blank node of theirs is that of the store."""
        name = pyoxigraph.NamedNode(graph)
        form = pyoxigraph.RdfFormat.N_TRIPLES
        if b"_:" in ntriples:  # loading would give it another name
            parsed = pyoxigraph.parse(ntriples, format=form)
            self._store.bulk_extend(
                pyoxigraph.Quad(q.subject, q.predicate, q.object, name) for q in parsed
            )
        else:
            self._store.bulk_load(ntriples, format=form, to_graph=name)

    def pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        """What a property relates, in any graph: terms as N-Triples write them."""
        for quad in self._store.quads_for_pattern(None, pyoxigraph.NamedNode(predicate), None):
            yield str(quad.subject), str(quad.object)

    def dump(self) -> Iterator[bytes]:
        """Every statement as N-Quads: graph after graph by name, the lines of each sorted."""
        form = pyoxigraph.RdfFormat.N_TRIPLES
        unnamed = pyoxigraph.DefaultGraph()
        for graph in (unnamed, *sorted(self._store.named_graphs(), key=str)):
            lines = (self._store.dump(format=form, from_graph=graph) or b"").splitlines()
            end = b".\n" if graph is unnamed else f"{graph} .\n".encode()
            yield b"".join(line[:-1] + end for line in sorted(lines))

    def lay(self, nquads: bytes) -> None:
        """Add N-Quads to what is held. Raises SyntaxError where they are not."""
        self._store.bulk_load(nquads, format=pyoxigraph.RdfFormat.N_QUADS)

    def lift(self, graph: str) -> None:
        """Take a graph away, its name with it."""
        self._store.remove_graph(pyoxigraph.NamedNode(graph))

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


class WritableStore:
    """Statements that may be changed, in named graphs and in the unnamed one (None)."""

    def __init__(self, nquads: bytes) -> None:
        """Load N-Quads. Raises SyntaxError, with the line, where they are not."""
        self._store = pyoxigraph.Store()
        self._store.bulk_load(nquads, format=pyoxigraph.RdfFormat.N_QUADS)

    def __len__(self) -> int:
        return len(self._store)

    def update(self, text: str, base: str) -> None:
        """Run a SPARQL 1.1 Update: all of it or nothing.

        Raises SyntaxError as pyoxigraph words it, ValueError for a graph that is not there or a
        function that is not known, and OSError where the engine fails.
        """
        try:
            self._store.update(text, base_iri=base)
        except RuntimeError as error:
            raise ValueError(str(error)) from None

    def holds(self, graph: str | None) -> bool:
        """Whether a graph has statements; nothing is kept of one that has none."""
        quads = self._store.quads_for_pattern(None, None, None, _graph(graph))
        return next(iter(quads), None) is not None

    def add(self, graph: str | None, data: bytes, form: str, base: str) -> None:
        """Add the statements of ttl, nt, rdf or jsonld. Raises SyntaxError; then none is added."""
        parsed = pyoxigraph.parse(
            data,
            format=_STATEMENTS[form],
            base_iri=base,
            without_named_graphs=True,
            rename_blank_nodes=True,  # `_:a` of one document is none of another
        )
        name = _graph(graph)
        self._store.extend(
            [pyoxigraph.Quad(q.subject, q.predicate, q.object, name) for q in parsed]
        )

    def remove(self, graph: str | None) -> None:
        """Take a graph away with its statements."""
        if graph is None:
            self._store.clear_graph(pyoxigraph.DefaultGraph())
        else:
            self._store.remove_graph(pyoxigraph.NamedNode(graph))

    def graphs(self) -> list[str]:
        """The names of the named graphs that have statements, sorted: IRIs, or `_:` labels."""
        return sorted(
            name.value if isinstance(name, pyoxigraph.NamedNode) else str(name)
            for name in self._store.named_graphs()
            if next(iter(self._store.quads_for_pattern(None, None, None, name)), None)
        )

    def nquads(self) -> bytes:
        """All statements as sorted N-Quads lines."""
        data = self._store.dump(format=pyoxigraph.RdfFormat.N_QUADS)
        return b"".join(sorted((data or b"").splitlines(keepends=True)))


def _graph(graph: str | None) -> pyoxigraph.NamedNode | pyoxigraph.DefaultGraph:
    return pyoxigraph.DefaultGraph() if graph is None else pyoxigraph.NamedNode(graph)


def parse(query: str, base: str | None = None) -> None:
    """Read a query and run nothing. Raises SyntaxError as pyoxigraph words it.

    There is no parser by itself: arguments that exclude each other are looked at only once the
    text has been read, and before anything is computed.
    """
    with suppress(ValueError):
        pyoxigraph.Store().query(
            query,
            base_iri=base,
            use_default_graph_as_union=True,
            default_graph=pyoxigraph.DefaultGraph(),
        )


def convert_results(source: Path, target: Path, form: str) -> None:
    """A file of SPARQL results in JSON, written again whole as json, xml, csv or tsv.

    Raises SyntaxError where it is none or has no end, OSError. JSON, for what is cut anywhere
    before its end is no JSON any more.
    """
    found = pyoxigraph.parse_query_results(path=source, format=_ROWS["json"])
    fault = None
    try:
        found.serialize(target, _ROWS[form])
    except SyntaxError as error:
        fault = str(error)
    # The engine's object must end in the thread that made it; the trace of an error would keep it.
    del found
    if fault is not None:
        raise SyntaxError(fault)


def convert_statements(
    source: Path, given: str, target: Path, form: str, most: int, prefixes: Mapping[str, str]
) -> int:
    """A file of jsonld or rdf, written again whole as ttl, nt, jsonld, nq, trig or rdf.

    Gives the number of statements. Raises SyntaxError where it is none or has no end, TooMany past
    `most` statements, OSError.
    """
    quads = pyoxigraph.parse(path=source, format=_STATEMENTS[given])
    counted = _Counted((quad.triple for quad in quads), most)
    fault: Exception | None = None
    try:
        pyoxigraph.serialize(counted, target, _STATEMENTS[form], prefixes=dict(prefixes))
    except SyntaxError as error:
        fault = SyntaxError(str(error))
    except TooMany:
        fault = TooMany()
    seen = counted.seen
    del quads, counted  # as above
    if fault is not None:
        raise fault
    return seen


def rewritten(turtle: bytes, form: str, prefixes: Mapping[str, str]) -> bytes:
    """Turtle as ttl, nt, jsonld, nq, trig or rdf. Raises SyntaxError where it is none."""
    quads = pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE)
    triples = [quad.triple for quad in quads]
    data = pyoxigraph.serialize(triples, format=_STATEMENTS[form], prefixes=dict(prefixes))
    return data or b""


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
