"""Search against a scan: 1,000 random words over 100,000 generated provisions, each found in all
texts that have it and in no other; and what both take, in time of the processor.

Words are drawn from the texts (one to six characters, cut anywhere) and made of their characters.
The scan looks through every folded text; beside it stands CONTAINS of the engine, which folds
nothing. A fifth of the words is asked in SPARQL too, the hits joined with their labels.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import statistics
import sys
import time
from collections.abc import Iterator

from kb.library import load_library
from kb.quads import ELI, Graph
from kb.search_index import TextIndex
from kb.search_query import read_search
from kb.store import GraphStore
from ontology.ids import graph_iri, instrument_iri, provision_iri
from service.sparql.prefixes import ENDPOINT
from service.sparql.searching import Dataset, TextSearch
from tests.kb.scan import folded, pattern, quoted, words

_PER_INSTRUMENT = 100
_ZR = "PREFIX zr: <https://zhunru.example/ns#> "
_IN_SPARQL = 200
_CONTAINS_ASKED = 40


def main() -> None:
    """Generate, index, ask, compare; the exit code tells whether all were found alike."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reduced", action="store_true")
    reduced = parser.parse_args().reduced
    count, asked = (10_000, 200) if reduced else (100_000, 1_000)
    texts = dict(_provisions(count))
    lines = sorted(_lines(texts))
    before = _megabytes()
    began = time.process_time()
    index = TextIndex(lines)
    built = time.process_time() - began
    grown = _megabytes() - before
    characters = sum(map(len, texts.values()))
    print(
        f"{count:,} provisions of {characters / count:.0f} characters, "
        f"indexed in {built:.1f} s and {grown:,} MiB",
        flush=True,
    )
    store = GraphStore("".join(f"{line}\n" for line in lines).encode())
    sys.exit(0 if _compare(texts, index, store, asked) else 1)


def _compare(texts: dict[str, str], index: TextIndex, store: GraphStore, asked: int) -> bool:
    plain = {iri: folded(text) for iri, text in texts.items()}
    chosen = list(words(list(texts.values()), asked, seed=11))
    times: dict[str, list[float]] = {"search": [], "scan": [], "SPARQL": [], "CONTAINS": []}
    wrong, sizes = [], []
    in_sparql = TextSearch(lambda: index)
    for n, word in enumerate(chosen):
        search = read_search(quoted(word))
        with _Timed(times["search"]):
            hits = {hit.subject for hit in index.hits(search, scored=False)}
        look = pattern(word)
        with _Timed(times["scan"]):
            expected = {iri for iri, text in plain.items() if look.search(text)}
        sizes.append(len(expected))
        if hits != expected or (n < _IN_SPARQL and _joined(word, in_sparql, store, times) != hits):
            wrong.append(word)
    for word in chosen[:_CONTAINS_ASKED]:
        with _Timed(times["CONTAINS"]):
            text = f"SELECT ?s {{ ?s zr:text ?t FILTER(CONTAINS(?t, {_literal(word)})) }}"
            store.select(_ZR + text)
    found = sum(map(bool, sizes))
    print(f"{asked:,} words, {found:,} in the texts, the commonest in {max(sizes):,}")
    for name, seconds in times.items():
        print(f"{name}: {_told(seconds)}")
    print(f"{len(wrong)} words found otherwise than by the scan {wrong[:5] or ''}".rstrip())
    return not wrong


def _joined(
    word: str, search: TextSearch, store: GraphStore, times: dict[str, list[float]]
) -> set[str]:
    """What a query finds that joins the hits with their labels."""
    text = f"{_ZR}SELECT ?s ?l {{ ?s zr:matches {_literal(quoted(word))} ; zr:label ?l }}"
    with _Timed(times["SPARQL"]):
        rows = store.select(search.ready(text, Dataset(), ENDPOINT))
    return {row["s"] for row in rows}


class _Timed:
    def __init__(self, kept: list[float]) -> None:
        self._kept = kept

    def __enter__(self) -> None:
        self._began = time.process_time()

    def __exit__(self, *_: object) -> None:
        self._kept.append(time.process_time() - self._began)


def _told(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    return (
        f"median {statistics.median(ordered) * 1e3:.2f} ms, "
        f"95 % under {p95 * 1e3:.1f} ms, longest {ordered[-1] * 1e3:.0f} ms"
    )


def _provisions(count: int) -> Iterator[tuple[str, str]]:
    """Provisions put together from clauses of the real ones, a character changed here and there."""
    chance = random.Random(7)
    said = [p.text for i in load_library().instruments for p in i.provisions if p.text]
    clauses = [c for text in said for c in re.split(r"(?<=[，。；：])", text) if len(c) > 3]
    alphabet = sorted({c for text in said for c in text})
    for n in range(count):
        text = ""
        while len(text) < 120:
            clause = chance.choice(clauses)
            at = chance.randrange(len(clause))
            text += clause[:at] + chance.choice(alphabet) + clause[at + 1 :]
        key = f"xx-made-{n // _PER_INSTRUMENT}"
        yield provision_iri(key, f"art_{n % _PER_INSTRUMENT + 1}"), text


def _lines(texts: dict[str, str]) -> Iterator[str]:
    for n, (iri, text) in enumerate(texts.items()):
        key = f"xx-made-{n // _PER_INSTRUMENT}"
        graph = Graph(graph_iri(f"doc/{key}"))
        yield from graph.type(iri, "Provision")
        yield from graph.text(iri, "label", "甲" if n % 2 else "乙")
        yield from graph.text(iri, "text", text)
        yield graph.link(iri, ELI + "is_part_of", instrument_iri(key))


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
