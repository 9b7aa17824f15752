"""Writing: off by default, for administrators only, never of what was built or published."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.settings import Settings
from service.shipped import Shipped
from service.sparql.generation import graph_of, load
from service.sparql.process import query_process
from service.sparql.wire import Limits
from tests.service.conftest import Client, running
from tests.service.sparql.test_outbound import Listener

BUILT = "https://zhunru.example/graph/built"
MINE = "https://mine.example/graph"
QUAD = f'<https://a.example/s> <https://a.example/p> "one" <{BUILT}> .\n'
STORE = "/rdf-graph-store"
TURTLE = {"content-type": "text/turtle"}
UPDATE = {"content-type": "application/sparql-update"}


class Desk:
    """An application in which administrators may write, and one of them."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.admin = self.token("admin")

    def token(self, role: Any) -> dict[str, str]:
        return {"authorization": f"Bearer {self.client.app.state.tokens.create(role)[1]}"}

    def update(self, text: str, **parameters: Any) -> httpx.Response:
        headers = UPDATE | self.admin
        return self.client.post(
            "/sparql", content=text.encode(), headers=headers, params=parameters
        )

    def put(
        self, data: str | bytes, media: str = "text/turtle", graph: str | None = MINE
    ) -> httpx.Response:
        return self.client.request(
            "PUT",
            STORE,
            params={"graph": graph} if graph else {"default": ""},
            content=data.encode() if isinstance(data, str) else data,
            headers={"content-type": media} | self.admin,
        )

    def get(self, graph: str | None = MINE) -> httpx.Response:
        return self.client.get(
            STORE,
            params={"graph": graph} if graph else {"default": ""},
            headers={"accept": "application/n-triples"},
        )

    def ask(self, pattern: str, **parameters: Any) -> bool:
        answer = self.client.get("/sparql", params={"query": f"ASK {pattern}", **parameters})
        return bool(answer.json()["boolean"])


def settings(folder: Path, socket: Path, *, writing: bool = True, **more: Any) -> Settings:
    (folder / "graph.nq").write_text(QUAD, "utf-8")
    return Settings(
        database_url=f"sqlite:///{folder}/z.db",
        graph_path=folder / "graph.nq",
        sparql_socket=socket,
        sparql_writing=writing,
        **more,
    )


@pytest.fixture(scope="module")
def desk(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with (
        query_process(Limits(workers=1)) as process,
        running(settings(folder, process.address, sparql_roles="admin seconds=3"), shipped) as one,
    ):
        yield Desk(one, folder)


@pytest.fixture(autouse=True)
def empty(request: pytest.FixtureRequest) -> None:
    if "desk" in request.fixturenames:
        assert request.getfixturevalue("desk").update("DROP ALL").status_code == 204


def built(client: Client) -> str:
    """Everything that was built or published, told by its generation: what is written is gone."""
    text = (
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?g), 'https://zh')) }"
    )
    return client.get("/sparql", params={"query": text, "format": "csv"}).text


def test_nothing_is_written_unless_that_is_switched_on(shipped: Shipped, tmp_path: Path) -> None:
    with (
        query_process(Limits(workers=1)) as process,
        running(settings(tmp_path, process.address, writing=False), shipped) as client,
    ):
        admin = Desk(client, tmp_path).admin
        for method in ("PUT", "POST", "DELETE"):
            for path in (f"{STORE}?graph={MINE}", f"{STORE}?default", f"{STORE}/mine"):
                answer = client.request(method, path, content=b"", headers=admin | TURTLE)
                assert answer.status_code == 405
                assert answer.json()["type"] == "/problems/read-only"
                assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
        for answer in (
            client.post("/sparql", content=b"CLEAR ALL", headers=admin | UPDATE),
            client.post("/sparql", data={"update": "CLEAR ALL"}, headers=admin),
        ):
            assert (answer.status_code, answer.json()["type"]) == (405, "/problems/read-only")
        assert not (tmp_path / "written.nq").exists()


def test_what_was_written_is_gone_from_sight_while_that_is_off(
    shipped: Shipped, tmp_path: Path
) -> None:
    with query_process(Limits(workers=1)) as process:
        for writing, seen in ((True, True), (False, False), (True, True)):
            chosen = settings(tmp_path, process.address, writing=writing)
            with running(chosen, shipped) as client:
                desk = Desk(client, tmp_path)
                if not (tmp_path / "written.nq").exists():
                    assert desk.put("<x:a> <x:b> 1 .").status_code == 201
                assert desk.ask("{ <x:a> <x:b> 1 }") is seen
    assert (tmp_path / "written.nq").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("role", [None, "analyst", "legal"])
def test_only_administrators_write(desk: Desk, role: str | None) -> None:
    headers = desk.token(role) if role else {}
    expected = 403 if role else 401
    for method, path in (
        ("PUT", f"{STORE}?graph={MINE}"),
        ("DELETE", f"{STORE}?graph={BUILT}"),
        ("POST", STORE),
    ):
        answer = desk.client.request(method, path, content=b"", headers=headers | TURTLE)
        assert answer.status_code == expected
    answer = desk.client.post("/sparql", content=b"no update", headers=headers | UPDATE)
    assert answer.status_code == expected
    assert desk.get().status_code == 404


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


