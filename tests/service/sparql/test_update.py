"""Updates by their tokens: what is refused, and the protocol's dataset written into the text."""

from __future__ import annotations

import pytest

from kb.store import WritableStore
from service.sparql.prefixes import ENDPOINT, reserved
from service.sparql.text import Refused, place
from service.sparql.update import Update, prepared

BUILT = "https://zhunru.example/graph/rules"


def run(text: str, *using: str, named: tuple[str, ...] = ()) -> tuple[str, ...]:
    return prepared(Update(text, using, named), reserved)


def done(store: WritableStore, *operations: str) -> WritableStore:
    for operation in operations:
        store.update(operation, ENDPOINT)
    return store


HARMLESS = [
    'INSERT DATA { <x:a> <x:b> "LOAD <http://x/> ; SERVICE <http://x/> { }" }',
    "INSERT DATA { <x:a> <x:b> 'x' } # ; LOAD <http://x/>",
    "PREFIX load: <x:> INSERT DATA { load:load <http://x/LOAD> load:service }",
    "INSERT DATA { <x:a> <x:b> <https://zhunru.example/graph/rules> }",  # a thing, not a graph
    "INSERT DATA { GRAPH <x:g> { <https://zhunru.example/id/rule/x> <x:b> 1 } } ; ",
    "BASE <http://b/> CREATE GRAPH <graph/rules>",
    "CLEAR DEFAULT ; CLEAR NAMED ; DROP SILENT ALL",
    "COPY <x:g> TO <x:h> ; MOVE GRAPH <x:h> TO DEFAULT",
    "",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_writes_only_what_may_be_written_is_run(text: str) -> None:
    done(WritableStore(b"<x:s> <x:p> <x:o> <x:g> .\n"), *run(text))


def test_an_operation_holds_the_prologues_before_it_and_keeps_its_place() -> None:
    """SPARQL 1.1 §19.8: `Update ::= Prologue ( Update1 ( ';' Update )? )?`."""
    text = """PREFIX a: <http://a/> INSERT DATA { a:s a:p "；" } ;
BASE <http://b/>
PREFIX a: <c/> # another
INSERT DATA { a:s <p> 1 } ; CLEAR GRAPH <g>"""
    first, second, third = run(text)
    assert first == text[: text.index(";")].rstrip()
    assert second.index("INSERT") == text.rindex("INSERT")
    assert third.count("\n") == 3
    assert third.index("CLEAR") == text.index("CLEAR")
    store = done(WritableStore(b"<x:s> <x:p> <x:o> <http://b/g> .\n"), first, second, third)
    assert b"<http://b/c/s> <http://b/p>" in store.nquads()
    assert len(store) == 2


CLOSED = [
    f"CLEAR GRAPH <{BUILT}>",
    f"DROP SILENT GRAPH <{BUILT}>",
    f"CREATE GRAPH <{BUILT}>",
    f"COPY <x:g> TO <{BUILT}>",
    f"ADD <{BUILT}> TO <x:g>",
    f"MOVE DEFAULT TO GRAPH <{BUILT}>",
    f"INSERT DATA {{ GRAPH <{BUILT}> {{ <x:a> <x:b> 1 }} }}",
    f"DELETE WHERE {{ GRAPH <{BUILT}> {{ ?s ?p ?o }} }}",
    f"WITH <{BUILT}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}",
    f"INSERT {{ ?s ?p ?o }} USING NAMED <{BUILT}> WHERE {{ ?s ?p ?o }}",
    "CLEAR GRAPH <graph/rules>",
    "BASE <https://zhunru.example/graph/> CLEAR ALL ; CLEAR GRAPH <rules>",
    "PREFIX g: <https://zhunru.example/graph/> CLEAR ALL ; CLEAR GRAPH g:rules",
    "CLEAR ALL ; PREFIX g: <https://zhunru.example/> DROP GRAPH g:graph\\/rules",
    "CLEAR GRAPH <https://zhunru.example/\\u0067raph/rules>",
    "CREATE GRAPH <https://zhunru.example/id/doc/none>",
]


@pytest.mark.parametrize("text", CLOSED)
def test_a_graph_that_was_built_is_refused_wherever_it_is_named(text: str) -> None:
    with pytest.raises(Refused, match="may not be written") as refused:
        run(text)
    assert refused.value.slug == "query-refused"
    assert refused.value.at > 0


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://x/>",
        "load silent <file:///etc/passwd> INTO GRAPH <x:g>",
        "LOAD<http://x/>",
        "CLEAR ALL;\n# a comment\nLOAD <http://x/>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://x/> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { SERVICE SILENT ?x { ?s ?p ?o } }",
        "PREFIX e: <http://x/> INSERT { ?s ?p ?o } WHERE { SERVICEe:a { ?s ?p ?o } }",
    ],
)
def test_what_reaches_out_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        run(text)
    assert refused.value.slug == "query-refused"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("SELECT * { ?s ?p ?o }", (1, 1)),
        ("CLEAR ALL ;\n ASK {}", (2, 2)),
        ("INSERTDATA { <x:a> <x:b> 1 }", (1, 1)),
        ("PREFIX e: <x:> e:LOAD", (1, 16)),
    ],
)
def test_what_is_no_update_is_told_where(text: str, at: tuple[int, int]) -> None:
    with pytest.raises(Refused) as refused:
        run(text)
    assert refused.value.slug == "bad-query"
    assert place(text, refused.value.at) == at


