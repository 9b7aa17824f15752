"""The full-text index over the texts of a graph: exact for words of any length, also of one Han
character.

SQLite FTS5 (https://www.sqlite.org/fts5.html) in memory, one row for each thing. Its `trigram`
tokenizer finds no word of two characters and `unicode61` takes a sentence for one word, so texts
come to it as tokens between blanks (`kb.search_fold`) and words are phrases of tokens. A search
holds for a thing where it holds for its texts together; no phrase runs from one text into the next.

Nothing is written to a file, and no descriptor is opened: the index may be used in a process that
was forked from the one that built it, as long as neither has threads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from kb.search_fold import joined_form
from kb.search_query import Search, fts5
from kb.search_texts import KINDS, Kind, Text, Thing, things

# What a thing is called (name) counts twice. Built in pieces of 16 MiB, it takes half as long as
# in those of 1 MiB.
_SCHEMA: Final = """
CREATE TABLE graph (id INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE thing (id INTEGER PRIMARY KEY, graph INTEGER, kind INTEGER, subject TEXT,
    first INTEGER, past INTEGER);
CREATE TABLE text (id INTEGER PRIMARY KEY, property TEXT, language TEXT, text TEXT, name INTEGER);
CREATE VIRTUAL TABLE word USING fts5(name, body, content='', tokenize='ascii');
INSERT INTO word(word, rank) VALUES ('rank', 'bm25(2.0, 1.0)');
INSERT INTO word(word, rank) VALUES ('hashsize', 16777216);
"""
_TOGETHER: Final = 1000
_NAMED: Final = (True, False)
_HIT: Final = "thing.id, graph.iri, thing.kind, thing.subject, {score}"
_THINGS: Final = "FROM word JOIN thing ON thing.id = word.rowid"
_FROM_THINGS: Final = f"{_THINGS} WHERE word MATCH ?"
_FROM: Final = f"{_THINGS} JOIN graph ON graph.id = thing.graph WHERE word MATCH ?"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to search: in these graphs (None: in all), in things of a kind (None: of any).

    Of the kind label only names are searched; without a kind, all that is said of anything.
    """

    graphs: Collection[str] | None = None
    kind: Kind | None = None


ANYWHERE: Final = Scope()


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that is found; the better it fits, the higher the score (bm25)."""

    id: int
    graph: str
    kind: Kind
    subject: str
    score: float


@dataclass(frozen=True, slots=True)
class After:
    """The last hit of the page before."""

    score: float
    subject: str
    graph: str


class TextIndex:
    """What is searched; built once, read only from then on."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Index sorted N-Quads lines. Raises OSError where SQLite has no FTS5."""
        self._base = sqlite3.connect(":memory:", isolation_level=None)
        # What is sorted would go to a file otherwise.
        self._base.execute("PRAGMA temp_store = MEMORY")
        try:
            self._base.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:
            raise OSError(f"this Python's SQLite cannot search texts: {error}") from None
        self._base.execute("BEGIN")
        self._graphs: dict[str, int] = {}
        self.size = self._texts = 0
        found = things(lines)
        while some := list(islice(found, _TOGETHER)):
            self._add(some)
        self._base.execute("COMMIT")
        self._base.execute("INSERT INTO word(word) VALUES ('optimize')")

    def _add(self, some: Sequence[Thing]) -> None:
        rows, texts, words = [], [], []
        for thing in some:
            self.size += 1
            graph = self._graphs.setdefault(thing.graph, len(self._graphs))
            first = self._texts
            for text in thing.texts:
                texts.append((self._texts, text.property, text.language, text.text, text.name))
                self._texts += 1
            kind = KINDS.index(thing.kind)
            rows.append((self.size, graph, kind, thing.subject, first, self._texts))
            name, body = (joined_form(t.text for t in thing.texts if t.name is n) for n in _NAMED)
            words.append((self.size, name, body))
        insert = self._base.executemany
        insert(
            "INSERT OR IGNORE INTO graph VALUES (?, ?)", ((n, i) for i, n in self._graphs.items())
        )
        insert("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?)", rows)
        insert("INSERT INTO text VALUES (?, ?, ?, ?, ?)", texts)
        insert("INSERT INTO word(rowid, name, body) VALUES (?, ?, ?)", words)

    @property
    def graphs(self) -> Set[str]:
        """The graphs that have texts; the unnamed one is empty."""
        return self._graphs.keys()

    def hits(
        self, search: Search, scope: Scope = ANYWHERE, *, scored: bool = True
    ) -> Iterator[Hit]:
        """All hits, in no order; where they are not `scored`, which takes time, they have 0."""
        where, values = self._where(search, scope)
        score = "-rank" if scored else "0.0"
        rows = self._base.execute(f"SELECT {_HIT.format(score=score)} {_FROM}{where}", values)
        return map(_hit, rows)

    def subjects(self, search: Search, scope: Scope = ANYWHERE) -> Iterator[tuple[str, str]]:
        """What all hits are about, each with its graph, in no order: quicker than `hits`."""
        where, values = self._where(search, scope)
        names = tuple(self._graphs)
        text = f"SELECT subject, thing.graph {_FROM_THINGS}{where}"
        return ((subject, names[graph]) for subject, graph in self._base.execute(text, values))

    def best(
        self, search: Search, scope: Scope, most: int, after: After | None = None
    ) -> list[Hit]:
        """The hits with the highest scores, from after another one on; at most so many."""
        where, values = self._where(search, scope)
        if after:
            where += " AND (-rank < ? OR (-rank = ? AND (subject, iri) > (?, ?)))"
            values += [after.score, after.score, after.subject, after.graph]
        order = "ORDER BY 5 DESC, subject, iri LIMIT ?"
        text = f"SELECT {_HIT.format(score='-rank')} {_FROM}{where} {order}"
        return [_hit(row) for row in self._base.execute(text, [*values, most])]

    def census(self, search: Search) -> dict[Kind, dict[str, int]]:
        """How many hits of each kind each graph has that has any."""
        found: dict[Kind, dict[str, int]] = {kind: {} for kind in KINDS}
        for scope in (ANYWHERE, Scope(kind="label")):
            where, values = self._where(search, scope)
            text = f"SELECT kind, iri, count(*) {_FROM}{where} GROUP BY 1, 2 ORDER BY 1, 2"
            for number, graph, count in self._base.execute(text, values):
                kind = KINDS[number]
                if (kind == "label") == (scope.kind == "label"):
                    found[kind][graph] = count
        return found

    def texts(self, hit: Hit) -> tuple[Text, ...]:
        """The texts of what was found."""
        rows = self._base.execute(
            "SELECT property, language, text, name FROM text, thing WHERE thing.id = ?"
            " AND text.id >= first AND text.id < past ORDER BY text.id",
            (hit.id,),
        )
        return tuple(Text(p, language, text, bool(name)) for p, language, text, name in rows)

    def _where(self, search: Search, scope: Scope) -> tuple[str, list[Any]]:
        words = fts5(search)
        where, values = "", [f"name : ({words})" if scope.kind == "label" else words]
        if scope.kind:
            where += f" AND thing.kind = {KINDS.index(scope.kind)}"
        if scope.graphs is not None:
            known = sorted(self._graphs[iri] for iri in {*scope.graphs} & self._graphs.keys())
            where += f" AND thing.graph IN ({', '.join(map(str, known))})"
        return where, values


def _hit(row: tuple[int, str, int, str, float]) -> Hit:
    number, graph, kind, subject, score = row
    return Hit(number, graph, KINDS[kind], subject, score)
