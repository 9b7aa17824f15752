"""Timing on a shared machine: contenders take turns, and medians of rounds are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Contender:
    """Who is timed: a call, and the inputs made ready for it beforehand."""

    name: str
    ask: Callable[[Any], Any]
    inputs: Sequence[Any]


@dataclass(frozen=True)
class Timed:
    """Microseconds a call, round by round."""

    rounds: Mapping[str, tuple[float, ...]]

    def micros(self, name: str) -> float:
        """The median round of a contender."""
        return median(self.rounds[name])

    def ratio(self, slower: str, faster: str) -> float:
        """How many times as long `slower` takes: the median over rounds of the ratio in each."""
        pairs = zip(self.rounds[slower], self.rounds[faster], strict=True)
        return median(a / b for a, b in pairs)


def timed(contenders: Sequence[Contender], rounds: int) -> Timed:
    """Time every contender once a round, in an order that turns from round to round."""
    found: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for turn in range(rounds):
        at = turn % len(contenders)
        for contender in (*contenders[at:], *contenders[:at]):
            ask, inputs = contender.ask, contender.inputs
            began = perf_counter()
            for value in inputs:
                ask(value)
            found[contender.name].append((perf_counter() - began) / len(inputs) * 1e6)
    return Timed({name: tuple(times) for name, times in found.items()})


def latencies(contender: Contender, rounds: int) -> list[float]:
    """Microseconds of every single call, sorted."""
    found: list[float] = []
    for _ in range(rounds):
        for value in contender.inputs:
            began = perf_counter()
            contender.ask(value)
            found.append((perf_counter() - began) * 1e6)
    return sorted(found)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` (0…1) of the sorted values lie."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
