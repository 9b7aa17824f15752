"""The ontology has every entity of the issue and the texts, each in the words of a provision."""

from __future__ import annotations

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from kb.library import load_library
from ontology.ids import NS, parse
from ontology.validate import CONTENT, ONTOLOGY, read, validate

CORE = read(ONTOLOGY)
ALL = read(CONTENT)
INSTRUMENTS = {i.iri: i for i in load_library().instruments if i.held}
PROVISIONS = {p.iri: (i, p) for i in INSTRUMENTS.values() for p in i.provisions}


def zr(name: str) -> URIRef:
    return URIRef(NS + name)


ENTITIES = """
Community UrbanCommunity RuralCommunity TownshipCommunity AdministrativeVillage
ResidentsCommittee VillagersCommittee SelfGoverningMassOrganisation OwnersCommittee
CommunityPartyOrganisation SubDistrictPartyWorkingCommittee TownshipPartyCommittee
CountyPartyCommittee PrefecturalPartyCommittee ProvincialPartyCommittee CentralPartyCommittee
CentralGovernment ProvincialGovernment PrefecturalGovernment CountyGovernment TownshipGovernment
ProvincialDepartment PrefecturalDepartment CountyDepartment CivilAffairsDepartment
SubDistrictOffice SocialOrganisation CommunitySocialOrganisation PropertyFirm Post PostKind
WorkItem TaskKind List WorkItemList AutonomyList AssistList ReductionList AdmissionList
CertificateList PositiveCertificateList NegativeCertificateList SealUseList DutyList ListEntry
Certificate Attestation Seal Assessment UnifiedAssessment OneVoteVeto Signboard WorkAgency Ledger
Meeting AdmissionSystem Admission ExperimentalZone ZoneProgramme ZoneDesignation ZoneApplication
ZoneReview FinalAcceptance Dossier ZonePlan Theme ReferenceTopic Version Amendment Indicator Target
Figure FundingProvision Amount DutyTransfer Observation Assertion
"""


@pytest.mark.parametrize("name", ENTITIES.split())
def test_each_entity_is_a_class(name: str) -> None:
    """Issue “Ontology and graph”: the ontology for every entity of the card and the texts."""
    assert (zr(name), RDF.type, OWL.Class) in CORE


def test_what_a_text_names_is_found_in_it_word_for_word() -> None:
    """DESIGN §2: nothing is cited that cannot be quoted; a name is a quote of its provision."""
    named = set(ALL.subjects(zr("namedAs"), None))
    assert len(named) >= 200
    for thing in named:
        places = [str(place) for place in ALL.objects(thing, zr("namedIn"))]
        texts = {place: _text(place) for place in places}
        words = [str(word) for word in ALL.objects(thing, zr("namedAs"))]
        for word in words:
            assert any(word in text for text in texts.values()), (thing, word)
        for place, text in texts.items():
            assert any(word in text for word in words), (thing, place)


def _text(iri: str) -> str:
    if iri in INSTRUMENTS:
        return INSTRUMENTS[iri].text
    instrument, provision = PROVISIONS[iri]
    return instrument.text[slice(*provision.span)]


def test_nearly_all_kinds_of_body_and_work_are_in_the_words_of_a_text() -> None:
    """Terms come from the texts; one that none uses says what it is needed for."""
    files = ("terms/bodies.ttl", "terms/work.ttl", "terms/zones.ttl", "terms/communities.ttl")
    for name in files:
        graph = read([name])
        classes = set(graph.subjects(RDF.type, OWL.Class))
        unnamed = {c for c in classes if not list(graph.objects(c, zr("namedIn")))}
        assert unnamed == set(), name


def test_a_definition_s_source_is_a_provision() -> None:
    sources = list(CORE.objects(None, DCTERMS.source))
    assert sources
    assert all(str(source) in PROVISIONS for source in sources)


def test_programmes_of_two_provinces_can_be_compared() -> None:
    """吉民发〔2019〕30号 四（二）: 实验周期为2年; 鲁民函〔2019〕50号 二: 一般不超过 2 年."""
    found = {
        str(programme): (str(years), str(ALL.value(programme, zr("termIsMaximum"))))
        for programme, years in ALL.subject_objects(zr("termYears"))
    }
    base = "https://zhunru.example/id/programme/"
    assert found == {
        f"{base}jl-provincial": ("2", "false"),
        f"{base}sd-provincial": ("2", "true"),
    }
    plans = {
        str(paper).rsplit("/", 2)[1]: int(str(count))
        for paper, count in ALL.subject_objects(zr("minimumCharacters"))
    }
    assert plans == {"jl-provincial": 3000, "sd-provincial": 4000}


