"""durable_rules through its public API: `Host.assert_fact` and `retract_fact`, actions in Python.

Two rulesets, what certainly and what possibly holds, with not-exists for what is unknown; facts are
small integers; each minimal conjunction is one rule, whose action adds the bits it makes true. The
host runs no polling threads, which could take firings away; the guard `k` keeps rules of absences
alone off the engine's own record of the session. The second contender is our adapter's encoding
(one ruleset, literals that cannot hold are named) through the same API: what is left between it and
the adapter is the API's own cost.

Tried, on 300 vectors, microseconds a question: guard first 167, last 203, only where needed 205;
long tests as equalities 169 or inequalities 167; trees instead of conjunctions do not compile
(error 113, nested alternatives); one ruleset asked with literals that may hold 157.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from durable import engine as durable

from rules.state import State
from tests.benchmarks.coding import Atom, Coding, Masks
from tests.benchmarks.rounds import Contender

PLAIN: Final = "durable_rules, public API"
DENYING: Final = "durable_rules, public API, adapter's encoding"

_MOST: Final = 60
"""Rules a ruleset: the engine fails (error 303) with more than 64 tests pending."""

_Action = Callable[[Any], None]


def contender(coding: Coding, states: Sequence[State]) -> Contender:
    """The plain encoding: facts as they are, two rulesets."""
    known = ({n: v for n, v in coding.facts(state).items() if v} for state in states)
    facts = [{"id": "1", "sid": "0", "k": 1, **values} for values in known]
    return Contender(PLAIN, _Public(coding), facts)


def denying(coding: Coding, states: Sequence[State]) -> Contender:
    """The adapter's encoding through the public API."""
    ask = _Denying(coding)
    return Contender(DENYING, ask, [ask.fact(state) for state in states])


class _QuietHost(durable.Host):  # type: ignore[misc]
    def _run(self) -> None:
        return


class _Public:
    def __init__(self, coding: Coding) -> None:
        self._always = coding.always
        self._bits = 0
        self._host = _QuietHost()
        self._rulesets = {
            certain: [
                self._ruleset(certain, coding.alternatives[at : at + _MOST], at)
                for at in range(0, len(coding.alternatives), _MOST)
            ]
            for certain in (True, False)
        }

    def _ruleset(
        self, certain: bool, alternatives: Sequence[tuple[Sequence[Atom], int]], at: int
    ) -> str:
        name = f"{'certainly' if certain else 'possibly'}{at}"
        rules = {
            f"r{i}": {"all": [{"m": _all(atoms, certain)}], "run": self._adding(bits)}
            for i, (atoms, bits) in enumerate(alternatives)
        }
        self._host.set_rulesets({name: rules})
        return name

    def _adding(self, bits: int) -> _Action:
        def add(_: object) -> None:
            self._bits |= bits

        return add

    def __call__(self, fact: dict[str, Any]) -> Masks:
        return self._ask(True, fact), self._ask(False, fact)

    def _ask(self, certain: bool, fact: dict[str, Any]) -> int:
        self._bits = self._always
        for ruleset in self._rulesets[certain]:
            _assert(self._host, ruleset, fact)
        return self._bits


def _assert(host: durable.Host, ruleset: str, fact: dict[str, Any]) -> None:
    try:
        host.assert_fact(ruleset, fact)
    except durable.MessageNotHandledException:
        return  # no rule fired, and nothing is kept
    host.retract_fact(ruleset, {"id": "1", "sid": "0"})


def _all(atoms: Sequence[Atom], certain: bool) -> Mapping[str, Any]:
    tests: list[Mapping[str, Any]] = [{"k": 1}]
    for atom in atoms:
        test = _test(atom, certain)
        tests += test.get("$and", [test])
    return {"$and": tests}


def _test(atom: Atom, certain: bool) -> dict[str, Any]:
    passing, failing = atom.values(certain)
    known = [value for value in passing if value]
    refused = [value for value in failing if value]
    tests: list[dict[str, Any]] = [{atom.name: value} for value in known]
    if len(refused) < len(known):
        differs = [{"$neq": {atom.name: value}} for value in refused]
        tests = differs if len(differs) == 1 else [{"$and": differs}]
    if 0 in passing:
        tests.append({"$nex": {atom.name: 1}})
    return tests[0] if len(tests) == 1 else {"$or": tests}


class _Denying:
    def __init__(self, coding: Coding) -> None:
        self._always = coding.always
        self._certain = self._possible = self._unsure = 0
        self._literals = coding.network.literals
        conjunctions: dict[tuple[int, ...], int] = {}
        for path in coding.network.paths:
            if path.literals:
                made_true = conjunctions.get(path.literals, 0) | 1 << path.bit
                conjunctions[path.literals] = made_true
        self._readers: dict[int, int] = {}
        rulesets: dict[str, Any] = {}
        for i, (literals, bits) in enumerate(conjunctions.items()):
            for number in literals:
                self._readers[number] = self._readers.get(number, 0) | 1 << i
            absent = [{"$nex": {f"a{number}": 1}} for number in literals]
            test = {"m": {"$and": [{"k": 1}, *absent]}}
            rule = {"all": [test], "run": self._adding(1 << i, bits)}
            rulesets.setdefault(f"rules{i // _MOST}", {})[f"r{i}"] = rule
        self._rulesets = tuple(rulesets)
        self._host = _QuietHost()
        self._host.set_rulesets(rulesets)

    def fact(self, state: State) -> tuple[dict[str, Any], int]:
        """The fact that names the literals that cannot hold, and who reads an unsure one."""
        fact: dict[str, Any] = {"id": "1", "sid": "0", "k": 1}
        unsure = 0
        for number, readers in self._readers.items():
            literal = self._literals[number]
            if not state[literal.slot] & literal.mask:
                fact[f"a{number}"] = 1
            elif state[literal.slot] & ~literal.mask:
                unsure |= readers
        return fact, unsure

    def _adding(self, conjunction: int, bits: int) -> _Action:
        def add(_: object) -> None:
            self._possible |= bits
            if not self._unsure & conjunction:
                self._certain |= bits

        return add

    def __call__(self, asked: tuple[dict[str, Any], int]) -> Masks:
        fact, self._unsure = asked
        self._certain = self._possible = self._always
        for ruleset in self._rulesets:
            _assert(self._host, ruleset, fact)
        return self._certain, self._possible
