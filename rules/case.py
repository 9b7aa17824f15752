"""One case: given facts split into parts, each a state of knowledge the engine can be asked about.

A task of several kinds, or a request for several certificates, is decided part by part and the
strictest verdict stands (DESIGN §4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, Protocol

from ontology.label import Label
from rules.compiled import Compiled
from rules.computing import Computed, compute
from rules.condition import Scalar
from rules.domain import ABSENT
from rules.explore import Explorer
from rules.facts import Given
from rules.state import State, narrowed
from rules.verdict import Outcome, Verdict, outcome, strictest, undecided, verdict_of

Origin = Literal["given", "derived", "presumed", "unknown"]


class Derived(Protocol):
    """A fact drawn from the knowledge base for the parts that match `part`, with its source."""

    @property
    def fact(self) -> str: ...
    @property
    def value(self) -> Scalar: ...
    @property
    def part(self) -> Mapping[str, str]: ...
    @property
    def source(self) -> Label: ...
    @property
    def list(self) -> str | None: ...
    @property
    def row(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One kind (and certificate) of the task: what is known of it, and whence."""

    facts: Mapping[str, str]
    values: Mapping[str, Scalar]
    origins: Mapping[str, Origin]
    derived: tuple[Derived, ...]
    raw: State
    computed: tuple[Computed, ...] = ()


@dataclass(frozen=True)
class Case:
    """A request against one compiled rulebook on one day. No part: nothing is asked of anyone."""

    compiled: Compiled
    as_of: date
    given: Given
    parts: tuple[Part, ...]
    explorer: Explorer = field(repr=False)

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """Given facts that exist in no part: they decide nothing."""
        network, frame = self.compiled.network, self.compiled.frame
        states = [(part.values, frame.settle(part.raw)) for part in self.parts]
        return tuple(
            fact.name
            for slot, fact in enumerate(network.facts)
            if slot in network.applies_when
            and fact.name in self.given.values
            and states
            and not any(fact.name in values and state[slot] != ABSENT for values, state in states)
        )

    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcome of each part."""
        return tuple(outcome(self.explorer, part.raw) for part in self.parts)

    def verdict(
        self,
        known: Mapping[int, int] | None = None,
        values: Mapping[str, Scalar] | None = None,
    ) -> Verdict:
        """The verdict over all parts, with further slots narrowed (see `state`)."""
        standings = (
            self.explorer.standings(self.state(p, known, values), undecided) for p in self.parts
        )
        return strictest(verdict_of(found) for found in standings)

    def state(
        self,
        part: Part,
        known: Mapping[int, int] | None = None,
        values: Mapping[str, Scalar] | None = None,
    ) -> State:
        """The raw state of a part, with further slots narrowed.

        What is computed from a narrowed fact is computed anew from its value in `values`; without
        one it is open.
        """
        raw = part.raw
        if not known:
            return raw
        for slot, mask in known.items():
            raw = narrowed(raw, slot, mask)
        for slot, operands in self._operands:
            if slot not in known and not operands.isdisjoint(known):
                raw = self._computed_anew(part, raw, slot, known, values or {})
        return raw

    @cached_property
    def _operands(self) -> tuple[tuple[int, frozenset[int]], ...]:
        """The slots of computed facts with those they are computed from."""
        network = self.compiled.network
        return tuple(
            (slot, frozenset(network.slots[n] for n in (of.dividend, of.divisor)))
            for slot, fact in enumerate(network.facts)
            if (of := fact.computed) is not None
        )

    @property
    def operands(self) -> frozenset[int]:
        """The slots of facts that others are computed from."""
        return frozenset().union(*(operands for _, operands in self._operands))

    def operands_of(self, slot: int) -> frozenset[int]:
        """The slots that a computed fact is computed from; none of any other fact."""
        return next((operands for at, operands in self._operands if at == slot), frozenset())

    def _computed_anew(
        self,
        part: Part,
        raw: State,
        slot: int,
        known: Mapping[int, int],
        values: Mapping[str, Scalar],
    ) -> State:
        network = self.compiled.network
        fact, domain = network.facts[slot], network.domains[slot]
        if part.origins[fact.name] == "given":
            return raw
        held = {n: v for n, v in part.values.items() if network.slots[n] not in known}
        computed = compute((fact,), {**held, **values})
        mask = domain.locate(computed[0].compared) if computed else domain.everything
        return narrowed(raw, slot, mask)


def open_case(
    compiled: Compiled, given: Given, as_of: date, derived: Sequence[Derived] = ()
) -> Case:
    """Split given facts into parts and add what is derived and presumed."""
    explorer = Explorer(compiled.network, compiled.table, compiled.frame, compiled.evaluate)
    splits = _split(compiled, given, as_of, derived)
    parts = tuple(_part(compiled, given, as_of, split, derived) for split in splits)
    return Case(compiled, as_of, given, parts, explorer)


def _split(
    compiled: Compiled, given: Given, as_of: date, derived: Sequence[Derived]
) -> list[dict[str, str]]:
    network = compiled.network
    splits: list[dict[str, str]] = [{}]
    for fact in network.facts:
        codes = given.values.get(fact.name)
        if fact.type != "codes" or not isinstance(codes, tuple):
            continue
        if fact.applies_when is None:
            splits = [{**so_far, fact.name: code} for so_far in splits for code in codes]
            continue
        split: list[dict[str, str]] = []
        for so_far in splits:
            raw = _part(compiled, given, as_of, so_far, derived).raw
            if compiled.frame.settle(raw)[network.slots[fact.name]] == ABSENT:
                split.append(so_far)
            else:
                # No kind is no task; but a task for no certificate is still to be decided.
                split += [{**so_far, fact.name: code} for code in codes] or [so_far]
        splits = split
    return splits


def _part(
    compiled: Compiled,
    given: Given,
    as_of: date,
    split: Mapping[str, str],
    derived: Sequence[Derived],
) -> Part:
    facts = compiled.network.facts
    own = tuple(d for d in derived if all(split.get(k) == v for k, v in d.part.items()))
    found = {d.fact: d.value for d in own}
    values: dict[str, Scalar] = {}
    origins: dict[str, Origin] = {}
    told = given.values
    for fact in facts:
        name = fact.name
        origins[name] = "unknown"
        if fact.type == "codes":
            if name in split:
                values[name], origins[name] = split[name], "given"
        elif (value := told.get(name)) is not None and not isinstance(value, tuple):
            values[name], origins[name] = value, "given"
        elif name in found:
            values[name], origins[name] = found[name], "derived"
        elif fact.presumption is not None:
            values[name], origins[name] = fact.presumption.value, "presumed"
    computed = compute(facts, values)
    compared = dict(values)
    for one in computed:
        # What is given beats what is computed, and what is computed nothing else.
        if origins[one.fact.name] == "unknown":
            values[one.fact.name], origins[one.fact.name] = one.value, "derived"
            compared[one.fact.name] = one.compared
    raw = compiled.frame.raw(compared, _place(given), as_of)
    return Part(dict(split), values, origins, own, raw, computed)


def _place(given: Given) -> str | None:
    return given.place.place.code if given.place else None


def part_to_json(part: Part, found: Outcome) -> dict[str, Any]:
    """JSON form of a part with its outcome."""
    return {"facts": dict(part.facts), "verdict": found.verdict, "reason": found.reason}
