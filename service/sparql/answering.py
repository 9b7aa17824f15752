"""One query in a worker: read, run, written in pieces under its caps."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, cast

from kb.store import Answer, GraphStore, TooMany
from ontology.ids import graph_iri
from ontology.names import nearest
from service.sparql import wire
from service.sparql.dumping import dump
from service.sparql.faults import syntax
from service.sparql.finding import find
from service.sparql.formats import Format, choose, offered
from service.sparql.prefixes import ENDPOINT, reserved
from service.sparql.rows import RowLimit
from service.sparql.searching import Dataset, TextSearch, dataset_of
from service.sparql.text import Reading, Refused, place, read
from service.sparql.wire import Failure, Loaded, Query, Start

# A limit met within so many bytes can still be told by the status of the response.
BY_LINE: Final = ("tsv", "nt")
HELD: Final = 256 * 1024

_MOST_SAID: Final = 240

DECISIONS: Final = graph_iri("decisions")
"""The graph that is there for some queries only (`service.sparql.decided`)."""

Send = Callable[[bytes], None]


@dataclass(slots=True)
class Graph:
    """What a worker answers from; `beside` names the statements laid beside the generation."""

    store: GraphStore
    loaded: Loaded
    prefixes: Mapping[str, str]
    search: TextSearch
    beside: str = ""

    def lay(self, key: str, nquads: bytes) -> None:
        """Lay the statements of a key beside the generation, in the place of any others."""
        if key != self.beside:
            self.lift()
            self.store.lay(nquads)
            self.beside = key

    def lift(self) -> None:
        """Leave nothing beside the generation, not even a name."""
        if self.beside:
            self.store.lift(DECISIONS)
            self.beside = ""

    def named(self) -> tuple[str, ...]:
        """The graphs that there are for the query to come."""
        return (*self.loaded.graphs, DECISIONS) if self.beside else self.loaded.graphs

    def tag(self) -> str:
        """What an entity tag names: the generation, and what is beside it."""
        beside = f"-{self.beside[:16]}" if self.beside else ""
        return self.loaded.generation[:32] + beside


class _Cut(Exception):
    """The answer is larger than it may be."""


class _Enough(Exception):
    """Nobody wants more: the answer to HEAD has begun."""


def respond(graph: Graph, query: Query, send: Send) -> None:
    """Send the messages of an answer. Raises what `send` raises."""
    if query.beside != graph.beside:
        if query.beside:
            send(_failed(Failure("query-failed", "what goes along with the query did not come")))
            return
        graph.lift()
    if query.find or query.dump:
        _tell(graph, query, send)
        return
    try:
        reading = read(query.text)
        default, named = graphs_of(graph.named(), query, reading)
        text = graph.search.ready(query.text, _searched(query, reading), ENDPOINT)
        answer = graph.store.answer(
            text,
            default,
            named,
            union=query.union and not (reading.default or reading.named),
            base=ENDPOINT,
            prefixes=graph.prefixes,
        )
    except Refused as refused:
        line, column = place(query.text, refused.at) if refused.at >= 0 else (0, 0)
        send(_failed(Failure(refused.slug, str(refused), line=line, column=column)))
        return
    except SyntaxError as error:
        send(_failed(syntax(str(error), query.text)))
        return
    except RuntimeError as error:  # what the grammar allows and the engine has not
        send(_failed(Failure("bad-query", str(error)[:_MOST_SAID])))
        return
    except OSError as error:
        send(_failed(Failure("query-failed", str(error)[:_MOST_SAID])))
        return
    form = choose(answer.result, query.accept, query.format)
    if form is None or (query.first and form.name not in BY_LINE):
        can = ", ".join(f"{f.media_type} ({f.name})" for f in offered(answer.result))
        send(_failed(Failure("not-acceptable", f"these results leave as {can}")))
        return
    # Weak: what a coding makes of it (gzip) has other bytes.
    etag = "" if reading.volatile or query.first else f'W/"{graph.tag()}.{form.name}"'
    if etag and any(known.removeprefix("W/") in (etag[2:], "*") for known in query.known):
        send(wire.pack(wire.START, Start(form.content_type, form.name, etag, not_modified=True)))
        send(wire.END)
        return
    _write(answer, form, etag, query, send)


def _tell(graph: Graph, query: Query, send: Send) -> None:
    """What is asked without a text."""
    if query.dump:
        dump(graph.store, graph.loaded.generation, send)
    else:
        _find(graph.search, query.find, send)


def _find(search: TextSearch, asked: str, send: Send) -> None:
    body = find(search.index, asked)
    send(wire.pack(wire.START, Start("application/json", "json", "", length=len(body))))
    for at in range(0, len(body), wire.CHUNK):
        send(wire.DATA + body[at : at + wire.CHUNK])
    send(wire.END)


def _write(answer: Answer, form: Format, etag: str, query: Query, send: Send) -> None:
    sink = _Sink(answer, form, etag, query, send)
    try:
        answer.write(cast(IO[bytes], sink), form.name, query.rows)
        sink.finish()
    except _Enough:
        send(wire.END)
    except (_Cut, TooMany) as cut:
        why = str(cut) or f"the answer has more than {query.rows:,} statements"
        hint = "ask for less: LIMIT, a narrower pattern, or a whole graph as a file"
        send(_failed(Failure("query-too-large", why, hint)))
    except ConnectionError:
        raise  # the reader has gone, not the engine
    except OSError as error:
        send(_failed(Failure("query-failed", str(error)[:_MOST_SAID])))


class _Sink(io.RawIOBase):
    """Counts what is written, holds the first bytes back, sends the rest on."""

    def __init__(self, answer: Answer, form: Format, etag: str, query: Query, send: Send) -> None:
        super().__init__()
        self._form, self._etag, self._query, self._send = form, etag, query, send
        # A row takes a byte at the least: where that many are allowed, bytes run out before.
        counted = answer.result == "rows" and query.rows < query.bytes
        self._rows = RowLimit(form.name, query.rows) if counted else None
        self._held = bytearray()
        self._bytes = 0
        self._started = False
        self._over = False

    def write(self, data: Any, /) -> int:
        if self._over:  # what the engine's buffer still held as the writing was ended
            return len(data)
        self._over = True  # until this piece has been taken
        self._take(data)
        self._over = False
        return len(data)

    def _take(self, data: Any) -> None:
        piece = bytes(data)
        self._bytes += len(piece)
        if self._bytes > self._query.bytes:
            raise _Cut(f"the answer has more than {self._query.bytes:,} bytes")
        if self._query.first and self._lines_are_there(piece):
            raise _Enough
        if self._rows is not None and self._rows.exceeded(piece):
            raise _Cut(f"the answer has more than {self._query.rows:,} rows")
        self._held += piece
        if not self._query.first and len(self._held) > (wire.CHUNK if self._started else HELD):
            self._start(None)
            self._pass_on()

    def _lines_are_there(self, data: bytes) -> bool:
        """Whether the lines asked for have come: then they are sent, and no more."""
        most = self._query.first + (1 if self._form.name == "tsv" else 0)  # tsv has a header
        lines = (bytes(self._held) + data).split(b"\n", most)
        if len(lines) <= most:
            return False
        self._held = bytearray(b"".join(line + b"\n" for line in lines[:most]))
        self._start(len(self._held))
        self._pass_on(last=True)
        return True

    def flush(self) -> None:
        """What is held stays held."""

    def finish(self) -> None:
        if not self._started:
            self._start(len(self._held))
        self._pass_on(last=True)
        self._send(wire.END)

    def _start(self, length: int | None) -> None:
        if self._started:
            return
        self._started = True
        start = Start(self._form.content_type, self._form.name, self._etag, length=length)
        self._send(wire.pack(wire.START, start))
        if self._query.head:
            raise _Enough

    def _pass_on(self, *, last: bool = False) -> None:
        """Send what is held; what fills no message waits for more, unless it is the last."""
        end = len(self._held) if last else len(self._held) // wire.CHUNK * wire.CHUNK
        data = bytes(self._held[:end])
        del self._held[:end]
        for at in range(0, len(data), wire.CHUNK):
            self._send(wire.DATA + data[at : at + wire.CHUNK])


def graphs_of(
    graphs: Sequence[str], query: Query, reading: Reading
) -> tuple[Sequence[str] | None, Sequence[str] | None]:
    """The graphs that the protocol names; those that the text names are its own affair.

    Raises Refused for a graph that is not in the dataset: it would be read as empty, silently.
    """
    asked = [(iri, -1) for iri in (*(query.default or ()), *(query.named or ()))]
    for iri, at in (*asked, *reading.default, *reading.named):
        if iri not in graphs and not (query.open and not reserved(iri)):
            near = nearest(iri, graphs)
            why = f"{iri[:200]} is no graph of the dataset"
            raise Refused("query-refused", f"{why}; did you mean {near}?" if near else why, at)
    return query.default, query.named


def _searched(query: Query, reading: Reading) -> Dataset:
    """The graphs that search patterns look in: those that the query's other patterns do."""
    if query.default is not None:
        return Dataset(query.default, query.named or ())
    return dataset_of(reading, union=query.union)


def _failed(failure: Failure) -> bytes:
    return wire.pack(wire.FAILED, failure)
