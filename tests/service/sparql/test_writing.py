"""Writing: off by default, for administrators only, never of what was built or published."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from service.shipped import Shipped
from service.sparql.generation import graph_of, load
from service.sparql.process import query_process
from service.sparql.wire import Limits
from tests.service.conftest import Client, running
from tests.service.sparql.writing import BUILT, MINE, QUAD, STORE, TURTLE, UPDATE, Desk, settings


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


def test_an_update_ends_at_its_deadline(shipped: Shipped, tmp_path: Path) -> None:
    with (
        query_process(Limits(workers=1)) as process,
        running(
            settings(tmp_path, process.address, sparql_roles="admin seconds=3"), shipped
        ) as client,
    ):
        desk = Desk(client, tmp_path)
        rows = "\n".join(f"<x:{n}> <x:p> {n} ." for n in range(2000))
        assert desk.put(rows).status_code == 201
        product = " ".join(f"GRAPH <{MINE}> {{ ?s{n} ?p{n} ?o{n} }}" for n in range(4))
        text = f"INSERT {{ <x:a> <x:b> 1 }} WHERE {{ {product} FILTER(?o0 + ?o3 < 0) }}"
        long = desk.update(text)
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


def test_where_nothing_can_be_kept_it_is_said(shipped: Shipped, tmp_path: Path) -> None:
    nowhere = Path("/proc/zhunru/written.nq")  # where even root makes no folder
    with (
        query_process(Limits(workers=1)) as process,
        running(settings(tmp_path, process.address, sparql_written=nowhere), shipped) as client,
    ):
        answer = Desk(client, tmp_path).put("<x:a> <x:b> 1 .")
        body = answer.json()
        assert (answer.status_code, body["type"]) == (500, "/problems/query-failed")
        assert "ZHUNRU_SPARQL_WRITTEN" in body["hint"]


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
