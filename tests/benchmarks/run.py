"""Measure against other engines and bare endpoints, all in the same run.

`python tests/benchmarks/run.py` takes some minutes, writes RESULTS.md and results.json beside this
file and fails where a bar is missed. `--reduced` takes about a minute, writes nothing, and fails
only where a contender answers otherwise than the rest: small shared machines are no place to
measure. Names of parts (engines, decisions, start, http, sparql) leave out the others, and nothing
is written. `--large` asks 5 million statements as well; Virtuoso is left out where it is not
installed (Debian: virtuoso-opensource-7-bin).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.benchmarks import (
    decisions,
    engines,
    http_bench,
    report,
    sparql_bench,
    start,
    vectors,
)

PARTS: Final = ("engines", "decisions", "start", "http", "sparql")


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    vectors: int
    sample: int
    rounds: int
    starts: int
    http_rounds: int
    alone: int
    together: int
    statements: tuple[int, ...]
    sparql: sparql_bench.Effort


_FULL: Final = sparql_bench.Effort(rounds=7, cap=30, kills=25, crowds=3, seconds=4)
_REDUCED: Final = sparql_bench.Effort(rounds=1, cap=1, kills=1, crowds=1, seconds=1)
FULL: Final = Size(3000, 1000, 15, 7, 9, 400, 1600, (450_000, 1_000_000), _FULL)
REDUCED: Final = Size(800, 150, 5, 2, 3, 100, 320, (60_000,), _REDUCED)
LARGEST: Final = 5_000_000


def main(arguments: list[str]) -> int:
    """Measure, print, write; the exit code."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--reduced", action="store_true", help="a short run that writes nothing")
    parser.add_argument("--large", action="store_true", help="5 million statements as well")
    chosen = parser.parse_args(arguments)
    parts = tuple(chosen.parts) or PARTS
    for part in parts:
        if part not in PARTS:
            parser.error(f"{part} is not one of {', '.join(PARTS)}")
    size = REDUCED if chosen.reduced else FULL
    if chosen.large:
        size = replace(size, statements=(*size.statements, LARGEST))
    results = measure(size, parts)
    print(report.page(results))
    bars = results.bars()
    if chosen.reduced:
        return 0
    if parts == PARTS:
        report.write(results, Path(__file__).parent)
    return int(not all(bar.met for bar in bars))


def measure(size: Size, parts: tuple[str, ...]) -> report.Results:
    """Measure the parts that are asked for."""
    machine = report.machine()
    rulebook = vectors.shipped_rulebook()
    found_engines = found_decisions = found_start = found_http = None
    found_sparql = None
    if "engines" in parts:
        _say("engines")
        found_engines = engines.run(
            rulebook, count=size.vectors, sample=size.sample, rounds=size.rounds
        )
    if "decisions" in parts:
        _say("decisions")
        found_decisions = decisions.run(rulebook, count=size.sample, rounds=size.rounds)
    if "start" in parts:
        _say("first decision")
        found_start = report.Start(start.command_line(size.starts), start.service(size.starts))
    if "http" in parts:
        _say("http")
        found_http = http_bench.run(
            rounds=size.http_rounds, alone=size.alone, together=size.together
        )
    if "sparql" in parts:
        _say("sparql")
        found_sparql = sparql_bench.run(size.statements, size.sparql)
    return report.Results(
        machine, found_engines, found_decisions, found_start, found_http, found_sparql
    )


def _say(part: str) -> None:
    if sys.stderr.isatty():
        print(f"measuring: {part}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
