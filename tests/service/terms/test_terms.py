"""A page for each class and property, from what the ontology states; forms that agree."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.compare import isomorphic

from ontology.ids import NS
from ontology.validate import CONTENT, ONTOLOGY, read
from service.sparql.terms import Term as Node
from service.terms.model import Ontology, read_ontology
from tests.service.conftest import Client

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
CORE = read(ONTOLOGY)
ALL = read(CONTENT)
TERMS = sorted(
    {
        str(s).removeprefix(NS)
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
        for s in CORE.subjects(RDF.type, kind)
        if str(s).startswith(NS)
    }
)


def zr(name: str) -> URIRef:
    return URIRef(NS + name)


def parsed(asking: Client, path: str) -> BeautifulSoup:
    answer = asking.get(path, headers=HTML)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser")


@pytest.fixture(scope="module")
def told(asking: Client) -> dict[str, dict[str, object]]:
    terms = asking.get("/ontology.json").json()["terms"]
    return {term["name"]: term for term in terms}


def test_every_term_of_the_ontology_is_told_of(told: dict[str, dict[str, object]]) -> None:
    assert sorted(told) == TERMS


@pytest.mark.parametrize(
    ("member", "predicate", "back"),
    [("above", RDFS.subClassOf, False), ("below", RDFS.subClassOf, True),
     ("domains", RDFS.domain, False), ("ranges", RDFS.range, False)],
)  # fmt: skip
def test_what_is_told_is_what_is_stated(
    told: dict[str, dict[str, object]], member: str, predicate: URIRef, back: bool
) -> None:
    """Against the Turtle itself; what is derived from it is no statement of the ontology."""
    for name, term in told.items():
        if member in ("above", "below") and term["kind"] != "class":
            continue
        stated = ALL.subjects(predicate, zr(name)) if back else ALL.objects(zr(name), predicate)
        assert set(term[member]) == {str(other) for other in stated}, name  # type: ignore[call-overload]


def test_each_term_has_a_page_with_a_diagram_of_links(asking: Client) -> None:
    """A spread of all; each box of a diagram leads to a page."""
    for name in TERMS[::12]:
        page = parsed(asking, f"/ontology/{name}")
        drawn = page.select_one("svg.terms-drawn")
        assert drawn is not None, name
        assert page.find(id=str(drawn["aria-labelledby"])) is not None
        assert page.find(id=str(drawn["aria-describedby"])) is not None
        assert drawn.select_one("script, [style], [onclick]") is None
        middle = drawn.select_one("a.self")
        assert middle is not None
        assert middle["href"] == f"/ontology/{name}"


def test_a_class_stands_between_wider_and_narrower_ones(asking: Client) -> None:
    page = parsed(asking, "/ontology/Norm")
    drawn = {
        role: {str(a["href"]) for a in page.select(f"svg a.{role}")}
        for role in ("above", "below", "from", "to")
    }
    below = {
        f"/ontology/{str(c).removeprefix(NS)}" for c in ALL.subjects(RDFS.subClassOf, zr("Norm"))
    }
    assert drawn["below"] == below
    assert "/ontology/Rule" in drawn["from"]  # zr:executes
    assert "/ontology/Provision" in drawn["to"]  # zr:inProvision
    assert {str(a["href"]) for a in page.select("svg a:has(.via)")} >= {"/ontology/executes"}
    body = parsed(asking, "/ontology/Body")
    above = [a for a in body.select("svg a.above")]
    assert [str(a["href"]) for a in above] == ["http://www.w3.org/ns/org#Organization"]


def test_properties_of_classes_above_are_told_with_where_they_come_from(asking: Client) -> None:
    rows = parsed(asking, "/ontology/Obligation").select("table.terms tr")
    inherited = {row.select_one("code").text: row.find_all("td")[1].text for row in rows if row.td}  # type: ignore[union-attr]
    assert inherited["action"] == "规范"


def test_examples_are_counted_in_the_graph(asking: Client) -> None:
    page = parsed(asking, "/ontology/Norm")
    query = f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{NS}Norm> }}"
    answer = asking.get("/sparql", params={"query": query, "format": "json"}).json()
    count = int(answer["results"]["bindings"][0]["n"]["value"])
    assert f"{count:,}" in page.text
    links = [str(a["href"]) for a in page.select(".undated a")]
    assert links
    assert all(link.startswith("/id/norm/") for link in links)
    unused = parsed(asking, "/ontology/Court")
    assert "数据中没有用到它" in unused.text


def test_both_languages_and_alignments_are_told(asking: Client) -> None:
    page = asking.get("/ontology/authority?lang=en", headers=HTML).text
    assert "制定机关" in page
    assert "authority" in page
    assert "closeMatch" in page
    assert "eli:passed_by" in page


@pytest.mark.parametrize("path", ["/ontology", "/ontology/Norm", "/ontology/partOf"])
def test_the_forms_agree(asking: Client, path: str) -> None:
    graphs = []
    for suffix, media, form in (
        (".ttl", "text/turtle", "turtle"),
        (".nt", "application/n-triples", "nt"),
        (".jsonld", "application/ld+json", "json-ld"),
    ):
        answer = asking.get(path, headers={"accept": f"{media}, text/html;q=0.5"})
        assert answer.headers["content-location"] == path + suffix
        assert answer.headers["content-type"].startswith(media)
        assert "accept" in answer.headers["vary"].lower()
        assert answer.content == asking.get(path + suffix).content
        graphs.append(Graph().parse(data=answer.text, format=form))
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    assert len(graphs[0]) > 3
    assert asking.get(path, headers={"accept": "image/png"}).status_code == 406


def test_an_unknown_term_is_told_with_the_nearest(asking: Client) -> None:
    answer = asking.get("/ontology/Nrom", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert "/ontology/Norm" in answer.json()["hint"]
    assert asking.get("/ontology/Norm/x", headers=HTML).status_code == 404


def test_every_class_stands_in_one_module_and_every_property_once(asking: Client) -> None:
    """`modules.json` leaves no class over; the anchors of /ns#… are all there, once."""
    ontology = of(ALL)
    modules = ontology.modules()
    assert [m.name for m in modules if m.name == "other"] == []
    classes = [t.name for m in modules for t, _ in m.classes]
    properties = [t.name for m in modules for t in m.properties] + [
        t.name for t in ontology.shared()
    ]
    assert sorted(classes + properties) == TERMS
    page = parsed(asking, "/ontology")
    ids = [str(row["id"]) for row in page.select("tr[id]")]
    assert sorted(ids) == TERMS


def test_a_term_that_is_given_up_says_what_stands_for_it() -> None:
    """ontology/README: `owl:deprecated` with `dct:isReplacedBy`, never deleted."""
    term, other = NS + "Old", NS + "New"
    kind = Node("iri", str(OWL.Class))
    said = [
        (Node("iri", term), Node("iri", str(RDF.type)), kind),
        (Node("iri", term), Node("iri", str(OWL.deprecated)), Node("literal", "true")),
        (
            Node("iri", term),
            Node("iri", "http://purl.org/dc/terms/isReplacedBy"),
            Node("iri", other),
        ),
    ]
    found = read_ontology(said).terms[term]
    assert (found.deprecated, found.replaced_by) == (True, (other,))


def of(graph: Graph) -> Ontology:
    """The ontology of an rdflib graph."""

    def node(value: object) -> Node:
        language = getattr(value, "language", "") or ""
        return Node("iri" if isinstance(value, URIRef) else "literal", str(value), language)

    rows = ((node(s), node(p), node(o)) for s, p, o in graph if str(s).startswith(NS))
    return read_ontology(rows)
