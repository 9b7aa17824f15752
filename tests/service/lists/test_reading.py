"""Files of lists: read in either encoding and form, or told what is wrong, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.xml import functions

from service.lists.columns import heading
from service.lists.faults import Fault, FaultyFile, letters, wording
from service.lists.grid import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from service.lists.reading import ReadList, read_list
from service.lists.xlsx_file import MAX_EXPANDED, MAX_PARTS
from tests.service.lists.sheets import inline, package, sheet, workbook

FIXTURES = Path(__file__).parents[2] / "fixtures/lists"
SAMPLES = sorted(FIXTURES.glob("*.csv"))
GOOD = (
    "序号,事项,法律依据,责任部门,备注\n"
    "1,反诈宣传,《反电信网络诈骗法》第三十条,公安,\n"
    "2,人口普查,,统计,十年一次\n"
)


def faults(data: bytes | str) -> list[tuple[str, str]]:
    """The faults of a file as (code, place)."""
    with pytest.raises(FaultyFile) as refused:
        read_list(data.encode() if isinstance(data, str) else data)
    assert refused.value.issues
    return [(fault.code, fault.where) for fault in refused.value.faults]


def texts(found: ReadList) -> list[str]:
    return [row.text for row in found.rows]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_lists_as_published_are_read_whole(path: Path) -> None:
    found = read_list(path.read_bytes())
    assert len(found.rows) == len(path.read_text("utf-8").splitlines()) - 1
    assert all(row.text for row in found.rows)
    assert len(SAMPLES) >= 5


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.encode("gb18030"),
        GOOD.replace("\n", "\r\n").encode("gb18030"),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace(",", ";").encode(),
        workbook([line.split(",") for line in GOOD.splitlines()]),
        workbook([["某区社区工作事项清单"], *(x.split(",") for x in GOOD.splitlines())], "A1:E1"),
    ],
)
def test_encodings_delimiters_and_sheets_read_the_same(data: bytes) -> None:
    found = read_list(data)
    assert [(r.number, r.text, r.basis, r.department, r.note) for r in found.rows] == [
        (1, "反诈宣传", "《反电信网络诈骗法》第三十条", "公安", ""),
        (2, "人口普查", "", "统计", "十年一次"),
    ]
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", [("empty-file", "file")]),
        (" \n\n", [("empty-file", "file")]),
        ("部门,依据\n公安,法\n", [("no-header", "row 1")]),
        ("事项\n", [("no-rows", "row 1")]),
        ("事项,事项名称\n甲,乙\n", [("twice", "row 1 column B")]),
        ("事项,部门\n甲,公安\n,公安\n", [("no-item", "row 3 column A")]),
        (
            "事项\n甲\n乙\n甲\n甲 \n",
            [("duplicate", "row 4 column A"), ("duplicate", "row 5 column A")],
        ),
        ("序号,事项\n1,甲\n一,乙\n", [("number", "row 3 column A")]),
        ("序号,事项\n1,甲\n1,乙\n", [("number-twice", "row 3 column A")]),
        ("序号,事项\n1,甲\n,乙\n", [("number-missing", "row 3 column A")]),
        ("事项,依据\n甲,=HYPERLINK(1)\n", [("formula", "row 2 column B")]),
        ("事项\n" + "长" * (MAX_CELL + 1) + "\n", [("too-long", "row 2 column A")]),
        ("事项\n甲" + "," * MAX_COLUMNS + "x\n", [("too-many-columns", "row 2")]),
        ('事项\n"甲\n', [("csv", "row 2")]),
        ("事项\n甲\x00\n", [("control", "row 2")]),
    ],
)
def test_each_fault_of_a_text_is_told_with_its_row_and_column(
    text: str, says: list[tuple[str, str]]
) -> None:
    assert faults(text) == says


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = "序号,事项,依据\n1,甲,\n1,甲,=1\n二,,依\n"
    assert [where for _, where in faults(text)] == [
        "row 3 column A",
        "row 3 column B",
        "row 3 column C",
        "row 4 column A",
        "row 4 column B",
    ]


def test_wrong_encodings_are_told_with_the_byte() -> None:
    assert faults("事项\n甲\n".encode("utf-16")) == [("encoding", "file")]
    assert faults(b"item\n\xff\xfe\n") == [("encoding", "file")]


def test_a_hundred_thousand_rows_are_refused() -> None:
    many = "事项\n" + "".join(f"事项{n}\n" for n in range(100_000))
    assert faults(many)[0][0] == "too-many-rows"
    assert faults(workbook([["事项"], *([f"事项{n}"] for n in range(20_000))]))[0][0] == (
        "too-many-rows"
    )
    assert len(read_list("\n".join(["事项", *map(str, range(MAX_ROWS))]).encode()).rows) == MAX_ROWS


def test_a_header_that_is_missing_is_told_with_what_was_found_instead() -> None:
    with pytest.raises(FaultyFile) as refused:
        read_list("编码,任务书\n1,甲\n".encode())
    assert "编码 | 任务书" in refused.value.issues[0].message
    assert "事项" in refused.value.faults[0].label.zh


def test_blank_rows_and_unknown_columns_are_left_out_and_said() -> None:
    found = read_list("事项,年份\n甲,2020\n\n乙,2021\n\n\n".encode())
    assert texts(found) == ["甲", "乙"]
    assert [(r.code, r.where) for r in found.remarks] == [
        ("ignored-column", "row 1 column B"),
        ("blank", "row 3"),
    ]
    sheet_found = read_list(workbook([["事项"], ["甲"], [None], ["乙"]]))
    assert [(r.code, r.where) for r in sheet_found.remarks] == [("blank", "row 3")]


def test_a_dash_says_that_there_is_nothing() -> None:
    found = read_list("事项,依据,部门\n甲,—,-\n".encode())
    assert (found.rows[0].basis, found.rows[0].department) == ("", "")


def test_a_cell_of_several_lines_is_one_text() -> None:
    found = read_list('事项\n"协助做好\n人口普查"\n乙\n'.encode())
    assert texts(found) == ["协助做好人口普查", "乙"]
    assert [row.at for row in found.rows] == [2, 4]
    assert found.remarks == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            workbook([["事项", "部门"], ["甲", "公安"], ["乙", ""]], "B2:B3"),
            ("merged", "row 2 column B"),
        ),
        (workbook([["事项"], ["=1+1"]]), ("formula", "row 2 column A")),
        (workbook([["事项"], ["甲"]], more=["别的"]), ("sheets", "file")),
        (workbook([]), ("empty-file", "file")),
        (b"PK\x03\x04 no zip", ("xlsx", "file")),
        (package("<no xml"), ("xlsx", "file")),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, ("old-excel", "file")),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), ("xlsx-encrypted", "file")),
    ],
)
def test_each_fault_of_a_sheet_is_told(data: bytes, says: tuple[str, str]) -> None:
    assert faults(data) == [says]


def test_what_expands_too_far_is_refused_before_it_is_read() -> None:
    bomb = package(sheet(""), {"xl/sharedStrings.xml": b"\0" * (MAX_EXPANDED + 1)})
    assert len(bomb) < 2**20
    assert faults(bomb) == [("xlsx-size", "file")]
    parts = package(sheet(""), {f"x/{n}": b"" for n in range(MAX_PARTS)})
    assert faults(parts) == [("xlsx-size", "file")]


def test_entities_are_not_expanded_and_no_other_file_is_read() -> None:
    # https://docs.python.org/3/library/xml.html#xml-vulnerabilities: billion laughs, XXE.
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    cell = f'<row r="1">{inline("&b;")}</row>'
    assert faults(package(sheet(cell, laughs))) == [("xlsx", "file")]
    outside = '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/hostname">]>'
    assert faults(package(sheet(cell, outside))) == [("xlsx", "file")]
    # openpyxl itself parses with it, too.
    assert functions.fromstring.__module__ == functions.iterparse.__module__ == "defusedxml.common"


def test_rows_far_down_and_columns_far_out_take_no_memory() -> None:
    far = f'<row r="1">{inline("事项")}</row><row r="1048576">{inline("甲", "A1048576")}</row>'
    assert texts(read_list(package(sheet(far)))) == ["甲"]
    head = f'<row r="1">{inline("事项")}{inline("x", "XFD1")}</row>'
    wide = f'{head}<row r="2">{inline("甲", "A2")}</row>'
    assert texts(read_list(package(sheet(wide)))) == ["甲"]


def test_headings_are_known_in_both_languages_and_dress() -> None:
    names = {
        "序 号": "number",
        "事项名称（共20项）": "item",
        "Item": "item",
        "＊责任部门": "department",
        "【必填】事　项（共20项）：": "item",
    }
    assert {text: heading(text) for text in names} == names


def test_what_is_no_heading_any_more_is_not_guessed_at() -> None:
    others = ("事项清单", "事:项", "事（）项", "事*项", "（事项）", "", "：")
    assert [heading(text) for text in others] == [None] * len(others)


def test_every_fault_can_be_told_in_both_languages() -> None:
    names = "byte code reason found name columns limit first text range files count names"
    values: dict[str, object] = {name: 1 for name in names.split()}
    for code in wording()["faults"]:
        told = Fault(code, 1, 27, values).label
        assert told.zh
        assert told.en
    assert (letters(1), letters(26), letters(27), letters(703)) == ("A", "Z", "AA", "AAA")


CELLS = st.lists(st.lists(st.text(max_size=6), max_size=4), max_size=5)


@given(CELLS, st.sampled_from(["事项,依据", "序号,事项", "item", "x,y"]), st.sampled_from("\n\r,"))
def test_any_text_is_read_or_refused(rows: list[list[str]], header: str, end: str) -> None:
    data = (header + "\n" + end.join(",".join(row) for row in rows)).encode("utf-8", "replace")
    _read_or_refuse(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for front in (b"", b"PK\x03\x04", "事项\n".encode(), "事项\n".encode("gb18030")):
        _read_or_refuse(front + data)


SMALL = workbook([["事项"], ["甲"]])


@settings(max_examples=60)
@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=40))
def test_a_damaged_sheet_is_read_or_refused(at: int, noise: bytes) -> None:
    _read_or_refuse(SMALL[:at] + noise + SMALL[at + len(noise) :])


def _read_or_refuse(data: bytes) -> None:
    try:
        found = read_list(data)
    except FaultyFile as error:
        refused = error
    else:
        assert found.rows
        assert len({row.number for row in found.rows}) == len(found.rows)
        assert all(row.text and not row.text.startswith("=") for row in found.rows)
        return
    assert refused.faults
    assert refused.issues
