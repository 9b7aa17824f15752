"""Issue 5: a permalink has generation and hash, so that a figure in a report can be had again."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from service.questions.permalink import Then, compared, then_of
from service.sparql.results import Result
from service.sparql.terms import Table
from tests.service.conftest import Client
from tests.service.questions.asking import plain, shown
from tests.service.sparql.writing import Desk

NOW = Result("ASK {}", Table((), ()), b"", "ab" * 16, False, "c" * 64)
QUERY = "SELECT ?x { GRAPH <https://d.example/g> { ?s <https://d.example/p> ?x } }"


@pytest.mark.parametrize(
    ("generation", "sha256", "outcome", "same"),
    [
        ("ab" * 16, "c" * 64, "same-data", True),
        ("ab" * 4, "c" * 64, "same-data", True),
        ("cd" * 16, "c" * 64, "same-result", True),
        ("", "c" * 64, "same-result", True),
        ("cd" * 16, "d" * 64, "other-result", False),
        ("ab" * 16, "d" * 64, "other-result-same-data", False),
    ],
)
def test_what_became_of_a_result(generation: str, sha256: str, outcome: str, same: bool) -> None:
    found = compared(Then(generation, sha256), NOW)
    assert (found.outcome, found.same) == (outcome, same)


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"generation": "xyz", "result": "c" * 64}, "?generation"),
        ({"generation": "ab" * 16, "result": "c" * 63}, "?result"),
        ({"generation": "ab" * 16}, "?result"),
    ],
)
def test_a_permalink_that_is_none_is_told(asking: Client, given: dict[str, str], at: str) -> None:
    assert [issue.where for issue in then_of(given)[1]] == [at]
    answer = asking.get(f"/q/instruments.json?{urlencode(given)}")
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, at)


def test_an_answer_has_a_permalink_that_finds_it_unchanged(asking: Client) -> None:
    told = plain(asking, "/q/rules-in-force?place=22&day=2019-06-01")
    assert told["compared"] is None
    link = told["permalink"]
    assert f"result={told['result']}" in link
    assert plain(asking, link)["compared"]["outcome"] == "same-data"
    page = shown(asking, link)
    box = page.select_one(".compared.same")
    assert box is not None
    assert told["result"] in box.text
    header = asking.get("/q/rules-in-force.csv?place=22&day=2019-06-01").headers["link"]
    assert header == f'<{link}>; rel="bookmark"'


def test_when_data_change_it_says_whether_the_result_did(desk: Desk) -> None:
    """Three states, told apart by what an administrator writes in between."""
    client = desk.client
    desk.update('INSERT DATA { GRAPH <https://d.example/g> { <x:s> <https://d.example/p> "1" } }')
    first = plain(client, f"/result?{urlencode({'query': QUERY})}")
    assert first["rows_count"] == 1
    link = first["permalink"]
    assert plain(client, link)["compared"]["outcome"] == "same-data"
    desk.update('INSERT DATA { GRAPH <https://d.example/other> { <x:s> <x:p> "2" } }')
    assert plain(client, link)["compared"]["outcome"] == "same-result"
    desk.update('INSERT DATA { GRAPH <https://d.example/g> { <x:t> <https://d.example/p> "3" } }')
    last = plain(client, link)
    assert last["compared"] == {
        "outcome": "other-result",
        "then": {"generation": first["generation"], "result": first["result"]},
    }
    assert last["rows_count"] == 2
    page = shown(client, link)
    box = page.select_one(".compared.other")
    assert box is not None
    assert first["result"] in box.text
    assert last["result"] in box.text


def test_a_result_too_large_to_be_whole_says_so_and_has_no_hash(asking: Client) -> None:
    """The application's limit is 20,000 rows: never a silent cut."""
    query = "SELECT ?s ?p ?o { ?s ?p ?o }"
    address = f"/result?{urlencode({'query': query})}"
    refused = asking.get(address, headers={"accept": "text/csv"})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/query-too-large")
    told = plain(asking, f"{address}&most=100")
    assert (len(told["rows"]), told["complete"]) == (100, False)
    assert (told["rows_count"], told["result"], told["permalink"]) == (None, None, None)
    some = plain(asking, f"/result?{urlencode({'query': query + ' LIMIT 500'})}&most=100")
    assert (len(some["rows"]), some["rows_count"], some["complete"]) == (100, 500, False)
    assert some["result"]


def test_columns_of_a_query_are_called_by_its_variables(asking: Client) -> None:
    """Only questions know what their variables mean: ?number is no document number here."""
    query = urlencode({"query": "SELECT (1 AS ?number) {}"})
    assert plain(asking, f"/result?{query}")["columns"][0]["label"]["zh"] == "number"
    posted = asking.post("/result", data={"query": "SELECT (1 AS ?number) {}", "format": "csv"})
    assert posted.content.decode("utf-8-sig").splitlines() == ["number", "1"]
