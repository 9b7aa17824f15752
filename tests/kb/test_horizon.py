"""Later instruments that are known but not held: shown, never decided by (DESIGN §4)."""

from __future__ import annotations

from kb.library import load_library


def test_the_horizon_names_what_is_known_to_come_after_2020() -> None:
    horizon = load_library().horizon
    assert [(e.number, e.date, e.jurisdiction) for e in horizon] == [
        ("厅字〔2022〕28号", "2022", ""),
        ("吉办发〔2023〕13号", "2023", "22"),
        ("延州办发〔2023〕15号", "2023-09-28", "2224"),
        ("", "2024-03-28", ""),
        ("", "2024-08-06", ""),
        ("", "2026-01-01", ""),
    ]
    assert all(e.note.zh and e.note.en and e.source for e in horizon)


def test_a_number_that_sources_disagree_on_says_so() -> None:
    entry = load_library().horizon[1]
    assert "吉字〔2023〕13号" in entry.note.zh
