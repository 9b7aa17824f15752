"""The durable_rules adapter: the only module that knows durable_rules 2.0.28.

The engine finds the conjunctions that possibly hold: its fact names the literals that cannot hold
(`denial`), and a conjunction fires where none of its own is named. So one question gives both masks
of strong Kleene logic, what is unknown stays unsaid, and every test in the engine is "this
attribute is absent". This keeps clear of what makes durable_rules wrong, slow or fatal (each point
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
from collections.abc import Sequence
from itertools import count
from string import ascii_letters, ascii_uppercase, digits
from typing import Any, Final

import durable_rules_engine as native
from durable import engine as durable

from rules.denial import Conjunction, Denials
from rules.network import Network

MAX_PATHS: Final = 60
MAX_ATTRIBUTES: Final = 200
_SESSION: Final = "0"
_FACT: Final = '{"id":"1","k":1'
_RETRACT: Final = '{"id":"1"}'
_MATCHED: Final = 0
_UNMATCHED: Final = 1
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
        self._lock = threading.Lock()
        self._closed = False
        self._denials = Denials(network, _ATTRIBUTES[:MAX_ATTRIBUTES], MAX_PATHS)
        self._shards = [_Shard(part) for part in self._denials.parts]

    def __call__(self, state: tuple[int, ...]) -> tuple[int, int]:
        """The bits that certainly hold and those that possibly hold.

        `state` gives, slot by slot, the mask of possible regions. Raises EngineFault.
        """
        with self._lock:
            if self._closed:
                raise EngineFault("the engine is closed")
            texts, unsure, certain, possible = self._denials.of(state)
            for shard, denials in zip(self._shards, texts, strict=True):
                sure, may = shard.ask(denials, unsure)
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
    """One durable_rules ruleset: a rule for each conjunction."""

    def __init__(self, conjunctions: Sequence[Conjunction]) -> None:
        rules = dict(zip(_RULES, conjunctions, strict=False))
        self._fired = {name: (rule.place, rule.bits) for name, rule in rules.items()}
        self._denied = {name: rule.names for name, rule in rules.items()}
        _refuse_hash_collisions(
            [*{name for names in self._denied.values() for name in names}, _GUARD, "id", "sid"]
        )
        self._handle: Any = None
        self._freed: weakref.finalize[[Any], _Shard] | None = None
        self._open()

    def _open(self) -> None:
        """Compile the ruleset, and see that it answers."""
        definition: dict[str, Any] = {}
        for rule, denied in self._denied.items():
            absent = [{"$nex": {attribute: 1}} for attribute in denied]
            definition[rule] = {"all": [{"m": {"$and": [{_GUARD: 1}, *absent]}}], "run": _ignore}
        name = f"r{next(_names)}"
        host = _QuietHost()
        host.set_rulesets({name: definition})
        self._handle = host.get_ruleset(name)._handle
        # Nothing denied must fire every rule; from then on the session can be deleted.
        for place, bits in self._fired.values():
            if self.ask("", ~place)[0] != bits:
                self._handle = None
                raise EngineFault("durable_rules does not answer as it was told")
        self._freed = weakref.finalize(self, _free, self._handle)
        self._freed.atexit = False

    def ask(self, denials: str, unsure: int) -> tuple[int, int]:
        """The bits of conjunctions free of denied literals: of those not unsure, and of all.

        Raises EngineFault.
        """
        if self._handle is None:
            self._open()
        handle, fired = self._handle, self._fired
        certain = possible = 0
        try:
            status, offset = native.assert_fact(handle, f"{_FACT}{denials}}}")
            if status == _MATCHED:
                action = native.start_action_for_state(handle, offset)
                if not action:
                    raise EngineFault("something matched and nothing fires")
                message = action[1]
                proceed = native.complete_and_start_action
                while message:
                    place, bits = fired[message[2]]
                    possible |= bits
                    if not unsure & place:
                        certain |= bits
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
        return certain, possible

    def close(self) -> None:
        if self._freed is not None:
            self._freed()


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
