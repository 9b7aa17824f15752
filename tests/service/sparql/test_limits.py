"""Limits by role: what the setting says, and that the more a role may the more it has."""

from __future__ import annotations

import pytest

from service.errors import BadSetting
from service.settings import Settings
from service.sparql.limits import Allowance, Caps, allowance_of, read_allowance

EVERYONE = Caps(seconds=30, rows=100, bytes=1000, memory=5000)


def test_a_role_has_what_the_one_before_it_has() -> None:
    found = read_allowance("analyst seconds=60 rows=200; admin rows=300", EVERYONE)
    assert found.of(None) == EVERYONE
    assert found.of("analyst") == Caps(60, 200, 1000, 5000)
    assert found.of("legal") == found.of("analyst")
    assert found.of("admin") == Caps(60, 300, 1000, 5000)


def test_the_workers_are_made_for_the_most_that_any_role_has() -> None:
    assert read_allowance("legal memory=9000", EVERYONE).memory == 9000
    assert read_allowance("legal memory=10", EVERYONE).memory == 5000


def test_no_words_leave_every_role_what_everyone_has() -> None:
    assert read_allowance(" ; ", EVERYONE).of("admin") == EVERYONE
    assert Allowance(EVERYONE).of("admin") == EVERYONE


def test_the_default_can_be_read() -> None:
    found = allowance_of(Settings())
    assert found.of(None).rows == 100_000
    assert found.of("analyst").seconds == 120


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("analist rows=1", "analyst"),
        ("analyst row=1", "rows"),
        ("analyst rows=many", "rows=many"),
        ("analyst rows=0", "rows=0"),
        ("analyst seconds=-1", "seconds=-1"),
        ("analyst seconds=nan", "seconds=nan"),
        ("analyst rows", "rows"),
    ],
)
def test_what_is_no_limit_is_told_with_the_nearest_word(text: str, said: str) -> None:
    with pytest.raises(BadSetting) as bad:
        read_allowance(text, EVERYONE)
    assert said in f"{bad.value.detail} {bad.value.hint}"
