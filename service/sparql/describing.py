"""What the endpoint says of itself and of what it holds, for the address it was asked by."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote

from kb.quads import DCT, XSD, Graph, literal
from kb.void_graph import DATASET, SD, VOID, Row, counting, void_quads
from service.sparql.asking import Graph as Store
from service.sparql.examples import example_quads, prefix_quads
from service.sparql.limits import Caps
from service.sparql.prefixes import ENDPOINT, GRAPH_STORE
from service.sparql.searching import MATCHES, SEARCH

_HERE: Final = Path(__file__).parent
_SERVICE: Final = f"{ENDPOINT}#service"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_DCAT: Final = "http://www.w3.org/ns/dcat#"
_SPDX: Final = "http://spdx.org/rdf/terms#"
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"
_TURTLE: Final = f"{_MEDIA}text/turtle"
_READ: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
_MOST: Final = 100_000
_SECONDS: Final = 120.0
# Statements of a document have no graph; the writer of lines wants one.
_NO_GRAPH: Final = "x:none"

Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Asked:
    """The address a description is asked by: scheme and host, without a slash."""

    origin: str

    @property
    def endpoint(self) -> str:
        """The address of queries."""
        return f"{self.origin}/sparql"

    def dump(self, graph: str) -> str:
        """The address of a graph's statements."""
        return f"{self.origin}/rdf-graph-store?graph={quote(graph, safe='')}"

    def put_into(self, turtle: str) -> str:
        """A text with the addresses asked in place of ours."""
        turtle = turtle.replace(f"<{ENDPOINT}>", f"<{self.endpoint}>")
        return turtle.replace(f"<{GRAPH_STORE}>", f"<{self.origin}/rdf-graph-store>")


class Counts:
    """What a store holds, counted once for each generation. Every method may raise Failed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[str, tuple[str, Sequence[Row]]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def rows(self, *names: str) -> Rows:
        """The rows of some of the queries of `kb.void_graph`."""
        generation = (await self._store.current()).generation
        return {name: await self._of(name, generation) for name in names}

    async def _of(self, name: str, generation: str) -> Sequence[Row]:
        """One count at a time of each name: what is quick does not wait for what is not."""
        async with self._locks.setdefault(name, asyncio.Lock()):
            of, rows = self._rows.get(name, ("", ()))
            if of != generation:
                rows = await self._counted(counting()[name])
                self._rows[name] = (generation, rows)
            return rows

    async def _counted(self, query: str) -> Sequence[Row]:
        table = await self._store.first(query, _MOST, _SECONDS)
        return [
            {name: term.text for name, term in zip(table.names, row, strict=True) if term}
            for row in table.rows
        ]


def service_turtle(
    asked: Asked, graphs: Sequence[Row], caps: Caps, *, writable: bool, searches: bool
) -> bytes:
    """The service description (SPARQL 1.1 Service Description, DCAT's DataService)."""
    out = Graph(_NO_GRAPH)
    lines = [*prefix_quads(out), *example_quads(out)]
    if writable:
        lines.append(out.link(_SERVICE, f"{SD}supportedLanguage", f"{SD}SPARQL11Update"))
        lines += [out.link(_SERVICE, f"{SD}inputFormat", _FORMATS + name) for name in _READ]
    if searches:
        for name in (MATCHES, SEARCH):
            lines.append(out.link(_SERVICE, f"{SD}propertyFeature", name))
            lines += out.type(name, f"{SD}Feature")
    for row in graphs:
        lines += _named(out, row)
    turtle = _limits((_HERE / "description.ttl").read_text("utf-8"), caps)
    return asked.put_into(turtle + _bare(lines)).encode()


class File(Protocol):
    """A file of the whole dataset."""

    @property
    def bytes(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def made(self) -> datetime: ...


def dataset_turtle(asked: Asked, rows: Rows, file: File | None = None) -> bytes:
    """The description of the dataset (VoID, DCAT)."""
    out = Graph(_NO_GRAPH)
    lines = list(void_quads(DATASET, rows, _NO_GRAPH))
    lines += _whole(out, f"{asked.origin}/dumps/zhunru.nq.gz", file) if file else ()
    for row in rows["graphs"]:
        dump = asked.dump(row["graph"])
        lines.append(out.link(DATASET, f"{VOID}dataDump", dump))
        lines.append(out.link(DATASET, f"{_DCAT}distribution", dump))
        lines += out.type(dump, f"{_DCAT}Distribution")
        lines.append(out.link(dump, f"{_DCAT}downloadURL", dump))
        lines.append(out.link(dump, f"{_DCAT}accessURL", dump))
        lines.append(out.link(dump, f"{_DCAT}mediaType", _TURTLE))
    return asked.put_into((_HERE / "dataset.ttl").read_text("utf-8") + _bare(lines)).encode()


def _whole(out: Graph, iri: str, file: File) -> Iterator[str]:
    """The file of all graphs, with its checksum (DCAT 3, SPDX 2.3)."""
    yield out.link(DATASET, f"{VOID}dataDump", iri)
    yield out.link(DATASET, f"{_DCAT}distribution", iri)
    yield from out.type(iri, f"{_DCAT}Distribution")
    for name, target in (
        ("downloadURL", iri),
        ("accessURL", f"{iri.removesuffix('/zhunru.nq.gz')}"),
        ("mediaType", f"{_MEDIA}application/n-quads"),
        ("compressFormat", f"{_MEDIA}application/gzip"),
    ):
        yield out.link(iri, _DCAT + name, target)
    yield out.number(iri, f"{_DCAT}byteSize", file.bytes)
    made = literal(file.made.isoformat().replace("+00:00", "Z"), datatype=f"{XSD}dateTime")
    yield out.line(iri, f"{DCT}issued", made)
    checksum = f"{iri}#checksum"
    yield out.link(iri, f"{_SPDX}checksum", checksum)
    yield from out.type(checksum, f"{_SPDX}Checksum")
    yield out.link(checksum, f"{_SPDX}algorithm", f"{_SPDX}checksumAlgorithm_sha256")
    value = literal(file.sha256, datatype=f"{XSD}hexBinary")
    yield out.line(checksum, f"{_SPDX}checksumValue", value)


def _named(out: Graph, row: Row) -> Iterator[str]:
    name = row["graph"]
    part = f"{ENDPOINT}#graph-{sha256(name.encode()).hexdigest()[:16]}"
    yield out.link(f"{ENDPOINT}#dataset", f"{SD}namedGraph", part)
    yield from out.type(part, f"{SD}NamedGraph")
    yield out.link(part, f"{SD}name", name)
    yield out.link(part, f"{SD}graph", f"{part}-content")
    yield from out.type(f"{part}-content", f"{SD}Graph")
    yield out.number(f"{part}-content", f"{VOID}triples", int(row["triples"]))


def _limits(turtle: str, caps: Caps) -> str:
    """The limits of everyone put into words: no vocabulary has terms for them."""
    said = {
        "seconds": f"{caps.seconds:g}",
        "rows": f"{caps.rows:,}",
        "mib": f"{caps.bytes >> 20:,}",
    }
    for name, value in said.items():
        turtle = turtle.replace(f"{{{name}}}", value)
    return turtle


def _bare(lines: Iterable[str]) -> str:
    """The lines without their graph, what is said of one thing together."""
    end = f" <{_NO_GRAPH}> ."
    return "".join(f"{line.removesuffix(end)} .\n" for line in sorted(lines))
