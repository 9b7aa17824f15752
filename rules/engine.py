"""The durable_rules adapter: the only module that knows durable_rules 2.0.28.

The engine finds the conjunctions that possibly hold. Its fact names the literals that cannot hold
and, of each conjunction, one *key* that may (`denial`): a conjunction fires where its key is named
and none of its other literals is. So one question gives both masks of strong Kleene logic, and what
is unknown stays unsaid. This keeps clear of what makes durable_rules wrong, slow or fatal (each
point is tested in test_engine.py):

- facts, never events: an event is consumed by the first rule, a fact fires all of them;
- one session and one fact id for ever, retracted after each question, and a ruleset that faulted is
  never asked again: no state outlives a question. The session is deleted only with its ruleset
  (which alone would not free it), and only since an action has run in it: deleting one before that
  crashes the process;
- a host whose polling threads never start, since they could steal a firing;
- a rule that asks only for absence would fire on the engine's own record of the session, for ever:
  the first test of each rule is for its key, which only our fact has;
- attribute names are ours and checked against the engine's 32-bit name hash; values are 1;
- at most 60 rules, 16 keys and 200 denials a ruleset: pending nodes at any moment are roots of
  disjoint subtrees, so they never exceed the rules, and the engine's limits of 64 pending nodes,
  128 absences side by side, 255 equal conditions, 511 distinct conditions and 252 properties cannot
  be reached.

What it costs: a ruleset that is asked, 2 µs; an attribute of its fact, 0.1; a firing, 0.8. So
rulesets in which nothing can fire are not asked, and what would fire together is one rule
(`clusters`). All that is touched in the engine is far apart in memory, so small rulesets are fast.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from itertools import count
from string import ascii_letters, digits
from typing import Any, Final

import durable_rules_engine as native
from durable import engine as durable

from rules.denial import Conjunction, Denials, Names
from rules.network import Network

MAX_RULES: Final = 60
MAX_KEYS: Final = 16
MAX_DENIALS: Final = 200
_SESSION: Final = "0"
_FACT: Final = '{"id":"1"'
_RETRACT: Final = '{"id":"1"}'
_MATCHED: Final = 0
_UNMATCHED: Final = 1
_RULES: Final = ascii_letters + digits
"""Names of rules: one character each, which stands third in the message of a firing."""
_ATTRIBUTES: Final = (*ascii_letters, *(a + b for a in ascii_letters for b in digits))
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
        self._lock = threading.Lock()
        self._closed = False
        self._denials = Denials(network, _attributes(), MAX_RULES)
        self._shards = [_Shard(rules) for rules in self._denials.rulesets]

    def __call__(self, state: tuple[int, ...]) -> tuple[int, int]:
        """The bits that certainly hold and those that possibly hold.

        `state` gives, slot by slot, the mask of possible regions. Raises EngineFault.
        """
        with self._lock:
            if self._closed:
                raise EngineFault("the engine is closed")
            asks, told = self._denials.of(state)
            for shard, said in asks:
                told |= self._shards[shard].ask(said)
        return self._denials.masks(told)

    def close(self) -> None:
        """Free the compiled rulesets; the engine answers no more."""
        with self._lock:
            self._closed = True
            for shard in self._shards:
                shard.close()


class _Shard:
    """One durable_rules ruleset: a rule for each conjunction."""

    def __init__(self, conjunctions: Sequence[Conjunction]) -> None:
        self._rules = dict(zip(_RULES, conjunctions, strict=False))
        self._told = {name: rule.told for name, rule in self._rules.items()}
        _refuse_hash_collisions(
            list({n for r in conjunctions for n in (r.key, *r.denials)} | {"id", "sid"})
        )
        self._handle: Any = None
        self._freed: weakref.finalize[[Any], _Shard] | None = None
        self._open()

    def _open(self) -> None:
        """Compile the ruleset, and see that it answers."""
        definition: dict[str, Any] = {}
        for name, rule in self._rules.items():
            absent = [{"$nex": {attribute: 1}} for attribute in rule.denials]
            definition[name] = {"all": [{"m": {"$and": [{rule.key: 1}, *absent]}}], "run": _ignore}
        ruleset = f"r{next(_names)}"
        host = _QuietHost()
        host.set_rulesets({ruleset: definition})
        self._handle = host.get_ruleset(ruleset)._handle
        # All keys and nothing denied must fire every rule; from then on the session can be deleted.
        everything = 0
        for told in self._told.values():
            everything |= told
        keys = dict.fromkeys(rule.key for rule in self._rules.values())
        if self.ask("".join(f',"{key}":1' for key in keys)) != everything:
            self._handle = None
            raise EngineFault("durable_rules does not answer as it was told")
        self._freed = weakref.finalize(self, _free, self._handle)
        self._freed.atexit = False

    def ask(self, said: str) -> int:
        """What firings tell together, where this is said of keys and denials.

        Raises EngineFault.
        """
        if self._handle is None:
            self._open()
        handle, told = self._handle, self._told
        gathered = 0
        try:
            status, offset = native.assert_fact(handle, f"{_FACT}{said}}}")
            if status == _MATCHED:
                action = native.start_action_for_state(handle, offset)
                if not action:
                    raise EngineFault("something matched and nothing fires")
                message = action[1]
                proceed = native.complete_and_start_action
                while message:
                    gathered |= told[message[2]]
                    message = proceed(handle, offset)
            elif status != _UNMATCHED:
                raise EngineFault("a fact of an earlier question was still there")
            native.retract_fact(handle, _RETRACT)
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
        return gathered

    def close(self) -> None:
        if self._freed is not None:
            self._freed()


def _attributes() -> Names:
    """Names of keys and of denials, so that looking for keys meets no denial and hardly a key.

    The engine looks for every attribute of a fact among the first tests of its rules, from one of
    32 places (the hash of its name) on until a place is free: keys have even places, one each, and
    denials odd ones, which stay free.
    """
    keys: dict[int, str] = {}
    denials: list[str] = []
    for name in _ATTRIBUTES:
        place = _fnv1a(name) % 32
        if place % 2:
            denials.append(name)
        else:
            keys.setdefault(place, name)
    return Names(tuple(keys.values())[:MAX_KEYS], tuple(denials[:MAX_DENIALS]))


def _free(handle: Any) -> None:
    native.delete_state(handle, _SESSION)
    native.delete_ruleset(handle)


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
