"""States of days by stable addresses: page, JSON and statements say the same (DESIGN §4, issue of
the endpoint)."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from ontology.ids import BASE, NS
from service.state.reading import KINDS
from tests.service.conftest import Client

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORMS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld"}
ADDRESSES = [
    "/at/2016-06-30/",
    "/at/2016-06-30/2017-12-31",
    "/at/2019-06-30/id/doc/jl-jifa-2017-36",
    "/at/2020-06-04/id/place/130502",
]


def test_a_day_tells_what_was_in_force_by_kind(asking: Client) -> None:
    told = asking.get("/at/2016-06-30.json?place=22").json()
    assert told["counts"] == {kind: len(told[kind]) for kind in told["counts"]}
    assert set(told["counts"]) == set(KINDS.values()) - {"rows"}
    numbers = {i["number"]: i for i in told["instruments"]}
    assert numbers["吉政发〔2010〕37号"]["from"] == "2010-12-21"
    assert "吉发〔2017〕36号" not in numbers
    law = next(i for i in told["instruments"] if i["iri"].endswith("cn-residents-committee-law"))
    assert (law["from"], law["undated"]) == (None, True)
    assert {n["of"] for n in told["norms"]} == {f"{BASE}id/doc/jl-jizhengfa-2010-37"}


def test_an_uncertain_start_is_an_interval_and_a_doubt(asking: Client) -> None:
    """DESIGN §4: 吉民发〔2015〕44号 is in force from some day of 2015-07-13…2015-12-31."""
    for day, doubtful in (("2015-07-12", None), ("2015-09-01", True), ("2015-12-31", False)):
        told = asking.get(f"/at/{day}.json?place=22").json()["instruments"]
        found = [i for i in told if i["number"] == "吉民发〔2015〕44号"]
        assert [i["start_uncertain"] for i in found] == ([] if doubtful is None else [doubtful])
    thing = asking.get("/at/2015-09-01/id/doc/jl-jiminfa-2015-44.json").json()
    assert thing["standing"] == "uncertain"
    assert thing["period"]["from_latest"] == "2015-12-31"
    page = asking.get("/at/2015-09-01/id/doc/jl-jiminfa-2015-44", headers=HTML).text
    assert "起始日不确定" in page
    assert "2015年7月13日至2015年12月31日之间" in page


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_forms_of_an_address_say_the_same(asking: Client, path: str) -> None:
    graphs = []
    for suffix, form in FORMS.items():
        answer = asking.get(f"{path.rstrip('/')}.{suffix}")
        assert answer.status_code == 200
        graphs.append(Graph().parse(data=answer.text, format=form))
    assert len(graphs[0]) > 3
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    told = asking.get(f"{path.rstrip('/')}.json").json()
    named = [
        t["iri"] for key in (*told.get("counts", ()), "changes", "parts") for t in told.get(key, ())
    ]
    assert all((URIRef(iri), None, None) in graphs[0] for iri in named)


@pytest.mark.parametrize("path", ADDRESSES)
def test_accept_chooses_with_weights_and_the_others_are_named(asking: Client, path: str) -> None:
    """RFC 9110 §12.5.1, §8.7 Content-Location, §12.5.5 Vary; RFC 8288 alternate links."""
    bare = path.rstrip("/")
    for accept, suffix, media in (
        ("text/turtle;q=0.5, application/json", ".json", "application/json"),
        ("application/json;q=0.1, text/turtle;q=0.2", ".ttl", "text/turtle"),
        ("application/ld+json", ".jsonld", "application/ld+json"),
    ):
        answer = asking.get(path, headers={"accept": accept})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(media)
        assert answer.headers["content-location"] == bare + suffix
        assert "accept" in answer.headers["vary"].lower()
        assert f'<{bare}.ttl>; rel="alternate"; type="text/turtle"' in answer.headers["link"]
        known = {"accept": accept, "if-none-match": answer.headers["etag"]}
        assert asking.get(path, headers=known).status_code == 304
    page = asking.get(path, headers=HTML)
    assert page.headers["content-type"].startswith("text/html")
    refused = asking.get(path, headers={"accept": "image/png"})
    assert refused.status_code == 406
    assert asking.request("HEAD", path, headers=HTML).status_code == 200


def test_two_days_are_compared(asking: Client) -> None:
    told = asking.get("/at/2016-06-30/2017-12-31.json?place=22").json()
    began = {c["number"] for c in told["changes"] if c["kind"] == "instruments"}
    assert began == {"吉发〔2017〕36号", "中发〔2017〕13号", "吉民发〔2017〕64号"}
    assert {c["property"] for c in told["changes"]} == {f"{NS}inForceFrom"}
    answer = asking.get("/changes-between?from=2016-06-30&to=2017-12-31&place=22")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/at/2016-06-30/2017-12-31?place=22",
    )
    page = BeautifulSoup(asking.get("/at/2016-06-30/2017-12-31?place=22").content, "html.parser")
    assert page.select_one("#norms-inForceFrom .count") is not None


def test_a_code_is_told_as_it_was_and_what_came_of_it(asking: Client) -> None:
    """GB/T 2260: 130502 changed its name; 370181 became 370114 on 2016-09-14."""
    before = asking.get("/at/2020-06-04/id/place/130502.json").json()
    after = asking.get("/at/2020-06-05/id/place/130502.json").json()
    assert (before["label"], after["label"]) == ("河北省邢台市桥东区", "河北省邢台市襄都区")
    gone = asking.get("/at/2016-09-14/id/place/370181.json").json()
    assert (gone["standing"], gone["instead"]) == ("ended", [f"{BASE}id/place/370114"])
    assert asking.get("/at/2016-09-13/id/place/370114.json").json()["standing"] == "not-yet"
    told = asking.get("/at/2016-06-30/2017-12-31.json?place=37").json()["changes"]
    assert ("370181", f"{NS}succeededBy") in {(c["number"], c["property"]) for c in told}


def test_an_instrument_has_the_norms_and_rules_of_the_day(asking: Client) -> None:
    path = "/id/doc/jl-jifa-2017-36.json"
    told = asking.get(f"/at/2017-12-08{path}").json()
    assert told["standing"] == "in-force"
    kinds = {part["kind"] for part in told["parts"]}
    assert kinds == {"norms", "rules"}
    before = asking.get(f"/at/2017-12-07{path}").json()
    assert (before["standing"], before["parts"]) == ("not-yet", [])
    norm = asking.get("/at/2017-12-08/id/norm/jl-jifa-2017-36/sec_3__sub_5__s_1__n_1.json").json()
    assert norm["period"]["dated_by"] == f"{BASE}id/doc/jl-jifa-2017-36"
    code = asking.get("/at/2017-12-08/id/code/task-kinds/demolition.json").json()
    assert code["standing"] == "undated"


def test_days_places_and_things_that_are_none_are_told(asking: Client) -> None:
    for path, status in (
        ("/at/2016-13-30/", 422),
        ("/at/2016-06-30/?place=%E4%B8%8D%E5%AD%98%E5%9C%A8", 422),
        ("/at/2017-12-31/2016-06-30", 422),
        ("/at/yesterday/", 404),
        ("/at/2016-06-30/id/doc/none", 404),
        ("/at/2016-06-30/2017-12-31/id/doc/jl-jifa-2017-36", 404),
    ):
        answer = asking.get(path, headers={"accept": "application/json"})
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        page = asking.get(path, headers=HTML)
        assert (page.status_code, page.headers["content-type"][:9]) == (status, "text/html")


def test_the_form_leads_to_the_address_of_the_day(asking: Client) -> None:
    answer = asking.get("/at?day=2016-06-30&place=%E5%90%89%E6%9E%97%E7%9C%81&since=")
    assert (answer.status_code, answer.headers["location"]) == (303, "/at/2016-06-30/?place=22")
    answer = asking.get("/at?day=2016-06-30&since=2017-01-01")
    assert answer.headers["location"] == "/at/2016-06-30/2017-01-01"
    today = asking.get("/at").headers["location"]
    assert date.fromisoformat(today.removeprefix("/at/").rstrip("/")).year >= 2026
    again = asking.get("/at/2016-06-30?place=22", headers=HTML)
    assert (again.status_code, again.headers["location"]) == (308, "/at/2016-06-30/?place=22")
