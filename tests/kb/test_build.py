"""The built graph: deterministic, in named graphs, conforming to the shapes, answering SPARQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.build import BuildReport, build
from kb.inference import inference_rules, is_derived
from kb.library import load_library
from kb.quads import Graph, literal
from kb.store import GraphStore
from ontology.validate import read_nquads, validate

RULES = [
    "<https://zhunru.example/id/rule/x> <https://zhunru.example/ns#ruleId> "
    '"x" <https://zhunru.example/graph/rules> .\n'
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuildReport:
    return build(tmp_path_factory.mktemp("built"), RULES)


@pytest.fixture(scope="module")
def store(built: BuildReport) -> GraphStore:
    return GraphStore.open(built.folder / "graph.nq")


def test_the_same_content_gives_the_same_bytes(built: BuildReport, tmp_path: Path) -> None:
    again = build(tmp_path / "again", reversed(RULES))
    assert again.files == built.files
    for name in ("graph.nq", "library.json"):
        assert (again.folder / name).read_bytes() == (built.folder / name).read_bytes()


def test_lines_are_sorted_and_canonical(built: BuildReport, store: GraphStore) -> None:
    # What another N-Quads implementation writes of it is the same, byte for byte.
    data = (built.folder / "graph.nq").read_bytes()
    lines = data.splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == built.quads == len(store)
    assert store.nquads() == data
    assert b"_:" not in data


def test_each_instrument_has_a_graph_of_its_own(store: GraphStore) -> None:
    base = "https://zhunru.example/graph/"
    expected = {f"{base}doc/{i.key}" for i in load_library().instruments}
    others = ("vocabulary", "lists", "rules", "horizon", "relations", "void")
    stated = [name for name in store.graphs() if not is_derived(name)]
    assert stated == sorted(expected | {f"{base}{name}" for name in others})
    assert {rule.graph for rule in inference_rules()}.issuperset({*store.graphs()} - {*stated})


def test_a_provision_without_its_label_would_not_conform(built: BuildReport) -> None:
    """That the whole graph conforms is held in test_queries.py; this holds that it need not."""
    text = (built.folder / "graph.nq").read_text("utf-8")
    of_one_text = [line for line in text.splitlines(True) if "/graph/doc/jl-jifa-2017-36>" in line]
    broken = "".join(
        line for line in of_one_text if not ("/sec_3__sub_5>" in line and "ns#label>" in line)
    )
    whole, lacking = (
        [str(issue) for issue in validate(read_nquads(lines))]
        for lines in ("".join(of_one_text), broken)
    )
    assert any("zr:label" in issue for issue in set(lacking) - set(whole))


PREFIXES = """
PREFIX zr: <https://zhunru.example/ns#>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


def test_a_sentence_is_found_with_its_provision_and_instrument(store: GraphStore) -> None:
    rows = store.select(
        PREFIXES
        + """SELECT ?number ?label ?text WHERE {
          ?instrument a eli:LegalResource ; zr:documentNumber ?number ; zr:hasProvision ?provision .
          ?provision zr:label ?label ; zr:hasSentence ?sentence . ?sentence zr:text ?text .
          FILTER CONTAINS(?text, "招商引资等事项的责任主体") }"""
    )
    assert [(r["number"], r["label"]) for r in rows] == [("吉发〔2017〕36号", "三（五）")]


def test_authorities_are_bodies_with_names_in_both_languages(store: GraphStore) -> None:
    rows = store.select(
        PREFIXES
        + """SELECT ?name WHERE {
          ?i zr:documentNumber "民发〔2020〕20号" ; zr:authority ?body .
          ?body rdfs:label ?name . FILTER(LANG(?name) = "zh") } ORDER BY ?name"""
    )
    assert {r["name"] for r in rows} == {
        "民政部",
        "国家发展和改革委员会",
        "公安部",
        "司法部",
        "人力资源和社会保障部",
        "国家卫生健康委员会",
    }


def test_the_unreadable_figure_keeps_its_readings(store: GraphStore) -> None:
    rows = store.select(
        PREFIXES
        + """SELECT ?text ?standing WHERE {
          ?repair zr:replacement "□" ; zr:candidate ?reading .
          ?reading zr:text ?text ; zr:standing ?standing } ORDER BY ?text"""
    )
    assert rows == [
        {"text": "5.5万元", "standing": "likely"},
        {"text": "55万元", "standing": "excluded"},
    ]


def test_the_reply_quotes_instruments_that_are_not_held(store: GraphStore) -> None:
    assert store.ask(
        PREFIXES
        + """ASK { ?i zr:documentNumber "吉民发〔2015〕44号" ; zr:held false ;
          zr:quotedInstrument/zr:documentNumber "吉民议字〔2020〕16号" ;
          zr:inForceFrom ?from ; zr:inForceFromLatest ?latest }"""
    )


def test_a_row_of_the_national_list_leads_to_its_certificate(store: GraphStore) -> None:
    rows = store.select(
        PREFIXES
        + """SELECT ?text ?basis ?confidence WHERE {
          ?row zr:entryNumber 1 ; zr:text ?text ; zr:legalBasis ?basis ; zr:confidence ?confidence ;
               zr:certificate/zr:nationalListNumber 1 }"""
    )
    assert rows == [
        {"text": "亲属关系证明", "basis": "民发〔2020〕20号附件第1项", "confidence": "high"}
    ]


def test_places_of_jurisdictions_are_in_the_graph(store: GraphStore) -> None:
    rows = store.select(
        PREFIXES
        + """SELECT DISTINCT ?name WHERE { ?i zr:held true ; zr:jurisdiction/zr:fullName ?name }
          ORDER BY ?name"""
    )
    assert {r["name"] for r in rows} == {"吉林省", "山东省"}


def test_the_compiled_library_has_every_provision(built: BuildReport) -> None:
    document = json.loads((built.folder / "library.json").read_text("utf-8"))
    held = {i["key"]: len(i["provisions"]) for i in document["instruments"] if i["held"]}
    library = load_library()
    assert held == {i.key: len(i.provisions) for i in library.instruments if i.held}
    assert len(document["horizon"]) == len(library.horizon)


def test_the_report_says_what_was_written(built: BuildReport) -> None:
    assert f"{built.quads:,} quads in {built.graphs} graphs" in str(built)
    assert {f.name for f in built.files} == {"graph.nq", "library.json"}


def test_literals_are_escaped_as_canonical_n_quads() -> None:
    # https://www.w3.org/TR/rdf-canon/#canonical-quads
    assert literal('a"\\\n\r\t\x01\x7f\ue010', "zh") == '"a\\"\\\\\\n\\r\\t\\u0001\\u007F\ue010"@zh'
    assert literal("1", datatype="http://www.w3.org/2001/XMLSchema#string") == '"1"'
    assert Graph("http://g").flag("http://s", "held", True) == (
        "<http://s> <https://zhunru.example/ns#held> "
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean> <http://g> .'
    )


def test_the_store_says_where_a_graph_is_broken() -> None:
    with pytest.raises(SyntaxError):
        GraphStore(b"<a> <b> .\n")


def test_the_store_answers_each_form_of_query_by_its_method(store: GraphStore) -> None:
    with pytest.raises(TypeError):
        store.select("ASK { ?s ?p ?o }")
    with pytest.raises(TypeError):
        store.ask("SELECT * { ?s ?p ?o } LIMIT 1")
    with pytest.raises(SyntaxError):
        store.select("SELECT")
