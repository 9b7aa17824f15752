"""Advice beside a query on its page, by forms and addresses alone (DESIGN §9)."""

from __future__ import annotations

from urllib.parse import urlencode

from bs4 import BeautifulSoup

from kb.query import queries
from tests.service.conftest import Client

EARLY = """PREFIX zr: <https://zhunru.example/ns#>
PREFIX eli: <http://data.europa.eu/eli/ontology#>
SELECT ?s ?t ?n {
  OPTIONAL { ?s zr:documentNumber ?n }
  ?s a zr:Instrument ; eli:title ?t .
}"""
GOOD = "SELECT ?s { ?s a <https://zhunru.example/ns#Instrument> }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def page(client: Client, status: int = 200, /, **parameters: str) -> BeautifulSoup:
    answer = client.get(f"/query?{urlencode(parameters)}")
    assert answer.status_code == status
    return BeautifulSoup(answer.content, "html.parser")


def test_advice_stands_beside_the_answer(asking: Client) -> None:
    shown = page(asking, query=EARLY)
    assert shown.select_one("#answer") is not None
    (advice,) = shown.select("#advice li")
    assert "第4行第3列" in advice.text
    assert "OPTIONAL" in advice.text
    assert page(asking, query=GOOD).select_one("#advice") is None


def test_the_rewritten_query_is_loaded_by_a_plain_form(asking: Client) -> None:
    shown = page(asking, query=EARLY)
    form = shown.select_one("#advice form")
    assert form is not None
    fields = {str(i["name"]): str(i["value"]) for i in form.select("input")}
    assert form.button is not None
    assert form.button.text == "用改写后的查询"
    loaded = page(asking, **fields)
    assert loaded.textarea is not None
    assert loaded.textarea.text.strip() == fields["query"].strip() != EARLY
    assert loaded.select_one("#advice") is None
    before, after = (len(each.select(".results tbody tr")) for each in (shown, loaded))
    assert after > before


def test_advice_can_be_had_without_running_the_query(asking: Client) -> None:
    shown = page(asking, query=ENDLESS, advise="1")
    assert shown.select_one("#answer") is None
    assert len(shown.select("#advice li")) == 1
    clean = page(asking, query=GOOD, advise="1")
    assert clean.select_one("#answer") is None
    assert clean.select_one(".advised") is not None
    # The rewritten query is then only judged as well.
    form = page(asking, query=EARLY, advise="1").select_one("#advice form")
    assert form is not None
    assert form.button is not None
    assert form.button["name"] == "advise"


def test_an_explanation_is_given_on_demand(asking: Client) -> None:
    shown = page(asking, query=EARLY, explain="1")
    told = shown.select_one("#explained")
    assert told is not None
    assert [dt.text for dt in told.select("dt")][:2] == ["得出第一行", "全部得出"]
    rows = told.select(".traced tbody tr")
    assert [row.code.text for row in rows if row.code] == [
        "?s zr:documentNumber ?n",
        "?s a zr:Instrument",
        "?s eli:title ?t",
    ]
    called = {a.text: str(a["title"]) for a in told.select(".traced a")}
    assert called["吉发〔2017〕36号"] == "https://zhunru.example/graph/doc/jl-jifa-2017-36"
    assert shown.select_one("#advice") is not None
    assert page(asking, query=GOOD).select_one("#explained") is None


def test_all_of_it_is_in_the_language_of_the_page(asking: Client) -> None:
    text = page(asking, query=EARLY, explain="1", lang="en").main
    assert text is not None
    assert "line 4 column 3" in text.text
    assert "stands before patterns that must hold" in text.text
    assert "First row" in text.text


def test_what_is_no_query_has_its_fault_and_no_advice(asking: Client) -> None:
    for run in ({}, {"advise": "1"}, {"explain": "1"}):
        shown = page(asking, 400, query="SELECT * { OPTIONAL { ?s ?p ?o } ?s ?p }", **run)
        assert shown.select_one("#fault") is not None
        assert shown.select_one("#advice") is None
        assert shown.select_one(".advised") is None


def test_questions_of_ours_are_answered_without_advice(asking: Client) -> None:
    question = next(q for q in queries() if q.name == "in-force-on-day")
    assert page(asking, question=question.name).select_one("#advice") is None
    # Once it is one's own text, it is judged.
    assert page(asking, query=question.text).select_one("#advice") is not None
