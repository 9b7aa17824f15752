"""The dump is the whole dataset and says so: counts, graphs, checksum, tags (DCAT 3, RFC 9110)."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from rdflib import Graph, Namespace

from kb.store import GraphStore
from service.dumps import Dumps
from service.sparql.process import query_process
from service.sparql.wire import Limits
from tests.service.conftest import DEMOLITION, Client, running
from tests.service.sparql.writing import Desk, settings

ADDRESS = "/dumps/zhunru.nq.gz"
SPDX, DCAT = Namespace("http://spdx.org/rdf/terms#"), Namespace("http://www.w3.org/ns/dcat#")


@pytest.fixture(scope="module")
def dump(asking: Client) -> bytes:
    asking.decide(DEMOLITION)
    asking.get("/sparql", params={"query": "ASK { ?d <x:p> ?o }"})  # a worker has the decision now
    return asking.get(ADDRESS).content


def test_the_dump_loads_to_the_very_dataset_that_is_asked(asking: Client, dump: bytes) -> None:
    """Graph by graph, counts of the loaded file against those of the endpoint."""
    store = GraphStore(gzip.decompress(dump))
    text = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    answer = asking.get("/sparql", params={"query": text, "format": "json"}).json()
    asked = {r["g"]["value"]: r["n"]["value"] for r in answer["results"]["bindings"]}
    decisions = {name for name in asked if name.endswith("/graph/decisions")}
    found = {row["g"]: row["n"] for row in store.select(text)}
    assert found == {name: n for name, n in asked.items() if name not in decisions}
    assert len(decisions) == 1
    for graph in ("rules", "lists", "cases", "revisions", "vocabulary"):
        assert int(found[f"https://zhunru.example/graph/{graph}"]) > 0
    assert len(store) == asking.get("/dumps.json").json()["statements"]


def test_no_decision_is_in_it(dump: bytes) -> None:
    assert b"/id/decision/" not in gzip.decompress(dump)
    assert b"graph/decisions" not in gzip.decompress(dump)


def test_the_checksum_is_told_beside_it_and_in_the_description(asking: Client, dump: bytes) -> None:
    digest = hashlib.sha256(dump).hexdigest()
    assert asking.get(f"{ADDRESS}.sha256").text == f"{digest}  zhunru.nq.gz\n"
    listed = asking.get("/dumps", headers={"accept": "application/json"}).json()["files"][0]
    assert (listed["sha256"], listed["bytes"]) == (digest, len(dump))
    told = asking.get("/.well-known/void", headers={"accept": "text/turtle"}).text
    graph = Graph().parse(data=told, format="turtle")
    checksum = next(iter(graph.objects(None, SPDX.checksum)))
    assert str(graph.value(checksum, SPDX.checksumValue)).lower() == digest
    assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    file = next(iter(graph.subjects(SPDX.checksum, checksum)))
    assert int(str(graph.value(file, DCAT.byteSize))) == len(dump)
    assert str(graph.value(file, DCAT.downloadURL)).endswith(ADDRESS)


def test_its_tag_is_the_generation(asking: Client, dump: bytes) -> None:
    """RFC 9110 §13.1: If-None-Match, If-Modified-Since; HEAD gives the same headers."""
    answer = asking.get(ADDRESS)
    generation = asking.get("/dumps.json").json()["generation"]
    assert answer.headers["etag"] == f'"{generation}"'
    assert answer.headers["content-type"] == "application/gzip"
    for name, value in (
        ("if-none-match", f'"{generation}"'),
        ("if-modified-since", answer.headers["last-modified"]),
    ):
        assert asking.get(ADDRESS, headers={name: value}).status_code == 304
    assert asking.get(ADDRESS, headers={"if-none-match": '"other"'}).status_code == 200
    head = asking.request("HEAD", ADDRESS)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(dump)))
    assert asking.get(f"/dumps/{generation}/zhunru.nq.gz").content == dump
    assert asking.get("/dumps/0000/zhunru.nq.gz").status_code == 404


def test_the_same_generation_gives_the_same_bytes(
    asking: Client, dump: bytes, tmp_path: Path
) -> None:
    again = Dumps(asking.app.state.graph, tmp_path)
    made = asking.run(again.current)
    assert made.path.read_bytes() == dump
    assert [path.name for path in tmp_path.iterdir()] == [made.path.name]


def test_the_page_lists_it_with_each_graph(asking: Client, dump: bytes) -> None:
    page = BeautifulSoup(
        asking.get("/dumps", headers={"accept": "text/html"}).content, "html.parser"
    )
    assert hashlib.sha256(dump).hexdigest() in page.text
    links = [str(a["href"]) for a in page.select("table a")]
    assert any("graph%2Frules" in link for link in links)
    assert not any("decisions" in link for link in links)


def test_what_is_written_is_dumped_and_only_the_latest_files_stay(
    tmp_path_factory: pytest.TempPathFactory, shipped: object
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    with (
        query_process(Limits(workers=1)) as process,
        running(settings(folder, process.address), shipped) as one,  # type: ignore[arg-type]
    ):
        desk = Desk(one, folder)
        for n in range(4):
            insert = (
                f'INSERT DATA {{ GRAPH <x:g> {{ _:b <x:p{n}> "一\\n{n}"@zh }} <x:s> <x:p> {n} }}'
            )
            assert desk.update(insert).status_code == 204
            data = gzip.decompress(one.get(ADDRESS).content)
            assert f'"一\\n{n}"@zh <x:g> .\n'.encode() in data
            assert len(GraphStore(data)) == one.get("/dumps.json").json()["statements"]
        dumps = next(folder.rglob("dumps"))
        assert len(list(dumps.iterdir())) == 2
