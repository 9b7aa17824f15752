"""Another store by its URL: what is sent to it, and that the limits hold on this side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from service.errors import BadSetting
from service.settings import Settings
from service.sparql.client import Failed
from service.sparql.limits import Allowance
from service.sparql.opening import open_graph
from service.sparql.remote import RemoteGraph
from service.sparql.wire import Failure, Limits, Query, Start
from tests.awaiting import awaited

GRAPHS = b'{"head":{"vars":["g"]},"results":{"bindings":[%s]}}' % b",".join(
    b'{"g":{"type":"uri","value":"https://a.example/%s"}}' % name for name in (b"g", b"h")
)
TRUE = b'{"head":{},"boolean":true}'
FALSE = b'{"head":{},"boolean":false}'
JSON = {"content-type": "application/sparql-results+json"}
LD = {"content-type": "application/ld+json"}
XML = {"content-type": "application/rdf+xml"}


def results(*values: str) -> bytes:
    """Rows of one variable, as a store may lay them out."""
    rows = [{"x": {"type": "literal", "value": value}} for value in values]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}, indent=1).encode()


Handler = Callable[[dict[str, list[str]]], httpx.Response]


class Trickle(httpx.AsyncByteStream):
    """A body that comes in pieces, with a pause before each; for ever where there are none."""

    def __init__(self, pause: float, *pieces: bytes) -> None:
        self._pause = pause
        self._pieces = pieces
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            await asyncio.sleep(self._pause)
            yield piece
        if not self._pieces:
            await asyncio.sleep(60)

    async def aclose(self) -> None:
        self.closed = True


@dataclass
class Store:
    """A store that answers as it is told, and keeps what it was asked."""

    answer: Handler
    merged: bytes = FALSE
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)

    def graph(self, **limits: Any) -> RemoteGraph:
        transport = httpx.MockTransport(self._handle)
        return RemoteGraph("http://store/query", Allowance(), Limits(**limits), transport)

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        assert request.method == "POST"
        given = parse_qs((await request.aread()).decode())
        if "GRAPH ?g" in given["query"][0]:
            return httpx.Response(200, headers=JSON, content=GRAPHS)
        if "LIMIT 1" in given["query"][0]:
            return httpx.Response(200, headers=JSON, content=self.merged)
        self.asked.append(given)
        self.accepted.append(request.headers["accept"])
        return self.answer(given)


def replying(status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> Store:
    return Store(lambda _: httpx.Response(status, headers=headers or JSON, **body))


def ask(store: Store, text: str, **options: Any) -> tuple[Start, bytes]:
    return awaited(store.graph().fetch(Query(text, **options)))


def failure(store: Store, text: str, **options: Any) -> Failure:
    with pytest.raises(Failed) as failed:
        ask(store, text, **options)
    return failed.value.failure


def test_a_query_is_sent_over_the_union_of_all_graphs() -> None:
    store = replying(content=TRUE)
    start, body = ask(store, "ASK { ?s ?p ?o }")
    assert json.loads(body)["boolean"] is True
    assert (start.etag, start.extension, start.length) == ("", "json", len(body))
    [asked] = store.asked
    assert asked["query"] == ["BASE <https://zhunru.example/sparql> ASK { ?s ?p ?o }"]
    both = ["https://a.example/g", "https://a.example/h"]
    assert asked["default-graph-uri"] == asked["named-graph-uri"] == both
    assert set(asked) == {"query", "default-graph-uri", "named-graph-uri"}


def test_a_store_whose_default_graph_is_the_union_is_sent_no_graphs() -> None:
    """Told by a statement of each of some graphs: to name all graphs makes some stores slow."""
    store = replying(content=TRUE)
    store.merged = TRUE
    ask(store, "ASK { ?s ?p ?o }")
    assert set(store.asked[0]) == {"query"}


def test_the_graphs_that_are_named_are_the_only_ones() -> None:
    store = replying(content=TRUE)
    ask(store, "ASK FROM <https://a.example/g> { ?s ?p ?o }")
    assert set(store.asked[0]) == {"query"}
    ask(store, "ASK { ?s ?p ?o }", default=("https://a.example/h",), named=())
    assert store.asked[1]["default-graph-uri"] == ["https://a.example/h"]
    assert "named-graph-uri" not in store.asked[1]


REFUSED = [
    ("DELETE WHERE { ?s ?p ?o }", "read-only"),
    ("ASK { SERVICE <http://inside/> { ?s ?p ?o } }", "query-refused"),
    # By SPARQL 1.1 §19.2 each of these is SERVICE; pyoxigraph would read a string.
    ("ASK { \\u0053ERVICE <http://inside/> { ?s ?p ?o } }", "query-refused"),
    ('ASK { ?s ?p "\\u0022 SERVICE <http://inside/> { } ?s ?p \\u0022" }', "query-refused"),
    ("ASK { ?s ?p '\\U00000027 SERVICE <http://inside/> { } #' }", "query-refused"),
    ("ASK FROM <http://inside/> { ?s ?p ?o }", "query-refused"),
    ("ASK FROM <file:///etc/passwd> { ?s ?p ?o }", "query-refused"),
    ("ASK { ?s <https://zhunru.example/ns#matches> '社区' }", "query-refused"),
    ("PREFIX z: <https://zhunru.example/ns#> ASK { ?s z:search '社区' }", "query-refused"),
    ("nothing", "bad-query"),
    ("", "bad-query"),
]


@pytest.mark.parametrize(("text", "slug"), REFUSED)
def test_what_is_refused_is_never_sent(text: str, slug: str) -> None:
    store = replying(content=TRUE)
    assert failure(store, text).slug == slug
    assert store.asked == []


def test_the_words_alone_refuse_nothing() -> None:
    store = replying(content=TRUE)
    ask(store, 'ASK { <http://a/SERVICE> ?LOAD "SERVICE <http://x/> { }" } # FROM <http://x>')
    ask(store, "ASK { ?s ?p '\\u5C45 SERVICE' }")
    assert len(store.asked) == 2


def test_statements_are_made_into_any_form() -> None:
    said = b'[{"@id":"https://a.example/s","https://a.example/p":[{"@value":"x"}]}]'
    tag = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        b'xmlns:a="https://a.example/"><rdf:Description rdf:about="https://a.example/s">'
        b"<a:p>x</a:p></rdf:Description></rdf:RDF>\n"
    )
    for headers, content in ((LD, said), (XML, tag)):
        store = replying(headers=headers, content=content)
        for accept, begins in (
            ("application/n-triples", b"<https://a"),
            ("text/turtle", b"@prefix"),
            ("application/ld+json", b"[{"),
            ("application/rdf+xml", b"<?xml"),
        ):
            start, body = ask(store, "CONSTRUCT WHERE { ?s ?p ?o }", accept=accept)
            assert start.media_type.startswith(accept)
            assert start.length == len(body)
            assert body.lstrip().startswith(begins)
            assert store.accepted[-1].startswith("application/ld+json")
    assert failure(store, "ASK {}", accept="text/turtle").slug == "not-acceptable"


@pytest.mark.parametrize("lost", [1, 2, 3, 30])
def test_an_answer_that_a_store_cut_in_silence_is_never_passed_on(lost: int) -> None:
    """Its response ends in order; only the text shows that it is not whole."""
    whole = results(*(str(n) for n in range(100)))
    assert len(ask(replying(content=whole), "SELECT * {}", format="csv")[1].split()) == 101
    for form in ("csv", "tsv", "json", "xml"):
        told = failure(replying(content=whole[:-lost]), "SELECT * {}", format=form)
        assert told.slug == "query-failed"
        assert "not whole" in told.detail
    said = b'[{"@id":"https://a.example/s","https://a.example/p":[{"@value":"x"}]}]'
    cut = replying(headers=LD, content=said[:-lost])
    assert failure(cut, "CONSTRUCT WHERE { ?s ?p ?o }").slug == "query-failed"
    tag = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>'
    cut = replying(headers=XML, content=tag[:-lost])
    assert failure(cut, "CONSTRUCT WHERE { ?s ?p ?o }").slug == "query-failed"


@pytest.mark.parametrize(
    ("status", "slug"),
    [(400, "bad-query"), (401, "query-failed"), (302, "query-failed"), (500, "query-failed"),
     (503, "query-busy"), (429, "query-busy"), (504, "query-deadline")],
)  # fmt: skip
def test_what_a_store_refuses_is_told(status: int, slug: str) -> None:
    headers = {"location": "http://inside/", "content-type": "text/plain"}
    told = failure(replying(status, headers, content=b"no\n such <thing>"), "ASK {}")
    assert told.slug == slug
    if status == 400:
        assert told.detail == "no such <thing>"


def test_an_answer_of_another_form_is_none() -> None:
    told = failure(replying(headers={"content-type": "text/html"}, content=b"<p>"), "ASK {}")
    assert told.slug == "query-failed"
    assert "text/html" in told.detail


def test_a_store_that_is_not_there_is_told() -> None:
    def gone(_: dict[str, list[str]]) -> httpx.Response:
        raise httpx.ConnectError("refused")

    assert failure(Store(gone), "ASK {}").slug == "no-graph"


@pytest.mark.parametrize(
    ("options", "said"), [({"rows": 99}, "99 rows"), ({"bytes": 100}, "100 bytes")]
)
def test_a_cap_is_told_instead_of_an_answer(options: dict[str, int], said: str) -> None:
    store = replying(content=results(*"1" * 100))
    for form in ("csv", "json"):
        told = failure(store, "SELECT * {}", format=form, **options)
        assert told.slug == "query-too-large"
        assert said in told.detail
    whole = ask(store, "SELECT * {}", format="csv", rows=100)[1]
    assert whole == b"x\r\n" + b"1\r\n" * 100


def test_statements_are_capped_too() -> None:
    said = b'[{"@id":"https://a.example/s","https://a.example/p":[{"@value":"x"},{"@value":"y"}]}]'
    store = replying(headers=LD, content=said)
    told = failure(store, "CONSTRUCT WHERE { ?s ?p ?o }", rows=1)
    assert told.slug == "query-too-large"
    assert "1 statements" in told.detail


def test_the_first_lines_end_the_answer() -> None:
    store = replying(content=results(*"1" * 100))
    start, body = ask(store, "SELECT * {}", accept="text/tab-separated-values", first=10)
    assert body.count(b"\n") == 11
    assert start.length == len(body)


def test_a_query_ends_at_its_deadline_and_the_connection_with_it() -> None:
    body = Trickle(0)
    store = Store(lambda _: httpx.Response(200, headers=JSON, stream=body))
    assert failure(store, "SELECT * {}", seconds=0.2).slug == "query-deadline"
    assert body.closed


def test_turns_are_given_in_order_and_queries_can_be_ended() -> None:
    async def work() -> None:
        store = Store(lambda _: httpx.Response(200, headers=JSON, stream=Trickle(0)))
        graph = store.graph(workers=1, waiting=1, slow=0.1)
        await graph.current()
        first = asyncio.create_task(graph.fetch(Query('ASK { ?s ?p "secret" }', id="one")))
        second = asyncio.create_task(graph.fetch(Query("ASK {}", id="two", seconds=0.5)))
        await asyncio.sleep(0.2)
        seen = (await graph.activity()).active
        assert [(one.id, one.state) for one in seen] == [("one", "running"), ("two", "waiting")]
        assert "secret" not in seen[0].shape
        with pytest.raises(Failed, match="as many") as busy:
            await graph.fetch(Query("ASK {}", id="three"))
        assert busy.value.failure.slug == "query-busy"
        with pytest.raises(Failed, match="no turn came"):
            await second
        assert await graph.kill("one")
        assert not await graph.kill("none")
        with pytest.raises(Failed) as ended:
            await first
        assert ended.value.failure.slug == "query-ended"
        told = await graph.activity()
        assert [(one.id, one.state) for one in told.slow] == [("one", "query-ended")]
        assert told.active == ()

    awaited(work())


def test_a_graph_that_is_not_there_is_told_with_the_nearest() -> None:
    told = failure(replying(), "ASK FROM <https://a.example/i> {}")
    assert "did you mean https://a.example/" in told.detail


def test_what_is_set_is_an_address_and_nothing_is_written_there() -> None:
    for url in ("store:7878", "ftp://store/", "http://"):
        with pytest.raises(BadSetting):
            open_graph(Settings(sparql_url=url), [])
    with pytest.raises(BadSetting):
        open_graph(Settings(sparql_url="http://store/", sparql_writing=True), [])
    graph = open_graph(Settings(sparql_url="http://store/query"), [])
    assert isinstance(graph, RemoteGraph)
    assert not graph.writable
