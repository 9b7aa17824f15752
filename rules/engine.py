"""The durable_rules adapter: the only module that knows durable_rules 2.0.28.

The engine is asked which conjunctions possibly hold: its fact names the literals that cannot hold,
and a conjunction fires where none of its own is named. Of those that fire, the ones that read no
unsure literal (possible, but not certain) certainly hold, for the strong Kleene value of a
conjunction is its least literal. So one question gives both masks, what is unknown stays unsaid,
and every test in the engine is "this attribute is absent". A single literal is its own conjunction
and needs no engine. This keeps clear of what makes durable_rules wrong, slow or fatal (each point
is tested in test_engine.py):

- facts, never events: an event is consumed by the first rule, a fact fires all of them;
- one session and one fact id for ever, retracted after each question, and a ruleset that faulted is
  never asked again: no state outlives a question. The session is deleted only with its ruleset
  (which alone would not free it), and only since an action has run in it: deleting one before that
  crashes the process;
- a host whose polling threads never start, since they could steal a firing;
- a rule that asks only for absence would fire on the engine's own record of the session, for ever:
  the first test of each rule is `k`, which only our fact has;
- attribute names are ours and checked against the engine's 32-bit name hash; values are 1;
- at most 60 conjunctions and 200 attributes a ruleset: pending nodes at any moment are roots of
  disjoint subtrees, so they never exceed the conjunctions, and the engine's limits of 64 pending
  nodes, 128 absences side by side, 255 equal conditions, 511 distinct conditions and 252 properties
  cannot be reached.

What it costs grows with the fact, which is parsed, copied at each firing, and searched at each test
of a value (not of an absence): so names are short, and what several bits share is asked once.
"""

from __future__ import annotations

import threading
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from string import ascii_letters, ascii_uppercase, digits
from typing import Any, Final

import durable_rules_engine as native
from durable import engine as durable

from rules.network import Network

MAX_PATHS: Final = 60
MAX_ATTRIBUTES: Final = 200
_SESSION: Final = "0"
_FACT: Final = '{"id":"1","k":1'
_RETRACT: Final = '{"id":"1"}'
_MATCHED: Final = 0
_UNMATCHED: Final = 1
_RUN: Final = 3
_MOST_KNOWN: Final = 512
_RULES: Final = ascii_letters + digits
"""Names of rules: one character each, which stands third in the message of a firing."""
_GUARD: Final = "k"
_ATTRIBUTES: Final = (
    *(letter for letter in ascii_letters if letter != _GUARD),
    *(a + b for a in ascii_uppercase for b in digits),
)
_names = count()


class EngineFault(Exception):
    """durable_rules failed inside; there is no verdict, and the engine is clean again."""


class _QuietHost(durable.Host):  # type: ignore[misc]
    """A host without its two polling threads: they may take a firing away from its caller."""

    def _run(self) -> None:
        return


