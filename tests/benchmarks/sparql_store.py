"""A store in process, asked through a pipe: bare pyoxigraph, or rdflib's memory store.

Run as a program with the engine and a file of N-Quads. It says when it has loaded, then answers one
line of JSON (text, form, cap in seconds) by another (seconds, body), or says why it does not. What
is timed goes from the text to the last byte of the answer.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Final

import pyoxigraph
import rdflib

Ask = Callable[[str, str], bytes]

FORMS: Final = {
    "application/sparql-results+json": (pyoxigraph.QueryResultsFormat.JSON, "json"),
    "text/csv": (pyoxigraph.QueryResultsFormat.CSV, "csv"),
}


class _Over(Exception):
    """The time that a query may take has passed."""


def load_pyoxigraph(data: Path) -> Ask:
    """The store that ours is made of, asked as it is."""
    store = pyoxigraph.Store()
    store.bulk_load(path=str(data), format=pyoxigraph.RdfFormat.N_QUADS)

    def ask(text: str, form: str) -> bytes:
        found = store.query(text, use_default_graph_as_union=True)
        sink = io.BytesIO()
        if not isinstance(found, pyoxigraph.QuerySolutions):
            raise TypeError("only rows are compared")
        found.serialize(sink, FORMS[form][0])
        return sink.getvalue()

    return ask


def load_rdflib(data: Path) -> Ask:
    """The memory store without named graphs, the faster of its two."""
    graph = rdflib.Graph()
    triples = b"".join(line.rsplit(b" ", 2)[0] + b" .\n" for line in data.read_bytes().splitlines())
    graph.parse(data=triples, format="nt")

    def ask(text: str, form: str) -> bytes:
        return graph.query(text).serialize(format=FORMS[form][1]) or b""

    return ask


LOADERS: Final = {"pyoxigraph": load_pyoxigraph, "rdflib": load_rdflib}


def main(engine: str, data: Path) -> None:
    """Load, then answer until the input ends."""
    began = perf_counter()
    ask = LOADERS[engine](data)
    _say({"seconds": perf_counter() - began})
    signal.signal(signal.SIGALRM, _stop)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            signal.setitimer(signal.ITIMER_REAL, asked["cap"])
            began = perf_counter()
            body = ask(asked["text"], asked["form"])
            seconds = perf_counter() - began
            signal.setitimer(signal.ITIMER_REAL, 0)
        except _Over:
            _say({"failed": f"no answer within {asked['cap']:g} s"})
        else:
            _say({"seconds": seconds, "body": body.decode()})


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Over


def _say(what: dict[str, float | str]) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
