"""Shipped lists: rows cited as list, row number, text, source, confidence (DESIGN §2)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.library import CitedText, Library, load_library
from kb.list_files import read_register
from ontology.issue import Issue

LIST = "cn-minfa-2020-20-list-1"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def test_the_national_list_has_its_twenty_names_in_order(library: Library) -> None:
    # shared list certificates_negative_2020.csv: names from two published reprints.
    listed = library.register.get(LIST)
    assert listed is not None
    assert [row.number for row in listed.rows] == list(range(1, 21))
    assert (listed.rows[0].name, listed.rows[19].name) == ("亲属关系证明", "证件遗失证明")
    assert {row.source.confidence for row in listed.rows} == {"high"}


def test_the_list_starts_on_an_unknown_day(library: Library) -> None:
    listed = library.register.get(LIST)
    assert listed is not None
    assert (listed.start, listed.latest) == (date(2020, 2, 1), date(2020, 4, 27))
    inside = date(2020, 3, 1)
    assert listed.possibly_in_force(inside)
    assert not listed.surely_in_force(inside)


def test_a_row_is_cited_with_its_source_and_confidence(library: Library) -> None:
    cited = library.list_citation(LIST, 1, "亲属关系证明")
    assert isinstance(cited, CitedText)
    assert (cited.number, cited.provision) == ("民发〔2020〕20号", "附件第1项")
    assert cited.seen is not None
    assert cited.seen.confidence == "high"


def test_the_exception_of_row_1_is_quotable_with_less_confidence(library: Library) -> None:
    cited = library.list_citation(LIST, 1, "属职责范围且能核实的可据实出具")
    assert isinstance(cited, CitedText)
    assert cited.seen is not None
    assert cited.seen.confidence == "medium-high"
    assert "转引自" in cited.seen.text


def test_a_row_can_be_cited_by_its_label_in_the_instrument(library: Library) -> None:
    assert library.citation("民发〔2020〕20号", "附件第1项", "亲属关系") == library.list_citation(
        LIST, 1, "亲属关系"
    )


@pytest.mark.parametrize(
    ("list_id", "row", "quote", "said"),
    [
        (LIST, 1, "亲戚关系证明", "亲属关系证明"),
        (LIST, 21, "亲属关系证明", ""),
        ("cn-minfa-2020-20-list", 1, "亲属关系证明", LIST),
        (LIST, 1, " ", "亲属关系证明"),
    ],
)
def test_what_is_not_on_the_list_is_an_issue(
    library: Library, list_id: str, row: int, quote: str, said: str
) -> None:
    found = library.list_citation(list_id, row, quote)
    assert isinstance(found, Issue)
    assert said in found.hint


def test_a_faulty_list_is_refused_at_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "lists" / "22-jilin"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(
        'id: x\ntitle: 甲\nkind: certificates-negative\ninstrument: y\njurisdiction: ""\n'
        'complete: true\nin-force: {from: "2020-01-01"}\n'
        "sources:\n  - {id: a, text: t, confidence: high, because: {zh: 甲, en: a}}\n"
        "rows:\n  - {number: 1, name: 甲, source: b}\n  - {number: 1, name: 乙, source: a}\n",
        "utf-8",
    )
    register, issues = read_register(tmp_path)
    assert register.lists == ()
    assert [(i.where.split(":", 1)[1], i.message) for i in issues] == [
        ("11:26", "no source b is described"),
        ("12:5", "row 1 is given twice"),
    ]
