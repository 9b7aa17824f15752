"""The engine beside its peers, on the same rules and states; all must answer alike to be timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rules.compiled import Compiled, compile_kind, reference_kind
from rules.judge import standing
from rules.model import Rulebook
from rules.state import State
from tests.benchmarks import peer_cedar, peer_clips, peer_durable, peer_zen, vectors
from tests.benchmarks.bars import Bar
from tests.benchmarks.coding import code
from tests.benchmarks.rounds import Contender, Timed, timed

OURS: Final = "durable adapter"
GENERATED: Final = "generated function"
JUDGED: Final = "durable adapter and judge"


class Disagreement(Exception):
    """A contender that does not answer as the generated function does."""


@dataclass(frozen=True)
class Engines:
    """What was asked and how long everybody took."""

    rules: int
    bits: int
    conjunctions: int
    vectors: int
    unknown: float
    timed: Timed

    def bars(self) -> list[Bar]:
        """The bars against peers; where a peer holds rules in several ways, against the fastest."""
        public = min((peer_durable.PLAIN, peer_durable.DENYING), key=self.timed.micros)
        zen = min((peer_zen.TABLE, peer_zen.EXPRESSIONS), key=self.timed.micros)
        return [
            Bar(f"adapter, times as fast as {peer}", self.timed.ratio(peer, OURS), least)
            for peer, least in ((public, 3.0), ("clipspy", 2.5), ("cedarpy", 5.0), (zen, 10.0))
        ]


def run(rulebook: Rulebook, *, count: int, sample: int, rounds: int) -> Engines:
    """Check all contenders on all vectors, then time them on `sample` of them.

    `count` cases are generated beside the practice cases. Raises Disagreement.
    """
    ours = compile_kind(rulebook, vectors.KIND)
    reference = reference_kind(rulebook, vectors.KIND)
    words = rulebook.vocabulary
    asked = [*vectors.practice(), *vectors.generated(words, count)]
    states = vectors.states(ours, words, asked)
    contenders = _contenders(ours, reference, states)
    expected = [reference.evaluate(state) for state in states]
    for contender in contenders:
        for at, value in enumerate(contender.inputs):
            if tuple(contender.ask(value)) != expected[at]:
                raise Disagreement(f"{contender.name}: {states[at]}")
    contenders.append(Contender(JUDGED, _judged(ours), states))
    few = [Contender(c.name, c.ask, c.inputs[:sample]) for c in contenders]
    open_facts = sum(any(mask & (mask - 1) for mask in state) for state in states)
    return Engines(
        rules=len(ours.network.rules),
        bits=len(ours.network.trees),
        conjunctions=len({path.literals for path in ours.network.paths}),
        vectors=len(states),
        unknown=open_facts / len(states),
        timed=timed(few, rounds),
    )


def _contenders(ours: Compiled, reference: Compiled, states: list[State]) -> list[Contender]:
    coding = code(ours.network, states)
    return [
        Contender(OURS, ours.evaluate, states),
        Contender(GENERATED, reference.evaluate, states),
        peer_durable.contender(coding, states),
        peer_durable.denying(coding, states),
        peer_clips.contender(coding, states),
        peer_cedar.contender(coding, states),
        *peer_zen.contenders(coding, states),
    ]


def _judged(ours: Compiled) -> Callable[[State], object]:
    evaluate, table = ours.evaluate, ours.table

    def judge(state: State) -> object:
        certain, possible = evaluate(state)
        return standing(table, certain, possible)

    return judge
