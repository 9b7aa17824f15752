"""Decisions are in the graph for who may read receipts; for all others there is no such graph.

DESIGN §8: receipts need a role off loopback. What is hidden is hidden from every way to look: the
union of graphs, GRAPH ?g, FROM, DESCRIBE, descriptions, dumps, whichever worker answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kb.query import bind, load
from ontology.ids import BASE, NS, decision_id, decision_iri
from service.settings import Settings
from service.shipped import Shipped
from service.sparql.decided import GRAPH, Row, decision_quads
from service.sparql.process import query_process
from service.sparql.wire import Limits
from tests.service.conftest import DEMOLITION, Client, running

PROVISION = f"{BASE}id/doc/jl-jifa-2017-36/sec_3__sub_5"
COUNT = f"SELECT (COUNT(*) AS ?n) {{ ?d a <{NS}Decision> }}"
STRANGERS: list[dict[str, Any]] = [
    {"client": ("203.0.113.9", 4711)},
    {"headers": {"x-forwarded-for": "203.0.113.9"}},
    {"headers": {"forwarded": "for=203.0.113.9"}},
    {"headers": {"via": "1.1 proxy"}},
    {"host": "zhunru.test"},
    {"headers": {"origin": "https://elsewhere.example"}},
    {"headers": {"origin": "null"}},
    {"headers": {"sec-fetch-site": "cross-site"}},
]
"""Not on the loopback, through a proxy that is, by a name that others use, or from a page of
another site that a browser on this machine shows."""


@pytest.fixture(scope="module")
def served(
    shipped: Shipped, built_graph: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    """An application with one worker, so that those who may see and others share it."""
    folder = tmp_path_factory.mktemp("decided")
    with query_process(Limits(workers=1)) as process:
        settings = Settings(
            database_url=f"sqlite:///{folder}/zhunru.db",
            graph_path=built_graph,
            sparql_socket=process.address,
            sparql_decisions=3,
            sparql_decisions_seconds=0,
            allowed_hosts=("zhunru.test",),
        )
        with running(settings, shipped) as found:
            assert (
                b"/graph/decisions"
                not in ask(found, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").content
            )
            assert found.decide(DEMOLITION).status_code == 200
            yield found


def ask(
    served: Client, query: str, stranger: dict[str, Any] | None = None, **params: str
) -> httpx.Response:
    told = stranger or {}

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(served.app, client=told.get("client", ("127.0.0.1", 1)))
        base = f"http://{told.get('host', 'localhost')}"
        headers = {"accept": "*/*"} | told.get("headers", {})
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.get("/sparql", params={"query": query} | params, headers=headers)

    return served.run(send)


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    found = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def test_decisions_resting_on_a_provision(served: Client) -> None:
    """吉发〔2017〕36号 三（五） forbids what was decided; rule, day and revision are named."""
    told = served.decide(DEMOLITION).json()
    found = rows(ask(served, bind(load("decisions-on-provision"))))
    mine = next(row for row in found if decision_id(row["decision"]) == told["id"])
    assert mine["asOf"] == DEMOLITION["as_of"]
    assert mine["verdict"] == "不符合所引文件"
    assert f"sha256:{mine['digits']}" == told["revision"]
    assert "jl-2017-36.five-matters" in mine["rules"].split()
    other = rows(ask(served, bind(load("decisions-on-provision"), {"provision": "一（二）"})))
    assert mine["decision"] not in {row["decision"] for row in other}


def test_the_graph_says_how_much_it_tells_and_tells_no_more(served: Client) -> None:
    for _ in range(5):
        served.decide(DEMOLITION)
    assert rows(ask(served, COUNT)) == [{"n": "3"}]
    told = "<http://purl.org/dc/terms/description> ?said"
    text = f"SELECT ?said {{ GRAPH <{GRAPH}> {{ <{GRAPH}> {told} }} }}"
    said = {row["said"] for row in rows(ask(served, text))}
    assert any("最近3条" in one for one in said)


def test_nothing_of_the_facts_is_told_but_codes_of_kinds() -> None:
    """A fact may name a person, a place or a task in somebody's words; a code cannot."""
    result = {
        "verdict": "undetermined",
        "reason": "facts",
        "facts": {
            "task.kind": ["demolition"],
            "task.text": "张三的事",
            "community.jurisdiction": "吉林省吉林市船营区",
        },
        "items": [{"text": "李四", "facts": {"task.kind": ["greening"]}, "findings": []}],
        "findings": [
            {"rule": "a.holds", "status": "holds", "because": [{"value": "张三"}], "citations": [
                {"iri": PROVISION, "quote": "词", "quoted_in": {"iri": f"{BASE}id/doc/x/sec_1"}}]},
            {"rule": "a.fails", "status": "fails", "citations": [{"iri": f"{BASE}id/doc/x/sec_2"}]},
        ],
    }  # fmt: skip
    row = Row("-x_1", "admissibility", "2026-01-01T00:00:00.000000Z", "2019-09-12", "sha256:00",
              json.dumps(result).encode())  # fmt: skip
    lines = list(decision_quads(row))
    assert not any("\\u" in line or any(ord(c) > 127 for c in line) for line in lines)
    assert all(line.endswith(f" <{GRAPH}> .") for line in lines)
    objects = {line.split(" ")[2].strip("<>") for line in lines}
    assert {PROVISION, f"{BASE}id/doc/x/sec_1", f"{BASE}id/rule/a.holds"} <= objects
    assert {f"{BASE}id/code/task-kinds/{k}" for k in ("demolition", "greening")} <= objects
    assert not objects & {f"{BASE}id/rule/a.fails", f"{BASE}id/doc/x/sec_2"}
    assert decision_id(decision_iri("-x_1")) == "-x_1"


