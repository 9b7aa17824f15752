"""Pages of the coverage: the numbers of the report, and every hole with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup

from rules.cases import load_cases
from rules.exercised import Bench, exercise
from service.coverage import Coverage, cover
from service.holes import holes
from service.shipped import Shipped
from service.web.carried import Teller
from service.web.coverage import conditions_page, document_page
from service.web.covers import rules_of

OPINION = "jl-jifa-2017-36"


def read(client: Any, address: str) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture(scope="module")
def coverage(shipped: Shipped) -> Coverage:
    return cover(shipped.library, rules_of(shipped.rulebook), load_cases()[0])


def test_the_overview_has_each_text_and_each_provision(client: Any, coverage: Coverage) -> None:
    page = read(client, "/coverage")
    first = page.select_one("table.covered")
    assert first is not None
    rows = first.select("tbody tr")
    for row, document in zip(rows, coverage.documents, strict=True):
        cells = [td.get_text() for td in row.select("td")]
        counts = document.counts
        assert cells[:2] == [str(counts.all_sentences), str(counts.norms)]
        assert cells[-1] == str(counts.cases or "–")
        section = page.find(id=document.instrument.key)
        assert section is not None
        shown = {str(a["href"]) for a in section.select("tbody th a")}
        assert shown == {
            f"/coverage/{document.instrument.key}#{p.provision.eid}"
            for p in document.provisions
            if p.sentences
        }


def test_rules_with_a_hole_are_listed_with_the_reason(client: Any, coverage: Coverage) -> None:
    links = {str(a["href"]) for a in read(client, "/coverage").select(".linked a")}
    assert links == {f"/rules/{one.rule.id}" for one in coverage.rules if one.whys}


def test_every_norm_of_a_text_is_listed_with_its_rules_or_the_reason(
    client: Any, coverage: Coverage
) -> None:
    page = read(client, f"/coverage/{OPINION}")
    rows = {
        str(a["href"]).rpartition("/")[2]: row
        for row in page.select("table.norms tbody tr")
        if (a := row.select_one("td.words a"))
    }
    document = coverage.document(OPINION)
    assert document is not None
    norms = [norm for _, norm in document.norms()]
    assert set(rows) == {norm.norm.id for norm in norms}
    for norm in norms:
        last = rows[norm.norm.id].select("td")[-1]
        assert (last.select_one(".why") is None) == bool(norm.rules)
        assert {str(a["href"]) for a in last.select("a")} == {f"/rules/{r.id}" for r in norm.rules}


def test_one_reason_can_be_asked_for(client: Any, coverage: Coverage) -> None:
    wanted = {h.id for h in holes(coverage, OPINION) if h.why == "direction"}
    page = read(client, f"/coverage/{OPINION}?why=direction")
    shown = {str(a["href"]).rpartition("/")[2] for a in page.select("td.words a")}
    assert shown == wanted
    assert read(client, f"/coverage/{OPINION}?why=nonsense").select("td.words a")


def test_a_sentence_without_account_is_told(shipped: Shipped, coverage: Coverage) -> None:
    library = replace(
        shipped.library,
        instruments=tuple(replace(i, accounts=i.accounts[1:]) for i in shipped.library.instruments),
    )
    found = cover(library, rules_of(shipped.rulebook))
    page = document_page(found, OPINION, Teller(library, {}), "no-account")
    assert page is not None
    assert [len(part.lost) for part in page.parts] == [1]
    assert ("no-account", 1) in page.reasons
    assert all(not part.norms for part in page.parts)


@pytest.mark.parametrize("key", ["none", "jl-jiminfa-2015-44"])
def test_a_text_that_is_not_held_has_no_page(client: Any, key: str) -> None:
    assert client.get(f"/coverage/{key}").status_code == 404


def test_comparisons_that_no_case_shows_are_listed(client: Any, shipped: Shipped) -> None:
    exercises = exercise(Bench(shipped.rulebook), load_cases()[0])
    told = conditions_page(exercises, shipped.rulebook.vocabulary)
    page = read(client, "/coverage/conditions")
    rows = page.select("table.comparisons tbody tr")
    assert len(rows) == sum(len(rule.rows) for rule in told.rules)
    assert len(page.select("tbody .why")) == sum(len(e.holes) for e in exercises)
    assert told.whole + len(told.rules) == len(rules_of(shipped.rulebook))


@pytest.mark.parametrize("path", ["", f"/{OPINION}", "/conditions"])
def test_pages_are_led_to_and_speak_english(client: Any, path: str) -> None:
    page = read(client, f"/coverage{path}?lang=en")
    assert page.html is not None
    assert page.html["lang"] == "en"
    current = page.select_one(".masthead [aria-current]")
    assert current is not None
    assert current["href"] == "/instruments"
    client.get("/?lang=zh")


def test_the_list_of_instruments_leads_to_the_coverage(client: Any) -> None:
    assert read(client, "/instruments").select("a[href='/coverage']")
