"""Norms as RDF: selectors, offsets that lead back to the source, figures and days (W3C anno)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.instrument import Instrument
from kb.library import Library, load_library
from kb.norm_graph import norm_quads
from kb.repairs import Repair
from kb.store import GraphStore
from ontology.label import Label
from tests.kb.annotated import HEAD, annotated, entry, instrument, norm, nothing

PREFIXES = """PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX zr: <https://zhunru.example/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
SELECTORS = """SELECT * WHERE {
  ?norm oa:hasSelector ?selector ; zr:quote ?quote .
  ?selector oa:exact ?exact ; zr:start ?start ; zr:end ?end .
  ?selector zr:sourceStart ?from ; zr:sourceEnd ?to .
  OPTIONAL { ?selector oa:prefix ?prefix }
  OPTIONAL { ?selector oa:suffix ?suffix }
  OPTIONAL { ?selector zr:repair ?repair }
}"""
REPEATED = "一、各市应当公开清单。\n二、各县应当公开清单，不得收费。\n"
REST = nothing("sec_2__s_1")


def store(found: Instrument) -> GraphStore:
    return GraphStore("".join(f"{line}\n" for line in norm_quads(found)).encode())


def rows(found: Instrument, query: str) -> list[dict[str, str]]:
    return [dict(row) for row in store(found).select(PREFIXES + query)]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def test_all_is_said_in_the_graph_of_the_text(tmp_path: Path) -> None:
    found = annotated(tmp_path, instrument(REPEATED), entry("sec_1__s_1", norm("各市")) + REST)
    assert store(found).graphs() == ["https://zhunru.example/graph/doc/xx-1"]


def test_context_is_given_only_where_the_words_come_more_than_once(tmp_path: Path) -> None:
    text = entry("sec_1__s_1", norm("应当公开清单")) + entry("sec_2__s_1", norm("不得收费"))
    repeated, unique = sorted(
        rows(annotated(tmp_path, instrument(REPEATED), text), SELECTORS), key=lambda r: r["norm"]
    )
    assert (repeated["exact"], repeated["prefix"][-2:]) == ("应当公开清单", "各市")
    assert repeated["suffix"].startswith("。\n二、各县")
    assert unique["exact"] == unique["quote"] == "不得收费"
    assert not {"prefix", "suffix"} & unique.keys()


def test_a_selector_finds_one_place_in_the_text(library: Library) -> None:
    """https://www.w3.org/TR/annotation-model/#text-quote-selector"""
    for found in library.instruments:
        for row in rows(found, SELECTORS) if found.norms else []:
            start, end = int(row["start"]), int(row["end"])
            assert found.text[start:end] == row["exact"] == row["quote"]
            before, after = row.get("prefix", ""), row.get("suffix", "")
            assert found.text.count(before + row["exact"] + after) == 1, row["norm"]
            assert ("suffix" in row) == (found.text.count(row["exact"]) > 1)


def test_offsets_lead_back_to_the_source(library: Library) -> None:
    for found in library.instruments:
        if found.mended and found.norms:
            for row in rows(found, SELECTORS):
                source = found.mended.source[int(row["from"]) : int(row["to"])]
                changed = any(
                    r.edits for r in found.mended.touched(int(row["start"]), int(row["end"]))
                )
                assert changed or source == row["exact"], row["norm"]


def test_repairs_before_a_quote_move_it_and_those_inside_are_named(tmp_path: Path) -> None:
    why = Label("因", "why")
    at = len(HEAD)
    body = "一、各市市应当公开清淡。\n"
    repairs = [
        Repair("doubled", "glyph", at + 4, at + 5, "市", "", why),
        Repair("glyph", "glyph", at + 10, at + 11, "淡", "单", why),
    ]
    text = entry("sec_1__s_1", norm("各市"), norm("公开清单"))
    found = annotated(tmp_path, instrument(body, repairs), text)
    assert found.mended is not None
    first, second = sorted(rows(found, SELECTORS), key=lambda r: r["norm"])
    assert found.mended.source[int(second["from"]) : int(second["to"])] == "公开清淡"
    assert int(second["from"]) == int(second["start"]) + 1
    assert second["repair"] == f"{found.iri}#repair-glyph"
    assert "repair" not in first


def test_figures_with_their_values_and_those_that_cannot_be_read(tmp_path: Path) -> None:
    figure = (
        "{measure: 面积, en: area, comparison: at-least, unit: 平方米, as-written: 不少于30平方米"
    )
    read = norm("不少于30平方米", f'quantities:\n- {figure}, value: "30"}}')
    unread = norm(
        "30平方米", f"quantities:\n- {figure}, unreadable: true, candidates: [30万, 3万]}}"
    )
    text = nothing("sec_1__s_1") + REST + entry("sec_2__s_2", read, unread)
    found = rows(
        annotated(tmp_path, instrument(), text),
        """SELECT ?quote ?value ?label ?comparator (COUNT(?one) AS ?candidates) WHERE {
          ?norm zr:quote ?quote ; zr:figure ?figure .
          ?figure a zr:Figure ; rdfs:label ?label ; zr:comparator ?comparator .
          OPTIONAL { ?figure zr:number ?value FILTER(DATATYPE(?value) = xsd:decimal) }
          OPTIONAL { ?figure zr:candidateFigure ?one }
          FILTER(LANG(?label) = "en") } GROUP BY ?quote ?value ?label ?comparator""",
    )
    assert sorted(found, key=lambda r: r["candidates"]) == [
        {"quote": "不少于30平方米", "value": "30", "label": "area", "comparator": "at-least",
         "candidates": "0"},
        {"quote": "30平方米", "label": "area", "comparator": "at-least", "candidates": "2"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "datatype"),
    [("2031", "gYear"), ("2031-09", "gYearMonth"), ("2031-09-30", "date"),
     ("--09-30", "gMonthDay")],
)  # fmt: skip
def test_a_deadline_is_no_more_of_a_day_than_is_known(
    tmp_path: Path, by: str, datatype: str
) -> None:
    due = norm("应于9月30日前报省厅", f'deadline: {{as-written: 9月30日前, by: "{by}"}}')
    text = nothing("sec_1__s_1") + REST + entry("sec_2__s_2", due)
    (row,) = rows(
        annotated(tmp_path, instrument(), text),
        "SELECT ?words ?by (DATATYPE(?by) AS ?as) { ?norm zr:deadline ?words ; zr:deadlineBy ?by }",
    )
    assert (row["words"], row["by"]) == ("9月30日前", by)
    assert row["as"] == f"http://www.w3.org/2001/XMLSchema#{datatype}"


def test_a_sentence_without_a_norm_says_why(tmp_path: Path) -> None:
    text = nothing("sec_1__s_1") + REST
    found = annotated(tmp_path, instrument(REPEATED), text)
    because = rows(found, 'SELECT ?s ?why { ?s zr:because ?why FILTER(LANG(?why) = "zh") }')
    assert sorted(row["s"] for row in because) == [
        f"{found.iri}/sec_1__s_1",
        f"{found.iri}/sec_2__s_1",
    ]
    assert {row["why"] for row in because} == {"因"}
