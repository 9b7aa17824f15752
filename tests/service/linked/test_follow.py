"""Every IRI of the knowledge base leads somewhere (https://www.w3.org/TR/cooluris/#r303gendocument)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from ontology.ids import BASE, parse
from tests.service.conftest import Client

PROVISION = "id/doc/jl-jifa-2017-36/sec_3__sub_5"
NORM = "id/norm/jl-jifa-2017-36/sec_3__sub_5__s_1__n_1"
RULE = "id/rule/jl-2017-36.five-matters"
CODE = "id/code/task-kinds/demolition"
PLACE = "id/place/220102"
LIST = "id/list/cn-minfa-2020-20-list-1"
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

PAGES = {
    PROVISION: "/instruments/jl-jifa-2017-36#sec_3__sub_5",
    f"{PROVISION}__s_1": "/instruments/jl-jifa-2017-36#sec_3__sub_5__s_1",
    "id/doc/jl-jifa-2017-36": "/instruments/jl-jifa-2017-36",
    RULE: "/rules/jl-2017-36.five-matters",
    NORM: "/norms/jl-jifa-2017-36/sec_3__sub_5__s_1__n_1",
    LIST: f"/lists/{LIST.rpartition('/')[2]}",
    f"{LIST}/3": f"/lists/{LIST.rpartition('/')[2]}#row-3",
    CODE: f"/about/{CODE}",
    PLACE: f"/about/{PLACE}",
    "id/fact/admissibility/task.role": "/about/id/fact/admissibility/task.role",
    "ns": "/ontology",
}


@pytest.mark.parametrize(("path", "page"), PAGES.items())
def test_people_are_sent_to_a_page(asking: Client, path: str, page: str) -> None:
    answer = asking.get(f"/{path}", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert "accept" in answer.headers["vary"].lower()
    shown = asking.get(page.partition("#")[0], headers=HTML)
    assert shown.status_code == 200
    if anchor := page.partition("#")[2]:
        assert BeautifulSoup(shown.content, "html.parser").find(id=anchor) is not None


@pytest.mark.parametrize("path", [*PAGES, "graph/lists"])
def test_machines_are_sent_to_statements_that_all_forms_share(asking: Client, path: str) -> None:
    graphs = []
    for media, suffix, form in (
        ("text/turtle", "ttl", "turtle"),
        ("application/n-triples", "nt", "nt"),
        ("application/ld+json", "jsonld", "json-ld"),
    ):
        answer = asking.get(f"/{path}", headers={"accept": media})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/{path}.{suffix}")
        assert f'</{path}.{suffix}>; rel="alternate"; type="{media}"' in answer.headers["link"]
        data = asking.get(f"/{path}.{suffix}")
        assert data.headers["content-type"].startswith(media)
        assert data.headers["access-control-allow-origin"] == "*"
        assert 'rel="alternate"; type="text/html"' in data.headers["link"]
        graphs.append(Graph().parse(data=data.text, format=form))
        again = asking.get(f"/{path}.{suffix}", headers={"if-none-match": data.headers["etag"]})
        assert again.status_code == 304
    assert len(graphs[0]) > 3
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    if path.startswith("id/"):
        assert (URIRef(BASE + path), None, None) in graphs[0]


def test_the_statements_of_a_rule_include_its_citations(asking: Client) -> None:
    """What a rule's fragments say is of no use without it: quote, requirement, defeat."""
    text = asking.get(f"/{RULE}.nt").text
    assert f"<{BASE}{RULE}#citation-1> <{BASE}ns#quote>" in text
    assert f"<{BASE}{RULE}#citation-1> <{BASE}ns#citedProvision> <{BASE}{PROVISION}>" in text


def test_each_kind_of_thing_in_the_graph_is_followed(asking: Client, built_graph: Path) -> None:
    """The first two of each kind that has an IRI, wherever it stands in a statement."""
    counted: Counter[str] = Counter()
    iris = set(re.findall(rf"<({BASE}id/[^>#]+)>", built_graph.read_text("utf-8")))
    for iri in sorted(iris):
        named = parse(iri)
        kind = named.kind if named else "other"
        counted[kind] += 1
        if counted[kind] > 2:
            continue
        path = iri.removeprefix(BASE)
        answer = asking.get(f"/{path}", headers=HTML)
        assert answer.status_code == 303, iri
        page = asking.get(answer.headers["location"].partition("#")[0], headers=HTML)
        assert page.status_code == 200, f"{iri} → {answer.headers['location']}"
    assert len(counted) >= 11


