"""The durable_rules adapter: the only module that knows durable_rules 2.0.28.

One ruleset is asked twice, with the literals that certainly hold and with those that possibly
hold, instead of a second ruleset full of not-exists tests: the answers are the two masks of strong
Kleene logic, and every test in the engine is the plain equality ``attribute == 1``. This keeps
clear of what makes durable_rules wrong, slow or fatal (each point is tested in test_engine.py):

- facts, never events: an event is consumed by the first rule, a fact fires all of them;
- one session and one fact id for ever, retracted after each question and after each fault: no state
  outlives a question. The session is deleted only with its ruleset (which alone would not free it),
  and only since an action has run in it: deleting one before that crashes the process;
- a host whose polling threads never start, since they could steal a firing;
- attribute names are ours (`a0`…) and checked against the engine's 32-bit name hash; values are 1;
- at most 48 paths and 200 attributes a ruleset: pending nodes at any moment are roots of disjoint
  subtrees, so they never exceed the paths, and the engine's limits of 64 pending nodes, 255 equal
  conditions, 511 distinct conditions and 252 properties cannot be reached.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from itertools import count
from typing import Any, Final

import durable_rules_engine as native
from durable import engine as durable

from rules.network import Network, Path

MAX_PATHS: Final = 48
MAX_ATTRIBUTES: Final = 200
_SESSION: Final = "0"
_RETRACT: Final = '{"id":"1"}'
_OBSERVED: Final = 2
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
        self._shards = [_Shard(network, paths) for paths in _sharded(network.paths)]

    def __call__(self, state: tuple[int, ...]) -> tuple[int, int]:
        """The bits that certainly hold and those that possibly hold.

        `state` gives, slot by slot, the mask of possible regions. Raises EngineFault.
        """
        certain = possible = 0
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


class _Shard:
    """One durable_rules ruleset and the attributes its paths read."""

    def __init__(self, network: Network, paths: list[Path]) -> None:
        read = sorted({literal for path in paths for literal in path.literals})
        attributes = {literal: f"a{i}" for i, literal in enumerate(read)}
        _refuse_hash_collisions([*attributes.values(), "id", "sid"])
        self._always = sum(1 << path.bit for path in paths if not path.literals)
        self._by_slot: list[tuple[int, list[tuple[int, str]]]] = []
        for slot in sorted({network.literals[literal].slot for literal in read}):
            held = [
                (network.literals[literal].mask, f',"{attributes[literal]}":1')
                for literal in read
                if network.literals[literal].slot == slot
            ]
            self._by_slot.append((slot, held))
        self._fragments: dict[tuple[int, int], tuple[str, str]] = {}
        self._fired: dict[str, int] = {}
        definition: dict[str, Any] = {}
        for i, path in enumerate(path for path in paths if path.literals):
            name = f"p{i}"
            self._fired[name] = 1 << path.bit
            conjunction = [{attributes[literal]: 1} for literal in path.literals]
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
            if self._fire(everything) != sum({*self._fired.values()}):
                raise EngineFault("durable_rules does not answer as it was told")
            self._freed = weakref.finalize(self, _free, self._handle)
            self._freed.atexit = False

    def ask(self, state: tuple[int, ...]) -> tuple[int, int]:
        sure, may = [], []
        fragments = self._fragments
        for slot, held in self._by_slot:
            mask = state[slot]
            pair = fragments.get((slot, mask))
            if pair is None:
                pair = (
                    "".join(text for literal, text in held if not mask & ~literal),
                    "".join(text for literal, text in held if mask & literal),
                )
                fragments[slot, mask] = pair
            sure.append(pair[0])
            may.append(pair[1])
        certain = self._fire("".join(sure))
        possible = certain if sure == may else self._fire("".join(may))
        return certain | self._always, possible | self._always

    def _fire(self, attributes: str) -> int:
        if not attributes or self._handle is None:
            return 0
        handle = self._handle
        fired = 0
        try:
            status, offset = native.assert_fact(handle, f'{{"id":"1"{attributes}}}')
            if status == _OBSERVED:
                raise EngineFault("a fact of an earlier question was still there")
            if status == 0:
                action = native.start_action_for_state(handle, offset)
                message = action and action[1]
                while message:
                    fired |= self._fired[message[2 : message.index('"', 2)]]
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


def _sharded(paths: tuple[Path, ...]) -> Iterator[list[Path]]:
    shard: list[Path] = []
    read: set[int] = set()
    for path in paths:
        if shard and (len(shard) >= MAX_PATHS or len(read.union(path.literals)) > MAX_ATTRIBUTES):
            yield shard
            shard, read = [], set()
        shard.append(path)
        read.update(path.literals)
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
