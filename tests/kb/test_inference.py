"""The rules of kb/derived: their headers, and what is read of their text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rdflib import URIRef, Variable
from rdflib.paths import MulPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kb.inference import (
    BadRule,
    InferenceRule,
    inference_rule_of,
    inference_rules,
    is_derived,
    parse,
)
from kb.patterns import Pattern
from ontology.ids import graph_iri
from ontology.validate import CONTENT, read

GOOD = """# title-zh: 甲
# title-en: a
# ground-zh: 甲
# ground-en: a
# order: 10
PREFIX x: <x:>
CONSTRUCT { ?a x:q ?b } WHERE { ?a x:p ?b }
"""


def _term(node: object) -> str:
    if isinstance(node, Variable):
        return f"?{node}"
    assert isinstance(node, URIRef)
    return f"<{node}>"


def _pattern(triple: tuple[Any, Any, Any]) -> Pattern:
    s, p, o = triple
    if isinstance(p, MulPath):
        assert p.mod == "+"
        return Pattern(_term(s), _term(p.path), _term(o), path=True)
    return Pattern(_term(s), _term(p), _term(o))


def _walked(node: Any) -> set[Pattern]:
    """The triple patterns of an algebra, wherever they stand."""
    if not isinstance(node, CompValue):
        return set()
    found = {_pattern(t) for t in node.get("triples") or ()} if node.name == "BGP" else set()
    for value in node.values():
        found |= _walked(value)
    return found


@pytest.mark.parametrize("rule", inference_rules(), ids=lambda rule: rule.name)
def test_what_is_read_of_a_rule_is_what_rdflib_reads(rule: InferenceRule) -> None:
    algebra = prepareQuery(rule.text).algebra
    assert {_pattern(t) for t in algebra.template} == set(rule.construct.template)
    assert _walked(algebra.p) == set(rule.construct.body)


@pytest.mark.parametrize("rule", inference_rules(), ids=lambda rule: rule.name)
def test_a_ground_speaks_of_the_variables_of_its_rule(rule: InferenceRule) -> None:
    names = set(re.findall(r"\?(\w+)", rule.text))
    for text in (rule.ground.zh, rule.ground.en):
        assert set(re.findall(r"\{(\w+)\}", text)) <= names
    assert re.search("[\u4e00-\u9fff]", rule.title.zh + rule.ground.zh)
    assert not re.search("[\u4e00-\u9fff]", rule.title.en + rule.ground.en)


def test_what_counts_comes_last() -> None:
    """It is no premise of any rule, so that it need not be counted again."""
    counts = [bool(rule.counts) for rule in inference_rules()]
    assert counts == sorted(counts)
    assert any(counts)


def test_the_ontology_leaves_domains_and_ranges_to_shapes() -> None:
    """They tell what is meant; a statement that breaks them is a fault (SHACL), no inference."""
    text = " ".join(rule.text for rule in inference_rules())
    assert "rdfs:domain" not in text
    assert "rdfs:range" not in text
    assert any(
        read(CONTENT).triples((None, URIRef("http://www.w3.org/2000/01/rdf-schema#domain"), None))
    )


def test_a_graph_is_named_after_its_rule() -> None:
    rule = inference_rules()[0]
    assert rule.graph == graph_iri(f"derived/{rule.name}")
    assert inference_rule_of(rule.graph) == rule
    assert is_derived(rule.graph)
    assert inference_rule_of(graph_iri("vocabulary")) is None
    assert not is_derived(graph_iri("vocabulary"))


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("# ordr: 10", "# order: 10", "did you mean order?"),
        ("", "# ground-en: a", "the header has no ground-en"),
        ("# order: ten", "# order: 10", "ten is no number"),
        ("CONSTRUCT { ?a x:q ?c }", "CONSTRUCT { ?a x:q ?b }", "nothing binds ?c"),
        ("y:p ?b }", "x:p ?b }", "the prefix y: is not declared"),
        ("?a x:p ?b", "?a x:p ?b }", "the query has no end"),
        ("?a x:p ?b } LIMIT 1", "?a x:p ?b }", "LIMIT stands after the end"),
        ("ASK { ?a x:q ?b }", "CONSTRUCT { ?a x:q ?b }", "ASK stands where CONSTRUCT should"),
        ("OPTIONAL { ?a x:p ?b } }", "?a x:p ?b }", "OPTIONAL is no term of a rule"),
        ("# order: 10\n# counts: b", "# order: 10", "what groups says what it counts"),
    ],
)
def test_a_rule_that_does_not_hold_is_told_with_its_place(
    wrong: str, right: str, says: str
) -> None:
    text = GOOD.replace(right, wrong)
    assert text != GOOD
    with pytest.raises(BadRule) as told:
        parse("it", text)
    assert says in str(told.value)
    assert all(issue.where.startswith("it.rq:") for issue in told.value.issues)


def test_two_rules_of_one_order_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.rq").write_text(GOOD, "utf-8")
    with pytest.raises(BadRule, match="the order 10 is that of a"):
        inference_rules(tmp_path)
