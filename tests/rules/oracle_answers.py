"""Brute force, continued: findings, requirements, presumptions, what is missing, what to change.

"Would" means asking anew with more given: an answer, another value for a presumption, or the value
an act brings about. Written from DESIGN §4 and the definitions in rules/questions.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from tests.rules.oracle import Law, Oracle, Request, Worlds, strictest
from tests.rules.oracle_values import Value

MAX_SETS = 5
Answers = tuple[tuple[str, object], ...]
"""Facts with the signatures of their values, in vocabulary order."""


@dataclass(frozen=True)
class Found:
    """One rule in one part: its status, and which rules defeat it in some world."""

    rule: str
    status: str
    part: int
    defeaters: frozenset[str]


@dataclass(frozen=True)
class Demand:
    """One requirement in one part."""

    rule: str
    status: str
    applies: str
    changeable: bool
    part: int
    decides: bool


def findings(oracle: Oracle, request: Request) -> list[Found]:
    """The rules in force and of the place, in some world, with their exact status."""
    found = []
    for number, part in enumerate(oracle.parts(request)):
        laws = oracle.laws(part.worlds)
        for i, rule in enumerate(oracle.rules):
            if oracle.may_speak(rule, part.worlds):
                fates = {law.fates[i] for law in laws}
                status = fates.pop() if len(fates) == 1 else "unknown"
                found.append(Found(rule.id, status, number, _defeaters(oracle, rule.id, laws)))
    return found


def _defeaters(oracle: Oracle, rule: str, laws: list[Law]) -> frozenset[str]:
    return frozenset(
        other.id
        for i, other in enumerate(oracle.rules)
        if any(d.rule == rule for d in other.defeats)
        and any(law.fates[i] == "holds" for law in laws)
    )


def demands(oracle: Oracle, request: Request) -> list[Demand]:
    """Requirements, made or advised, that are triggered in some world.

    They are met or not as far as the worlds agree in which they are triggered.
    """
    found = []
    for number, part in enumerate(oracle.parts(request)):
        laws = oracle.laws(part.worlds)
        for i, rule in enumerate(oracle.rules):
            triggered = [law for law in laws if law.fates[i] == "holds"]
            if rule.requirement is None or not triggered:
                continue
            met = {law.met[i] for law in triggered}
            status = "unknown" if len(met) > 1 else "met" if True in met else "unmet"
            applies = "applies" if len(triggered) == len(laws) else "may-apply"
            changeable = any(law.curable[i] for law in triggered)
            decides = rule.effect == "requires"
            found.append(Demand(rule.id, status, applies, changeable, number, decides))
    return found


def standards(oracle: Oracle, request: Request) -> list[tuple[str, str, str | None, int]]:
    """Rule, status, whether it applies, and part of all that demands something or is defeated."""
    demanding = {rule.id for rule in oracle.rules if rule.requirement is not None}
    return [
        *((d.rule, d.status, d.applies, d.part) for d in demands(oracle, request)),
        *(
            (f.rule, f.status, None, f.part)
            for f in findings(oracle, request)
            if f.status == "defeated" and f.rule in demanding
        ),
    ]


def assumptions(oracle: Oracle, request: Request) -> dict[str, dict[object, str]]:
    """Presumed facts some other value of which alters the verdict: where each other value leads."""
    verdict = oracle.verdict(request)[0]
    found = {}
    for at, fact in enumerate(oracle.facts):
        parts = [p for p in oracle.parts(request) if p.origins[fact.name] == "presumed"]
        if fact.presumption and any(oracle.may_exist(fact.name, p.worlds) for p in parts):
            presumed = oracle.signature(fact.name, fact.presumption.value)
            leads = {
                oracle.signature(fact.name, value): oracle.reached(
                    request.answered({fact.name: value})
                )
                for value in oracle.values[at]
            }
            leads = {s: v for s, v in leads.items() if s != presumed}
            if any(v != verdict for v in leads.values()):
                found[fact.name] = leads
    return found


def missing(oracle: Oracle, request: Request) -> list[tuple[tuple[str, ...], dict[Answers, str]]]:
    """The first five minimal sets of unknown facts that settle, with the answers that do."""
    verdict = oracle.verdict(request)[0]
    parts = oracle.parts(request)
    sets: list[tuple[tuple[str, ...], dict[Answers, str]]] = []
    if verdict not in ("undetermined", "conditional") or not parts:
        return sets
    if _settled(oracle, request, verdict) is not None:
        return sets
    unknown = [
        fact.name
        for fact in oracle.facts
        if fact.type != "text"
        and any(
            p.origins[fact.name] == "unknown" and oracle.may_exist(fact.name, p.worlds)
            for p in parts
        )
    ]
    for size in range(1, len(unknown) + 1):
        for names in combinations(unknown, size):
            if any(set(smaller) <= set(names) for smaller, _ in sets):
                continue
            settles = {
                tuple((n, oracle.signature(n, v)) for n, v in answers.items()): reached
                for answers in _answers(oracle, names)
                if (reached := _settled(oracle, request.answered(answers), verdict)) is not None
            }
            if settles:
                sets.append((names, settles))
                if len(sets) == MAX_SETS:
                    return sets
    return sets


def leads(oracle: Oracle, request: Request, name: str) -> dict[object, str]:
    """Where each answer to one question leads."""
    return {
        oracle.signature(name, answers[name]): oracle.reached(request.answered(answers))
        for answers in _answers(oracle, (name,))
    }


def _answers(oracle: Oracle, names: tuple[str, ...]) -> Iterator[Mapping[str, Value]]:
    for values in product(*(oracle.values[oracle.at[name]] for name in names)):
        yield dict(zip(names, values, strict=True))


def _settled(oracle: Oracle, request: Request, verdict: str) -> str | None:
    """The verdict that is settled, or None: see rules/questions.py."""
    if verdict == "undetermined":
        reached = oracle.reached(request)
        return None if reached == "undetermined" else reached
    singly = [_singly(oracle, part.worlds) for part in oracle.parts(request)]
    strictest_of_all = strictest(v for verdicts in singly for v in verdicts)
    return strictest_of_all if {strictest_of_all} in singly else None


def _singly(oracle: Oracle, worlds: Worlds) -> set[str]:
    """The verdicts that the worlds of a part would get, each taken alone."""
    return {oracle.verdict_of([law]) for law in oracle.laws(worlds)}


def changes(oracle: Oracle, request: Request) -> list[tuple[tuple[str, Value], ...]]:
    """The first five minimal sets of declared acts after which all parts have the best verdict."""
    sets: list[tuple[tuple[str, Value], ...]] = []
    if not oracle.parts(request) or oracle.reached(request) == oracle.best:
        return sets
    acts = [
        (fact.name, change.to)
        for fact in oracle.facts
        if fact.changeable_by != "none"
        for change in fact.changes
    ]
    for size in range(1, len({name for name, _ in acts}) + 1):
        for chosen in combinations(acts, size):
            distinct = len({name for name, _ in chosen}) == size
            if not distinct or any(set(smaller) <= set(chosen) for smaller in sets):
                continue
            if oracle.reached(request.changed(dict(chosen))) == oracle.best:
                sets.append(chosen)
                if len(sets) == MAX_SETS:
                    return sets
    return sets
