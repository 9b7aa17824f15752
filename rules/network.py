"""Compiling the rules of one decision kind: from condition trees to literals and paths.

A *slot* is a fact or a period in force. A *literal* is a slot with the mask of the regions in which
it holds; negation is pushed into the mask, so only conjunctions and disjunctions of literals are
left. Each *path* is one conjunction of literals that makes one *bit* true. Disjunctive normal form
keeps strong Kleene values (the three values form a distributive De Morgan lattice), so asking the
paths once with the literals that certainly hold and once with those that possibly hold gives
exactly the strong Kleene value of every tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from ontology.vocabulary import Fact, Vocabulary
from rules import condition as conditions
from rules.condition import All, Condition, Either, Not, Test
from rules.curable import curable
from rules.domain import Domain, domain_of, window_domain
from rules.model import InForce, Rule

MAX_PATHS_PER_BIT: Final = 512
MAX_LITERALS_PER_PATH: Final = 200
WINDOW: Final = "@in-force:"
"""Prefix of slots that are not facts but "the period in force has begun (and not ended)"."""


class CompileError(Exception):
    """A rule that cannot be compiled; the message names rule and reason."""


@dataclass(frozen=True, slots=True)
class Window:
    """A period in force as a slot; rules whose start is one uncertain date share it."""

    name: str
    in_force: InForce

    def truth(self, day: date) -> bool | None:
        """Whether the period covers the day; None inside an uncertain start."""
        period = self.in_force
        if day < period.start or (period.end is not None and day >= period.end):
            return False
        if period.latest is not None and day < period.latest:
            return None
        return True


@dataclass(frozen=True, slots=True)
class Literal:
    """Slot number and mask of the regions in which the literal holds."""

    slot: int
    mask: int


@dataclass(frozen=True, slots=True)
class Path:
    """A conjunction of literals (by number) that makes a bit true."""

    bit: int
    literals: tuple[int, ...]


@dataclass(frozen=True)
class Network:
    """The compiled rules of one decision kind.

    Bits 0…n-1 are the rules' conditions (in force, in their place, and `when`). Each rule with a
    requirement has two more: met (`that` holds) and curable (`that` could hold with other values of
    the facts somebody can change). `slots_of_bit` are the slots that a bit's condition reads,
    `readers` the bits that read a slot, both as masks.
    """

    kind: str
    facts: tuple[Fact, ...]
    rules: tuple[Rule, ...]
    windows: tuple[Window, ...]
    domains: tuple[Domain, ...]
    slots: Mapping[str, int]
    trees: tuple[Condition, ...]
    literals: tuple[Literal, ...]
    paths: tuple[Path, ...]
    met: Mapping[int, int]
    curable: Mapping[int, int]
    applies_when: Mapping[int, Condition]
    slots_of_bit: tuple[int, ...]
    readers: tuple[int, ...]

    @property
    def place_slot(self) -> int | None:
        """The slot of the fact that says where; None in kinds without a place."""
        return next((i for i, fact in enumerate(self.facts) if fact.type == "place"), None)


def compile_rules(kind: str, rules: tuple[Rule, ...], vocabulary: Vocabulary) -> Network:
    """Compile the rules of a kind. Raises CompileError where a rule cannot be executed."""
    facts = vocabulary.facts(kind)
    place = next((fact.name for fact in facts if fact.type == "place"), None)
    periods = [_windows(rule) for rule in rules]
    windows = tuple({w.name: w for period in periods for w in period}.values())
    scoped = [_scoped(rule, period, place) for rule, period in zip(rules, periods, strict=True)]
    existence = {
        fact.name: conditions.from_json(fact.applies_when)
        for fact in facts
        if fact.applies_when is not None
    }
    required = [rule.requirement.that for rule in rules if rule.requirement]
    asked = (*scoped, *required, *existence.values())
    domains = _domains(facts, windows, asked, vocabulary, rules)
    met, could, extra = _requirement_bits(rules, facts, domains, existence)
    trees = (*scoped, *extra)
    slots = {
        name: i for i, name in enumerate([*(f.name for f in facts), *(w.name for w in windows)])
    }

    numbers: dict[Literal, int] = {}
    paths: list[Path] = []
    for bit, tree in enumerate(trees):
        for conjunction in _paths(tree, slots, domains, _owner(bit, rules, met, could)):
            ordered = sorted(conjunction, key=lambda literal: (literal.slot, literal.mask))
            path = Path(bit, tuple(numbers.setdefault(x, len(numbers)) for x in ordered))
            paths.append(path)
    slots_of_bit = tuple(
        sum(1 << i for i in {slots[test.fact] for test in conditions.tests(tree)}) for tree in trees
    )
    return Network(
        kind=kind,
        facts=facts,
        rules=rules,
        windows=windows,
        domains=domains,
        slots=slots,
        trees=trees,
        literals=tuple(numbers),
        paths=tuple(paths),
        met=met,
        curable=could,
        applies_when={slots[name]: tree for name, tree in existence.items()},
        slots_of_bit=slots_of_bit,
        readers=tuple(
            sum(1 << bit for bit, read in enumerate(slots_of_bit) if read >> slot & 1)
            for slot in range(len(slots))
        ),
    )


def _windows(rule: Rule) -> tuple[Window, ...]:
    """The period of a rule as windows: one, or the uncertain start apart from the end."""
    period = rule.in_force
    if period.latest is None:
        return (Window(f"{WINDOW}{period.start}/{period.end or ''}", period),)
    # Rules of one instrument share its doubt: its start is one date, known or not.
    source = rule.citations[0].instrument if rule.citations else ""
    name = f"{WINDOW}{source}:{period.start}..{period.latest}"
    begun = Window(name, InForce(period.start, period.latest))
    if period.end is None:
        return (begun,)
    return begun, Window(f"{WINDOW}/{period.end}", InForce(date.min, None, period.end))


def _scoped(rule: Rule, period: tuple[Window, ...], place: str | None) -> Condition:
    parts: list[Condition] = [rule.when, *(Test(w.name, "is", (True,)) for w in period)]
    if rule.jurisdiction and place is not None:
        parts.append(Test(place, "in", (rule.jurisdiction,)))
    return All(tuple(parts))


def _requirement_bits(
    rules: tuple[Rule, ...],
    facts: tuple[Fact, ...],
    domains: tuple[Domain, ...],
    existence: Mapping[str, Condition],
) -> tuple[dict[int, int], dict[int, int], list[Condition]]:
    changeable = {
        fact.name: domain
        for fact, domain in zip(facts, domains, strict=False)
        if fact.changeable_by != "none"
    }
    met: dict[int, int] = {}
    could: dict[int, int] = {}
    extra: list[Condition] = []
    for i, rule in enumerate(rules):
        if rule.requirement is not None:
            that = rule.requirement.that
            met[i] = len(rules) + len(extra)
            could[i] = met[i] + 1
            extra += [that, curable(that, changeable, existence)]
    return met, could, extra


def _domains(
    facts: tuple[Fact, ...],
    windows: tuple[Window, ...],
    trees: Iterable[Condition],
    vocabulary: Vocabulary,
    rules: tuple[Rule, ...],
) -> tuple[Domain, ...]:
    asked: dict[str, list[Test]] = {fact.name: [] for fact in facts}
    for window in windows:
        asked[window.name] = []
    for tree in trees:
        for test in conditions.tests(tree):
            if test.fact not in asked:
                raise CompileError(f"{test.fact} is not a fact of this kind")
            asked[test.fact].append(test)
    domains: list[Domain] = []
    for fact in facts:
        try:
            domains.append(domain_of(fact, asked[fact.name], vocabulary.code_lists))
        except ValueError as problem:
            readers = [r.id for r in rules if fact.name in conditions.facts_of(r.when)]
            raise CompileError(f"{', '.join(readers) or fact.name}: {problem}") from problem
    domains += [window_domain(asked[window.name][0]) for window in windows]
    return tuple(domains)


def _owner(
    bit: int, rules: tuple[Rule, ...], met: Mapping[int, int], could: Mapping[int, int]
) -> str:
    for rule, at in (*met.items(), *could.items()):
        if at == bit:
            return rules[rule].id
    return rules[bit].id


def _paths(
    tree: Condition, slots: Mapping[str, int], domains: tuple[Domain, ...], owner: str
) -> list[frozenset[Literal]]:
    found = _normal_form(tree, slots, domains, negated=False)
    # A conjunction that contains another adds nothing: keep the minimal ones, in a fixed order.
    minimal = [path for path in found if not any(other < path for other in found)]
    unique = list(dict.fromkeys(minimal))
    if any(len(path) > MAX_LITERALS_PER_PATH for path in unique):
        raise CompileError(f"{owner}: too many comparisons must hold at once; split the rule")
    if len(unique) > MAX_PATHS_PER_BIT:
        raise CompileError(f"{owner}: the condition has {len(unique)} alternatives; split the rule")
    return unique


def _normal_form(
    tree: Condition, slots: Mapping[str, int], domains: tuple[Domain, ...], *, negated: bool
) -> list[frozenset[Literal]]:
    match tree:
        case Test():
            slot = slots[tree.fact]
            mask = domains[slot].truth[tree]
            if negated:
                # A comparison on a fact that does not exist is false, so its negation holds there.
                mask = (domains[slot].everything | 1) & ~mask
            return [frozenset({Literal(slot, mask)})] if mask else []
        case Not(part):
            return _normal_form(part, slots, domains, negated=not negated)
        case All(parts) | Either(parts):
            forms = [_normal_form(part, slots, domains, negated=negated) for part in parts]
            if isinstance(tree, All) is negated:
                return [path for form in forms for path in form]
            product: list[frozenset[Literal]] = [frozenset()]
            for form in forms:
                product = [left | right for left in product for right in form]
                if len(product) > MAX_PATHS_PER_BIT * 8:
                    raise CompileError("the condition has too many alternatives; split the rule")
            return product
