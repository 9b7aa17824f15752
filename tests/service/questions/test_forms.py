"""Sheets cannot do harm, and do not say less than the answer without saying so."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from ontology.label import Label
from service.questions.answer import Answer, labelled
from service.questions.forms import About, as_csv, as_xlsx
from service.questions.plain import answer_json
from service.sparql.results import Result
from service.sparql.terms import XSD, Table, Term

ABOUT = About(
    Label("标题", "title"), [(Label("地方", "place"), "=1+1")], "http://h/q/x", date(2026, 1, 2)
)


def answer(*terms: Term | None) -> Answer:
    table = Table(("x",), tuple((term,) for term in terms))
    return labelled(Result("SELECT …", table, b"", "ab" * 16, False, "c" * 64), {"x:a": "甲"})


def literal(text: str, datatype: str = "") -> Term:
    return Term("literal", text, datatype=XSD + datatype if datatype else "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    """OWASP CSV injection: what begins so is made text, as in exported lists."""
    found = answer(literal(text))
    rows = list(csv.reader(io.StringIO(as_csv(found, "zh").decode("utf-8-sig"), newline="")))
    assert rows[1] == [f"'{text}"]
    book = load_workbook(io.BytesIO(as_xlsx(found, ABOUT, "zh")))
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type != "f", cell.value


def test_negative_numbers_stay_numbers() -> None:
    found = answer(literal("-5", "integer"), literal("-0.5", "decimal"))
    sheet = load_workbook(io.BytesIO(as_xlsx(found, ABOUT, "zh")))["结果"]
    assert [cell.value for cell in sheet["A"][1:]] == [-5, -0.5]
    assert as_csv(found, "zh").decode("utf-8-sig").splitlines()[1:] == ["-5", "-0.5"]


def test_numbers_that_would_lose_digits_stay_text() -> None:
    big, fine = "123456789012345678901234567890", "0.1234567890123456789012345"
    told = answer_json(
        answer(literal(big, "integer"), literal(fine, "decimal"), literal("7", "integer"))
    )
    assert [row["x"]["value"] for row in told["rows"]] == [big, fine, 7]


def test_what_no_cell_can_hold_is_marked() -> None:
    found = answer(literal("字" * 40_000), literal("a\x0bb"))
    sheet = load_workbook(io.BytesIO(as_xlsx(found, ABOUT, "zh")))["结果"]
    assert len(sheet["A2"].value) == 32_767
    assert sheet["A2"].value.endswith("40000字）")
    assert sheet["A3"].value == "a\N{REPLACEMENT CHARACTER}b"


def test_days_truths_things_and_gaps() -> None:
    found = answer(
        literal("2019-06-01", "date"), literal("true", "boolean"), Term("iri", "x:a"), None
    )
    lines = as_csv(found, "zh").decode("utf-8-sig").splitlines()
    assert lines == ["x,x（IRI）", "2019-06-01,", "是,", "甲,x:a", ","]
    assert as_csv(found, "en").decode("utf-8-sig").splitlines()[2] == "yes,"


def test_an_ask_is_a_sheet_of_one_cell() -> None:
    table = Table((), (), truth=True)
    found = labelled(Result("ASK {}", table, b"true\n", "", False, "c" * 64), {})
    assert as_csv(found, "zh").decode("utf-8-sig").splitlines() == ["结果", "是"]
    assert answer_json(found)["truth"] is True
