"""Stand-off repairs: recorded edits, the way back to the source, nothing silent (DESIGN §2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.repairs import Repair, mend
from ontology.label import Label

WHY = Label("因", "why")


def _repair(source: str, start: int, end: int, replacement: str | None) -> Repair:
    name = f"r{start}"
    return Repair(name, "rejoin", start, end, source[start:end], replacement, WHY)


@st.composite
def _repaired(draw: st.DrawFn) -> tuple[str, tuple[Repair, ...]]:
    source = draw(st.text("甲乙丙\n", min_size=1, max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(source)), max_size=8)))
    edits = [
        _repair(source, start, end, draw(st.sampled_from(["", "丁", "戊己", None])))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return source, tuple(edits)


@given(_repaired())
def test_every_stretch_of_the_mended_text_leads_back_to_the_source(
    case: tuple[str, tuple[Repair, ...]],
) -> None:
    source, repairs = case
    mended = mend(source, repairs)
    expected, done = "", 0
    for repair in sorted(repairs, key=lambda r: r.start):
        if repair.replacement is not None:
            expected += source[done : repair.start] + repair.replacement
            done = repair.end
    assert mended.text == expected + source[done:]
    for start in range(len(mended.text)):
        for end in range(start + 1, len(mended.text) + 1):
            first, last = mended.source_span(start, end)
            assert 0 <= first < last <= len(source)
            if not any(r.edits for r in mended.touched(start, end)):
                assert source[first:last] == mended.text[start:end]


@given(_repaired())
def test_parts_that_tile_the_mended_text_tile_the_source(
    case: tuple[str, tuple[Repair, ...]],
) -> None:
    source, repairs = case
    mended = mend(source, repairs)
    bounds = [mended.boundary(at) for at in range(len(mended.text) + 1)]
    if mended.text:
        assert bounds == sorted(bounds)
        assert (bounds[0], bounds[-1]) == (0, len(source))


def test_repairs_that_overlap_or_misread_the_source_are_refused() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        mend("甲乙丙", [_repair("甲乙丙", 0, 2, ""), _repair("甲乙丙", 1, 3, "")])
    with pytest.raises(ValueError, match="does not read"):
        mend("甲乙丙", [_repair("丁戊己", 0, 2, "")])


def test_a_note_changes_nothing_and_is_found_again() -> None:
    mended = mend("甲乙丙", [_repair("甲乙丙", 1, 2, None)])
    assert mended.text == "甲乙丙"
    assert [r.id for r in mended.touched(0, 2)] == ["r1"]
    assert mended.touched(2, 3) == ()
