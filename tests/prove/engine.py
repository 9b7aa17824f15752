"""The long proofs of the engine: brute force, both evaluators, memory, crashes, at full counts.

    python tests/prove/engine.py [--reduced] [--only PROOF] [--from SEED]

Each proof tells what it counted; the command fails where one of them does. What the tests run at
reduced counts is the same code (`tests/rules/`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from kb.library import load_library  # noqa: E402 - the folder is run by path
from ontology.vocabulary import load_vocabulary  # noqa: E402
from rules.compiled import compile_kind  # noqa: E402
from rules.publish import build_rulebook  # noqa: E402
from tests.rules.compare import differences  # noqa: E402
from tests.rules.differential import (  # noqa: E402
    decisions_differ,
    generated_vectors,
    masks_differ,
    pair,
    vectors,
)
from tests.rules.generate import KIND, day, requests, rulebook  # noqa: E402
from tests.rules.oracle import Oracle  # noqa: E402

BLOCK = 500
"""Vectors of the shipped rulebook drawn from one seed."""
LIMITS = (
    ("one_fact", 500),
    ("equal_conditions", 1000),
    ("distinct_conditions", 600),
    ("attributes", 600),
    ("absences", 300),
    ("never_asked", 400),
)
KIB_OVER_DECISIONS = 1024
KIB_OVER_SWAPS = 5 * 1024

Counted = tuple[int, list[str]]
"""How many cases, and a line for each that failed."""


def oracle(count: int, first: int) -> Counted:
    """Decisions beside every completion, tried one by one."""
    done, wrong, seed = 0, list[str](), first
    while done < count:
        made, on = rulebook(seed), day(seed)
        truth = Oracle(made, KIND, on)
        if truth.size <= 1500:
            compiled = compile_kind(made, KIND)
            for number, asked in enumerate(requests(seed, made, 5)):
                done += 1
                for line in differences(made, compiled, truth, asked, on):
                    wrong.append(f"seed {seed}, request {number}: {line}")
        seed += 1
    return done, wrong


def shipped(count: int, first: int) -> Counted:
    """Whole decisions by durable_rules and by the generated function on the shipped rulebook."""
    made = build_rulebook(load_vocabulary(), load_library())
    two, wrong = pair(made), list[str]()
    for seed in range(first, first + count // BLOCK):
        for asked, on in vectors(made, seed, BLOCK):
            if masks_differ(two, asked, on) or decisions_differ(two, asked, on):
                wrong.append(f"seed {seed}: {asked} on {on}")
    return count // BLOCK * BLOCK, wrong


def generated(count: int, first: int) -> Counted:
    """Whole decisions by both on generated rulebooks."""
    wrong = list[str]()
    for seed in range(first, first + count // 20):
        made, found = generated_vectors(seed, 20)
        two = pair(made)
        for asked, on in found:
            if masks_differ(two, asked, on) or decisions_differ(two, asked, on):
                wrong.append(f"seed {seed}: {asked} on {on}")
    return count // 20 * 20, wrong


def masks(count: int, first: int) -> Counted:
    """What is known of a request, by both, on the shipped rulebook."""
    made = build_rulebook(load_vocabulary(), load_library())
    two, wrong = pair(made), list[str]()
    for seed in range(first, first + count // BLOCK):
        for asked, on in vectors(made, seed, BLOCK):
            if masks_differ(two, asked, on):
                wrong.append(f"seed {seed}: {asked} on {on}")
    return count // BLOCK * BLOCK, wrong


def limits(count: int, first: int) -> Counted:
    """Right answers past the limits of durable_rules, each in a process of its own."""
    runs = [(name, most * count // 100) for name, most in LIMITS]
    return len(runs), [f"{n} {c}: {told}" for n, c in runs if (told := _run(n, c)[1])]


def memory_over_decisions(count: int, first: int) -> Counted:
    """At most 1 MiB over decisions on one rulebook, and over questions to one engine."""
    return count, [
        *_grown("decisions", count, KIB_OVER_DECISIONS),
        *_grown("questions", count, KIB_OVER_DECISIONS),
    ]


def memory_over_swaps(count: int, first: int) -> Counted:
    """At most 5 MiB over rulebooks that follow one another."""
    return count, _grown("swaps", count, KIB_OVER_SWAPS)


def _grown(name: str, count: int, most: int) -> list[str]:
    told, wrong = _run(name, count)
    if wrong:
        return [wrong]
    print(f"    {name}: {int(told)} KiB over {count}")
    return [f"{name}: {told.strip()} KiB over {count}"] if int(told) > most else []


def _run(name: str, count: int) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rules.limits", name, str(count)],
        cwd=ROOT,
        env={**os.environ, "MALLOC_PERTURB_": "165"},
        capture_output=True,
        text=True,
        timeout=7200,
        check=False,
    )
    failed = f"ended with {done.returncode}: {done.stderr[-500:]}" if done.returncode else ""
    return done.stdout, failed


PROOFS: dict[str, tuple[Callable[[int, int], Counted], int, int]] = {
    # name: (proof, full count, reduced count); whole decisions are 100,000 together.
    "generated": (generated, 60_000, 1_000),
    "memory-decisions": (memory_over_decisions, 200_000, 10_000),
    "memory-swaps": (memory_over_swaps, 500, 50),
    "limits": (limits, 100, 40),
    "masks": (masks, 500_000, 10_000),
    "oracle": (oracle, 100_000, 2_000),
    "shipped": (shipped, 40_000, 500),
}


def main() -> int:
    """Run the proofs; 1 where one of them fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--reduced", action="store_true", help="far smaller counts")
    parser.add_argument("--only", choices=PROOFS, help="one proof")
    parser.add_argument("--from", dest="first", type=int, default=1_000_000, help="first seed")
    options = parser.parse_args()
    failed = False
    for name, (proof, full, reduced) in PROOFS.items():
        if options.only in (None, name):
            begun = time.monotonic()
            counted, wrong = proof(reduced if options.reduced else full, options.first)
            failed |= bool(wrong)
            took = time.monotonic() - begun
            verdict = f"{len(wrong)} WRONG" if wrong else "all right"
            print(f"{name:18} {counted:>8} cases  {verdict:>12}  {took:8.0f} s", flush=True)
            for line in wrong[:10]:
                print(f"    {line[:1000]}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
