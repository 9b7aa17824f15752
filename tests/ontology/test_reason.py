"""The ontology is consistent, and what follows from it is written down (OWL 2 DL, HermiT)."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef

from ontology.ids import BASE, NS
from ontology.logic import DATATYPES, logical_view
from ontology.reason import FILE, SOURCES, Inconsistent, Inferences, infer, java, main, to_turtle
from ontology.sources import HERE
from ontology.validate import read

PREFIXES = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix zr: <https://zhunru.example/ns#> .
@prefix body: <https://zhunru.example/id/body/> .
"""
STATED = read(SOURCES)
VIEW = logical_view(STATED)

with_java = pytest.mark.skipif(
    java() is None, reason="HermiT runs in Java, and this machine has none (default-jre-headless)"
)


def turtle(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


@with_java
def test_what_is_inferred_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0, capsys.readouterr().err


@with_java
def test_a_contradiction_is_found() -> None:
    """A Party organisation is no state organ: nothing can be both."""
    both = turtle("body:x a zr:PartyCommittee, zr:SubDistrictOffice .")
    with pytest.raises(Inconsistent, match="contradicts itself"):
        infer(STATED + both)


@with_java
def test_a_class_without_possible_members_is_named() -> None:
    empty = turtle("zr:Odd a owl:Class ; rdfs:subClassOf zr:UrbanCommunity, zr:RuralCommunity .")
    with pytest.raises(Inconsistent, match="can have no member: Odd"):
        infer(read(["policy.ttl"]) + empty)


@with_java
def test_a_stale_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "policy.ttl").write_text(PREFIXES + "zr:A a owl:Class .", "utf-8")
    assert main(["--check"], tmp_path) == 1
    assert "run python -m ontology.reason" in capsys.readouterr().err
    assert main([], tmp_path) == 0
    assert (tmp_path / FILE).read_bytes() == to_turtle(Inferences((), ()))


def test_without_java_nothing_is_guessed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ontology.reason.shutil.which", lambda _: None)
    assert main([]) == 1
    assert "Java" in capsys.readouterr().err


def test_the_file_is_sorted_and_says_what_the_ontology_does_not() -> None:
    inferred = read([FILE])
    assert len(inferred) >= 20
    lines = [line for line in (HERE / FILE).read_text("utf-8").splitlines() if line.endswith(" .")]
    statements = [line for line in lines if not line.startswith("@")]
    classes = [line for line in statements if "subClassOf" in line]
    assert statements == sorted(classes) + sorted(set(statements) - set(classes))
    assert not set(inferred) & set(STATED)


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("ns#NegativeCertificateList", "CertificateList"),
        ("ns#AssistList", "WorkItemList"),
        ("ns#SubDistrictOffice", "StreetOrTownshipOrgan"),
        ("ns#ResidentsCommittee", "CommunityBody"),
        ("ns#ProvincialCivilAffairsDepartment", "ProvincialDepartment"),
        ("id/body/jl-party-committee", "ProvincialPartyCommittee"),
        ("id/body/jl-civil-affairs", "ProvincialCivilAffairsDepartment"),
        ("id/body/state-council", "CentralGovernment"),
    ],
)
def test_lists_committees_and_bodies_are_put_under_their_classes(name: str, above: str) -> None:
    """From level and field, and from what a class is made up of."""
    predicate = RDFS.subClassOf if name.startswith("ns#") else RDF.type
    assert (URIRef(BASE + name), predicate, URIRef(NS + above)) in read([FILE])


def test_a_villagers_committee_need_not_be_of_a_community() -> None:
    """吉民议字〔2020〕16号 附件: 9342 villagers' committees, 8115 rural communities."""
    committee = URIRef(NS + "VillagersCommittee")
    above = set((STATED + read([FILE])).transitive_objects(committee, RDFS.subClassOf))
    assert URIRef(NS + "SelfGoverningMassOrganisation") in above
    assert URIRef(NS + "CommunityBody") not in above


def test_the_view_has_only_what_owl_2_dl_knows() -> None:
    """HermiT fails on datatypes outside OWL 2's map, such as xsd:date."""
    for subject, predicate, value in VIEW:
        if isinstance(value, Literal):
            assert value.datatype in DATATYPES
        assert predicate not in (RDFS.label, RDFS.isDefinedBy)
        assert not str(value).endswith(("#date", "#gYear", "#langString"))
        assert not ({subject, value} & {RDF.nil} and predicate == RDF.type)


def test_every_term_of_the_view_is_declared_as_one_kind() -> None:
    """https://www.w3.org/TR/owl2-syntax/#Typing_Constraints_of_OWL_2_DL."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    declared = {kind: set(VIEW.subjects(RDF.type, kind)) for kind in kinds}
    assert not declared[OWL.Class] & declared[OWL.ObjectProperty]
    assert not declared[OWL.DatatypeProperty] & declared[OWL.ObjectProperty]
    used = {value for value in VIEW.objects(None, RDFS.subClassOf) if isinstance(value, URIRef)}
    assert used <= declared[OWL.Class]
    for link in (RDFS.subPropertyOf, OWL.inverseOf):
        for one, other in VIEW.subject_objects(link):
            assert [one in declared[k] for k in kinds] == [other in declared[k] for k in kinds]


def test_transitive_properties_are_not_counted() -> None:
    """https://www.w3.org/TR/owl2-syntax/#Restrictions_on_the_Usage_of_Simple_Object_Properties."""
    transitive = set(VIEW.subjects(RDF.type, OWL.TransitiveProperty))
    assert transitive
    counted = {
        VIEW.value(restriction, OWL.onProperty)
        for restriction in VIEW.subjects(OWL.cardinality, None)
    } | set(VIEW.subjects(RDF.type, OWL.FunctionalProperty))
    assert counted
    above = {a for name in counted for a in VIEW.transitive_subjects(RDFS.subPropertyOf, name)}
    assert not above & transitive
