"""The ontology's own terms: named, defined and placed (OOPS!/FOOPS! checks; DESIGN §3 words)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

import ontology
from ontology.ids import BASE, NS, parse
from ontology.sources import blank_nodes, read_sources
from ontology.validate import CONTENT, ONTOLOGY, read, undeclared

ROOT = Path(ontology.__file__).parent
CORE = read(ONTOLOGY)
ALL = read(CONTENT)
HEADER = URIRef(f"{BASE}ns")
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
TERMS = sorted({URIRef(str(s)) for kind in KINDS for s in CORE.subjects(RDF.type, kind)})


def zr(name: str) -> URIRef:
    return URIRef(NS + name)


def labels(graph: Graph, subject: URIRef, predicate: URIRef) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for value in graph.objects(subject, predicate):
        assert isinstance(value, Literal)
        found.setdefault(value.language, []).append(str(value))
    return found


@pytest.mark.parametrize("term", TERMS, ids=lambda t: t.removeprefix(NS))
def test_each_term_is_named_and_defined_in_both_languages(term: URIRef) -> None:
    assert term.startswith(NS)
    for predicate in (RDFS.label, SKOS.definition):
        texts = labels(CORE, term, predicate)
        assert set(texts) == {"zh", "en"}
        assert all(len(values) == 1 for values in texts.values())
    assert list(CORE.objects(term, RDFS.isDefinedBy)) == [HEADER]
    kinds = [k for k in KINDS if (term, RDF.type, k) in CORE]
    assert len(kinds) == 1
    local = term.removeprefix(NS)
    assert local[0].isupper() == (kinds == [OWL.Class])


@pytest.mark.parametrize(
    ("name", "zh"),
    [
        ("Instrument", "规范性文件"),
        ("Version", "版本"),
        ("Provision", "条款"),
        ("jurisdiction", "适用区域"),
        ("authority", "制定机关"),
        ("Norm", "规范"),
        ("strength", "刚性"),
        ("Rule", "规则"),
        ("Rulebook", "规则库"),
        ("Revision", "修订号"),
        ("defeats", "优先于"),
        ("Fact", "事实"),
        ("Finding", "认定"),
        ("Decision", "判定结果"),
        ("Requirement", "条件"),
        ("Citation", "引用"),
    ],
)
def test_the_words_of_the_field_are_used(name: str, zh: str) -> None:
    """DESIGN §3: the field's standard terms, and no synonyms."""
    assert labels(CORE, zr(name), RDFS.label)["zh"] == [zh]


def test_a_provision_is_never_a_clause() -> None:
    english = [str(o) for o in ALL.objects() if isinstance(o, Literal) and o.language == "en"]
    assert english
    assert not [text for text in english if re.search(r"\bclauses?\b", text)]


def test_no_two_classes_share_a_name() -> None:
    for language in ("zh", "en"):
        names = [
            labels(CORE, t, RDFS.label)[language][0]
            for t in TERMS
            if (t, RDF.type, OWL.Class) in CORE
        ]
        assert sorted(names) == sorted(set(names))


def test_every_term_used_is_declared() -> None:
    assert list(undeclared(ALL, CORE)) == []
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf):
        for value in CORE.objects(None, predicate):
            assert not str(value).startswith(NS) or value in TERMS, value


def test_nothing_is_blank() -> None:
    """Everything can be cited, and the same build gives the same bytes."""
    for pattern in CONTENT:
        sources, issues = read_sources(ROOT, pattern)
        assert issues == []
        assert sources
        assert list(blank_nodes(sources)) == []


def test_subjects_are_terms_or_minted_names() -> None:
    reused = set(read(("reused.ttl",)).subjects())
    for subject in set(ALL.subjects()) - reused:
        assert isinstance(subject, URIRef)
        inside = subject.startswith(NS) or subject == HEADER
        ends = ("/presumption", "/computed")
        fact_part = "/change/" in subject or "/group/" in subject or subject.endswith(ends)
        assert inside or fact_part or parse(str(subject)) is not None, subject