@pytest.mark.parametrize("stranger", STRANGERS, ids=str)
def test_for_others_the_graph_does_not_exist(served: Client, stranger: dict[str, Any]) -> None:
    one = rows(ask(served, f"SELECT ?d {{ ?d a <{NS}Decision> }} LIMIT 1"))[0]["d"]
    assert rows(ask(served, COUNT, stranger)) == [{"n": "0"}]
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    mine, theirs = ({row["g"] for row in rows(ask(served, named, s))} for s in (None, stranger))
    assert mine - theirs == {GRAPH}
    inside = f"SELECT ?p {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
    assert rows(ask(served, inside, stranger)) == []
    assert rows(ask(served, inside)) != []
    for text in (
        f"SELECT * FROM <{GRAPH}> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{GRAPH}> {{ ?s ?p ?o }}",
    ):
        refused = ask(served, text, stranger)
        none = ask(served, text.replace("decisions", "decisionz"), stranger)
        assert (refused.status_code, none.status_code) == (403, 403)
        assert refused.json()["detail"].replace("decisions", "decisionz") == none.json()["detail"]
        assert ask(served, text).status_code == 200
    for key in ("default-graph-uri", "named-graph-uri"):
        assert ask(served, COUNT, stranger, **{key: GRAPH}).status_code == 403
        assert ask(served, COUNT, None, **{key: GRAPH}).status_code == 200
    described = ask(served, f"DESCRIBE <{one}>", stranger, format="nt")
    assert described.text == ""
    assert ask(served, f"DESCRIBE <{one}>", format="nt").text != ""
    nothing = (
        f"ASK {{ {{ <{one}> ?p ?o }} UNION {{ ?s ?p <{one}> }} UNION {{ ?s <{NS}decidedBy> ?o }} }}"
    )
    assert ask(served, nothing, stranger).json()["boolean"] is False


def test_descriptions_and_addresses_do_not_tell_of_it(served: Client) -> None:
    """The service's own queries are nobody's: they see what everybody does."""
    ask(served, COUNT)  # the worker has it now
    for path in ("/sparql", "/.well-known/void"):
        answer = served.get(path, headers={"accept": "text/turtle"})
        assert answer.status_code == 200
        assert "graph/decisions" not in answer.text
    assert served.get("/graph/decisions.ttl").status_code == 404
    gone = served.get(
        "/rdf-graph-store", params={"graph": GRAPH}, headers={"accept": "text/turtle"}
    )
    none = served.get(
        "/rdf-graph-store", params={"graph": f"{GRAPH}z"}, headers={"accept": "text/turtle"}
    )
    assert gone.status_code == none.status_code


@pytest.mark.parametrize("role", ["analyst", "legal", "admin"])
def test_a_token_lets_somebody_elsewhere_see(served: Client, role: Any) -> None:
    _, secret = served.app.state.tokens.create(role)
    stranger = STRANGERS[0] | {"headers": {"authorization": f"Bearer {secret}"}}
    assert rows(ask(served, COUNT, stranger))[0]["n"] != "0"
    assert (
        ask(
            served, COUNT, STRANGERS[0] | {"headers": {"authorization": "Bearer zr_no"}}
        ).status_code
        == 401
    )


def test_what_some_may_see_is_kept_for_nobody_else(served: Client) -> None:
    """RFC 9111 §5.2.2.7, RFC 9110 §12.5.5: no shared cache, and another tag than others have."""
    mine, theirs = ask(served, COUNT), ask(served, COUNT, STRANGERS[0])
    assert "private" in mine.headers["cache-control"]
    assert "authorization" in mine.headers["vary"].lower()
    assert mine.headers["etag"] != theirs.headers["etag"]
    before = mine.headers["etag"]
    served.decide(DEMOLITION)
    assert ask(served, COUNT).headers["etag"] != before
    assert ask(served, COUNT, STRANGERS[0]).headers["etag"] == theirs.headers["etag"]


def test_a_decision_is_followed_by_who_may_know_of_it(served: Client) -> None:
    """Its IRI leads to its receipt, or to statements; for others it is a name of nothing."""
    told = served.decide(DEMOLITION).json()
    path = f"/{decision_iri(told['id']).removeprefix(BASE)}"
    ask(served, COUNT)
    page = served.get(path, headers={"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, f"/decisions/{told['id']}")
    data = served.get(f"{path}.nt")
    assert f"<{NS}decidedBy> <{PROVISION}>" in data.text
    for headers in ({"accept": "text/html"}, {"accept": "text/turtle"}):
        passed_on = headers | {"x-forwarded-for": "203.0.113.9"}
        assert served.get(path, headers=passed_on).status_code == 404
    assert served.get(f"{path}.nt", headers={"via": "1.1 proxy"}).status_code == 404


def test_a_page_of_this_service_is_no_other_site(served: Client) -> None:
    """Fetch Metadata: same-origin is this service, none is the address bar."""
    for site in ("same-origin", "none"):
        headers = {"origin": "http://localhost", "sec-fetch-site": site}
        assert rows(ask(served, COUNT, {"headers": headers}))[0]["n"] != "0"
