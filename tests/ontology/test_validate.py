"""Shapes say of the built graph what may not be missing (SHACL; DESIGN §2)."""

from __future__ import annotations

import pytest
from rdflib import Graph

from ontology.validate import WORDS, read, read_nquads, validate

PREFIXES = """
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix zr: <https://zhunru.example/ns#> .
@prefix doc: <https://zhunru.example/id/doc/> .
@prefix rule: <https://zhunru.example/id/rule/> .
@prefix place: <https://zhunru.example/id/place/> .
@prefix ex: <https://zhunru.example/id/> .
"""
# One statement a line, so that each can be left out.
GRAPH = """
doc:jl-x-1 a zr:Instrument .
doc:jl-x-1 eli:title "关于某事的意见"@zh .
doc:jl-x-1 zr:documentNumber "吉发〔2017〕36号" .
doc:jl-x-1 zr:jurisdiction place:220000 .
doc:jl-x-1 zr:issued "2017-12-08"^^xsd:date .
doc:jl-x-1 zr:held true .
ex:p a zr:Provision .
ex:p zr:label "三（五）" .
ex:p zr:parent doc:jl-x-1 .
ex:p zr:order 1 .
ex:p zr:text "各县（市、区）……" .
ex:norm a zr:Prohibition .
ex:norm zr:statedIn ex:s .
ex:norm zr:quote "不得" .
ex:norm oa:hasSelector ex:selector .
ex:norm zr:bearer ex:code .
ex:norm zr:strength ex:code .
ex:norm zr:topic ex:code .
ex:norm zr:action "不让"@zh .
ex:norm zr:action "not let"@en .
ex:selector a oa:TextQuoteSelector .
ex:code a skos:Concept .
ex:code skos:inScheme ex:scheme .
ex:code skos:notation "code" .
ex:code skos:prefLabel "代码"@zh .
ex:code skos:prefLabel "code"@en .
ex:code zr:order 10 .
ex:scheme a skos:ConceptScheme .
ex:scheme skos:prefLabel "代码表"@zh .
ex:scheme skos:prefLabel "scheme"@en .
ex:s a zr:Sentence .
ex:s zr:accountedAs ex:code .
ex:repair a zr:Repair .
ex:repair zr:damaged "吉\\n林" .
ex:repair zr:reason "断行"@zh .
ex:repair zr:reason "line break"@en .
rule:r a zr:Rule .
rule:r rdfs:label "规则"@zh .
rule:r rdfs:label "rule"@en .
rule:r zr:ruleId "r" .
rule:r zr:cites ex:cite .
rule:r zr:effect <https://zhunru.example/id/code/effects/forbids> .
rule:r zr:jurisdiction place:220000 .
rule:r zr:inForceFrom "2017-12-08"^^xsd:date .
ex:cite a zr:Citation .
ex:cite zr:citedInstrument doc:jl-x-1 .
ex:cite zr:citedProvision ex:p .
ex:cite zr:quote "不得" .
ex:list a zr:AssistList .
ex:list eli:title "协助事项清单"@zh .
ex:list zr:jurisdiction place:220102 .
ex:list zr:complete true .
ex:row a zr:AssistEntry .
ex:row zr:entryOf ex:list .
ex:row zr:entryNumber 1 .
ex:row zr:text "人口普查" .
ex:row zr:source "公开转载" .
ex:row zr:confidence "high" .
"""
LINES = [line for line in GRAPH.splitlines() if line]
# What may be missing: the types themselves (nothing is then asked of the subject).
NEEDED = [line for line in LINES if " a " not in line]
# Shapes on a class cover its subclasses, and those of the sample are all in the core.
CORE = read(["policy.ttl"])


def issues(*lines: str) -> list[str]:
    graph = Graph().parse(data=PREFIXES + "\n".join(lines), format="turtle")
    return [str(issue) for issue in validate(CORE + graph)]


def test_the_shipped_vocabulary_satisfies_its_shapes() -> None:
    assert validate(read(WORDS)) == []


def test_a_small_whole_graph_satisfies_them() -> None:
    assert issues(*LINES) == []


@pytest.mark.parametrize("line", NEEDED)
def test_each_statement_is_needed(line: str) -> None:
    found = issues(*(other for other in LINES if other != line))
    assert len(found) == 1
    assert "error" in found[0]


def test_a_reason_stands_for_a_number_or_a_date() -> None:
    """Unknown stays unknown, with the reason recorded: 吉民发〔2019〕30号 gives a year only."""
    kept = [line for line in LINES if "documentNumber" not in line and "zr:issued" not in line]
    reasons = [
        'doc:jl-x-1 zr:noNumber "文中未载字号"@zh .',
        'doc:jl-x-1 zr:dateBecause "日期不明"@zh .',
    ]
    assert issues(*kept, *reasons) == []
    assert issues(*kept, reasons[0], 'doc:jl-x-1 zr:issued "2019"^^xsd:gYear .') == []
    assert len(issues(*kept, reasons[0], 'doc:jl-x-1 zr:issued "2019年"^^xsd:string .')) == 1


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["ex:x a skos:Concept ; skos:inScheme ex:scheme ; zr:order 90 ;",
          'skos:notation "x" ; skos:prefLabel "某"@zh .',
          'ex:scheme a skos:ConceptScheme ; skos:prefLabel "某"@zh, "x"@en .'],
         "one skos:prefLabel in Chinese"),
        (['zr:Newcomer a owl:Class ; rdfs:label "新"@zh, "new"@en .'], "one skos:definition"),
        (['ex:cite zr:quote "又一处" .'], "a citation quotes"),
        (["rule:r zr:cites ex:row ."], "cites at least one norm"),
        (['rule:r zr:ruleId "R 1" .'], "one zr:ruleId"),
        (["rule:r zr:readsFact ex:list ."], "a rule reads facts"),
        (["rule:r zr:asksForCode ex:list ."], "a rule asks for codes"),
        (["rule:r zr:defeats ex:list ."], "a rule prevails over a rule"),
        (['rule:r zr:inForceUntil "2017-12-08"^^xsd:date .'], "before it ends"),
        (['rule:r zr:inForceFromLatest "2017-12-07"^^xsd:date .'], "an uncertain start lies"),
        (['ex:list zr:inForceFromLatest "2017-12-07"^^xsd:date .'], "has an earliest one"),
        (['rule:r zr:inForceUntil "2018"^^xsd:gYear .'], "ends on one day"),
        (['place:1 zr:usedFrom "2018-01-01"^^xsd:date ; zr:usedUntil "2017-01-01"^^xsd:date .'],
         "before the one on which it is given up"),
    ],
)  # fmt: skip
def test_what_breaks_a_shape_is_told(lines: list[str], message: str) -> None:
    found = issues(*LINES, *lines)
    assert found
    assert all("error" in line for line in found)
    assert any(message in line for line in found)


def test_an_undeclared_term_is_told_with_the_nearest() -> None:
    found = issues('ex:p zr:labell "三" .')
    assert found == [
        "policy.ttl: error: zr:labell is not declared (did you mean zr:label?)",
    ]


def test_quads_of_all_graphs_are_read() -> None:
    line = f'<{"https://zhunru.example/id/place/220000"}> <http://x/p> "甲" <http://x/g{{}}> .\n'
    assert len(read_nquads((line.format(1) + line.format(2)).encode())) == 1
