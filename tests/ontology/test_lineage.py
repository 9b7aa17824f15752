"""A recoded division is the same one; what was split or merged is not (GB/T 2260, dated)."""

from __future__ import annotations

from datetime import date

import pytest

from ontology.place_index import Place
from ontology.places import PlaceTable
from ontology.vocabulary import load_vocabulary

PLACES = load_vocabulary().places


def past(code: str, day: str) -> list[tuple[str, str, str, list[str]]]:
    found = PLACES.formers(code, date.fromisoformat(day))
    return [
        (f.place.code, f.change, f.since.isoformat(), [p.code for p in f.successors]) for f in found
    ]


@pytest.mark.parametrize(
    ("code", "day", "found"),
    [
        # 国函〔2020〕84号: the county-level city went from 四平 to 长春, with another code.
        ("220184", "2020-06-05", [("220381", "recoded", "2020-06-05", ["220184"])]),
        ("220184", "2020-06-04", []),
        ("220113", "2021-01-01", [("220181", "recoded", "2014-10-20", ["220113"])]),
        # Renamed under the same code: there is no other code.
        ("220602", "2021-01-01", []),
        # 国函〔2014〕13号: 文登市 went to two districts, one of which has its name.
        ("371003", "2020-01-01", [("371081", "split", "2014-01-25", ["371003", "371002"])]),
        # 国函〔2012〕153号: 四方区 became part of a district that was there before.
        ("370203", "2020-01-01", [("370205", "merged", "2012-09-30", ["370203"])]),
        # 国函〔2020〕81号: a new district of two counties.
        (
            "370614",
            "2021-01-01",
            [
                ("370684", "merged", "2020-06-05", ["370614"]),
                ("370634", "merged", "2020-06-05", ["370614"]),
            ],
        ),
        # 国函〔2018〕163号: the city 莱芜 went into 济南, its district only got another code.
        ("370100", "2019-01-01", [("371200", "merged", "2018-12-26", ["370100"])]),
        ("3701", "2019-01-01", [("371200", "merged", "2018-12-26", ["370100"])]),
        ("370116", "2019-01-01", [("371202", "recoded", "2018-12-26", ["370116"])]),
        # Of 2021 only the year is known: the old code lasts through the year that the new one has.
        ("350405", "2021-06-01", [("350427", "recoded", "2021-01-01", ["350405"])]),
        ("22", "2021-01-01", []),
        ("", "2021-01-01", []),
    ],
)
def test_what_a_division_was(code: str, day: str, found: list[object]) -> None:
    assert past(code, day) == found


def test_a_division_recoded_twice_is_followed_all_the_way() -> None:
    def place(code: str, start: int, end: int, *successors: str) -> Place:
        days = (date(start, 1, 1) if start else None, date(end, 1, 1) if end else None)
        return Place(code, code, code, "county", None, *days, successors=successors)

    table = PlaceTable(
        [
            place("110101", 0, 2000, "110102"),
            place("110102", 2000, 2010, "110103"),
            place("110103", 2010, 0),
        ]
    )
    day = date(2015, 1, 1)
    assert [f.place.code for f in table.formers("110103", day)] == ["110102", "110101"]
    assert [f.place.code for f in table.formers("110102", date(2005, 1, 1))] == ["110101"]


def test_every_change_of_the_table_is_told_without_end() -> None:
    day = date(2024, 12, 31)
    told = [f for p in PLACES.places if p.held(day) for f in PLACES.formers(p.code, day)]
    assert {f.change for f in told} == {"recoded", "split", "merged"}
    assert all(f.successors and f.since <= day for f in told)