def test_the_header_says_version_licence_and_prefix() -> None:
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))["project"]
    version = project["version"]
    assert list(CORE.objects(HEADER, OWL.versionIRI)) == [URIRef(f"{BASE}ns/{version}")]
    assert [str(v) for v in CORE.objects(HEADER, OWL.versionInfo)] == [version]
    assert (HEADER, DCTERMS.license, URIRef("https://www.apache.org/licenses/LICENSE-2.0")) in CORE
    vann = "http://purl.org/vocab/vann/"
    assert (HEADER, URIRef(vann + "preferredNamespacePrefix"), Literal("zr")) in CORE
    assert (HEADER, URIRef(vann + "preferredNamespaceUri"), Literal(NS)) in CORE


def test_standard_terms_are_reused() -> None:
    """knowledge-base.md §4: reuse before minting."""
    eli, org = "http://data.europa.eu/eli/ontology#", "http://www.w3.org/ns/org#"
    oa, prov = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/prov#"
    for name, above in [
        ("Instrument", eli + "LegalResource"),
        ("Provision", eli + "LegalResourceSubdivision"),
        ("Version", eli + "LegalExpression"),
        ("List", str(SKOS.OrderedCollection)),
        ("TaskKind", str(SKOS.Concept)),
        ("Body", org + "Organization"),
        ("SelfGoverningMassOrganisation", org + "FormalOrganization"),
        ("Place", str(DCTERMS.Location)),
        ("Quotation", oa + "TextQuoteSelector"),
        ("Revision", prov + "Entity"),
    ]:
        assert (zr(name), RDFS.subClassOf, URIRef(above)) in CORE, name


def test_bodies_and_communities_are_kept_apart() -> None:
    """A committee is no state organ, a community is a place, urban and rural exclude each other."""
    for one, other in [
        ("SelfGoverningMassOrganisation", "StateOrgan"),
        ("PartyOrganisation", "StateOrgan"),
        ("ResidentsCommittee", "VillagersCommittee"),
        ("UrbanCommunity", "RuralCommunity"),
        ("Obligation", "Prohibition"),
        ("Prohibition", "Permission"),
    ]:
        assert (zr(one), OWL.disjointWith, zr(other)) in CORE
    above = set(CORE.transitive_objects(zr("Community"), RDFS.subClassOf))
    assert DCTERMS.Location in above
    assert zr("Body") not in above
    above = set(CORE.transitive_objects(zr("ResidentsCommittee"), RDFS.subClassOf))
    assert zr("SelfGoverningMassOrganisation") in above
    assert zr("StateOrgan") not in above


def test_no_class_falls_under_two_that_exclude_each_other() -> None:
    disjoint = set(CORE.subject_objects(OWL.disjointWith))
    assert len(disjoint) >= 15
    for term in TERMS:
        above = set(CORE.transitive_objects(term, RDFS.subClassOf))
        assert not [pair for pair in disjoint if set(pair) <= above], term
        assert all(term not in CORE.transitive_objects(a, RDFS.subClassOf) for a in above - {term})


def test_whatever_a_term_refers_to_is_declared() -> None:
    """A misspelt domain or range would be a class that nothing is in."""
    refers = (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf, OWL.inverseOf,
              OWL.disjointWith)  # fmt: skip
    used = {o for p in refers for o in CORE.objects(None, p) if str(o).startswith(NS)}
    for name in ("actor", "postOfClass"):
        used |= set(ALL.objects(None, zr(name)))
    assert used <= set(TERMS)
    assert len(used) >= 80


def test_the_kinds_of_norm_are_the_contract_s() -> None:
    """DESIGN §3: obligation, prohibition, permission, recommendation, target, definition."""
    kinds = {str(s).removeprefix(NS) for s in CORE.subjects(RDFS.subClassOf, zr("Norm"))}
    assert kinds == {
        "Obligation",
        "Prohibition",
        "Permission",
        "Recommendation",
        "Target",
        "Definition",
    }


def test_alignments_are_matches_only() -> None:
    """A near fit is found by, not reasoned with."""
    graph = read(["alignments.ttl"])
    assert len(graph) > 15
    allowed = {SKOS.closeMatch, SKOS.broadMatch, SKOS.relatedMatch}
    assert set(graph.predicates()) <= allowed
    assert all(s in TERMS for s in graph.subjects())
