"""/sparql over the real graph, by https://www.w3.org/TR/sparql11-protocol/."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from rules.model import Rulebook
from rules.publish import executed
from service.deciding import today
from service.lists.asked import asked_of
from service.settings import Settings
from service.shipped import Shipped
from service.sparql.process import QueryProcess, query_process
from service.sparql.wire import Limits
from tests.service.conftest import Client, running
from tests.service.sparql.conftest import ENDLESS

DIRECT = {"content-type": "application/sparql-query"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
TITLES = """PREFIX eli: <http://data.europa.eu/eli/ontology#>
SELECT ?key ?title { ?key eli:title ?title } ORDER BY ?key LIMIT 3"""


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{slug}"
    return body


def ask(client: Client, text: str, accept: str = "", **parameters: Any) -> httpx.Response:
    headers = {"accept": accept} if accept else {}
    return client.get("/sparql", params={"query": text, **parameters}, headers=headers)


def test_the_three_ways_to_ask_give_one_answer(asking: Client) -> None:
    """§2.1.1-2.1.3: GET, POST of a form, POST of the query itself."""
    first = ask(asking, TITLES)
    form = httpx.QueryParams({"query": TITLES})
    second = asking.post("/sparql", content=str(form).encode(), headers=FORM)
    third = asking.post("/sparql", content=TITLES.encode(), headers=DIRECT)
    assert first.status_code == second.status_code == third.status_code == 200
    assert first.json() == second.json() == third.json()
    assert len(first.json()["results"]["bindings"]) == 3


def test_rows_leave_in_four_forms_that_say_the_same(asking: Client) -> None:
    titles = [b["title"]["value"] for b in ask(asking, TITLES).json()["results"]["bindings"]]
    xml = ElementTree.fromstring(ask(asking, TITLES, "application/sparql-results+xml").content)
    space = "{http://www.w3.org/2005/sparql-results#}"
    assert [e.text for e in xml.iter(f"{space}literal")] == titles
    rows = list(csv.DictReader(io.StringIO(ask(asking, TITLES, "text/csv").text)))
    assert [row["title"] for row in rows] == titles
    lines = ask(asking, TITLES, "text/tab-separated-values").text.splitlines()
    assert [line.split("\t")[lines[0].split("\t").index("?title")] for line in lines[1:]] == [
        f'"{title}"@zh' for title in titles
    ]


@pytest.mark.parametrize(
    ("accept", "begins"),
    [
        ("text/turtle", "@prefix"),
        ("application/n-triples", "<https://"),
        ("application/ld+json", "[{"),
        ("application/n-quads", "<https://"),
        ("application/trig", "@prefix"),
        ("application/rdf+xml", "<?xml"),
    ],
)
def test_statements_leave_in_the_forms_of_rdf(asking: Client, accept: str, begins: str) -> None:
    iri = "https://zhunru.example/id/rule/jl-2017-36.five-matters"
    answer = ask(asking, f"DESCRIBE <{iri}>", accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(accept)
    assert answer.text.lstrip().startswith(begins)
    assert "restsOn" in answer.text


def test_a_boolean_and_the_union_of_all_graphs(asking: Client) -> None:
    ns = "https://zhunru.example/ns#"
    pattern = f"{{ ?r <{ns}restsOn> ?p . ?p <{ns}text> ?t }}"
    assert ask(asking, f"ASK {pattern}").json()["boolean"] is True  # of two graphs at once
    rules = "https://zhunru.example/graph/rules"
    assert ask(asking, f"ASK FROM <{rules}> {pattern}").json()["boolean"] is False


def test_a_relative_iri_names_the_same_thing_at_every_host(asking: Client) -> None:
    text = "ASK FROM <graph/rules> { <id/rule/jl-2017-36.five-matters> a <ns#Rule> }"
    assert ask(asking, text).json()["boolean"] is True
    made = ask(asking, "CONSTRUCT { <s> <p> 1 } {}", "application/n-triples").text
    assert made.startswith("<https://zhunru.example/s> <https://zhunru.example/p>")


def test_the_protocols_graphs_prevail_over_those_of_the_query(asking: Client) -> None:
    """§2.1.4: default-graph-uri and named-graph-uri, each perhaps more than once."""
    base = "https://zhunru.example/graph/"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def number(text: str, **graphs: Any) -> int:
        rows = ask(asking, text, **graphs).json()["results"]["bindings"]
        return int(rows[0]["n"]["value"])

    rules, lists = f"{base}rules", f"{base}lists"
    both = number(count, **{"default-graph-uri": [rules, lists]})
    one = number(count, **{"default-graph-uri": rules})
    assert 0 < one < both
    in_text = f"SELECT (COUNT(*) AS ?n) FROM <{lists}> {{ ?s ?p ?o }}"
    assert number(in_text) == both - one
    assert number(in_text, **{"default-graph-uri": rules}) == one
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(named, **{"named-graph-uri": rules}) == one
    assert number(count, **{"named-graph-uri": rules}) == 0


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("SELECT * {\n  ?s ?p", 2, 8), ("SELECT ?x {\n?s nope:x ?x}", 2, 4), ("ASK {} x", 1, 8)],
)
def test_a_fault_in_the_text_has_its_line(
    asking: Client, text: str, line: int, column: int
) -> None:
    body = problem(ask(asking, text), 400, "bad-query")
    assert body["line"] == line
    assert abs(body["column"] - column) <= 1  # the engine's own count
    assert body["errors"][0]["path"] == f"line {body['line']} column {body['column']}"
    assert body["elapsed"] >= 0


def test_a_function_that_is_not_here_is_the_querys_fault(asking: Client) -> None:
    body = problem(ask(asking, "SELECT (<http://x/f>(1) AS ?y) {}"), 400, "bad-query")
    assert "http://x/f" in body["detail"]


@pytest.mark.parametrize(
    ("method", "options", "status", "slug"),
    [
        ("GET", {"params": [("query", "ASK {}"), ("query", "ASK {}")]}, 400, "bad-query"),
        ("GET", {"params": {"query": ""}}, 400, "bad-query"),
        ("GET", {"params": {"format": "csv"}}, 400, "bad-query"),
        ("GET", {"params": {"query": "ASK {}", "format": "doc"}}, 400, "bad-query"),
        ("GET", {"params": {"query": "ASK {}", "timeout": "soon"}}, 400, "bad-query"),
        ("GET", {"params": {"query": "ASK {}", "timeout": "-1"}}, 400, "bad-query"),
        ("POST", {"content": b"ASK{}" + b" " * 100_000, "headers": DIRECT}, 400, "bad-query"),
        ("POST", {"content": b"\xff", "headers": DIRECT}, 400, "bad-query"),
        ("POST", {"content": b"query=%FF", "headers": FORM}, 400, "bad-query"),
        ("POST", {"content": b"nothing=1", "headers": FORM}, 400, "bad-query"),
        ("POST", {"content": b"ASK {}"}, 415, "wrong-media-type"),
        ("POST", {"json": {"query": "ASK {}"}}, 415, "wrong-media-type"),
        (
            "POST",
            {
                "content": b"ASK{}",
                "headers": {"content-type": "application/sparql-query;charset=gbk"},
            },
            415,
            "wrong-media-type",
        ),
        ("GET", {"params": {"query": "CLEAR ALL"}}, 405, "read-only"),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 405, "read-only"),
        ("POST", {"content": b"update=CLEAR+ALL", "headers": FORM}, 405, "read-only"),
        (
            "POST",
            {"content": b"CLEAR ALL", "headers": {"content-type": "application/sparql-update"}},
            405,
            "read-only",
        ),
    ],
)
def test_what_is_no_query_by_the_protocol_is_told_so(
    asking: Client, method: str, options: dict[str, Any], status: int, slug: str
) -> None:
    answer = asking.request(method, "/sparql", **options)
    problem(answer, status, slug)
    if status == 405:
        assert "POST" in answer.headers["allow"]


def test_a_form_that_cannot_be_had_lists_those_that_can(asking: Client) -> None:
    body = problem(ask(asking, "ASK {}", "image/png"), 406, "not-acceptable")
    assert "application/sparql-results+json" in body["detail"]
    body = problem(ask(asking, "CONSTRUCT WHERE { ?s ?p ?o }", "text/csv"), 406, "not-acceptable")
    assert "text/turtle" in body["detail"]


def test_the_tag_names_the_generation_and_the_form(asking: Client) -> None:
    plain, rows = ask(asking, TITLES), ask(asking, TITLES, "text/csv")
    tag = plain.headers["etag"]
    assert tag != rows.headers["etag"]
    assert ask(asking, "ASK {}").headers["etag"] == tag  # of the dataset, not of the answer
    assert "accept" in plain.headers["vary"].lower()
    headers = {"if-none-match": f'"other", {tag}'}
    again = asking.get("/sparql", params={"query": TITLES}, headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert "etag" not in ask(asking, "SELECT (NOW() AS ?now) {}").headers


def test_head_has_the_headers_of_get(asking: Client) -> None:
    got = ask(asking, TITLES)
    head = asking.request("HEAD", "/sparql", params={"query": TITLES})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "etag", "content-length"):
        assert head.headers[name] == got.headers[name]


def test_any_origin_may_read(asking: Client) -> None:
    assert ask(asking, "ASK {}").headers["access-control-allow-origin"] == "*"
    before = asking.request("OPTIONS", "/sparql")
    assert before.status_code == 204
    assert "POST" in before.headers["access-control-allow-methods"]
    assert "Content-Type" in before.headers["access-control-allow-headers"]


def test_answers_are_gzipped_for_who_takes_that(asking: Client) -> None:
    text = "SELECT * { ?s ?p ?o } LIMIT 5000"
    packed = asking.get("/sparql", params={"query": text}, headers={"accept-encoding": "gzip"})
    plain = asking.get("/sparql", params={"query": text}, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content  # httpx has unpacked it
    assert "accept-encoding" in packed.headers["vary"].lower()


def test_a_deadline_can_only_be_lowered(asking: Client) -> None:
    body = problem(ask(asking, ENDLESS, timeout="0.3"), 504, "query-deadline")
    assert 0.3 <= body["elapsed"] < 20  # of the 30 s that anyone has
    assert body["hint"]


def test_a_row_over_the_cap_is_told_before_the_first_byte(asking: Client) -> None:
    text = "SELECT ?n { ?s ?p ?o BIND(1 AS ?n) } LIMIT"
    assert ask(asking, f"{text} 20000", "text/csv").status_code == 200
    over = ask(asking, f"{text} 20001", "text/csv")
    assert "20,000 rows" in problem(over, 422, "query-too-large")["detail"]


def test_the_endpoint_describes_itself(asking: Client) -> None:
    """SPARQL 1.1 Service Description §2: a GET without a query."""
    answer = asking.get("/sparql", headers={"accept": "application/ld+json"})
    said = json.dumps(answer.json())
    assert "sparql-service-description#UnionDefaultGraph" in said
    assert asking.get("/sparql").headers["content-type"].startswith("text/turtle")
    person = asking.get("/sparql", headers={"accept": "text/html,*/*;q=0.1"})
    assert (person.status_code, person.headers["location"]) == (303, "/query")


def test_without_a_graph_it_says_what_to_do(
    shipped: Shipped, querying: QueryProcess, tmp_path: Path
) -> None:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/z.db",
        graph_path=tmp_path / "graph.nq",
        sparql_socket=querying.address,
    )
    with running(settings, shipped) as client:
        answer = ask(client, "ASK {}")
        body = problem(answer, 503, "no-graph")
        assert "graph.nq" in body["detail"]
        assert "zhunru build" in body["hint"]
        assert answer.headers["retry-after"]


def test_without_a_query_process_it_says_so(client: Client) -> None:
    body = problem(ask(client, "ASK {}"), 503, "no-graph")
    assert "zhunru serve" in body["hint"]


def retitled(book: Rulebook, title: str) -> Rulebook:
    """The rulebook with its first rule under another title: another revision."""
    kind, rules = next(iter(book.rules.items()))
    first = replace(rules[0], title=replace(rules[0].title, en=title))
    changed = replace(book, rules={**book.rules, kind: (first, *rules[1:])})
    return Rulebook.from_json(changed.to_json(), book.vocabulary.places)


def test_what_is_published_governs_the_next_query(
    shipped: Shipped, built_graph: Path, tmp_path: Path
) -> None:
    """DESIGN §7: a change loads a new generation and swaps, the ETag names it."""
    titles = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    ASK { ?rule a <https://zhunru.example/ns#Rule> ; rdfs:label "as published since"@en }"""
    revision = "SELECT DISTINCT ?r { ?rule <https://zhunru.example/ns#inRevision> ?r }"
    with query_process(Limits(workers=1)) as process:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path}/z.db",
            graph_path=built_graph,
            sparql_socket=process.address,
        )
        with running(settings, shipped) as client:
            before = ask(client, titles)
            assert before.json()["boolean"] is False
            book = retitled(shipped.rulebook, "as published since")
            client.app.state.service.revisions.publish(book, "a title")
            after = ask(client, titles)
            assert after.json()["boolean"] is True
            assert after.headers["etag"] != before.headers["etag"]
            rows = ask(client, revision).json()["results"]["bindings"]
            assert [r["r"]["value"].rpartition("/")[2] for r in rows] == [book.revision]


