"""VoID counts what there is: each number is that of a count by hand."""

from __future__ import annotations

from kb.inference import GRAPHS
from kb.store import GraphStore
from kb.void_graph import BUILT, DATASET, built_quads, counting, void_quads

LINES = [
    "<x:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:C> <x:g> .",
    "<x:a> <x:p> <x:b> <x:g> .",
    '<x:a> <x:p> "1"@zh <x:h> .',
    "<x:b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:D> <x:h> .",
    '<x:b> <x:q> "2"^^<http://www.w3.org/2001/XMLSchema#date> <x:h> .',
]
PREFIXES = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX ext: <http://ldf.fi/void-ext#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
"""


def described(*lines: str) -> GraphStore:
    return GraphStore("".join(f"{line}\n" for line in built_quads(lines)).encode())


def rows(store: GraphStore, query: str) -> set[tuple[str, ...]]:
    return {tuple(row.values()) for row in store.select(PREFIXES + query)}


def test_the_whole_and_its_graphs() -> None:
    store = described(*LINES)
    totals = rows(
        store,
        f"""SELECT ?t ?s ?o ?c ?p {{ <{BUILT}> void:triples ?t ; void:distinctSubjects ?s ;
          void:distinctObjects ?o ; void:classes ?c ; void:properties ?p }}""",
    )
    assert totals == {("5", "2", "5", "2", "3")}
    graphs = "SELECT ?n ?t { ?part a void:Dataset ; sd:name ?n ; void:triples ?t }"
    assert rows(store, graphs) == {("x:g", "2"), ("x:h", "3")}


def test_partitions_by_class_and_property() -> None:
    store = described(*LINES)
    classes = "SELECT ?c ?n { ?part void:class ?c ; void:entities ?n }"
    assert rows(store, classes) == {("x:C", "1"), ("x:D", "1")}
    properties = f"""SELECT ?p ?t ?s ?o {{ <{BUILT}> void:propertyPartition ?part .
      ?part void:property ?p ; void:triples ?t ; void:distinctSubjects ?s ; void:distinctObjects ?o
      FILTER(STRSTARTS(STR(?p), "x:")) }}"""
    assert rows(store, properties) == {("x:p", "2", "1", "2"), ("x:q", "1", "1", "1")}


def test_what_an_editor_asks_to_complete_by() -> None:
    """https://github.com/sib-swiss/sparql-editor asks for classes and datatypes by property."""
    query = """SELECT ?class ?property ?leads {
      ?cp void:class ?class ; void:propertyPartition ?pp . ?pp void:property ?property .
      { ?pp void:classPartition/void:class ?leads }
      UNION { ?pp ext:datatypePartition/ext:datatype ?leads } }"""
    assert rows(described(*LINES), query) == {
        ("x:C", "x:p", "x:D"),
        ("x:C", "x:p", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"),
        ("x:D", "x:q", "http://www.w3.org/2001/XMLSchema#date"),
    }


def test_the_same_statements_have_the_same_description() -> None:
    assert sorted(built_quads(LINES)) == sorted(built_quads(reversed(LINES)))


def test_two_descriptions_of_one_dataset_share_no_part() -> None:
    """What was built and what is answered now may stand side by side with other numbers."""
    store = GraphStore("".join(f"{line}\n" for line in LINES).encode())
    found = {name: store.select(query) for name, query in counting().items()}
    subjects = [
        {line.split(" ", 1)[0] for line in void_quads(name, found, "x:none")}
        for name in (BUILT, DATASET)
    ]
    assert subjects[0].isdisjoint(subjects[1])


def test_what_follows_is_a_subset_of_its_own() -> None:
    """Stated and derived statements make up the whole, and no graph is in both."""
    derived = f"<x:a> <x:r> <x:b> <{GRAPHS}rule> ."
    store = described(*LINES, derived)
    subsets = f"""SELECT ?set ?t {{ VALUES ?set {{ <{BUILT}-stated> <{BUILT}-derived> }}
      <{BUILT}> void:subset ?set . ?set a void:Dataset ; void:triples ?t }}"""
    assert rows(store, subsets) == {(f"{BUILT}-stated", "5"), (f"{BUILT}-derived", "1")}
    assert rows(store, f"SELECT ?t {{ <{BUILT}> void:triples ?t }}") == {("6",)}
    graphs = f"SELECT ?n {{ <{BUILT}-derived> void:subset/sd:name ?n }}"
    assert rows(store, graphs) == {(f"{GRAPHS}rule",)}