class Engine:
    """Evaluates a network on sets of possible regions; safe to share between threads."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._lock = threading.Lock()
        self._closed = False
        # The literals that most conjunctions share come first, and are tested once for all of them.
        shared = Counter(literal for path in network.paths for literal in path.literals)
        bits: dict[_Conjunction, int] = {}
        for path in network.paths:
            literals = tuple(sorted(path.literals, key=lambda x: (-shared[x], x)))
            bits[literals] = bits.get(literals, 0) | 1 << path.bit
        self._always = bits.pop((), 0)
        self._shards = [_Shard(network, part) for part in _sharded(bits)]

    def __call__(self, state: tuple[int, ...]) -> tuple[int, int]:
        """The bits that certainly hold and those that possibly hold.

        `state` gives, slot by slot, the mask of possible regions. Raises EngineFault.
        """
        certain = possible = self._always
        with self._lock:
            if self._closed:
                raise EngineFault("the engine is closed")
            for shard in self._shards:
                sure, may = shard.ask(state)
                certain |= sure
                possible |= may
        return certain, possible

    def close(self) -> None:
        """Free the compiled rulesets; the engine answers no more."""
        with self._lock:
            self._closed = True
            for shard in self._shards:
                shard.close()


_Conjunction = tuple[int, ...]
"""Literals by number."""


@dataclass(frozen=True, slots=True)
class _Literal:
    """A literal of a shard: where it holds, how a fact denies it, and what hangs on it.

    `at` is its slot's place in the run of slots, `readers` are the conjunctions it is part of,
    `bits` what it makes true by itself.
    """

    at: int
    mask: int
    denial: str
    readers: int
    bits: int


class _Shard:
    """One durable_rules ruleset and the attributes its conjunctions read.

    `bits` says what each conjunction makes true.
    """

    def __init__(self, network: Network, bits: Mapping[_Conjunction, int]) -> None:
        joined = [literals for literals in bits if len(literals) > 1]
        asked = sorted({literal for literals in joined for literal in literals})
        attributes = dict(zip(asked, _ATTRIBUTES, strict=False))
        _refuse_hash_collisions([*attributes.values(), _GUARD, "id", "sid"])
        runs: dict[int, list[_Literal]] = {}
        for literal in sorted({literal for literals in bits for literal in literals}):
            slot = network.literals[literal].slot
            runs.setdefault(slot // _RUN, []).append(
                _Literal(
                    slot % _RUN,
                    network.literals[literal].mask,
                    f',"{attributes[literal]}":1' if literal in attributes else "",
                    sum(1 << i for i, literals in enumerate(joined) if literal in literals),
                    bits.get((literal,), 0),
                )
            )
        # A few slots at a time: what their masks mean is worked out once and kept.
        self._runs: list[tuple[slice, list[_Literal], dict[tuple[int, ...], _Known]]] = [
            (slice(run * _RUN, (run + 1) * _RUN), literals, {}) for run, literals in runs.items()
        ]
        self._fired: dict[str, tuple[int, int]] = {}
        self._denied: dict[str, list[str]] = {}
        for i, (name, literals) in enumerate(zip(_RULES, joined, strict=False)):
            self._fired[name] = (1 << i, bits[literals])
            self._denied[name] = [attributes[literal] for literal in literals]
        self._handle: Any = None
        self._freed: weakref.finalize[[Any], _Shard] | None = None
        self._open()

    def _open(self) -> None:
        """Compile the ruleset, and see that it answers."""
        if not self._denied:
            return
        definition: dict[str, Any] = {}
        for rule, denied in self._denied.items():
            absent = [{"$nex": {attribute: 1}} for attribute in denied]
            definition[rule] = {"all": [{"m": {"$and": [{_GUARD: 1}, *absent]}}], "run": _ignore}
        name = f"r{next(_names)}"
        host = _QuietHost()
        host.set_rulesets({name: definition})
        handle = host.get_ruleset(name)._handle
        # Nothing denied must fire everything; from then on the session can be deleted.
        if sorted(self._ask(handle, "")) != sorted(self._fired.values()):
            raise EngineFault("durable_rules does not answer as it was told")
        self._handle = handle
        self._freed = weakref.finalize(self, _free, handle)
        self._freed.atexit = False

    def ask(self, state: tuple[int, ...]) -> tuple[int, int]:
        denials: list[str] = []
        unsure = certain = possible = 0
        for run, literals, known in self._runs:
            masks = state[run]
            found = known.get(masks)
            if found is None:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                found = known[masks] = _known(literals, masks)
            denials.append(found[0])
            unsure |= found[1]
            certain |= found[2]
            possible |= found[3]
        for conjunction, bits in self._fire("".join(denials)):
            possible |= bits
            if not unsure & conjunction:
                certain |= bits
        return certain, possible

    def _fire(self, denials: str) -> list[tuple[int, int]]:
        """The conjunctions that fire, each as a bit with the bits it makes true."""
        if not self._denied:
            return []
        if self._handle is None:
            self._open()
        try:
            return self._ask(self._handle, denials)
        except BaseException as problem:
            # Half-propagated, the fact would fire in the next question; half-fired, the session
            # would stay silent for its lease of 30 s. Nobody asks this ruleset again, and it is not
            # freed, since what a fault leaves of a session is not known.
            self._handle = None
            if self._freed is not None:
                self._freed.detach()
            if isinstance(problem, EngineFault) or not isinstance(problem, Exception):
                raise
            raise EngineFault("durable_rules failed") from problem

    def _ask(self, handle: Any, denials: str) -> list[tuple[int, int]]:
        names = self._fired
        fired: list[tuple[int, int]] = []
        status, offset = native.assert_fact(handle, f"{_FACT}{denials}}}")
        if status not in (_MATCHED, _UNMATCHED):
            raise EngineFault("a fact of an earlier question was still there")
        if status == _MATCHED:
            action = native.start_action_for_state(handle, offset)
            if not action:
                raise EngineFault("something matched and nothing fires")
            message = action[1]
            while message:
                fired.append(names[message[2]])
                message = native.complete_and_start_action(handle, offset)
        native.retract_fact(handle, _RETRACT)
        return fired

    def close(self) -> None:
        if self._freed is not None:
            self._freed()


def _free(handle: Any) -> None:
    native.delete_state(handle, _SESSION)
    native.delete_ruleset(handle)


_Known = tuple[str, int, int, int]
"""What masks deny, whom they leave unsure, and the bits they make certain and possible alone."""


def _known(literals: list[_Literal], masks: tuple[int, ...]) -> _Known:
    denials, unsure, certain, possible = "", 0, 0, 0
    for literal in literals:
        mask = masks[literal.at]
        if not mask & literal.mask:
            denials += literal.denial
            continue
        possible |= literal.bits
        if mask & ~literal.mask:
            unsure |= literal.readers
        else:
            certain |= literal.bits
    return denials, unsure, certain, possible


def _sharded(bits: Mapping[_Conjunction, int]) -> Iterator[dict[_Conjunction, int]]:
    shard: dict[_Conjunction, int] = {}
    rules = 0
    read: set[int] = set()
    for literals, made_true in bits.items():
        rule = len(literals) > 1
        if rules + rule > MAX_PATHS or (shard and len(read.union(literals)) > MAX_ATTRIBUTES):
            yield shard
            shard, rules, read = {}, 0, set()
        shard[literals] = made_true
        rules += rule
        read.update(literals)
    if shard:
        yield shard


def _refuse_hash_collisions(names: list[str]) -> None:
    hashes = {_fnv1a(name): name for name in names}
    if len(hashes) != len(names):
        raise EngineFault("two attribute names share the engine's 32-bit hash")


def _fnv1a(name: str) -> int:
    value = 2166136261
    for byte in name.encode():
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def _ignore(_: object) -> None:
    """Actions do nothing: the adapter reads the firings itself."""
