"""Whole decisions in one process: from facts as they come to a verdict, or to the full answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rules.compiled import Compiled, compile_kind, reference_kind
from rules.decide import Decision, Detail, decide
from rules.model import Rulebook
from tests.benchmarks import vectors
from tests.benchmarks.rounds import Contender, Timed, latencies, percentile, timed
from tests.benchmarks.vectors import Asked


@dataclass(frozen=True)
class Latency:
    """Microseconds of single calls."""

    p50: float
    p95: float
    p99: float
    most: float


@dataclass(frozen=True)
class Decisions:
    """Verdicts of practice and generated cases, and full answers of practice cases."""

    verdicts: Timed
    full: Latency


def run(rulebook: Rulebook, *, count: int, rounds: int) -> Decisions:
    """Time decisions on the practice cases and on `count` generated ones."""
    ours = compile_kind(rulebook, vectors.KIND)
    reference = reference_kind(rulebook, vectors.KIND)
    practice = vectors.practice()
    generated = vectors.generated(rulebook.vocabulary, count)

    def deciding(compiled: Compiled, detail: Detail) -> Callable[[Asked], Decision]:
        def ask(asked: Asked) -> Decision:
            return decide(
                vectors.KIND, asked.facts, asked.as_of, rulebook, detail=detail, compiled=compiled
            )

        return ask

    verdicts = timed(
        [
            Contender("verdict of a practice case", deciding(ours, "verdict"), practice),
            Contender("verdict of a generated case", deciding(ours, "verdict"), generated),
            Contender(
                "verdict of a practice case, generated function",
                deciding(reference, "verdict"),
                practice,
            ),
        ],
        rounds,
    )
    full = latencies(Contender("full answer", deciding(ours, "full"), practice), rounds)
    return Decisions(verdicts, latency(full))


def latency(ordered: list[float]) -> Latency:
    """Percentiles of sorted times."""
    return Latency(
        percentile(ordered, 0.5), percentile(ordered, 0.95), percentile(ordered, 0.99), ordered[-1]
    )
