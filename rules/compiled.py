"""Compiled rulebooks: built once a revision and kind, kept in a bounded cache, then freed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from rules import condition as conditions
from rules.engine import Engine
from rules.judge import Table, table_of
from rules.model import Rulebook
from rules.network import Network, compile_rules
from rules.reference import Evaluator, generate
from rules.state import Frame


@dataclass(frozen=True, slots=True)
class Compiled:
    """All that deciding one kind needs of a rulebook.

    `read_once` names the rules (as bits) whose strong Kleene value is exact because no fact occurs
    twice in them or in what may defeat them; for others an open value is looked into.
    """

    network: Network
    table: Table
    frame: Frame
    evaluate: Evaluator
    read_once: int


def compile_kind(
    rulebook: Rulebook, kind: str, evaluator: Callable[[Network], Evaluator] = Engine
) -> Compiled:
    """Compile the rules of one kind. Raises CompileError; KeyError for an unknown kind."""
    network = compile_rules(kind, rulebook.rules.get(kind, ()), rulebook.vocabulary)
    return Compiled(
        network, table_of(network), Frame(network), evaluator(network), _read_once(network)
    )


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


def _read_once(network: Network) -> int:
    exact = 0
    for i, rule in enumerate(network.rules):
        family, before = {rule.id}, 0
        while len(family) != before:
            before = len(family)
            family |= {r.id for r in network.rules if any(d.rule in family for d in r.defeats)}
        read: list[str] = []
        for j, member in enumerate(network.rules):
            if member.id in family:
                for test in conditions.tests(network.trees[j]):
                    read.append(test.fact)
                    existence = network.applies_when.get(network.slots[test.fact])
                    read += conditions.facts_of(existence) if existence else ()
        if len(read) == len(set(read)):
            exact |= 1 << i
    return exact
