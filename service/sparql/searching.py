"""Full-text search inside SPARQL: two properties whose statements are not in the graph.

    ?thing zr:matches "社区 AND 清单"
    (?thing ?score ?snippet ?property ?start ?end) zr:search "社区 AND 清单"
    (?thing ?score) zr:search ("社区" 20)

Both are SPARQL 1.1 that any client can send. `zr:search` takes as many variables as are wanted,
from the left, and may be limited to the hits with the highest scores. The searched string may be a
variable with a VALUES block of its own. Before a query is run its patterns with these properties
become data blocks: the hits in the graphs that the pattern would be matched in.

A block is put into a subquery: pyoxigraph joins one that stands by itself row by row with whatever
it takes to be smaller, which at 5,000 hits is minutes; the subquery is joined by hash.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final

from kb.quads import literal
from kb.search_index import Hit, Scope, TextIndex
from kb.search_marks import shown
from kb.search_query import Search, read_search
from kb.search_symbols import BadSearch
from kb.store import GraphStore
from ontology.ids import NS
from service.sparql.nodes import Node
from service.sparql.patterns import Pair, Patterns, Statement, patterns
from service.sparql.text import Reading, Refused, iri_of, prologue, tokens

MATCHES: Final = f"{NS}matches"
SEARCH: Final = f"{NS}search"
MOST_HITS: Final = 200_000
"""More than that become no data block."""

_PROPERTIES: Final = frozenset((MATCHES, SEARCH))
_PLAIN: Final = {"thing": 0, "graph": 1}
_COLUMNS: Final = ("thing", "score", "snippet", "property", "start", "end")
# Only where one of these is in the text can it name a property of search.
_TRACE: Final = re.compile(r"matches|search|\\u", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs that a query is over: those merged, and those with names; None for all."""

    default: Collection[str] | None = None
    named: Collection[str] | None = None


def dataset_of(reading: Reading, *, union: bool = True) -> Dataset:
    """The dataset that a query names, else all graphs; without `union` the unnamed one alone."""
    if reading.default or reading.named:
        default, named = ([iri for iri, _ in graphs] for graphs in (reading.default, reading.named))
        return Dataset(default, named)
    return Dataset(None if union else ("",))


@lru_cache(maxsize=64)
def searches(text: str) -> bool:
    """Whether a query names a property of search, outside of strings and comments."""
    if not _TRACE.search(text):
        return False
    found = tokens(text)
    _, prefixes, base = prologue(found)
    return any(
        token.kind in ("iri", "name") and iri_of(token, prefixes, base) in _PROPERTIES
        for token in found
    )


class TextSearch:
    """The index of a graph, for queries with search patterns; made when it is first used."""

    def __init__(self, make: Callable[[], TextIndex]) -> None:
        self._make = make
        # Made now: a worker could not. It reads a query as it was sent, so that faults have their
        # places in it.
        nothing = GraphStore(b"")

        @lru_cache(maxsize=64)
        def check(text: str, base: str) -> None:
            nothing.answer(text, base=base)

        self._check = check

    @cached_property
    def index(self) -> TextIndex:
        """The index."""
        return self._make()

    def ready(self, text: str, dataset: Dataset, base: str) -> str:
        """A query as the engine can answer it.

        Raises SyntaxError as the engine words it, and Refused.
        """
        if not searches(text):
            return text
        self._check(text, base)
        return expanded(text, self.index, dataset)


def expanded(text: str, index: TextIndex, dataset: Dataset, most: int = MOST_HITS) -> str:
    """A query with hits in the places of its search patterns.

    Raises Refused, with where, for a search that cannot be read, stands where it cannot be
    answered, or finds too much.
    """
    read = _read(text)
    writer = _Writer(text, index, dataset, read, most)
    out, last = "", 0
    for statement in sorted(read.statements, key=lambda each: each.start):
        out += text[last : statement.start] + writer.written(statement)
        last = statement.end
    return out + text[last:]


