"""Analysts' clients work unchanged: SPARQLWrapper, rdflib's SPARQLStore, pandas, curl."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode

import pandas
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, JSONLD, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.conformance.conftest import Served, serving

NAMES = ["南关区", "宽城区", "a,b", 'the "quoted"', "two\nlines", ""]
GRAPH = "https://a.example/g"
TITLES = "SELECT ?s ?title { ?s <https://a.example/title> ?title } ORDER BY ?s"
ROWS = 3000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Six titles, and many statements beside them; 2,500 rows at most."""
    folder = tmp_path_factory.mktemp("clients")
    lines = [
        f"<https://a.example/{n}> <https://a.example/title> "
        f"{json.dumps(name, ensure_ascii=False)}@zh <{GRAPH}> ."
        for n, name in enumerate(NAMES)
    ]
    lines += [
        f'<https://a.example/x{n}> <https://a.example/n> "{n:0200}" <{GRAPH}> .'
        for n in range(ROWS)
    ]
    (folder / "graph.nq").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    with serving(folder, ZHUNRU_SPARQL_WRITING="true", ZHUNRU_SPARQL_ROWS="2500") as found:
        yield found


def wrapper(served: Served, query: str, form: str) -> Any:
    """Untyped: what its answers are depends on the form."""
    found = SPARQLWrapper(f"{served.address}/sparql")
    found.setQuery(query)
    found.setReturnFormat(form)
    return found


def test_sparqlwrapper_selects(served: Served) -> None:
    found = wrapper(served, TITLES, JSON).queryAndConvert()
    assert [row["title"]["value"] for row in found["results"]["bindings"]] == NAMES
    document = wrapper(served, TITLES, XML).queryAndConvert()
    assert len(document.getElementsByTagName("result")) == len(NAMES)
    text = wrapper(served, TITLES, CSV).queryAndConvert().decode()
    assert [row["title"] for row in csv.DictReader(io.StringIO(text, newline=""))] == NAMES
    lines = wrapper(served, TITLES, TSV).queryAndConvert().decode().splitlines()
    assert len(lines) == len(NAMES) + 1


def test_sparqlwrapper_asks_and_constructs_and_posts(served: Served) -> None:
    ask = wrapper(served, "ASK { <https://a.example/0> ?p ?o }", JSON)
    ask.setMethod(POST)
    assert ask.queryAndConvert()["boolean"] is True
    ask.addDefaultGraph(GRAPH)
    assert ask.queryAndConvert()["boolean"] is True
    made = wrapper(served, "DESCRIBE <https://a.example/0>", TURTLE).queryAndConvert()
    graph = Graph()
    graph.parse(data=made.decode(), format="turtle")
    assert len(graph) == 1
    for form in (XML, RDFXML, JSONLD):
        described = wrapper(served, "CONSTRUCT WHERE { <https://a.example/0> ?p ?o }", form)
        assert len(described.queryAndConvert()) == 1


def test_sparqlwrapper_is_told_what_is_wrong(served: Served) -> None:
    with pytest.raises(QueryBadFormed, match="line 1 column"):
        wrapper(served, "SELECT * {", JSON).query()
    with pytest.raises(HTTPError) as refused:
        wrapper(served, "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", JSON).query()
    assert refused.value.code == 403


def test_rdflib_reads_it_as_a_graph(served: Served) -> None:
    """https://rdflib.readthedocs.io/en/stable/apidocs/rdflib.plugins.stores/#sparqlstore"""
    graph = Graph(SPARQLStore(f"{served.address}/sparql"))
    title = URIRef("https://a.example/title")
    assert set(graph.objects(None, title)) == {Literal(name, lang="zh") for name in NAMES}
    assert (URIRef("https://a.example/0"), title, Literal("南关区", lang="zh")) in graph
    rows: Any = graph.query(TITLES)
    assert [str(row.title) for row in rows] == NAMES
    assert bool(graph.query("ASK { ?s ?p ?o }"))
    named = Graph(SPARQLStore(f"{served.address}/sparql"), URIRef(GRAPH))
    assert len(named) == len(NAMES) + ROWS
    assert len(Graph(SPARQLStore(f"{served.address}/sparql"), URIRef(f"{GRAPH}x"))) == 0


def test_rdflib_writes_where_that_is_allowed(served: Served) -> None:
    endpoint = f"{served.address}/sparql"
    store = SPARQLUpdateStore(
        endpoint, endpoint, headers={"Authorization": f"Bearer {served.token}"}
    )
    mine = Graph(store, URIRef("https://mine.example/g"))
    statement = (URIRef("https://a.example/0"), URIRef("https://a.example/n"), Literal("mine"))
    mine.add(statement)
    store.commit()
    assert statement in mine
    mine.remove(statement)
    store.commit()
    assert statement not in mine


def test_pandas_reads_csv_from_the_address(served: Served) -> None:
    query = "SELECT ?s ?n { ?s <https://a.example/n> ?n } ORDER BY ?s LIMIT 2500"
    address = f"{served.address}/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    frame = pandas.read_csv(address, dtype=str)
    assert list(frame.columns) == ["s", "n"]
    assert len(frame) == 2500
    titles = pandas.read_csv(
        f"{served.address}/sparql?{urlencode({'query': TITLES, 'format': 'csv'})}",
        keep_default_na=False,
    )
    assert list(titles["title"]) == NAMES


def test_pandas_is_told_where_there_is_more_than_may_be(served: Served) -> None:
    """A CSV that was cut would be read as if it were whole."""
    query = "SELECT ?s ?n { ?s <https://a.example/n> ?n }"
    address = f"{served.address}/sparql?{urlencode({'query': query, 'format': 'csv'})}"
    with pytest.raises(Exception, match=r"IncompleteRead|422"):
        pandas.read_csv(address)


def curl(served: Served, *options: str) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("curl")
    assert program, "curl is needed: apt-get install curl"
    command = (program, "--silent", "--show-error", *options, f"{served.address}/sparql")
    return subprocess.run(command, capture_output=True, check=False, timeout=60)


def test_curl_asks_in_every_way(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(TITLES, "utf-8")
    ways = (
        ("--get", "--data-urlencode", f"query={TITLES}"),
        ("--data-urlencode", f"query={TITLES}"),
        ("--header", "Content-Type: application/sparql-query", "--data-binary", f"@{file}"),
        ("--compressed", "--get", "--data-urlencode", f"query@{file}"),
        ("--http1.0", "--get", "--data-urlencode", f"query={TITLES}"),
    )
    for way in ways:
        found = curl(served, "--header", "Accept: text/csv", *way)
        assert found.returncode == 0, found.stderr
        text = io.StringIO(found.stdout.decode(), newline="")
        assert [row["title"] for row in csv.DictReader(text)] == NAMES, way
    head = curl(served, "--head", "--get", "--data-urlencode", f"query={TITLES}")
    assert head.stdout.startswith(b"HTTP/1.1 200")
    described = curl(served)
    assert b"http://www.w3.org/ns/sparql-service-description#" in described.stdout


@pytest.mark.parametrize("more", [(), ("--compressed",)])
@pytest.mark.parametrize("media", ["text/csv", "application/sparql-results+json"])
def test_curl_ends_with_an_error_where_an_answer_was_cut(
    served: Served, media: str, more: tuple[str, ...]
) -> None:
    query = "SELECT ?s ?n { ?s <https://a.example/n> ?n }"
    found = curl(
        served, "--header", f"Accept: {media}", *more, "--get", "--data-urlencode", f"query={query}"
    )
    assert found.returncode != 0  # 18, partial file; where it was packed perhaps 56 or 61
    assert len(found.stdout) > 0
