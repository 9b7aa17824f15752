"""From masks to standings: defeat, permission, requirements (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.judge import Standing, Table, effective, fate, standing, table_of
from rules.network import CompileError, compile_rules
from tests.rules.generate import KIND, rulebook
from tests.rules.small import book, fact, is_, rule, said, statuses


def table_for(seed: int) -> tuple[Table, int]:
    """The table of a generated rulebook and how many bits it has."""
    made = rulebook(seed)
    network = compile_rules(KIND, made.rules[KIND], made.vocabulary)
    return table_of(network), len(network.trees)


@st.composite
def masks(draw: st.DrawFn) -> tuple[Table, int, int]:
    """A table with what certainly and what possibly holds, at most six bits open."""
    table, bits = table_for(draw(st.integers(0, 300)))
    certain = draw(st.integers(0, (1 << bits) - 1))
    unsure = draw(st.sets(st.integers(0, bits - 1), max_size=6))
    possible = certain | sum(1 << bit for bit in unsure)
    for demand in table.demands:
        # What is met could be met: the network never says otherwise.
        possible |= demand.curable if possible & demand.met else 0
        certain |= demand.curable if certain & demand.met else 0
    return table, certain, possible | certain


def between(table: Table, certain: int, possible: int) -> Iterator[int]:
    """Every way the open bits can fall."""
    loose = [1 << i for i in range(possible.bit_length()) if (possible & ~certain) >> i & 1]
    for choice in range(1 << len(loose)):
        bits = certain | sum(bit for i, bit in enumerate(loose) if choice >> i & 1)
        if all(bits & d.curable or not bits & d.met for d in table.demands):
            yield bits


def standing_of(table: Table, bits: int) -> Standing:
    """The standing where everything is known, by the words of DESIGN §4."""
    undefeated = 0
    defeaters = dict(table.defeated_by)
    settled: dict[int, bool] = {}

    def holds(number: int) -> bool:
        if number not in settled:
            beaten = any(holds(by) for by in defeaters.get(number, ()))
            settled[number] = bool(bits >> number & 1) and not beaten
        return settled[number]

    for number in range(len(table.families)):
        undefeated |= holds(number) << number
    if undefeated & table.forbids:
        return Standing.FORBIDDEN
    permitted = bool(undefeated & table.permits)
    lacking = [d for d in table.demands if undefeated & d.trigger and not bits & d.met]
    if any(not bits & d.curable for d in lacking):
        return Standing.BARRED if permitted else Standing.OPEN_BARRED
    if not permitted:
        return Standing.OPEN
    return Standing.CONDITIONAL if lacking else Standing.ADMISSIBLE


@given(masks())
def test_a_standing_is_that_of_every_completion(case: tuple[Table, int, int]) -> None:
    table, certain, possible = case
    found = standing(table, certain, possible)
    if certain == possible:
        assert found is standing_of(table, certain)
    elif found is not None:
        every = {standing_of(table, bits) for bits in between(table, certain, possible)}
        assert every <= {found}


@given(masks())
def test_what_holds_undefeated_is_bounded_from_both_sides(case: tuple[Table, int, int]) -> None:
    table, certain, possible = case
    sure, may = effective(table, certain, possible)
    assert not sure & ~may
    for bits in between(table, certain, possible):
        known, same = effective(table, bits, bits)
        assert known == same
        assert not sure & ~known
        assert not known & ~may


@given(masks())
def test_a_fate_is_that_of_every_completion(case: tuple[Table, int, int]) -> None:
    table, certain, possible = case
    for number in range(len(table.families)):
        found = fate(table, number, certain, possible)
        every = {fate(table, number, bits, bits) for bits in between(table, certain, possible)}
        assert None not in every, "nothing is open where everything is known"
        assert found is None or every <= {found}


CHAIN = [
    rule("ban", "forbids", is_("x")),
    rule("exception", "permits", is_("y"), defeats=["ban"]),
    rule("counter", "none", is_("z"), defeats=["exception"]),
]


@pytest.mark.parametrize(
    ("y", "z", "verdict", "ban", "exception"),
    [
        (False, False, "inadmissible", "holds", None),
        (True, False, "admissible", "defeated", "holds"),
        (True, True, "inadmissible", "holds", "defeated"),
        (None, False, "undetermined", "unknown", "unknown"),
        (True, None, "undetermined", "unknown", "unknown"),
    ],
)
def test_a_defeater_may_itself_be_defeated(
    y: bool | None, z: bool | None, verdict: str, ban: str, exception: str | None
) -> None:
    law = book([fact("x"), fact("y"), fact("z")], CHAIN)
    body = said(law, {"x": True, "y": y, "z": z})
    assert body["verdict"] == verdict
    assert statuses(body).get("ban") == ban
    assert statuses(body).get("exception") == exception


def test_a_forbids_beats_any_permits_and_a_defeated_one_does_not() -> None:
    rules = [rule("ban", "forbids", is_("x")), rule("leave", "permits", is_("y"))]
    assert said(book([fact("x"), fact("y")], rules), {"x": True, "y": True})["verdict"] == (
        "inadmissible"
    )
    rules.append(rule("exception", "none", is_("y"), defeats=["ban"]))
    body = said(book([fact("x"), fact("y")], rules), {"x": True, "y": True})
    assert body["verdict"] == "admissible"
    [ban] = [f for f in body["findings"] if f["rule"] == "ban"]
    assert ban["defeated_by"] == [{"rule": "exception", "ground": "exception"}]


def test_all_rules_that_forbid_are_cited() -> None:
    law = book([fact("x")], [rule("one", "forbids", is_("x")), rule("two", "forbids", is_("x"))])
    assert statuses(said(law, {"x": True})) == {"one": "holds", "two": "holds"}


def test_a_rule_defeated_in_every_case_by_one_or_another_is_defeated() -> None:
    """`fallback` holds only where `first` does not, and either defeats the ban."""
    law = book(
        [fact("x")],
        [
            rule("ban", "forbids"),
            rule("first", "permits", is_("x"), defeats=["ban", "fallback"]),
            rule("fallback", "permits", defeats=["ban"]),
        ],
    )
    body = said(law, {})
    assert body["verdict"] == "admissible"
    [ban] = [f for f in body["findings"] if f["rule"] == "ban"]
    assert ban["status"] == "defeated"
    assert {d["rule"] for d in ban["defeated_by"]} == {"first", "fallback"}


def test_only_what_holds_in_some_case_is_named_as_defeating() -> None:
    never = {"all": [is_("x"), {"not": is_("x")}]}
    law = book(
        [fact("x")],
        [
            rule("ban", "forbids"),
            rule("always", "none", defeats=["ban"]),
            rule("sometimes", "none", is_("x"), defeats=["ban"]),
            rule("never", "none", never, defeats=["ban"]),
        ],
    )
    [ban] = [f for f in said(law, {})["findings"] if f["rule"] == "ban"]
    assert ban["status"] == "defeated"
    assert [d["rule"] for d in ban["defeated_by"]] == ["always", "sometimes"]


def test_circles_and_strangers_in_defeat_are_refused() -> None:
    circle = [rule("a", "none", defeats=["b"]), rule("b", "none", defeats=["a"])]
    stranger = [rule("a", "none", defeats=["nobody"])]
    for rules, message in ((circle, "circle: "), (stranger, "nobody, which is not a rule")):
        made = book([fact("x")], rules)
        with pytest.raises(CompileError, match=message):
            table_of(compile_rules(KIND, made.rules[KIND], made.vocabulary))
