"""W3C tests described as data: requests in order, each with what is expected of its answer.

https://www.w3.org/2009/sparql/docs/tests/, files in `w3c/` (see NOTICE). What is expected: one of
several statuses or classes of them, a boolean, a kind of results, headers, a graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

HERE = Path(__file__).with_name("w3c")

CNT = Namespace("http://www.w3.org/2011/content#")
HT = Namespace("http://www.w3.org/2011/http#")
HTS = "http://www.w3.org/2011/http-statusCodes#"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


# The manifests type their tests; a run of another kind of tests would prove nothing.
KINDS = {
    "protocol": MF.ProtocolTest,
    "graph-store-protocol": MF.GraphStoreProtocolTest,
    "service-description": MF.ServiceDescriptionTest,
}


@dataclass(frozen=True)
class Expected:
    """What an answer must be; None and empty where nothing is said."""

    statuses: tuple[str, ...]
    boolean: bool | None = None
    format: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    location: str = ""


@dataclass(frozen=True)
class Request:
    """One request: method, path with query, headers in lower case, body."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    expected: Expected


@dataclass(frozen=True)
class Case:
    """A test: graphs to be there first, by IRI, and its requests."""

    name: str
    graphs: dict[str, bytes]
    requests: tuple[Request, ...]


def cases(path: str) -> list[Case]:
    """The tests of a manifest and of those it includes, in their order."""
    file = HERE / path
    graph = Graph()
    graph.parse(file, publicID=file.as_uri())
    found = []
    for listed in graph.objects(URIRef(file.as_uri()), MF.include):
        for included in Collection(graph, listed):
            found += cases(str(Path(path).with_name(str(included).rpartition("/")[2])))
    for listed in graph.objects(None, MF.entries):
        found += [_case(graph, node) for node in Collection(graph, listed)]
    return found


def unlisted(folder: str) -> list[Case]:
    """Tests that stand in a file of the suite but in none of its lists."""
    listed = {case.name for case in cases(f"{folder}/manifest.ttl")}
    found = []
    for file in sorted((HERE / folder).glob("manifest*.ttl")):
        graph = Graph()
        graph.parse(file, publicID=file.as_uri())
        found += [_case(graph, node) for node in graph.subjects(RDF.type, KINDS[folder])]
    return [case for case in found if case.name not in listed]


def _case(graph: Graph, node: Node) -> Case:
    data = {}
    for each in graph.objects(node, UT.graphData):
        source = Path(str(graph.value(each, UT.graph)).removeprefix("file://"))
        data[str(graph.value(each, RDFS.label))] = source.read_bytes()
    action = graph.value(node, MF.action)
    listed = graph.value(action, HT.requests) if action else None
    requests = Collection(graph, listed) if listed else ()
    return Case(
        str(node).rpartition("#")[2], data, tuple(_request(graph, each) for each in requests)
    )


def _request(graph: Graph, node: Node) -> Request:
    said = graph.value(node, HT.body)
    body = None
    if said is not None:
        encoding = str(graph.value(said, CNT.characterEncoding))
        body = str(graph.value(said, CNT.chars)).encode(encoding)
    answer = graph.value(node, HT.resp)
    assert answer is not None
    return Request(
        str(graph.value(node, HT.methodName)),
        str(graph.value(node, HT.absolutePath)),
        dict(_headers(graph, node)),
        body,
        _expected(graph, answer),
    )


def _expected(graph: Graph, node: Node) -> Expected:
    boolean = graph.value(node, MF.expectedBoolean)
    said = graph.value(node, HT.body)
    return Expected(
        statuses=tuple(str(s).removeprefix(HTS) for s in graph.objects(node, MF.expectedStatus)),
        boolean=bool(boolean.toPython()) if isinstance(boolean, Literal) else None,
        format=str(graph.value(node, MF.expectedFormat) or ""),
        headers=dict(_headers(graph, node)),
        body=str(graph.value(said, CNT.chars)) if said else None,
        location=str(graph.value(node, MF.expectedLocation) or ""),
    )


def _headers(graph: Graph, node: Node) -> Iterator[tuple[str, str]]:
    listed = graph.value(node, HT.headers)
    for header in Collection(graph, listed) if listed else ():
        name, value = graph.value(header, HT.fieldName), graph.value(header, HT.fieldValue)
        yield str(name).lower(), str(value)


def meets(status: int, expected: tuple[str, ...]) -> bool:
    """Whether a status is one of those expected: `StatusCode4xx`, or a name such as `NoContent`."""
    name = HTTPStatus(status).phrase.replace(" ", "")
    return f"StatusCode{status // 100}xx" in expected or name in expected