ALL_OF_IT = [
    "DROP ALL",
    "CLEAR NAMED",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
    "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "INSERT DATA { <https://a.example/s> <https://a.example/p> 'two' } ; CLEAR DEFAULT",
]


@pytest.mark.parametrize("text", ALL_OF_IT)
def test_updates_of_everything_reach_only_what_was_written(desk: Desk, text: str) -> None:
    before = built(desk.client)
    desk.put("<x:a> <x:b> <x:c> .", graph=None)
    desk.put("<x:a> <x:b> <x:c> .")
    assert desk.update(text).status_code == 204
    assert built(desk.client) == before
    assert desk.get(BUILT).text == QUAD.replace(f" <{BUILT}>", "")


def test_what_was_built_cannot_even_be_read_by_an_update(desk: Desk) -> None:
    text = f"INSERT {{ GRAPH <{MINE}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    assert desk.update(text).status_code == 204
    assert desk.get().status_code == 404


@pytest.mark.parametrize("name", [BUILT, "https://zhunru.example/graph/rules", "_:b", "x"])
def test_no_graph_comes_to_bear_a_name_that_is_not_open(desk: Desk, name: str) -> None:
    """By whatever way: the names are looked at once more when the update has run."""
    made = "BNODE()" if name == "_:b" else f'IRI(CONCAT("{name[:3]}", "{name[3:]}"))'
    text = f"INSERT {{ GRAPH ?g {{ <x:a> <x:b> 1 }} }} WHERE {{ BIND({made} AS ?g) }}"
    answer = desk.update(text)
    if name == "x":  # relative: it is made whole, and then it is one of ours
        assert "https://zhunru.example/x" in answer.json()["detail"]
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/query-refused")
    if name.startswith("https"):
        assert desk.put("<x:a> <x:b> 1 .", graph=name).status_code == 403
    assert not desk.ask("{ <x:a> <x:b> 1 }")


def test_an_update_is_done_as_a_whole_or_not_at_all(desk: Desk) -> None:
    desk.put("<x:a> <x:b> 1 .")
    text = "INSERT DATA { <x:a> <x:b> 2 } ;\nCLEAR GRAPH <x:none>"
    assert desk.update(text).status_code == 400
    assert not desk.ask("{ <x:a> <x:b> 2 }")
    wrong = desk.update("INSERT DATA { <x:a> <x:b> 2 } ;\n  CLEAR XYZ")
    assert (wrong.status_code, wrong.json()["line"], wrong.json()["column"]) == (400, 2, 12)
    assert not desk.ask("{ <x:a> <x:b> 2 }")


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


def test_an_update_ends_at_its_deadline_and_within_its_memory(desk: Desk) -> None:
    rows = "\n".join(f"<x:{n}> <x:p> {n} ." for n in range(2000))
    assert desk.put(rows).status_code == 201
    product = " ".join(f"GRAPH <{MINE}> {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))
    long = desk.update(f"INSERT {{ <x:a> <x:b> 1 }} WHERE {{ {product} FILTER(?o0 + ?o3 < 0) }}")
    assert (long.status_code, long.json()["type"]) == (504, "/problems/query-deadline")
    assert desk.get().text.count("\n") == 2000


def test_what_is_written_has_a_limit_of_bytes(shipped: Shipped, tmp_path: Path) -> None:
    with (
        query_process(Limits(workers=1)) as process,
        running(
            settings(tmp_path, process.address, sparql_roles="admin bytes=2000"), shipped
        ) as client,
    ):
        desk = Desk(client, tmp_path)
        assert desk.put("<x:a> <x:b> 1 .").status_code == 201
        many = "\n".join(f"<x:{n}> <x:p> {n} ." for n in range(100))
        answer = desk.put(many)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/query-too-large")
        assert desk.get().text.count("\n") == 1


def test_edits_at_once_are_made_one_after_the_other(desk: Desk) -> None:
    answers: list[int] = []

    def write(number: int) -> None:
        text = f"INSERT DATA {{ GRAPH <{MINE}> {{ <x:a> <x:b> {number} }} }}"
        answers.append(desk.update(text).status_code)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [204] * 5
    assert desk.get().text.count("\n") == 5


def test_what_cannot_be_loaded_goes_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("<x:a> <x:b> 1 .")
    written = desk.folder / "written.nq"
    before = written.read_bytes()
    graph = desk.folder / "graph.nq"
    graph.write_text("no quads\n", "utf-8")  # so that no generation loads from now on
    answer = desk.put("<x:a> <x:b> 2 .")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/no-graph")
    assert written.read_bytes() == before
    graph.write_text(QUAD, "utf-8")
    assert desk.get().text.count("\n") == 1


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


def test_the_graph_of_a_line_is_not_what_its_object_says() -> None:
    for line, name in {
        f"<x:s> <x:p> <x:o> <{MINE}> .": f"<{MINE}>",
        f"<x:s> <x:p> <{BUILT}> .": "",
        f'<x:s> <x:p> "a <{BUILT}> ." .': "",
        f'<x:s> <x:p> "\\" <{BUILT}>"@zh <{MINE}> .': f"<{MINE}>",
        f'_:a <x:p> "1"^^<{BUILT}> .': "",
        f"_:a <x:p> _:b <{MINE}> .": f"<{MINE}>",
        f"<x:s> <x:p> <<( <x:a> <x:b> <{BUILT}> )>> <{MINE}> .": f"<{MINE}>",
    }.items():
        assert graph_of(line) == name


def test_written_statements_never_stand_in_for_built_ones(tmp_path: Path) -> None:
    """Should a graph be built under a name that was written before, what was built is answered."""
    graph = tmp_path / "graph.nq"
    graph.write_text(QUAD, "utf-8")
    lines = [
        f"<x:s> <x:p> <{BUILT}> .",
        f'<https://a.example/s> <https://a.example/p> "two" <{BUILT}> .',
        f"<x:s> <x:p> 1 <{MINE}> .".replace(" 1 ", ' "1" '),
    ]
    found = load(graph, b"", "".join(f"{line}\n" for line in lines).encode())
    assert found.loaded.graphs == (MINE, BUILT)
    assert found.loaded.written == (MINE,)
    assert found.loaded.quads == 3