def test_the_protocols_dataset_is_written_into_every_pattern() -> None:
    """SPARQL 1.1 Protocol §2.2.3, as USING would say it; data has no pattern."""
    text = """INSERT DATA { <x:a> <x:b> "WHERE { ; }" } ;
    PREFIX e: <x:> DELETE { ?s e:p ?o } INSERT { GRAPH <x:h> { ?s e:p ?o } }
    WHERE { ?s ?p ?o { SELECT * WHERE { ?s ?q ?o } } } ;
    DELETE WHERE { ?s <x:q> "}" } ; CLEAR ALL"""
    data, modify, delete, clear = run(text, "x:u", named=("x:n", "x:m"))
    clauses = "USING <x:u> USING NAMED <x:n> USING NAMED <x:m> "
    assert data == 'INSERT DATA { <x:a> <x:b> "WHERE { ; }" }'
    assert f"}} }}\n    {clauses}WHERE {{ ?s ?p ?o {{ SELECT * WHERE" in modify
    assert delete.endswith(f'DELETE {{ ?s <x:q> "}}" }} {clauses}WHERE {{ ?s <x:q> "}}" }}')
    assert clauses not in clear
    done(WritableStore(b""), data, modify, delete, clear)


@pytest.mark.parametrize(
    "text",
    [
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } USING <x:g> WHERE { ?s ?p ?o }",
        "PREFIX e: <x:> INSERT { ?s ?p ?o } USINGe:g WHERE { ?s ?p ?o }",
    ],
)
def test_a_dataset_in_both_places_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="using-graph-uri") as refused:
        run(text, "x:u")
    assert refused.value.slug == "bad-query"
    assert run(text) == (text,)


def test_a_pattern_that_is_not_found_is_never_run_over_everything() -> None:
    for text in ("DELETE { ?s ?p ?o }", "INSERT { } WHERE { } WHERE { }", "DELETE WHERE"):
        with pytest.raises(Refused):
            run(text, "x:u")


def test_deleting_a_pattern_over_named_graphs_deletes_from_where_it_would() -> None:
    store = WritableStore(b"<x:a> <x:p> <x:b> .\n<x:a> <x:p> <x:b> <x:g> .\n")
    text = "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert len(done(store, *run(text, named=("x:none",)))) == 2
    done(store, *run(text, named=("x:g",)))
    assert store.nquads() == b"<x:a> <x:p> <x:b> .\n"
