"""A rulebook as RDF: every link from rule to sentence can be asked, in the ontology's own terms."""

from __future__ import annotations

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import OWL, SKOS

from ontology.validate import WORDS, read, validate
from rules.export import nquads, triples
from rules.model import Rulebook

NS = "https://zhunru.example/ns#"


@pytest.fixture(scope="module")
def graph(rulebook: Rulebook) -> Graph:
    lines = (f"{s} {p} {o} ." for s, p, o in triples(rulebook))
    return Graph().parse(data="\n".join(lines), format="nt")


def test_the_same_rulebook_gives_the_same_sorted_lines(rulebook: Rulebook) -> None:
    lines = nquads(rulebook)
    assert lines == nquads(rulebook)
    assert lines == sorted(set(lines))
    assert all(line.endswith(" <https://zhunru.example/graph/rules> .") for line in lines)


def test_every_statement_is_read_and_every_rule_is_there(graph: Graph, rulebook: Rulebook) -> None:
    assert len(graph) == len(nquads(rulebook))
    rules = set(graph.subjects(RDF.type, URIRef(f"{NS}Rule")))
    wanted = {r.id for rs in rulebook.rules.values() for r in rs}
    assert rules == {URIRef(f"https://zhunru.example/id/rule/{rule_id}") for rule_id in wanted}


def test_rules_satisfy_the_shapes_and_use_only_declared_terms_and_codes(graph: Graph) -> None:
    whole = read(WORDS) + graph
    assert [str(issue) for issue in validate(whole)] == []
    codes = {
        code
        for name in ("strength", "effect", "ground", "bearer")
        for code in graph.objects(None, URIRef(f"{NS}{name}"))
    }
    assert codes <= set(whole.subjects(RDF.type, SKOS.Concept))
    kinds = set(graph.objects(None, URIRef(f"{NS}normKind")))
    assert kinds <= set(whole.subjects(RDF.type, OWL.Class))


def test_sparql_tells_which_rules_rest_on_a_provision_and_with_which_words(graph: Graph) -> None:
    found = graph.query(
        """
        PREFIX zr: <https://zhunru.example/ns#>
        SELECT ?id ?quote WHERE {
          ?rule zr:ruleId ?id ; zr:cites ?citation .
          ?citation zr:citedProvision <https://zhunru.example/id/doc/jl-jifa-2017-36/sec_3__sub_5> ;
                    zr:quote ?quote .
        }"""
    )
    quotes = {(str(row[0]), str(row[1])) for row in found}  # type: ignore[index]
    assert ("jl-2017-36.one-vote-veto", "取消对社区工作的“一票否决”事项") in quotes
    assert "jl-2015-44.duties" not in {rule for rule, _ in quotes}


def test_a_norm_handed_down_names_both_texts(graph: Graph) -> None:
    found = graph.query(
        """
        PREFIX zr: <https://zhunru.example/ns#>
        SELECT ?of ?in WHERE {
          ?rule zr:ruleId "jl-2015-44.duties" ; zr:cites ?citation .
          ?citation zr:citedInstrument ?of ; zr:quotedIn/zr:citedProvision ?in .
        }"""
    )
    assert {tuple(str(x) for x in row) for row in found} == {  # type: ignore[union-attr]
        (
            "https://zhunru.example/id/doc/jl-jiminfa-2015-44",
            "https://zhunru.example/id/doc/jl-jiminyizi-2020-16/annex__sec_4",
        )
    }


def test_defeats_are_links_with_their_ground(graph: Graph) -> None:
    found = graph.query(
        """
        PREFIX zr: <https://zhunru.example/ns#>
        SELECT ?target ?ground WHERE {
          ?rule zr:ruleId "jl-2015-44.exception" ; zr:defeat ?defeat ; zr:defeats ?target .
          ?defeat zr:defeated ?target ; zr:ground ?ground .
        }"""
    )
    assert {tuple(str(x).rsplit("/", 1)[1] for x in row) for row in found} == {  # type: ignore[union-attr]
        ("jl-2015-44.responsible-body", "exception"),
        ("jl-2015-44.targets", "exception"),
    }


def test_periods_are_dates_and_an_uncertain_start_has_both(graph: Graph) -> None:
    found = graph.query(
        """
        PREFIX zr: <https://zhunru.example/ns#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
        SELECT ?id WHERE {
          ?rule zr:ruleId ?id ; zr:inForceFrom "2015-07-13"^^xsd:date ;
                zr:inForceFromLatest "2015-12-31"^^xsd:date .
        }"""
    )
    ids = {str(row[0]) for row in found}  # type: ignore[index]
    assert "jl-2015-44.duties" in ids
    assert all(rule.startswith("jl-2015-44.") for rule in ids)
