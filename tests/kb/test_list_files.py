"""What national laws say of committees: references, unchecked, deriving nothing (DESIGN §2)."""

from __future__ import annotations

from datetime import date

import pytest

from kb.derive import consulted, derive
from kb.library import load_library
from kb.register import KINDS, REFERENCES, REGISTRABLE, Register
from ontology.vocabulary import Vocabulary, load_vocabulary


@pytest.fixture(scope="module")
def register() -> Register:
    return load_library().register


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def test_every_row_of_the_sources_is_there(register: Register) -> None:
    counts = {found.id: len(found.rows) for found in register.lists}
    assert counts == {
        "cn-minfa-2020-20-list-1": 20,
        "cn-law-assist": 52,
        "cn-law-committees": 14,
        "cn-law-certificates": 9,
    }


def test_every_law_a_row_names_is_marked_unchecked(register: Register) -> None:
    rows = [row for found in register.lists if found.kind in REFERENCES for row in found.rows]
    assert len(rows) == 75
    assert all(row.basis.endswith("（未核原文）") for row in rows)
    assert {row.mapped.confidence for row in rows} == {"high", "medium", "low"}


def test_rows_of_the_residents_law_of_2018_end_with_2025(register: Register) -> None:
    # The revision of 2025 takes its place on 2026-01-01.
    found = register.get("cn-law-committees")
    assert found is not None
    ends = {row.number: row.end for row in found.rows}
    assert {n for n, end in ends.items() if end == date(2026, 1, 1)} == set(range(1, 13))
    assert (ends[13], ends[14]) == (None, None)


def test_a_month_stays_an_interval_and_an_unknown_start_stays_unknown(register: Register) -> None:
    found = register.get("cn-law-assist")
    assert found is not None
    starts = {row.number: (row.start, row.latest) for row in found.rows}
    assert starts[14] == (date(2021, 5, 1), date(2021, 5, 31))  # 动物防疫法，2021-05施行
    assert starts[1] == (None, None)
    assert not any(found.surely_in_force(date(y, 1, 1)) for y in (1990, 2020, 2030))


def test_codes_and_roles_of_shipped_rows_are_in_the_vocabulary(
    register: Register, vocabulary: Vocabulary
) -> None:
    for found in register.lists:
        codes = vocabulary.code_lists[
            "certificates" if "certificates" in found.kind else "task-kinds"
        ]
        for row in found.rows:
            assert set(row.codes) <= set(codes.codes), (found.id, row.number)
            assert row.mapped.role in {"", *vocabulary.code_lists["roles"].codes}


def test_references_derive_nothing(register: Register, vocabulary: Vocabulary) -> None:
    # task.statutory_basis is asserted by a person, never derived: nobody checked the article.
    facts = {
        "task.kind": [c for c in vocabulary.code_lists["task-kinds"].codes],
        "certificate.name": ["adoption-family-situation", "guardianship"],
        "community.jurisdiction": "220102",
    }
    day = date(2021, 5, 1)
    found = derive("admissibility", facts, day, register, vocabulary)
    assert {d.fact for d in found} == {"task.government_duty"}
    assert consulted("admissibility", facts, day, register, vocabulary) == (
        "cn-minfa-2020-20-list-1",
    )


def test_what_may_be_registered_and_what_is_reference_make_up_the_kinds() -> None:
    assert set(KINDS) == {*REGISTRABLE, *REFERENCES}
    assert len(REGISTRABLE) == 5
