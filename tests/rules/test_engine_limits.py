"""The limits of durable_rules and its memory: right answers beyond them, and nothing kept.

Each in a process of its own, since past its limits durable_rules crashes or hangs. Freed memory is
overwritten there (MALLOC_PERTURB_), so that use after free shows. The full counts of the bounds
(1 MiB over 200,000 decisions, 5 MiB over 500 swaps) are in `tests/prove/engine.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(name: str, count: int) -> str:
    """The output of one of `tests.rules.limits` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.rules.limits", name, str(count)],
        cwd=ROOT,
        env={**os.environ, "MALLOC_PERTURB_": "165"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("one_fact", 70),
        ("one_fact", 200),
        ("equal_conditions", 256),
        ("equal_conditions", 300),
        ("distinct_conditions", 513),
        ("attributes", 320),
        ("absences", 130),
        ("never_asked", 40),
    ],
)
def test_right_answers_past_the_limits(name: str, count: int) -> None:
    run(name, count)


@pytest.mark.parametrize(
    ("name", "count", "most"),
    [("questions", 20_000, 256), ("decisions", 10_000, 512), ("swaps", 50, 1024)],
)
def test_memory_does_not_grow(name: str, count: int, most: int) -> None:
    """In KiB: far below what one leak a question (7 KiB) or a swap (370 KiB) would take."""
    assert int(run(name, count)) <= most
