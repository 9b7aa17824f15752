"""Diagrams as values: every term has its box, nothing lies over another, nothing outside."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.terms.diagram import Box, Diagram, Link, around, forest, width_of

names = st.text(st.sampled_from("社区居民委员会abcdefgh"), min_size=1, max_size=14)
links = st.lists(names.map(lambda n: Link(n, f"/ontology/{n}")), max_size=40)
joined = st.lists(names.map(lambda n: Link(n, f"/o/{n}", "属性", "/o/p")), max_size=20)


def apart(a: Box, b: Box) -> bool:
    return (
        a.x + a.width <= b.x
        or b.x + b.width <= a.x
        or a.y + a.height <= b.y
        or b.y + b.height <= a.y
    )


def check(drawn: Diagram) -> None:
    for box in drawn.boxes:
        assert box.x >= -0.01
        assert box.y >= -0.01
        assert box.x + box.width <= drawn.width + 0.01
        assert box.y + box.height <= drawn.height + 0.01
    assert all(apart(a, b) for a, b in combinations(drawn.boxes, 2))
    for line in drawn.lines:
        for x, y in line.points:
            assert -0.01 <= x <= drawn.width + 0.01
            assert -0.01 <= y <= drawn.height + 0.01


@given(above=links, below=links, into=joined, out=joined)
def test_boxes_lie_apart_and_inside(
    above: list[Link], below: list[Link], into: list[Link], out: list[Link]
) -> None:
    drawn = around(Link("规范", "/ontology/Norm"), above, below, into, out)
    check(drawn)
    assert [box.role for box in drawn.boxes].count("self") == 1


def test_what_is_too_much_is_counted_and_not_left_out_silently() -> None:
    many = [Link(f"类{n}", f"/o/{n}") for n in range(60)]
    drawn = around(Link("中", "/o"), [], many, many, many)
    more = [box.link.text for box in drawn.boxes if box.role == "more"]
    shown = sum(box.role != "more" for box in drawn.boxes) - 1
    assert sum(int(text.removeprefix("+")) for text in more) == 180 - shown
    assert len(more) == 3


def test_each_line_leads_to_its_property() -> None:
    out = [Link("机构", "/o/Body", "制定机关", "/o/authority")]
    drawn = around(Link("文件", "/o/Instrument"), [], [], [], out)
    assert [line.via for line in drawn.lines] == [Link("制定机关", "/o/authority")]


@given(
    st.lists(
        st.tuples(names.map(lambda n: Link(n, "/o")), st.integers(0, 4)), min_size=1, max_size=90
    )
)
def test_a_forest_has_each_term_once_below_its_parent(rows: list[tuple[Link, int]]) -> None:
    # A term is at most one deeper than the one before it.
    depth, walked = -1, []
    for link, wanted in rows:
        depth = min(wanted, depth + 1)
        walked.append((link, depth))
    drawn = forest(walked)
    check(drawn)
    own = [box for box in drawn.boxes if box.role in ("self", "below")]
    assert [box.link for box in own] == [link for link, _ in walked]
    # Whatever stands below something is joined to it, in the column it stands in.
    assert len(drawn.lines) == sum(box.role == "below" for box in drawn.boxes)


@pytest.mark.parametrize(("text", "wide"), [("社区", 28), ("", 0), ("ab", 15.68)])
def test_a_wide_character_counts_as_two(text: str, wide: float) -> None:
    """UAX #11: East Asian Width."""
    assert width_of(text) == pytest.approx(wide)
