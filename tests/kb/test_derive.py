"""Derived facts: the code list's government duties and the national list of 2020 (DESIGN §4)."""

from __future__ import annotations

from datetime import date

import pytest

from kb.derive import Derivation, derive
from kb.library import load_library
from kb.register import Register
from ontology.label import Label
from ontology.vocabulary import CodeList, Concept, GovernmentDuty, Vocabulary, load_vocabulary

LIST = "cn-minfa-2020-20-list-1"
AFTER = date(2020, 4, 27)


@pytest.fixture(scope="module")
def register() -> Register:
    return load_library().register


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def _certificates(found: tuple[Derivation, ...]) -> list[tuple[str, int | None]]:
    return [(d.part["certificate.name"], d.row) for d in found if d.fact == "certificate.list"]


def test_a_certificate_of_the_national_list_is_negative_from_its_publication(
    register: Register, vocabulary: Vocabulary
) -> None:
    # The start is uncertain (2020-02-01…2020-04-27); inside the interval nothing is derived.
    facts = {"task.kind": ["certificate"], "certificate.name": ["kinship"]}
    days = (date(2020, 1, 31), date(2020, 2, 1), date(2020, 4, 26), AFTER, date(2024, 1, 1))
    derived = [_certificates(derive("admissibility", facts, d, register, vocabulary)) for d in days]
    assert derived == [[], [], [], [("kinship", 1)], [("kinship", 1)]]


def test_each_certificate_is_derived_for_its_own_part(
    register: Register, vocabulary: Vocabulary
) -> None:
    facts = {"task.kind": ["certificate"], "certificate.name": ["alive", "residence", "death"]}
    found = derive("admissibility", facts, AFTER, register, vocabulary)
    assert _certificates(found) == [("alive", 10), ("death", 11)]
    assert {d.value for d in found if d.fact == "certificate.list"} == {"negative"}


def test_not_being_on_the_national_list_says_nothing(
    register: Register, vocabulary: Vocabulary
) -> None:
    # A local list may still name it: "none" is never derived.
    facts = {"task.kind": ["certificate"], "certificate.name": "residence"}
    assert _certificates(derive("admissibility", facts, AFTER, register, vocabulary)) == []


def test_every_row_of_the_list_is_the_certificate_the_code_list_numbers(
    register: Register, vocabulary: Vocabulary
) -> None:
    listed = register.get(LIST)
    assert listed is not None
    numbered = {
        c.number: c.code for c in vocabulary.code_lists["certificates"].concepts if c.number
    }
    assert {row.number: row.code for row in listed.rows} == numbered
    assert sorted(numbered) == list(range(1, 21))


def _words() -> Vocabulary:
    zh = Label("甲", "a")
    duty = GovernmentDuty(True, Label("依据", "ground"))
    freed = GovernmentDuty(False, Label("另有依据", "another ground"))
    kinds = CodeList(
        "task-kinds",
        zh,
        (
            Concept("broad", None, zh, government_duty=duty),
            Concept("narrow", "broad", zh),
            Concept("narrower", "narrow", zh, government_duty=freed),
            Concept("other", None, zh),
        ),
    )
    return Vocabulary({}, {"task-kinds": kinds, "certificates": CodeList("certificates", zh, ())})


def test_a_government_duty_comes_from_the_nearest_entry_that_speaks_of_it() -> None:
    facts = {"task.kind": ["narrow", "narrower", "other", "unknown-code"]}
    found = derive("admissibility", facts, AFTER, Register(), _words())
    assert [(d.part["task.kind"], d.value, d.source.en) for d in found] == [
        ("narrow", True, "ground"),
        ("narrower", False, "another ground"),
    ]


@pytest.mark.parametrize("value", [None, 7, True, ["broad", 3, None], {"broad": 1}])
def test_faulty_facts_derive_nothing_wrong_and_raise_nothing(value: object) -> None:
    found = derive(
        "admissibility",
        {"task.kind": value, "certificate.name": value},
        AFTER,
        Register(),
        _words(),
    )
    assert all(d.part["task.kind"] == "broad" for d in found)


def test_other_decision_kinds_have_their_own_facts(
    register: Register, vocabulary: Vocabulary
) -> None:
    facts = {"task.kind": ["enforcement"], "certificate.name": ["kinship"]}
    assert derive("compliance", facts, AFTER, register, vocabulary) == ()