def test_topics_are_those_of_the_annexes() -> None:
    """鲁民函〔2019〕50号: annex 1 has 22 urban topics, annex 2 ten rural ones."""
    kinds = [str(k).rsplit("/", 1)[1] for k in ALL.objects(None, zr("topicFor"))]
    assert (kinds.count("urban"), kinds.count("rural")) == (22, 10)


def test_inverse_properties_mirror_domain_and_range() -> None:
    pairs = list(CORE.subject_objects(OWL.inverseOf))
    assert len(pairs) >= 6
    for one, other in pairs:
        assert CORE.value(one, RDFS.domain) == CORE.value(other, RDFS.range)
        assert CORE.value(one, RDFS.range) == CORE.value(other, RDFS.domain)


def test_things_have_iris_of_a_known_kind() -> None:
    graph = read(["things/*.ttl"])
    for subject in set(graph.subjects()):
        assert parse(str(subject)) is not None, subject


def test_standard_terms_are_reused() -> None:
    """knowledge-base.md §4: ORG, PROV-O, CCCEV, QB, schema.org before terms of our own."""
    for name, above in [
        ("Post", "http://www.w3.org/ns/org#Post"),
        ("PostKind", "http://www.w3.org/ns/org#Role"),
        ("ZoneApplication", "http://www.w3.org/ns/prov#Activity"),
        ("Dossier", "http://www.w3.org/ns/prov#Entity"),
        ("Observation", "http://purl.org/linked-data/cube#Observation"),
        ("Indicator", "http://data.europa.eu/m8g/InformationConcept"),
        ("Amount", "http://schema.org/MonetaryAmount"),
        ("DutyTransfer", "http://www.w3.org/ns/org#ChangeEvent"),
        ("ReferenceTopic", str(SKOS.Concept)),
    ]:
        assert URIRef(above) in set(CORE.transitive_objects(zr(name), RDFS.subClassOf)), name


BARE = """
@prefix zr: <https://zhunru.example/ns#> .
@prefix ex: <https://zhunru.example/id/> .
ex:body a zr:PropertyFirm . ex:community a zr:UrbanCommunity . ex:post a zr:Post .
ex:kind a zr:PostKind . ex:item a zr:WorkItem . ex:admission a zr:Admission .
ex:paper a zr:Attestation . ex:sign a zr:Signboard . ex:programme a zr:ZoneProgramme ;
zr:termYears 2 . ex:step a zr:ReviewStep . ex:part a zr:ZonePlan . ex:topic a zr:ReferenceTopic .
ex:designation a zr:ZoneDesignation . ex:application a zr:ZoneApplication .
ex:indicator a zr:Indicator . ex:seen a zr:Observation . ex:figure a zr:Figure .
ex:amount a zr:Amount . ex:transfer a zr:DutyTransfer . ex:named zr:namedIn ex:nowhere .
ex:norm a zr:Prohibition . ex:relation a zr:Relation .
ex:words zr:namedAs "社区" . ex:task a zr:Task ; zr:assignedTo ex:body .
"""


def test_what_a_thing_lacks_is_told() -> None:
    """SHACL is closed-world: a thing of a class with nothing else breaks each of its shapes."""
    found = [str(issue) for issue in validate(CORE + Graph().parse(data=BARE, format="turtle"))]
    for message in """
    a body has one name in Chinese | a body has one zr:jurisdiction | a community has a name
    a community is part of a place | a post is in one body | a post is of one kind
    says in which kind of body | a work item has a name | puts an entry on a list
    of one kind of certificate | put up for a body | hangs at one community
    a programme has one zr:jurisdiction | a term says whether it is a maximum
    a step belongs to one programme | a paper is asked for by | a topic is offered by a programme
    a designation is under one programme | a designation is of one zone
    an application is under one | an application is made by a body | an indicator has one unit
    an observation is of one indicator | an observation has one number
    a relation goes from one norm | a relation says why | a norm selects its words
        a figure says how it is compared | an amount is kept as | a duty passes from
    a duty passes to | has its words | words are of a provision | a task is given to one community
    """.replace("\n", "|").split("|"):
        if message.strip():
            assert any(message.strip() in issue for issue in found), message
    assert len(found) >= 40


def test_labels_lead_to_one_class() -> None:
    """A name that analysts read stands for one class."""
    seen: dict[str, URIRef] = {}
    for term in CORE.subjects(RDF.type, OWL.Class):
        assert isinstance(term, URIRef)
        for label in CORE.objects(term, RDFS.label):
            assert isinstance(label, Literal)
            assert seen.setdefault(str(label), term) == term, label
