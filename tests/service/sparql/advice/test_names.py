"""Names that the dataset does not have, and what was probably meant."""

from __future__ import annotations

import pytest

from kb.query import queries
from ontology.ids import NS
from service.sparql.advice.advising import SHAPES, advise
from service.sparql.advice.finding import Shape
from service.sparql.advice.known import Known
from service.sparql.advice.names import unknown_class, unknown_code, unknown_property
from tests.service.sparql.advice.conftest import PROLOGUE, Judge

CODE = "https://zhunru.example/id/code"


@pytest.mark.parametrize(
    ("query", "at", "near"),
    [
        ("SELECT * { ?a zr:documentNumbr ?b }", "zr:documentNumbr", "zr:documentNumber"),
        ("SELECT * { ?a zr:strength/skos:preflabel ?b }", "skos:pref", "skos:prefLabel"),
        ("SELECT * { ?a eli:titel ?b }", "eli:titel", "eli:title"),
        # By its label in Chinese.
        ("SELECT * { ?a zr:期限 ?b }", "zr:期限", "zr:deadline"),
        ("SELECT * { ?a <https://zhunru.example/ns#qoute> ?b }", "<https", "zr:quote"),
        ("SELECT * { ?a zr:held ?b FILTER NOT EXISTS { ?c zr:exectes ?a } }", "zr:exe", "zr:execu"),
    ],
)
def test_a_property_by_name_or_label(judge: Judge, query: str, at: str, near: str) -> None:
    advice = judge.one(unknown_property, query, at)
    assert advice.severity == "misleading"
    assert near in advice.message.zh
    assert near in judge.rewritten(advice)
    assert advice.rewrite is not None
    assert advice.rewrite.equal == "never"
    assert judge.found(unknown_property, judge.rewritten(advice)) == []


def test_a_property_that_nothing_is_like(judge: Judge) -> None:
    advice = judge.one(unknown_property, "SELECT * { ?a <x:qqqqq> ?b }", "<x:qqqqq>")
    assert advice.rewrite is None


def test_a_property_that_is_declared_and_not_used(judge: Judge) -> None:
    unused = sorted(
        name
        for name in judge.known.declared - judge.known.properties.keys()
        if name.startswith(NS) and name.removeprefix(NS)[0].islower()
        and not name.endswith(("matches", "search"))
    )  # fmt: skip
    query = f"SELECT * {{ ?a <{unused[0]}> ?b }}"
    advice = judge.one(unknown_property, query, "<")
    assert advice.rewrite is None
    assert "词汇中有" in advice.message.zh
    assert judge.rows(query).total() == 0


@pytest.mark.parametrize(
    ("query", "at", "near"),
    [
        ("SELECT * { ?a a zr:Instument }", "zr:Instument", "zr:Instrument"),
        ("SELECT * { ?a a zr:规则 }", "zr:规则", "zr:Rule"),
        ("SELECT * { ?a rdf:type zr:norms }", "zr:norms", "zr:Norm"),
    ],
)
def test_a_class_by_name_or_label(judge: Judge, query: str, at: str, near: str) -> None:
    advice = judge.one(unknown_class, query, at)
    assert near in judge.rewritten(advice)


def test_of_a_broad_class_the_narrower_ones_are_offered(judge: Judge) -> None:
    """Where only things of narrower classes are there, `a` finds none of them."""
    known = Known(
        classes={f"{NS}Obligation": 7, f"{NS}Target": 2},
        declared=frozenset((f"{NS}Norm", f"{NS}Duty", f"{NS}Obligation", f"{NS}Target")),
        narrower={
            f"{NS}Norm": frozenset((f"{NS}Duty", f"{NS}Target")),
            f"{NS}Duty": frozenset((f"{NS}Obligation",)),
        },
    )
    (advice,) = advise(f"{PROLOGUE}SELECT * {{ ?a a zr:Norm }}", known, (unknown_class,))
    assert "9" in advice.message.zh
    assert judge.rewritten(advice) == "SELECT * { ?a a/rdfs:subClassOf* zr:Norm }"


@pytest.mark.parametrize(
    ("query", "near"),
    [
        (f"SELECT * {{ ?a zr:bearer <{CODE}/actors/resident> }}", "actors/residents>"),
        (f"SELECT * {{ VALUES ?t {{ <{CODE}/task-kinds/demolitoin> }} ?a ?b ?t }}", "demolition>"),
        (f"SELECT * {{ ?a ?b ?t FILTER(?t = <{CODE}/effects/forbid>) }}", "effects/forbids>"),
        # The code of another list.
        (f"SELECT * {{ ?a ?b <{CODE}/kinds/demolition> }}", "task-kinds/demolition>"),
        ("SELECT * { ?a a ?c FILTER(?c = zr:Obligaton) }", "zr:Obligation"),
    ],
)
def test_a_code_or_a_term_wherever_it_stands(judge: Judge, query: str, near: str) -> None:
    (advice,) = judge.found(unknown_code, query)
    assert near in judge.rewritten(advice)


@pytest.mark.parametrize(
    ("shape", "query"),
    [
        (unknown_property, "SELECT * { ?a zr:quote/^zr:quote ?b ; ?p ?c ; a zr:Norm }"),
        (unknown_property, 'SELECT * { ?a zr:matches "社区" . (?b ?s) zr:search "村" }'),
        (unknown_class, "SELECT * { ?a a ?c . ?c a owl:Class . ?d a zr:Instrument }"),
        (unknown_code, f"SELECT * {{ ?a zr:bearer <{CODE}/actors/residents> }}"),
        (unknown_code, "CONSTRUCT { ?a zr:mine <x:b> } WHERE { ?a zr:held true }"),
        (unknown_code, "SELECT * { ?a zr:documentNumbr ?b }"),  # told as a property
        (unknown_property, "# zr:nothing\nSELECT * { ?a rdfs:label 'zr:nothing' }"),
    ],
)
def test_names_that_are_known_are_left_alone(judge: Judge, shape: Shape, query: str) -> None:
    assert judge.found(shape, query) == []


def test_where_nothing_is_known_no_name_is_unknown() -> None:
    query = f"SELECT * {{ ?a <x:p> <{CODE}/a/b> ; a <x:C> ; <x:q> '社区' }}"
    assert advise(query, Known()) == ()


def test_our_own_questions_have_no_unknown_names(judge: Judge) -> None:
    """What is only there once lists are registered is declared at least."""
    for question in queries():
        for advice in advise(question.text, judge.known, SHAPES):
            told = f"{question.name}: {advice.message.en}"
            assert advice.severity == "slow" or "vocabulary has" in advice.message.en, told
