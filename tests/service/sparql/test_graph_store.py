"""/rdf-graph-store, by https://www.w3.org/TR/sparql11-http-rdf-update/, beyond the W3C's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.shipped import Shipped
from service.sparql.process import query_process
from service.sparql.wire import Limits
from tests.service.conftest import running
from tests.service.sparql.test_outbound import Listener
from tests.service.sparql.writing import BUILT, MINE, STORE, TURTLE, Desk, settings


def test_what_is_written_is_answered_at_once_and_told_apart(desk: Desk) -> None:
    before = desk.client.get("/sparql", params={"query": "ASK {}"}).headers["etag"]
    created = desk.put("<> <x:p> <rel> .")
    assert created.status_code == 201
    location = created.headers["location"]
    assert desk.client.get(location).status_code == 200
    assert desk.put("<> <x:p> <rel> , 2 .").status_code == 204
    assert desk.get().text.count("\n") == 2
    assert f"<{MINE}> <x:p> <https://mine.example/rel>" in desk.get().text
    assert desk.ask(f"{{ GRAPH <{MINE}> {{ ?s ?p 2 }} }}")
    assert desk.ask("{ ?s <x:p> 2 . ?t <https://a.example/p> 'one' }")  # the union of all graphs
    assert desk.ask(f"FROM <{MINE}> {{ ?s <x:p> 2 }}")
    assert not desk.ask(f"FROM <{BUILT}> {{ ?s <x:p> 2 }}")
    after = desk.client.get("/sparql", params={"query": "ASK {}"}).headers["etag"]
    assert before != after
    gone = desk.client.request("DELETE", f"{STORE}?graph={MINE}", headers=desk.admin)
    assert gone.status_code == 204
    assert desk.get().status_code == 404
    again = desk.client.get("/sparql", params={"query": "ASK {}"}).headers["etag"]
    assert again == before  # the tag names what there is, not how it came about


def test_a_graph_that_is_not_there_is_empty_where_graphs_are_written(desk: Desk) -> None:
    """Among graphs that anybody may make, a name unknown is no mistake; among ours it is one."""
    assert not desk.ask("{ ?s ?p ?o }", **{"default-graph-uri": "https://mine.example/none"})
    for name in ("https://zhunru.example/graph/bult", "https://zhunru.example/x"):
        answer = desk.client.get(
            "/sparql", params={"query": "ASK { ?s ?p ?o }", "default-graph-uri": name}
        )
        assert answer.status_code == 403
    assert f"did you mean {BUILT}" in desk.client.get(
        STORE, params={"graph": "https://zhunru.example/graph/bult"}
    ).text  # fmt: skip


def test_documents_are_read_in_four_forms_and_faults_have_a_place(desk: Desk) -> None:
    for media, data in (
        ("text/turtle", "<x:a> <x:b> <x:c> ."),
        ("application/n-triples", "<x:a> <x:b> <x:c> ."),
        ("application/ld+json", '{"@id": "x:a", "x:b": {"@id": "x:c"}}'),
        (
            "application/rdf+xml",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">'
            '<rdf:Description rdf:about="x:a"><x:b rdf:resource="x:c"/></rdf:Description>'
            "</rdf:RDF>",
        ),
    ):
        assert desk.put(data, media).status_code in (201, 204)
        assert desk.get().text == "<x:a> <x:b> <x:c> .\n"
    wrong = desk.put("<x:a> <x:b> <x:c> .\n<x:a> <x:b>\n<x y> .")
    assert (wrong.status_code, wrong.json()["line"]) == (400, 3)
    for media in ("application/n-quads", "text/plain", "text/turtle; charset=gbk", ""):
        assert desk.put("<x:a> <x:b> <x:c> .", media).status_code == 415
    assert desk.get().text == "<x:a> <x:b> <x:c> .\n"


def test_a_form_brings_several_documents_and_one_that_is_wrong_spoils_all(desk: Desk) -> None:
    right = ("a.ttl", b"<x:a> <x:b> _:x .", "text/turtle")
    other = ("b.nt", b"<x:a> <x:b> _:x .", "application/n-triples")
    path = f"{STORE}?graph={MINE}"
    both = {"one": right, "two": other}
    assert desk.client.post(path, files=both, headers=desk.admin).status_code == 201
    assert desk.get().text.count("\n") == 2  # a blank node of one document is none of another
    for wrong, status in (
        (("c.ttl", b"<x:a> <x:b>", "text/turtle"), 400),
        (("c.txt", b"<x:a> <x:b> 3 .", "text/plain"), 415),
    ):
        files = {"one": ("a.ttl", b"<x:a> <x:b> 4 .", "text/turtle"), "two": wrong}
        assert desk.client.post(path, files=files, headers=desk.admin).status_code == status
    bare = desk.client.post(path, data={"a": "1"}, files={"b": right}, headers=desk.admin)
    assert bare.status_code == 415
    assert desk.get().text.count("\n") == 2


@pytest.mark.parametrize(
    "query", ["graph=a", "graph=x:a&graph=x:b", "graph=x:a&default", "graph=x:%3E", ""]
)
def test_a_request_names_one_graph(desk: Desk, query: str) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        headers = desk.admin | TURTLE
        answer = desk.client.request(method, f"{STORE}?{query}", content=b"", headers=headers)
        assert answer.status_code == 400, method
    assert desk.client.get(f"{STORE}/a?graph=x:b").status_code == 400


def test_another_origin_is_told_what_it_may_send(desk: Desk) -> None:
    answer = desk.client.request("OPTIONS", f"{STORE}?default")
    assert answer.status_code == 204
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert desk.client.request("PATCH", STORE).status_code == 405


SECRET = "the secret of the file"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:"'
ENTITY = f"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "{{}}">]>
<rdf:RDF {RDF}><rdf:Description rdf:about="x:a"><x:p>&e;</x:p></rdf:Description></rdf:RDF>"""


