"""One generation of the graph: a process that holds it in memory and forks workers from it.

It has no threads, ever: that is what makes forking safe. It runs no query itself.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import re
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from kb.inference import inference_rules, is_derived
from kb.materialise import materialise
from kb.search_index import TextIndex
from kb.store import GraphStore
from service.sparql import wire
from service.sparql.answering import Graph, respond
from service.sparql.confine import allow_memory, confine, deadline, measured
from service.sparql.prefixes import load_prefixes
from service.sparql.searching import TextSearch
from service.sparql.wire import Failure, Loaded

# An object may hold blanks and brackets of its own, so a line is read from its front; a triple term
# (RDF 1.2) from where it closes. https://www.w3.org/TR/n-quads/#sec-grammar
_QUAD: Final = re.compile(
    r"""\S+\ \S+\ (?:<[^<>\ ]*>|_:\S+|<<\(.*\)>>
      |"(?:[^"\\]|\\.)*"(?:@\S+|\^\^<[^>]*>)?)(?:\ (<[^<>\ ]*>))?\ \.""",
    re.VERBOSE,
)


_OUT_OF_MEMORY: Final = Failure(
    "query-too-large",
    "the query needed more memory than it may have",
    "ask for less: LIMIT, a narrower pattern, no ORDER BY over everything",
)


def run(
    control: socket.socket, path: Path, projection: int, written: Path | None, memory: int
) -> None:
    """Load, say so, then fork and reap as told until the channel closes.

    `projection` is the descriptor of N-Quads; each graph in them stands in place of the built one.
    """
    try:
        graph = load(path, _read_all(projection), _read_written(written))
        graph.search.index  # noqa: B018 - made here, once for all workers
    except (OSError, SyntaxError, ValueError) as error:
        control.send(wire.pack(wire.FAILED, _unloadable(path, error)))
        return
    gc.freeze()  # so that collecting in a worker copies no page of the graph
    control.send(wire.pack(wire.LOADED, graph.loaded))
    while message := control.recv(wire.MAX_MESSAGE):
        told: dict[str, Any] = json.loads(message)
        if "reap" in told:
            with suppress(ChildProcessError):
                os.waitpid(told["reap"], 0)
        for _ in range(told.get("fork", 0)):
            _fork(control, graph, memory)
    with suppress(ChildProcessError):
        while True:
            os.wait()


def load(path: Path, projection: bytes, written: bytes = b"") -> Graph:
    """The built graph with the projected graphs in it, and beside them what was written.

    A graph that was built or projected is never mixed with one that was written: of the two under
    one name, the written one is left out. What follows from all of it takes the place of what
    followed from the built graph alone. Raises OSError, SyntaxError, TooMuch.
    """
    projected = {line for line in projection.decode().split("\n") if line}
    replaced = {_graph_of(line) for line in projected}
    built = path.read_text("utf-8").split("\n")
    lines = projected.union(
        line
        for line in built
        if line and (name := _graph_of(line)) not in replaced and not is_derived(name[1:-1])
    )
    own = {_graph_of(line) for line in lines} if written else frozenset()
    beside: list[str] = []
    names: set[str] = set()
    for line in filter(None, written.decode().split("\n")):
        name = graph_of(line)
        if name not in own:
            beside.append(line)
            names.add(name)
    everything = sorted(lines.union(beside))
    data = "".join(f"{line}\n" for line in everything).encode()
    store = GraphStore(data)
    materialise(store)
    loaded = Loaded(
        _generation(data),
        len(store),
        tuple(store.graphs()),
        tuple(sorted(name[1:-1] for name in names if name)),
    )
    return Graph(store, loaded, load_prefixes(), TextSearch(lambda: TextIndex(everything)))


def _generation(stated: bytes) -> str:
    """The name of a generation: what is stated and the rules of what follows make all of it."""
    rules = "".join(rule.text for rule in inference_rules())
    return hashlib.sha256(stated + rules.encode()).hexdigest()


def _graph_of(line: str) -> str:
    """The graph of a line that is known to name one."""
    return line.rsplit(" ", 2)[1]


def graph_of(line: str) -> str:
    """The graph of an N-Quads line as the engine writes it, in its brackets; empty where it is in
    none."""
    found = _QUAD.fullmatch(line)
    return found[1] or "" if found else ""


def _fork(control: socket.socket, graph: Graph, memory: int) -> None:
    theirs, ours = wire.pair()
    pid = os.fork()
    if pid == 0:
        try:
            theirs.close()
            _work(confine(ours, memory), graph)
        finally:
            os._exit(0)
    ours.close()
    socket.send_fds(control, [json.dumps({"worker": pid}).encode()], [theirs.fileno()])
    theirs.close()


def _work(control: socket.socket, graph: Graph) -> None:
    """Answer one query after another until the channel closes, those of a lease over its line."""
    while True:
        before = measured()
        message, descriptors, _, _ = socket.recv_fds(control, wire.MAX_MESSAGE, 1)
        if not message:
            return
        if message[:1] == wire.BESIDE:
            # Closed again before the query comes: a worker has no descriptor to spare.
            graph.lay(message[1:].decode(), _read_all(descriptors[0]))
            continue
        with socket.socket(fileno=descriptors[0]) as connection:
            if message[:1] == wire.LEASED:
                while query := _next(connection):
                    _answer(graph, query, connection, before)
            else:
                _answer(graph, message, connection, before)
        control.send(b"done")


def _next(line: socket.socket) -> bytes:
    """What comes next; nothing where the other end has gone, perhaps before it read all."""
    try:
        return line.recv(wire.MAX_MESSAGE)
    except ConnectionError:
        return b""


def _answer(graph: Graph, message: bytes, connection: socket.socket, before: int) -> None:
    """Answer a query where its answer goes; `before` is what RLIMIT_DATA counted without it."""
    seconds, query = wire.untimed(message)
    deadline(seconds)
    allow_memory(before + query.memory if before and query.memory else 0)
    try:
        respond(graph, query, wire.Joiner(connection.send))
    except ConnectionError:
        pass  # the reader has gone; another may come
    except MemoryError:
        with suppress(OSError):
            connection.send(wire.pack(wire.FAILED, _OUT_OF_MEMORY))
    except Exception as error:  # noqa: BLE001 - a fault here must not look like an end
        with suppress(OSError):
            connection.send(wire.pack(wire.FAILED, Failure("query-failed", repr(error))))
    deadline(0)


def _read_written(path: Path | None) -> bytes:
    try:
        return path.read_bytes() if path else b""
    except FileNotFoundError:
        return b""


def _read_all(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    pieces, at = [], 0
    while at < size and (piece := os.pread(descriptor, size - at, at)):
        pieces.append(piece)
        at += len(piece)
    os.close(descriptor)
    return b"".join(pieces)


def _unloadable(path: Path, error: Exception) -> Failure:
    if isinstance(error, FileNotFoundError):
        return Failure("no-graph", f"no graph has been built at {path}", "run: zhunru build")
    return Failure("no-graph", f"{path}: {error}"[:500], "run: zhunru build")
