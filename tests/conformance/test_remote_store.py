"""The store may be any SPARQL 1.1 server by URL: here Oxigraph's own, started on loopback.

The wheel `oxigraph` brings the server; the same questions get the same answers from it as from the
embedded store, under the same limits.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from kb.build import build
from kb.query import queries
from kb.store import GraphStore
from rules.export import nquads
from service.settings import Settings
from service.shipped import Shipped, load_shipped
from tests.service.conftest import Client, running

SERVER = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
_JOINTS = re.compile(r"[；，、, ]+")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return load_shipped()


@pytest.fixture(scope="module")
def graph(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph")
    build(folder, nquads(shipped.rulebook), shipped.library)
    return folder / "graph.nq"


@pytest.fixture(scope="module")
def loaded(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of that server with the built graph in it."""
    assert SERVER, "the test group brings the server: make test"
    where = str(tmp_path_factory.mktemp("store"))
    command = (SERVER, "load", "--location", where, "--file", str(graph))
    subprocess.run(command, check=True, capture_output=True)
    return where


@pytest.fixture(scope="module")
def server(loaded: str) -> Iterator[str]:
    """The address of a server whose default graph is the union of all graphs, as ours is."""
    with serving(loaded, "--union-default-graph") as url:
        yield url


@contextmanager
def serving(where: str, *options: str) -> Iterator[str]:
    """The address of a server that can only be read."""
    assert SERVER
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    process = subprocess.Popen(
        (SERVER, "serve-read-only", "--location", where, "--bind", address, *options),
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_it_answers(f"http://{address}/query")
        yield f"http://{address}/query"
    finally:
        process.terminate()
        process.wait(20)


def _until_it_answers(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            answer = httpx.get(url, params={"query": "ASK {}"}, trust_env=False, timeout=30)
            if answer.status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")


@contextmanager
def asking(url: str, shipped: Shipped, folder: Path) -> Iterator[Client]:
    """The application over a server."""
    settings = Settings(database_url=f"sqlite:///{folder}/z.db", sparql_url=url, sparql_rows=20_000)
    with running(settings, shipped) as found:
        yield found


@pytest.fixture(scope="module")
def remote(
    server: str, shipped: Shipped, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    """The application over that server."""
    with asking(server, shipped, tmp_path_factory.mktemp("db")) as found:
        yield found


def rows(client: Client, text: str) -> Counter[frozenset[tuple[str, str]]]:
    answer = client.get("/sparql", params={"query": text})
    assert answer.status_code == 200, answer.text
    return counted(
        {name: value["value"] for name, value in row.items()}
        for row in answer.json()["results"]["bindings"]
    )


def counted(found: Iterable[Mapping[str, str]]) -> Counter[frozenset[tuple[str, str]]]:
    """Rows with their number; what GROUP_CONCAT joins comes in any order (SPARQL 1.1 §18.5.1.7)."""
    return Counter(
        frozenset((name, " ".join(sorted(_JOINTS.split(value)))) for name, value in row.items())
        for row in found
    )


@pytest.mark.parametrize("name", [query.name for query in queries()])
def test_every_question_has_the_answer_of_the_embedded_store(
    remote: Client, embedded: GraphStore, name: str
) -> None:
    text = next(query.text for query in queries() if query.name == name)
    assert rows(remote, text) == counted(embedded.select(text))


@pytest.fixture(scope="module")
def embedded(graph: Path) -> GraphStore:
    return GraphStore.open(graph)


def test_a_default_graph_that_is_not_the_union_becomes_it(
    loaded: str, embedded: GraphStore, shipped: Shipped, tmp_path: Path
) -> None:
    """Oxigraph's own default: there is nothing in it, so all graphs are named in every request."""
    with serving(loaded) as url:
        query = {"query": "ASK { ?s ?p ?o }"}
        plain = httpx.get(url, params=query, trust_env=False, timeout=30)
        assert plain.json()["boolean"] is False
        with asking(url, shipped, tmp_path) as client:
            text = "SELECT ?rule ?text { ?rule a <ns#Rule> ; <ns#restsOn>/<ns#text> ?text }"
            found = rows(client, text)
            whole = "BASE <https://zhunru.example/> "
            assert found == counted(embedded.select(whole + text))
            assert found


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_rows_in_every_form(remote: Client, form: str) -> None:
    text = "SELECT ?s { ?s a <ns#Rule> } ORDER BY ?s LIMIT 3"
    answer = remote.get("/sparql", params={"query": text, "format": form})
    assert answer.status_code == 200
    assert answer.text.count("https://zhunru.example/id/rule/") == 3
    assert "etag" not in answer.headers


@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld", "nq", "trig", "rdf"])
def test_statements_in_every_form(remote: Client, form: str) -> None:
    text = "DESCRIBE <id/rule/jl-2017-36.five-matters>"
    answer = remote.get("/sparql", params={"query": text, "format": form})
    assert answer.status_code == 200
    assert "restsOn" in answer.text


def test_graphs_are_chosen_by_the_protocol(remote: Client, embedded: GraphStore) -> None:
    rules = "https://zhunru.example/graph/rules"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    answer = remote.get("/sparql", params={"query": count, "default-graph-uri": rules})
    [row] = embedded.select(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{rules}> {{ ?s ?p ?o }} }}")
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == row["n"]
    wrong = remote.get("/sparql", params={"query": count, "default-graph-uri": f"{rules}s"})
    assert (wrong.status_code, wrong.json()["type"]) == (403, "/problems/query-refused")
    read = remote.get(
        "/rdf-graph-store", params={"graph": rules}, headers={"accept": "application/n-triples"}
    )
    assert read.text.count("\n") == int(row["n"])


def test_the_limits_are_kept(remote: Client) -> None:
    late = remote.get("/sparql", params={"query": ENDLESS, "timeout": "1"})
    assert (late.status_code, late.json()["type"]) == (504, "/problems/query-deadline")
    assert 1 <= late.json()["elapsed"] < 20  # of the 30 s that anyone has
    over = remote.get(
        "/sparql", params={"query": "SELECT ?n { ?s ?p ?o BIND(1 AS ?n) } LIMIT 20001"}
    )
    assert (over.status_code, over.json()["type"]) == (422, "/problems/query-too-large")
    wrong = remote.get("/sparql", params={"query": "ASK {"})
    assert (wrong.status_code, wrong.json()["type"]) == (400, "/problems/bad-query")


def test_nothing_is_written_there(remote: Client) -> None:
    for request in (
        {"method": "POST", "url": "/sparql", "data": {"update": "CLEAR ALL"}},
        {"method": "DELETE", "url": "/rdf-graph-store?default"},
    ):
        answer = remote.request(request.pop("method"), request.pop("url"), **request)  # type: ignore[arg-type]
        assert answer.status_code == 405


def test_pages_and_descriptions_are_made_from_it(remote: Client) -> None:
    page = remote.get("/about/id/code/task-kinds/demolition", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "拆迁" in page.text
    described = remote.get("/.well-known/void")
    assert described.status_code == 200
    assert "https://zhunru.example/ns#Rule" in described.text or "zr:Rule" in described.text


def test_queries_are_judged_and_explained_over_another_store_too(
    remote: Client, graph: Path
) -> None:
    """What the dataset knows is asked of it by the protocol, as anything else is."""
    query = """PREFIX zr: <https://zhunru.example/ns#>
SELECT * { OPTIONAL { ?s zr:documentNumber ?n } ?s a zr:Instrument ; zr:titel ?t }"""
    told = remote.get("/sparql/advice", params={"query": query}).json()["advice"]
    assert [advice["slug"] for advice in told] == ["optional-first", "unknown-property"]
    query = "SELECT * { ?s a <https://zhunru.example/ns#Instrument> }"
    told = remote.get("/sparql/explain", params={"query": query}).json()
    rows = GraphStore.open(graph).select(query)
    found = GraphStore.open(graph).select(query.replace("{", "{ GRAPH ?g {").replace("}", "} }"))
    assert told["rows"] == len(rows)
    assert {each["graph"] for each in told["graphs"]} == {row["g"] for row in found}
    assert (told["generation"], told["plan"]) == (None, None)