def test_no_document_and_no_update_reaches_a_file_or_another_host(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(SECRET, "utf-8")
    listener = Listener()
    try:
        http, file = f"http://127.0.0.1:{listener.port}/", f"file://{tmp_path}/secret"
        for target in (http, file):
            for media, data in (
                ("application/rdf+xml", ENTITY.format(target)),
                ("application/ld+json", f'{{"@context": "{target}", "x:a": 1}}'),
                ("application/ld+json", f'{{"@context": {{"@import": "{target}"}}, "x:a": 1}}'),
            ):
                assert desk.put(data, media).status_code == 400
            for text in (
                f"LOAD <{target}>",
                f"LOAD SILENT <{target}> INTO GRAPH <{MINE}>",
                f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{target}> {{ ?s ?p ?o }} }}",
            ):
                assert desk.update(text).status_code == 403
        harmless = f'INSERT DATA {{ GRAPH <{MINE}> {{ <x:a> <x:b> "; LOAD <{http}> SERVICE" }} }}'
        assert desk.update(harmless).status_code == 204
        assert SECRET not in desk.get().text
        assert not listener.hears(0.2)
    finally:
        listener.close()


def test_a_graph_that_is_named_is_never_fetched(desk: Desk, tmp_path: Path) -> None:
    """Where graphs are written, a name unknown is an empty graph: not something to look up."""
    (tmp_path / "secret.nt").write_text(f'<x:a> <x:b> "{SECRET}" .', "utf-8")
    listener = Listener()
    try:
        for name in (f"http://127.0.0.1:{listener.port}/", f"file://{tmp_path}/secret.nt"):
            for clause in (f"FROM <{name}>", f"FROM NAMED <{name}>", ""):
                parameters = {} if clause else {"default-graph-uri": name}
                assert not desk.ask(f"{clause} {{ ?s ?p ?o }}", **parameters)
            assert desk.client.get(STORE, params={"graph": name}).status_code == 404
            answer = desk.update(
                f"INSERT {{ GRAPH <{MINE}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}",
                **{"using-graph-uri": name},
            )
            assert answer.status_code == 204
        assert desk.get().status_code == 404
        assert not listener.hears(0.2)
    finally:
        listener.close()


def test_an_entity_that_grows_is_stopped(desk: Desk) -> None:
    """https://en.wikipedia.org/wiki/Billion_laughs_attack: refused, or ended by its memory."""
    entities = "".join(
        f'<!ENTITY a{n} "{f"&#38;a{n - 1};" * 10 if n else "ha"}">' for n in range(10)
    )
    data = ENTITY.format("").replace('<!ENTITY e SYSTEM "">', entities).replace("&e;", "&a9;")
    answer = desk.put(data, "application/rdf+xml")
    assert answer.status_code in (201, 400, 422)
    if answer.status_code == 201:
        assert len(desk.get().text) < 10_000  # what is in an entity is not read again
    assert desk.client.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_the_default_graph_is_the_union_until_somebody_may_write_it(
    shipped: Shipped, tmp_path: Path, desk: Desk
) -> None:
    desk.put("<x:a> <x:b> 1 .", graph=None)
    assert desk.get(None).text.count("\n") == 1
    with (
        query_process(Limits(workers=1)) as process,
        running(settings(tmp_path, process.address, writing=False), shipped) as client,
    ):
        whole = Desk(client, tmp_path).get(None).text
        assert whole.count("\n") > 1000  # the rules and lists that are shipped
        assert '"one"' in whole