def test_the_page_of_a_code_says_what_the_graph_says(asking: Client) -> None:
    page = BeautifulSoup(asking.get(f"/about/{CODE}").content, "html.parser")
    assert page.h1 is not None
    assert page.h1.text == "拆迁拆违"
    links = {str(a["href"]): a.text for a in page.select(".statements a")}
    assert links["/id/code/task-kinds"]  # its scheme, by a label
    assert all(not text.startswith("http") for href, text in links.items() if href[0] == "/")
    assert "/id/code/task-kinds/demolition.ttl" in [str(a["href"]) for a in page.select("a")]
    english = asking.get(f"/about/{CODE}?lang=en")
    assert BeautifulSoup(english.content, "html.parser").h1.text != "拆迁拆违"  # type: ignore[union-attr]


def test_a_term_has_its_place_on_the_page_of_terms(asking: Client) -> None:
    """A fragment never reaches a server: /ns#Rule leads to the page whose anchor it is."""
    page = BeautifulSoup(asking.get("/ontology").content, "html.parser")
    row = page.find(id="Rule")
    assert row is not None
    assert "规则" in row.text
    for alone in ("/about/ns/Rule", "/ontology/Rule"):
        assert asking.get(alone).status_code == 200
    assert asking.get("/about/ns").headers["location"] == "/ontology"


@pytest.mark.parametrize("path", [PROVISION, NORM, RULE, CODE, PLACE, LIST, "ns"])
def test_accept_is_weighed_and_other_forms_are_told(asking: Client, path: str) -> None:
    """RFC 9110 §12.5.1: the form of the highest weight, whatever the order; 0 refuses a form."""
    for accept, suffix in (
        ("text/turtle;q=0.2, application/ld+json;q=0.9", ".jsonld"),
        ("text/html;q=0.1, application/n-triples", ".nt"),
        ("*/*;q=0.1, text/turtle", ".ttl"),
        ("text/html;q=0, text/*;q=0.5", ".ttl"),
    ):
        answer = asking.get(f"/{path}", headers={"accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/{path}{suffix}")
        assert "accept" in answer.headers["vary"].lower()
        for media in ("text/turtle", "application/ld+json", "application/n-triples"):
            assert f'rel="alternate"; type="{media}"' in answer.headers["link"]
    refused = asking.get(f"/{path}", headers={"accept": "text/turtle;q=0, image/png"})
    assert refused.status_code == 406
    assert refused.headers["content-type"] == "application/problem+json"
    assert asking.request("HEAD", f"/{path}.ttl").status_code == 200


@pytest.mark.parametrize("suffix", ["", ".ttl", ".nt"])
def test_an_unknown_name_is_told_with_the_nearest(asking: Client, suffix: str) -> None:
    answer = asking.get(
        f"/id/code/task-kinds/demolitoin{suffix}", headers={"accept": "text/turtle"}
    )
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "/id/code/task-kinds/demolition?" in answer.json()["detail"]
    page = asking.get("/id/code/task-kinds/demolitoin", headers=HTML)
    assert page.status_code == 404
    assert "/id/code/task-kinds/demolition" in page.text
    assert asking.get("/about/id/code/task-kinds/demolitoin").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["id/", "id/nothing", "id/a%3E%7B%7D", "id/a%22b", "id/%E5%B1%85", "ns/Nothing", "graph/none"],
)
def test_what_no_iri_looks_like_is_not_found(asking: Client, path: str) -> None:
    for headers in ({"accept": "text/turtle"}, HTML):
        assert asking.get(f"/{path}", headers=headers).status_code == 404


def test_a_form_that_cannot_be_had_is_not_acceptable(asking: Client) -> None:
    answer = asking.get(f"/{CODE}", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.json()["detail"]


def test_a_whole_graph_is_asked_on_the_query_page(asking: Client) -> None:
    answer = asking.get("/graph/lists", headers=HTML)
    assert answer.status_code == 303
    page = BeautifulSoup(asking.get(answer.headers["location"]).content, "html.parser")
    assert len(page.select(".results tbody tr")) > 50