LISTED = """# a list of one row
PREFIX zr: <https://zhunru.example/ns#> PREFIX eli: <http://data.europa.eu/eli/ontology#>
SELECT ?text { ?list eli:title "南关区协助政府事项"@zh . ?row zr:entryOf ?list ; zr:text ?text }"""


def test_the_rules_that_decide_now_keep_their_links_to_norms(
    asking: Client, shipped: Shipped
) -> None:
    """They take the place of those that were built, which had the links too."""
    text = "SELECT ?rule ?norm { ?rule <https://zhunru.example/ns#executes> ?norm }"
    found = ask(asking, text).json()["results"]["bindings"]
    links = {(row["rule"]["value"], row["norm"]["value"]) for row in found}
    expected = {
        (f"https://zhunru.example/id/rule/{rule.id}", norm.iri)
        for rules in shipped.rulebook.rules.values()
        for rule in rules
        for norm in executed(rule, shipped.library)
    }
    assert links == expected != set()


def test_a_list_that_is_registered_can_be_asked_at_once(
    shipped: Shipped, built_graph: Path, querying: QueryProcess, tmp_path: Path
) -> None:
    """DESIGN §7: the graph is the built one plus a projection of published lists."""
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/z.db",
        graph_path=built_graph,
        sparql_socket=querying.address,
    )
    with running(settings, shipped) as client:
        before = ask(client, LISTED)
        assert before.json()["results"]["bindings"] == []
        lists, words = client.app.state.lists, shipped.rulebook.vocabulary
        said = {
            "jurisdiction": "220102",
            "kind": "assist",
            "title": "南关区协助政府事项",
            "start": "2020-01-01",
            "complete": "true",
            "source": "测试",
        }
        lists.take(asked_of(said, words, today()), "序号,事项\n1,协助拆迁\n".encode(), "legal")
        after = ask(client, LISTED)
        assert [b["text"]["value"] for b in after.json()["results"]["bindings"]] == ["协助拆迁"]
        assert after.headers["etag"] != before.headers["etag"]
        # The shipped lists are still there.
        kept = "ASK { <https://zhunru.example/id/list/cn-minfa-2020-20-list-1> a ?type }"
        assert ask(client, kept).json()["boolean"] is True


def test_queries_are_counted_by_what_came_of_them(asking: Client) -> None:
    def counted(outcome: str) -> float:
        found = re.search(rf'zhunru_queries_total{{outcome="{outcome}"}} (.*)', metrics())
        return float(found[1]) if found else 0.0

    def metrics() -> str:
        return asking.get("/metrics").text

    before = counted("answered"), counted("bad-query")
    ask(asking, "ASK {}")
    ask(asking, "ASK")
    assert (counted("answered"), counted("bad-query")) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("SELECT * {\n  ?r a zr:Rule }", "PREFIX zr: <https://zhunru.example/ns#>"),
        ("PREFIX zrr: <https://x/> SELECT * {\n  ?r a zr:Rule }", "PREFIX zr:"),
        ("PREFIX mine: <https://x/> SELECT * {\n  ?r a mime:Rule }", "did you mean mine:?"),
    ],
)
def test_a_prefix_that_is_not_declared_is_named_with_what_to_write(
    asking: Client, text: str, hint: str
) -> None:
    body = problem(ask(asking, text), 400, "bad-query")
    assert "is not declared" in body["detail"]
    assert (body["line"], body["column"]) == (2, 8)
    assert hint in body["errors"][0]["hint"]
