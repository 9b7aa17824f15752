"""What a dataset holds as VoID: counts, and partitions by class and by property.

https://www.w3.org/TR/void/ — editors complete classes and properties by the partitions of each
class, by the classes that a property of it leads to and by the datatypes of its literals (void-ext,
http://ldf.fi/void-ext), as the SIB's SPARQL editor and LLM tools read them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from kb.inference import is_derived
from kb.quads import Graph
from kb.store import GraphStore
from ontology.ids import BASE, graph_iri

VOID: Final = "http://rdfs.org/ns/void#"
VOID_EXT: Final = "http://ldf.fi/void-ext#"
SD: Final = "http://www.w3.org/ns/sparql-service-description#"
DOCUMENT: Final = f"{BASE}.well-known/void"
DATASET: Final = f"{DOCUMENT}#dataset"
"""The dataset as it is answered from now."""
BUILT: Final = f"{DOCUMENT}#built"
"""The dataset as it was built, before anything was published or written."""

_HERE: Final = Path(__file__).with_name("void")

Row = Mapping[str, str]
"""A row of one of the queries: variables to IRIs and numbers, as text."""


@cache
def counting() -> dict[str, str]:
    """The queries by name: totals, graphs, classes, properties, class-properties …"""
    return {path.stem: path.read_text("utf-8") for path in sorted(_HERE.glob("*.rq"))}


def built_quads(lines: Iterable[str]) -> Iterator[str]:
    """The description of a built dataset, in a graph of its own; `lines` are its N-Quads."""
    store = GraphStore("".join(f"{line}\n" for line in lines).encode())
    rows = {name: store.select(query) for name, query in counting().items()}
    yield from void_quads(BUILT, rows, graph_iri("void"))


def void_quads(dataset: str, rows: Mapping[str, Sequence[Row]], graph: str) -> Iterator[str]:
    """N-Quads that describe a dataset by the rows of `counting`, in a graph."""
    out = Graph(graph)
    yield from out.type(dataset, VOID + "Dataset")
    yield out.line(dataset, VOID + "uriSpace", f'"{BASE}"')
    for total in rows["totals"]:
        for name, key in _TOTALS.items():
            yield _number(out, dataset, name, total[key])
    yield out.number(dataset, VOID + "classes", len(rows["classes"]))
    yield out.number(dataset, VOID + "properties", len(rows["properties"]))
    yield from _graphs(out, dataset, rows["graphs"])
    for row in rows["properties"]:
        part = _part(dataset, "property", row["property"])
        yield out.link(dataset, VOID + "propertyPartition", part)
        yield out.link(part, VOID + "property", row["property"])
        for name, key in _TOTALS.items():
            yield _number(out, part, name, row[key])
    for row in rows["classes"]:
        part = _part(dataset, "class", row["class"])
        yield out.link(dataset, VOID + "classPartition", part)
        yield out.link(part, VOID + "class", row["class"])
        yield _number(out, part, "entities", row["entities"])
    yield from _of_classes(out, dataset, rows)


_TOTALS: Final = {
    "triples": "triples",
    "distinctSubjects": "subjects",
    "distinctObjects": "objects",
}


def _graphs(out: Graph, dataset: str, rows: Sequence[Row]) -> Iterator[str]:
    """Each graph, and apart from each other what is stated and what follows from it.

    What follows is stated nowhere (`kb.materialise`), so that the two make up the whole.
    """
    subsets: dict[str, int] = {}
    for row in rows:
        part = _part(dataset, "graph", row["graph"])
        subset = f"{dataset}-{'derived' if is_derived(row['graph']) else 'stated'}"
        subsets[subset] = subsets.get(subset, 0) + int(row["triples"])
        yield out.link(dataset, VOID + "subset", part)
        yield out.link(subset, VOID + "subset", part)
        yield from out.type(part, VOID + "Dataset", SD + "NamedGraph")
        yield out.link(part, SD + "name", row["graph"])
        yield _number(out, part, "triples", row["triples"])
    for subset, triples in subsets.items():
        yield out.link(dataset, VOID + "subset", subset)
        yield from out.type(subset, VOID + "Dataset")
        yield out.number(subset, VOID + "triples", triples)


def _of_classes(out: Graph, dataset: str, rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """What the things of each class have: properties, and of these the classes and datatypes."""
    for row in rows["class-properties"]:
        part = _part(dataset, "class", row["class"], row["property"])
        yield out.link(_part(dataset, "class", row["class"]), VOID + "propertyPartition", part)
        yield out.link(part, VOID + "property", row["property"])
        yield _number(out, part, "triples", row["triples"])
    for row in rows["class-links"]:
        part = _part(dataset, "class", row["class"], row["property"])
        link = _part(dataset, "link", row["class"], row["property"], row["target"])
        yield out.link(part, VOID + "classPartition", link)
        yield out.link(link, VOID + "class", row["target"])
        yield _number(out, link, "triples", row["triples"])
    for row in rows["class-datatypes"]:
        part = _part(dataset, "class", row["class"], row["property"])
        kind = _part(dataset, "datatype", row["class"], row["property"], row["datatype"])
        yield out.link(part, VOID_EXT + "datatypePartition", kind)
        yield out.link(kind, VOID_EXT + "datatype", row["datatype"])
        yield _number(out, kind, "triples", row["triples"])


def _number(out: Graph, subject: str, name: str, value: str) -> str:
    return out.number(subject, VOID + name, int(value))


def _part(dataset: str, kind: str, *names: str) -> str:
    """The name of a part of a dataset: the same whenever it is counted."""
    return f"{dataset}-{kind}-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:16]}"
