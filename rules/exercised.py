"""Which values the cases of a rule give each of its comparisons: true, false, unknown.

The value is the strong Kleene value on the case's facts, with what is computed, drawn and presumed.
Only cases count in which the rule is in force, and for what it requires only those in which it
speaks: elsewhere a comparison decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Final, Literal, TypeAlias, get_args

from rules import condition as conditions
from rules.case import Case, open_case
from rules.cases import Example
from rules.compiled import Compiled, reference_kind
from rules.condition import Test
from rules.distinctions import kinds_of
from rules.drawn import drawn
from rules.facts import BadFacts, read_facts
from rules.model import Rule, Rulebook
from rules.network import Network
from rules.state import State, kleene, scope

Role = Literal["when", "requires"]
Truth = Literal["true", "false", "unknown"]
TRUTHS: Final[tuple[Truth, ...]] = get_args(Truth)
_MOST_STATES: Final = 100_000
_KLEENE: Final[tuple[Truth, ...]] = ("false", "unknown", "true")


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of a rule, in its condition or in what it requires."""

    role: Role
    test: Test

    def __str__(self) -> str:
        values = (str(v).lower() if isinstance(v, bool) else str(v) for v in self.test.values)
        return f"{self.test.fact} {self.test.op} {', '.join(values)}"


Seen: TypeAlias = frozenset[tuple[Compared, Truth]]


@dataclass(frozen=True, slots=True)
class Hole:
    """A value that no case of the rule gives a comparison."""

    rule: str
    compared: Compared
    truth: Truth


@dataclass(frozen=True, slots=True)
class Shown:
    """How many cases give a comparison each value; `never` are values that no facts give it."""

    compared: Compared
    cases: Mapping[Truth, int]
    never: frozenset[Truth]

    @property
    def missing(self) -> tuple[Truth, ...]:
        """The values that could be shown and are not."""
        return tuple(t for t in TRUTHS if not self.cases[t] and t not in self.never)


@dataclass(frozen=True, slots=True)
class Exercise:
    """A rule with its cases and what they show of its comparisons, in writing order."""

    rule: Rule
    examples: tuple[Example, ...]
    shown: tuple[Shown, ...]

    @property
    def holes(self) -> tuple[Hole, ...]:
        """What the cases do not show."""
        return tuple(
            Hole(self.rule.id, shown.compared, truth)
            for shown in self.shown
            for truth in shown.missing
        )