@lru_cache(maxsize=64)
def _read(text: str) -> Patterns:
    """The search patterns of a query: as with `text.read`, one that is asked again is known."""
    found = tokens(text)
    start, prefixes, base = prologue(found)
    return patterns(found, start, prefixes, base, _PROPERTIES)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A search as a pattern asks for it; `most` is 0 for all hits."""

    search: Search
    most: int
    at: int


@dataclass(frozen=True, slots=True)
class _Writer:
    text: str
    index: TextIndex
    dataset: Dataset
    read: Patterns
    most: int

    def written(self, statement: Statement) -> str:
        """The blocks of a statement's searches, then what else it says."""
        subject = statement.subject
        blocks, rest = [], []
        for pair in statement.pairs:
            if pair.property:
                blocks += [self._block(statement, pair, node) for node in pair.objects]
            else:
                rest.append(self.text[pair.start : pair.end])
        if rest and subject.kind == "list":
            why = "name the thing in a statement of its own: a list has no other property here"
            raise _refused(why, subject)
        kept = f"{self.text[subject.start : subject.end]} {' ; '.join(rest)}" if rest else ""
        return " ".join(filter(None, (*blocks, kept)))

    def _block(self, statement: Statement, pair: Pair, node: Node) -> str:
        asked = self._asked(pair, node)
        names = _names(statement.subject, pair)
        graph = statement.graph
        if graph and graph.kind == "variable" and statement.hidden:
            raise _refused("put GRAPH into the subquery, around what is searched", graph)
        columns = dict(zip(_COLUMNS, names, strict=False))
        if graph and graph.kind == "variable":
            columns["graph"] = graph.text
        rows = dict.fromkeys(self._rows(asked, self._scope(graph), columns))
        if statement.subject.kind == "iri":
            # The thing is not asked for but known: what is left is where, or whether.
            rows = dict.fromkeys(row[1:] for row in rows if row[0] == f"<{statement.subject.text}>")
            del columns["thing"]
        return _data_block(list(columns.values()), rows)

    def _rows(
        self, asked: _Asked, scope: Scope, columns: Mapping[str, str]
    ) -> Iterator[tuple[str, ...]]:
        hits: Iterable[Hit]
        if not asked.most and columns.keys() <= _PLAIN.keys():
            yield from self._subjects(asked, scope, columns)
            return
        if asked.most:
            hits = self.index.best(asked.search, scope, min(asked.most, self.most + 1))
        else:
            hits = self.index.hits(asked.search, scope, scored="score" in columns)
        showing = not {"snippet", "property", "start", "end"}.isdisjoint(columns)
        for n, hit in enumerate(hits):
            if n >= self.most:
                raise self._too_many(asked)
            cells = {
                "thing": f"<{hit.subject}>",
                "score": f"{hit.score:.9e}",
                "graph": f"<{hit.graph}>",
            }
            if showing and (found := shown(asked.search, self.index.texts(hit))):
                start, end = found.at[0]
                cells |= {
                    "snippet": literal(found.snippet.written()),
                    "property": f"<{found.text.property}>",
                    "start": str(start),
                    "end": str(end),
                }
            yield tuple(cells.get(name, "UNDEF") for name in columns)

    def _subjects(
        self, asked: _Asked, scope: Scope, columns: Iterable[str]
    ) -> Iterator[tuple[str, ...]]:
        """The rows where nothing is asked but what is found, and where."""
        found = list(islice(self.index.subjects(asked.search, scope), self.most + 1))
        if len(found) > self.most:
            raise self._too_many(asked)
        return zip(*([f"<{row[_PLAIN[name]]}>" for row in found] for name in columns), strict=True)

    def _too_many(self, asked: _Asked) -> Refused:
        why = f"more than {self.most:,} things are found; search for more words"
        return Refused("query-too-large", why, asked.at)

    def _scope(self, graph: Node | None) -> Scope:
        if graph is None:
            return Scope(self.dataset.default)
        named = self.dataset.named
        if graph.kind == "variable":
            return Scope(self.index.graphs - {""} if named is None else named)
        return Scope([graph.text] if named is None or graph.text in named else [])

    def _asked(self, pair: Pair, node: Node) -> _Asked:
        most = 0
        if pair.property == SEARCH and node.kind == "list" and len(node.items) == 2:
            node, limit = node.items
            if not (limit.kind == "other" and limit.text.isdecimal() and int(limit.text)):
                raise _refused("the most hits to give are a whole number above 0", limit)
            most = int(limit.text)
        said = node
        if node.kind == "variable":
            given = self.read.values.get(node.text)
            if given is None:
                why = f'?{node.text} needs a block of its own: VALUES ?{node.text} {{ "…" }}'
                raise _refused(why, node)
            said = given
        if said.kind != "string":
            raise _refused("what is searched for is a string", said)
        words, places = _unquoted(said)
        try:
            return _Asked(read_search(words), most, said.start)
        except BadSearch as bad:
            at = places[min(bad.column - 1, len(places) - 1)]
            raise Refused("bad-query", f"{bad.message.en} ({bad.message.zh})", at) from None


def _names(subject: Node, pair: Pair) -> list[str]:
    """The variables that the hits are given to, or the IRI whose being a hit is asked."""
    if pair.property == MATCHES or subject.kind != "list":
        if subject.kind not in ("variable", "iri"):
            raise _refused("what is searched for is a variable or an IRI: ?x", subject)
        return [subject.text]
    names = [item.text for item in subject.items if item.kind == "variable"]
    if not 0 < len(names) == len(subject.items) == len(set(names)) <= len(_COLUMNS):
        raise _refused(f"before zr:search stand up to {len(_COLUMNS)} variables", subject)
    return names


def _data_block(names: list[str], rows: Collection[tuple[str, ...]]) -> str:
    shared = next((name for name in names if names.count(name) > 1), None)
    if shared:  # GRAPH ?x { ?x … }
        first, second = (n for n, name in enumerate(names) if name == shared)
        rows = [row[:second] + row[second + 1 :] for row in rows if row[first] == row[second]]
        names = names[:second] + names[second + 1 :]
    if len(names) == 1:  # read a little quicker than rows in brackets
        given = " ".join(row[0] for row in rows)
        return f"{{ SELECT ?{names[0]} {{ VALUES ?{names[0]} {{ {given} }} }} }}"
    given = " ".join(f"({' '.join(row)})" for row in rows)
    if not names:
        return f"VALUES () {{ {given} }}"
    variables = " ".join(f"?{name}" for name in names)
    return f"{{ SELECT {variables} {{ VALUES ({variables}) {{ {given} }} }} }}"


def _unquoted(node: Node) -> tuple[str, list[int]]:
    """What a string says, and where each of its characters stands in the query, and its end."""
    written = node.text
    width = 3 if written[:3] in ('"' * 3, "'" * 3) else 1
    out, places, at = "", [], width
    while at < len(written) - width:
        found = _ESCAPED.match(written, at)
        if found is None:
            one, end = written[at], at + 1
        else:
            code = found[1] or found[2]
            one = chr(int(code, 16)) if code else _CONTROL.get(found[3], found[3])
            end = found.end()
        out += one
        places.append(node.start + at)
        at = end
    return out, [*places, node.start + at]


def _refused(why: str, node: Node) -> Refused:
    return Refused("bad-query", why, node.start)
