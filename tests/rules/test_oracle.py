"""Decisions are what brute force over every completion finds (DESIGN §4).

The oracle is checked by hand first: where it and the engine share a mistake, nothing else shows it.
"""

from __future__ import annotations

import pytest

from rules.compiled import compile_kind
from tests.rules.compare import differences
from tests.rules.generate import DAY, KIND, day, measuring, requests, rulebook
from tests.rules.oracle import Oracle, Request
from tests.rules.oracle_answers import (
    assumptions,
    changes,
    demands,
    findings,
    missing,
    standards,
)
from tests.rules.small import book, fact, is_, rule

BLOCKS = 12
BOOKS_A_BLOCK = 50
REQUESTS = 5


@pytest.mark.parametrize("block", range(BLOCKS))
def test_decisions_are_what_every_completion_says(block: int) -> None:
    wrong: list[str] = []
    for seed in range(block * BOOKS_A_BLOCK, (block + 1) * BOOKS_A_BLOCK):
        generated = rulebook(seed)
        oracle = Oracle(generated, KIND, day(seed))
        if oracle.size > 1500:
            continue
        compiled = compile_kind(generated, KIND)
        for number, asked in enumerate(requests(seed, generated, REQUESTS)):
            for line in differences(generated, compiled, oracle, asked, day(seed)):
                wrong.append(f"seed {seed}, request {number}: {line}")
    assert not wrong, "\n".join(wrong[:5])


@pytest.mark.parametrize("block", range(BLOCKS))
def test_so_are_decisions_by_standards_and_on_what_is_advised(block: int) -> None:
    wrong: list[str] = []
    for seed in range(block * 25, (block + 1) * 25):
        generated = measuring(seed, by="permission" if seed % 5 == 4 else "standards")
        oracle = Oracle(generated, KIND, day(seed))
        if oracle.size > 1500:
            continue
        compiled = compile_kind(generated, KIND)
        for number, asked in enumerate(requests(seed, generated, REQUESTS)):
            for line in differences(generated, compiled, oracle, asked, day(seed)):
                wrong.append(f"seed {seed}, request {number}: {line}")
    assert not wrong, "\n".join(wrong[:5])


def test_generated_standards_reach_every_corner() -> None:
    verdicts, rows, computed = set(), set(), set()
    for seed in range(150):
        generated = measuring(seed)
        oracle = Oracle(generated, KIND, day(seed))
        if oracle.size > 1500:
            continue
        for asked in requests(seed, generated, REQUESTS):
            request = Request(dict(asked.facts))
            verdicts.add(oracle.verdict(request))
            rows |= {(status, applies) for _, status, applies, _ in standards(oracle, request)}
            computed |= {
                p.origins[f.name] for p in oracle.parts(request) for f in oracle.facts if f.computed
            }
    reasons = ("place", "day", "not-a-task", "no-rule", "facts", "reading")
    assert verdicts == {("non-compliant", None), ("compliant", None)} | {
        ("undetermined", r) for r in reasons
    }
    applying = {(s, a) for s in ("met", "unmet", "unknown") for a in ("applies", "may-apply")}
    assert rows == applying | {("defeated", None)}
    assert computed == {"given", "derived", "unknown"}


def test_generated_cases_reach_every_corner() -> None:
    """Each verdict, reason and status occurs: a generator that left one out would prove less."""
    verdicts, statuses, applying, sizes = set(), set(), set(), set()
    for seed in range(200):
        generated = rulebook(seed)
        oracle = Oracle(generated, KIND, day(seed))
        if oracle.size > 1500:
            continue
        for asked in requests(seed, generated, REQUESTS):
            request = Request(dict(asked.facts))
            verdicts.add(oracle.verdict(request))
            statuses |= {found.status for found in findings(oracle, request)}
            applying |= {(d.status, d.applies, d.changeable) for d in demands(oracle, request)}
            sizes |= {("missing", len(names)) for names, _ in missing(oracle, request)}
            sizes |= {("changes", len(acts)) for acts in changes(oracle, request)}
            sizes |= {("assumptions", 1) for _ in assumptions(oracle, request)}
    reasons = ("place", "day", "not-a-task", "no-rule", "facts", "reading")
    settled = ("inadmissible", "conditional", "admissible")
    assert verdicts == {(v, None) for v in settled} | {("undetermined", r) for r in reasons}
    assert statuses == {"holds", "fails", "unknown", "defeated"}
    assert {s for s, _, _ in applying} == {"met", "unmet", "unknown"}
    assert {(a, c) for _, a, c in applying} == {
        (a, c) for a in ("applies", "may-apply") for c in (False, True)
    }
    assert sizes >= {("missing", 1), ("missing", 2), ("missing", 3), ("assumptions", 1)}
    assert sizes >= {("changes", 1), ("changes", 2)}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"x": True}, ("inadmissible", None)),
        ({"x": True, "y": False, "excused": True}, ("undetermined", "no-rule")),
        ({"x": False, "y": True, "paid": True}, ("admissible", None)),
        ({"x": False, "y": True, "paid": False}, ("conditional", None)),
        ({"x": False, "y": True}, ("conditional", None)),
        ({"x": False, "y": False}, ("undetermined", "no-rule")),
        ({"y": True}, ("undetermined", "facts")),
        ({}, ("undetermined", "facts")),
    ],
)
def test_the_oracle_by_hand(given: dict[str, bool], expected: tuple[str, str | None]) -> None:
    law = book(
        [
            fact("x"),
            fact("y"),
            fact("paid", by="assigner", to=[True]),
            fact("excused", presumed=False),
        ],
        [
            rule("ban", "forbids", is_("x")),
            rule("exception", "none", is_("excused"), defeats=["ban"]),
            rule("leave", "permits", is_("y")),
            rule("money", "requires", that=is_("paid")),
        ],
    )
    assert Oracle(law, KIND, DAY).verdict(Request(given)) == expected


def test_the_oracle_knows_what_would_help() -> None:
    law = book(
        [fact("x"), fact("paid", by="assigner", to=[True])],
        [rule("leave", "permits", is_("x")), rule("money", "requires", that=is_("paid"))],
    )
    oracle = Oracle(law, KIND, DAY)
    assert changes(oracle, Request({"x": True})) == [(("paid", True),)]
    assert changes(oracle, Request({"x": False})) == []
    assert missing(oracle, Request({})) == [(("x",), {(("x", True),): "conditional"})]
    assert missing(oracle, Request({"x": True})) == [
        (("paid",), {(("paid", False),): "conditional", (("paid", True),): "admissible"})
    ]
    assert missing(oracle, Request({"x": True, "paid": False})) == []