class Bench:
    """Evaluates the comparisons of a rulebook's rules on facts; compiles each kind once."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, kind: str) -> Compiled:
        """A kind compiled without the engine, which is not needed to look at comparisons."""
        if kind not in self._compiled:
            self._compiled[kind] = reference_kind(self.rulebook, kind)
        return self._compiled[kind]

    def open(self, kind: str, facts: Mapping[str, object], as_of: date) -> Case:
        """The case of these facts. Raises BadFacts."""
        given = read_facts(kind, facts, as_of, self.rulebook.vocabulary)
        return open_case(self.compiled(kind), given, as_of, drawn(kind, given, as_of))

    def seen(self, rule: Rule, facts: Mapping[str, object], as_of: date) -> Seen:
        """The comparisons with their values on these facts, in every part. Raises BadFacts."""
        case = self.open(rule.kind, facts, as_of)
        network = case.compiled.network
        number = _number(network, rule)
        found: set[tuple[Compared, Truth]] = set()
        for part in case.parts:
            state = case.compiled.frame.settle(part.raw)
            if min(scope(network, number, state)) == 0:
                continue
            speaks = kleene(network.trees[number], network, state) > 0
            for compared in comparisons(rule):
                if compared.role == "when" or speaks:
                    value = kleene(compared.test, network, state)
                    found.add((compared, _KLEENE[value]))
        return frozenset(found)

    def possible(self, rule: Rule) -> Seen:
        """Every value that some facts give a comparison; those of a requirement while it speaks.

        Where there are too many facts to try all, what may be possible is said to be.
        """
        compiled = self.compiled(rule.kind)
        network, frame = compiled.network, compiled.frame
        kinds = kinds_of(compiled, rule)
        number = _number(network, rule)
        found: set[tuple[Compared, Truth]] = set()
        for compared in comparisons(rule):
            slot = network.slots[compared.test.fact]
            # A comparison by itself hangs on its own fact; one of a requirement on all of them.
            slots = {slot} | frame.depends_on(slot) if compared.role == "when" else set(kinds)
            tried = {slot: kinds[slot] for slot in sorted(slots)}
            if prod(len(masks) + 1 for masks in tried.values()) > _MOST_STATES:
                found |= {(compared, truth) for truth in TRUTHS}
                continue
            values: set[Truth] = set()
            for state in self._states(rule, tried):
                if compared.role == "when" or kleene(network.trees[number], network, state) > 0:
                    values.add(_KLEENE[kleene(compared.test, network, state)])
                if len(values) == len(TRUTHS):
                    break
            found |= {(compared, truth) for truth in values}
        return frozenset(found)

    def _states(self, rule: Rule, kinds: Mapping[int, tuple[int, ...]]) -> Iterator[State]:
        """The states that these slots can be in while the rule is in force, all else unknown."""
        compiled = self.compiled(rule.kind)
        network, frame = compiled.network, compiled.frame
        raw = list(frame.raw({}, None, rule.in_force.latest or rule.in_force.start))
        choices = [
            # What is presumed is never unknown.
            masks if network.facts[slot].presumption else (*masks, network.domains[slot].everything)
            for slot, masks in kinds.items()
        ]
        for masks in product(*choices):
            for slot, mask in zip(kinds, masks, strict=True):
                raw[slot] = mask
            yield frame.settle(tuple(raw))


def _number(network: Network, rule: Rule) -> int:
    return next(n for n, known in enumerate(network.rules) if known.id == rule.id)


def comparisons(rule: Rule) -> tuple[Compared, ...]:
    """The comparisons of a rule, each once in each role, in writing order."""

    def found() -> Iterator[Compared]:
        for test in conditions.tests(rule.when):
            yield Compared("when", test)
        if rule.requirement is not None:
            for test in conditions.tests(rule.requirement.that):
                yield Compared("requires", test)

    return tuple(dict.fromkeys(found()))


def exercise(bench: Bench, examples: Iterable[Example]) -> tuple[Exercise, ...]:
    """Every rule of a rulebook with what its cases show; cases of other rules are passed over.

    A case whose facts cannot be read shows nothing (`rules.check` names it).
    """
    by_rule: dict[str, list[Example]] = {}
    for example in examples:
        by_rule.setdefault(example.rule, []).append(example)
    return tuple(
        exercise_of(bench, rule, tuple(by_rule.get(rule.id, ())))
        for rules in bench.rulebook.rules.values()
        for rule in rules
    )


def exercise_of(bench: Bench, rule: Rule, examples: tuple[Example, ...]) -> Exercise:
    """One rule with what its cases show."""
    counts = {compared: dict.fromkeys(TRUTHS, 0) for compared in comparisons(rule)}
    for example in examples:
        try:
            seen = bench.seen(rule, example.facts, example.as_of)
        except BadFacts:
            continue
        for compared, truth in seen:
            counts[compared][truth] += 1
    # Only where something is missing is it worth asking whether it could be there.
    gap = any(not count for cases in counts.values() for count in cases.values())
    possible = bench.possible(rule) if gap else None
    return Exercise(
        rule,
        examples,
        tuple(
            Shown(compared, cases, frozenset(_never(compared, possible)))
            for compared, cases in counts.items()
        ),
    )


def _never(compared: Compared, possible: Seen | None) -> Iterator[Truth]:
    for truth in TRUTHS:
        if possible is not None and (compared, truth) not in possible:
            yield truth
