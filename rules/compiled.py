"""Compiled rulebooks: built once a revision and kind, kept in a bounded cache, then freed."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from rules import condition as conditions
from rules.condition import Condition
from rules.engine import Engine
from rules.judge import Table, table_of
from rules.model import Rulebook
from rules.network import Network, compile_rules
from rules.reference import Evaluator, generate
from rules.state import Frame


@dataclass(frozen=True, slots=True)
class Compiled:
    """All that deciding one kind needs of a rulebook.

    `repeated` has, rule by rule, the slots (as bits) that are read more than once by the rule, what
    may defeat it, and what it requires: while none of them is open, strong Kleene values are exact;
    otherwise an open value is looked into.
    """

    network: Network
    table: Table
    frame: Frame
    evaluate: Evaluator
    repeated: tuple[int, ...]


def compile_kind(
    rulebook: Rulebook, kind: str, evaluator: Callable[[Network], Evaluator] = Engine
) -> Compiled:
    """Compile the rules of one kind. Raises CompileError; KeyError for an unknown kind."""
    network = compile_rules(kind, rulebook.rules.get(kind, ()), rulebook.vocabulary)
    by = rulebook.vocabulary.decision(kind).verdict_by
    table, frame = table_of(network, by), Frame(network)
    return Compiled(network, table, frame, evaluator(network), _repeated(network, table))


def reference_kind(rulebook: Rulebook, kind: str) -> Compiled:
    """As `compile_kind`, with the generated function in place of durable_rules."""
    return compile_kind(rulebook, kind, generate)


class Compilations:
    """At most `size` compiled kinds, the least recently used freed first; for many threads."""

    def __init__(self, size: int = 8) -> None:
        self._size = size
        self._kept: OrderedDict[tuple[str, str], Compiled] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, rulebook: Rulebook, kind: str) -> Compiled:
        """The compiled kind of a rulebook, from the cache where it is there."""
        key = (rulebook.revision, kind)
        with self._lock:
            compiled = self._kept.get(key)
            if compiled is None:
                compiled = self._kept[key] = compile_kind(rulebook, kind)
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return compiled


@cache
def shared() -> Compilations:
    """The cache of this process."""
    return Compilations()


def _repeated(network: Network, table: Table) -> tuple[int, ...]:
    """For each rule the slots that its family and its requirement read more than once."""

    def read(tree: Condition) -> Iterator[int]:
        for test in conditions.tests(tree):
            slot = network.slots[test.fact]
            yield slot
            if slot in network.applies_when:
                yield from read(network.applies_when[slot])

    # A rule that defeats in two ways (itself, and a rule that defeats as well) is read twice.
    counts = [Counter(read(network.trees[i])) for i in range(len(network.rules))]
    for target, defeaters in table.defeated_by:
        for defeater in defeaters:
            counts[target] += counts[defeater]
    for i, met in network.met.items():
        counts[i] = counts[i] + Counter(read(network.trees[met]))
    return tuple(
        sum(1 << slot for slot, count in counted.items() if count > 1) for counted in counts
    )
