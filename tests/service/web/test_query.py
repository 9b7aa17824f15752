"""The page that asks the graph works by forms and addresses alone (DESIGN §9)."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from kb.query import queries
from service.web.query import SHOWN
from tests.service.conftest import Client

RULES = """PREFIX zr: <https://zhunru.example/ns#>
SELECT ?rule ?provision { ?rule zr:restsOn ?provision } ORDER BY ?rule LIMIT 5"""


def page(client: Client, status: int = 200, /, **parameters: str) -> BeautifulSoup:
    answer = client.get(f"/query?{urlencode(parameters)}")
    assert answer.status_code == status
    return BeautifulSoup(answer.content, "html.parser")


def test_the_empty_page_has_a_query_that_runs(asking: Client) -> None:
    text = page(asking).textarea
    assert text is not None
    shown = page(asking, query=text.text)
    assert len(shown.select(".results tbody tr")) > 10


def test_every_question_is_offered_and_runs(asking: Client) -> None:
    links = [
        str(a["href"]) for a in page(asking).select("aside a") if "question=" in str(a["href"])
    ]
    assert len(links) == len(queries()) > 5
    for question in queries():
        shown = page(asking, question=question.name)
        assert shown.textarea is not None
        assert shown.textarea.text.strip() == question.text.strip()
        assert shown.select_one("#answer") is not None, question.name


def test_iris_are_shown_by_their_labels_and_can_be_followed(asking: Client) -> None:
    shown = page(asking, query=RULES)
    heads = [th.text for th in shown.select(".results th")]
    assert set(heads) == {"rule", "provision"}
    for link in shown.select(".results td a"):
        assert str(link["href"]).startswith("/id/")
        assert not link.text.startswith("http")
    labelled = [a for a in shown.select(".results td a") if a.get("title")]
    assert len(labelled) >= 5  # every rule has a title
    assert all(str(a["title"]).startswith("https://zhunru.example/id/") for a in labelled)


def test_each_form_can_be_downloaded_by_a_plain_form(asking: Client) -> None:
    for query, forms in ((RULES, "json xml csv tsv"), ("DESCRIBE <x:y>", "")):
        shown = page(asking, query=query)
        names = [str(b["value"]) for b in shown.select(".downloads button")]
        assert " ".join(names).startswith(forms)
        for name in names:
            answer = asking.get(f"/sparql?{urlencode({'query': query, 'format': name})}")
            assert answer.status_code == 200, name


def test_more_rows_than_are_shown_are_announced(asking: Client) -> None:
    shown = page(asking, query="SELECT ?s { ?s ?p ?o }")
    assert len(shown.select(".results tbody tr")) == SHOWN
    assert str(SHOWN) in shown.select_one(".doubt").text  # type: ignore[union-attr]
    exact = page(asking, query=f"SELECT ?s {{ ?s ?p ?o }} LIMIT {SHOWN}")
    assert exact.select_one(".doubt") is None


def test_an_ask_and_nothing_found(asking: Client) -> None:
    assert page(asking, query="ASK { ?s ?p ?o }").select_one(".truth").text == "是"  # type: ignore[union-attr]
    assert page(asking, query="ASK { <x:y> ?p ?o }").select_one(".truth").text == "否"  # type: ignore[union-attr]
    empty = page(asking, query="SELECT * { <x:y> ?p ?o }")
    assert empty.select_one("#answer") is not None
    assert empty.select_one(".results") is None


@pytest.mark.parametrize(
    ("query", "status", "line"),
    [
        ("SELECT * {\n  ?s nope:x ?o }", 400, "  ?s nope:x ?o }"),
        ("\nCLEAR ALL", 400, "CLEAR ALL"),
        ("SELECT * {\n\nSERVICE <http://x/> {} }", 403, "SERVICE <http://x/> {} }"),
    ],
)
def test_a_fault_is_shown_with_its_line_and_the_query_kept(
    asking: Client, query: str, status: int, line: str
) -> None:
    shown = page(asking, status, query=query)
    fault = shown.select_one("#fault")
    assert fault is not None
    assert fault.code is not None
    assert fault.code.text == line
    assert shown.textarea is not None
    assert shown.textarea["aria-describedby"] == "fault"
    assert shown.textarea.text.lstrip("\n") == query.lstrip("\n")


def test_markup_in_the_graph_or_the_query_stays_text(asking: Client) -> None:
    shown = page(asking, query='SELECT ("<script>1</script>" AS ?x) {}')
    assert shown.select_one(".results td").text == "<script>1</script>"  # type: ignore[union-attr]
    assert not [s for s in shown.find_all("script") if not s.get("src")]


def test_a_javascript_address_is_no_link(asking: Client) -> None:
    shown = page(asking, query="SELECT (<javascript:alert(1)> AS ?x) {}")
    assert shown.select_one(".results a") is None


def test_without_a_graph_the_page_says_so(client: Client) -> None:
    shown = page(client, 503, query="ASK {}")
    assert "zhunru serve" in shown.select_one("#fault").text  # type: ignore[union-attr]
