"""From the two masks of the engine to effects and a standing: one pure function (DESIGN §4).

A *standing* is what the law says of one completion of the facts; the verdict is drawn from the
standings of all completions (`explore`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

from ontology.vocabulary import VerdictBy
from rules.model import Rule
from rules.network import CompileError, Network

Fate = Literal["holds", "fails", "defeated"]


class Standing(Enum):
    """What one completion of the facts comes to. Barred: a requirement is unmet past all curing.

    The last three are of kinds that decide by standards.
    """

    FORBIDDEN = "forbidden"
    OPEN = "open"
    OPEN_BARRED = "open, barred"
    BARRED = "permitted, barred"
    CONDITIONAL = "permitted, requirements unmet"
    ADMISSIBLE = "permitted, requirements met"
    VIOLATED = "a standard is violated"
    KEPT = "standards apply, none is violated"
    SILENT = "no standard applies"


@dataclass(frozen=True, slots=True)
class Demand:
    """Bits of a rule with a requirement: its trigger, whether it is met, whether it could be."""

    rule: int
    trigger: int
    met: int
    curable: int


@dataclass(frozen=True, slots=True)
class Table:
    """What judging needs of a network: effects as masks, defeat in order, demands.

    `defeats` is `defeated_by` in bits: a rule, and all that defeat it. `families` are,
    rule by rule, the rule with all that may defeat it, directly or through others. `advice` are
    requirements that are only advised: they decide nothing.
    """

    forbids: int
    permits: int
    defeated_by: tuple[tuple[int, tuple[int, ...]], ...]
    defeats: tuple[tuple[int, int], ...]
    demands: tuple[Demand, ...]
    families: tuple[int, ...]
    relevant: int
    by: VerdictBy = "permission"
    advice: tuple[Demand, ...] = ()


def table_of(network: Network, by: VerdictBy = "permission") -> Table:
    """Build the table of a network. Raises CompileError where defeat runs in a circle."""
    rules = network.rules
    number = {rule.id: i for i, rule in enumerate(rules)}
    defeaters: dict[int, list[int]] = {}
    for i, rule in enumerate(rules):
        for defeat in rule.defeats:
            if defeat.rule not in number:
                raise CompileError(f"{rule.id} defeats {defeat.rule}, which is not a rule")
            defeaters.setdefault(number[defeat.rule], []).append(i)
    made = [Demand(i, 1 << i, 1 << network.met[i], 1 << network.curable[i]) for i in network.met]
    demands = tuple(d for d in made if rules[d.rule].effect == "requires")
    advice = tuple(d for d in made if rules[d.rule].effect != "requires")
    forbids, permits = _effect(rules, "forbids"), _effect(rules, "permits")
    in_order = _in_order(defeaters, rules)
    families = [1 << i for i in range(len(rules))]
    for target, defeating in in_order:
        for defeater in defeating:
            families[target] |= families[defeater]
    defeats = tuple((1 << target, sum(1 << i for i in defeating)) for target, defeating in in_order)
    # By standards nothing has to be permitted, and no cure makes good what is unmet.
    decisive = forbids if by == "standards" else forbids | permits
    relevant = 0
    for i, members in enumerate(families):
        if decisive >> i & 1:
            relevant |= members
    for demand in demands:
        relevant |= families[demand.rule] | demand.met
        relevant |= 0 if by == "standards" else demand.curable
    return Table(
        forbids, permits, in_order, defeats, demands, tuple(families), relevant, by, advice
    )


def effective(table: Table, certain: int, possible: int) -> tuple[int, int]:
    """The rules that certainly, and those that possibly, hold undefeated (other bits unchanged)."""
    for rule, defeaters in table.defeats:
        if possible & defeaters:
            certain &= ~rule
            if certain & defeaters:
                possible &= ~rule
    return certain, possible


def fate(table: Table, rule: int, certain: int, possible: int) -> Fate | None:
    """What becomes of a rule in all completions the masks stand for; None where they may differ."""
    sure, may = effective(table, certain, possible)
    if not possible >> rule & 1:
        return "fails"
    if sure >> rule & 1:
        return "holds"
    return "defeated" if certain >> rule & 1 and not may >> rule & 1 else None


def standing(table: Table, certain: int, possible: int) -> Standing | None:
    """The standing of every completion the masks stand for, or None where they may differ."""
    sure, may = effective(table, certain, possible)
    if table.by == "standards":
        return _measured(table, sure, may, certain, possible)
    if sure & table.forbids:
        return Standing.FORBIDDEN
    permitted = bool(sure & table.permits)
    if may & table.forbids or (may & table.permits and not permitted):
        return None
    unmet = [d for d in table.demands if may & d.trigger and not certain & d.met]
    lacking = [d for d in unmet if sure & d.trigger and not possible & d.met]
    if any(not possible & d.curable for d in lacking):
        return Standing.BARRED if permitted else Standing.OPEN_BARRED
    if not all(certain & d.curable for d in unmet):
        return None
    if not permitted:
        return Standing.OPEN
    if lacking:
        return Standing.CONDITIONAL
    return None if unmet else Standing.ADMISSIBLE


def _measured(table: Table, sure: int, may: int, certain: int, possible: int) -> Standing | None:
    """The standing by standards: `sure` and `may` are the rules that hold undefeated."""
    if sure & table.forbids or any(
        sure & d.trigger and not possible & d.met for d in table.demands
    ):
        return Standing.VIOLATED
    if may & table.forbids or any(may & d.trigger and not certain & d.met for d in table.demands):
        return None
    if any(sure & d.trigger for d in table.demands):
        return Standing.KEPT
    return None if any(may & d.trigger for d in table.demands) else Standing.SILENT


def may_stand(table: Table, certain: int, possible: int) -> frozenset[Standing]:
    """No fewer than the standings of the completions the masks stand for; often just those.

    What has been found already need not be looked for where nothing else may come.
    """
    sure, may = effective(table, certain, possible)
    unmet = [d for d in table.demands if may & d.trigger and not certain & d.met]
    lacking = [d for d in unmet if sure & d.trigger and not possible & d.met]
    forbidden, banned = may & table.forbids, sure & table.forbids
    if table.by == "standards":
        found = {Standing.VIOLATED} if forbidden or unmet else set()
        if not banned and not lacking:
            found |= {Standing.KEPT} if any(may & d.trigger for d in table.demands) else set()
            if not any(sure & d.trigger for d in table.demands):
                found.add(Standing.SILENT)
        return frozenset(found)
    found = {Standing.FORBIDDEN} if forbidden else set()
    if banned:
        return frozenset(found)
    barred = any(not certain & d.curable for d in unmet)
    past_curing = any(not possible & d.curable for d in lacking)
    if may & table.permits:
        found |= {Standing.BARRED} if barred else set()
        found |= {Standing.CONDITIONAL} if unmet and not past_curing else set()
        found |= {Standing.ADMISSIBLE} if not lacking else set()
    if not sure & table.permits:
        found |= {Standing.OPEN_BARRED} if barred else set()
        found |= {Standing.OPEN} if not past_curing else set()
    return frozenset(found)


def _effect(rules: tuple[Rule, ...], effect: str) -> int:
    return sum(1 << i for i, rule in enumerate(rules) if rule.effect == effect)


def _in_order(
    defeaters: dict[int, list[int]], rules: tuple[Rule, ...]
) -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Defeated rules, each after its defeaters, so that a defeated defeater no longer counts."""
    ordered: dict[int, tuple[int, ...]] = {}
    open_rules: list[int] = []

    def visit(rule: int) -> None:
        if rule in ordered:
            return
        if rule in open_rules:
            circle = " → ".join(rules[i].id for i in (*open_rules, rule))
            raise CompileError(f"defeat runs in a circle: {circle}")
        open_rules.append(rule)
        for defeater in defeaters.get(rule, ()):
            visit(defeater)
        open_rules.pop()
        if rule in defeaters:
            ordered[rule] = tuple(defeaters[rule])

    for rule in defeaters:
        visit(rule)
    return tuple(ordered.items())
