"""The durable_rules adapter: the only module that knows durable_rules 2.0.28.

The engine is asked which conjunctions possibly hold: its fact is the literals that are not known to
fail. Of those it fires, the ones that read no open literal (possible, but not certain) certainly
hold, for the strong Kleene value of a conjunction is its least literal. So one question gives both
masks without a second ruleset full of not-exists tests, and every test in the engine is the plain
equality ``attribute == 1``. This keeps clear of what makes durable_rules wrong, slow or fatal (each
point is tested in test_engine.py):

- facts, never events: an event is consumed by the first rule, a fact fires all of them;
- one session and one fact id for ever, retracted after each question and after each fault: no state
  outlives a question. The session is deleted only with its ruleset (which alone would not free it),
  and only since an action has run in it: deleting one before that crashes the process;
- a host whose polling threads never start, since they could steal a firing;
- attribute names are ours and checked against the engine's 32-bit name hash; values are 1;
- at most 60 conjunctions and 200 attributes a ruleset: pending nodes at any moment are roots of
  disjoint subtrees, so they never exceed the conjunctions, and the engine's limits of 64 pending
  nodes, 255 equal conditions, 511 distinct conditions and 252 properties cannot be reached.

What it costs is mostly the length of the fact, which is parsed once and copied at each firing, so
names are short, and alternatives that several bits share are asked once.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Mapping
from itertools import count
from string import ascii_letters, ascii_uppercase, digits
from typing import Any, Final

import durable_rules_engine as native
from durable import engine as durable

from rules.network import Network

MAX_PATHS: Final = 60
MAX_ATTRIBUTES: Final = 200
_SESSION: Final = "0"
_RETRACT: Final = '{"id":"1"}'
_OBSERVED: Final = 2
_RULES: Final = ascii_letters + digits
"""Names of rules: one character each, which stands third in the message of a firing."""
_ATTRIBUTES: Final = (*ascii_letters, *(a + b for a in ascii_uppercase for b in digits))
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
        bits: dict[_Conjunction, int] = {}
        for path in network.paths:
            bits[path.literals] = bits.get(path.literals, 0) | 1 << path.bit
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
_Literals = list[tuple[int, str, int]]
"""The literals of one slot: mask, text in a fact, and the conjunctions that read it (as bits)."""


class _Shard:
    """One durable_rules ruleset and the attributes its conjunctions read.

    `bits` says what each conjunction makes true.
    """

    def __init__(self, network: Network, bits: Mapping[_Conjunction, int]) -> None:
        read = sorted({literal for literals in bits for literal in literals})
        attributes = dict(zip(read, _ATTRIBUTES, strict=False))
        _refuse_hash_collisions([*attributes.values(), "id", "sid"])
        held: dict[int, _Literals] = {}
        for literal in read:
            readers = sum(1 << i for i, literals in enumerate(bits) if literal in literals)
            text = f',"{attributes[literal]}":1'
            slot, mask = network.literals[literal].slot, network.literals[literal].mask
            held.setdefault(slot, []).append((mask, text, readers))
        self._slots: list[tuple[int, _Literals, dict[int, tuple[str, int]]]] = [
            (slot, literals, {}) for slot, literals in held.items()
        ]
        self._fired: dict[str, tuple[int, int]] = {}
        definition: dict[str, Any] = {}
        for i, (name, literals) in enumerate(zip(_RULES, bits, strict=False)):
            self._fired[name] = (1 << i, bits[literals])
            conjunction = [{attributes[literal]: 1} for literal in literals]
            definition[name] = {"all": [{"m": {"$and": conjunction}}], "run": _ignore}
        self._handle: Any = None
        self._freed: weakref.finalize[[Any], _Shard] | None = None
        if definition:
            name = f"r{next(_names)}"
            host = _QuietHost()
            host.set_rulesets({name: definition})
            self._handle = host.get_ruleset(name)._handle
            # Everything at once must fire everything; from then on the session can be deleted.
            everything = "".join(f',"{attribute}":1' for attribute in attributes.values())
            if sorted(self._fire(everything)) != sorted(self._fired.values()):
                raise EngineFault("durable_rules does not answer as it was told")
            self._freed = weakref.finalize(self, _free, self._handle)
            self._freed.atexit = False

    def ask(self, state: tuple[int, ...]) -> tuple[int, int]:
        texts: list[str] = []
        unsure = 0
        for slot, literals, known in self._slots:
            mask = state[slot]
            found = known.get(mask)
            if found is None:
                found = known[mask] = _held(literals, mask)
            texts.append(found[0])
            unsure |= found[1]
        certain = possible = 0
        for conjunction, bits in self._fire("".join(texts)):
            possible |= bits
            if not unsure & conjunction:
                certain |= bits
        return certain, possible

    def _fire(self, attributes: str) -> list[tuple[int, int]]:
        """The conjunctions that fire, each as a bit with the bits it makes true."""
        if not attributes or self._handle is None:
            return []
        handle = self._handle
        fired: list[tuple[int, int]] = []
        try:
            status, offset = native.assert_fact(handle, f'{{"id":"1"{attributes}}}')
            if status == _OBSERVED:
                raise EngineFault("a fact of an earlier question was still there")
            if status == 0:
                action = native.start_action_for_state(handle, offset)
                message = action and action[1]
                while message:
                    fired.append(self._fired[message[2]])
                    message = native.complete_and_start_action(handle, offset)
        except EngineFault:
            native.retract_fact(handle, _RETRACT)
            raise
        except BaseException as problem:
            # Half-propagated, the fact would fire in the next question.
            native.retract_fact(handle, _RETRACT)
            if isinstance(problem, Exception):
                raise EngineFault("durable_rules failed") from problem
            raise
        native.retract_fact(handle, _RETRACT)
        return fired

    def close(self) -> None:
        if self._freed is not None:
            self._freed()


def _free(handle: Any) -> None:
    native.delete_state(handle, _SESSION)
    native.delete_ruleset(handle)


def _held(literals: _Literals, mask: int) -> tuple[str, int]:
    """Literals that possibly hold in a mask, as text, and who reads one that need not hold."""
    possible = [literal for literal in literals if mask & literal[0]]
    unsure = 0
    for truth, _, readers in possible:
        if mask & ~truth:
            unsure |= readers
    return "".join(text for _, text, _ in possible), unsure


def _sharded(bits: Mapping[_Conjunction, int]) -> Iterator[dict[_Conjunction, int]]:
    shard: dict[_Conjunction, int] = {}
    read: set[int] = set()
    for literals, made_true in bits.items():
        if shard and (len(shard) >= MAX_PATHS or len(read.union(literals)) > MAX_ATTRIBUTES):
            yield shard
            shard, read = {}, set()
        shard[literals] = made_true
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
