"""Why a derived statement follows: what to ask a store for, and what its answers come to.

Pure: texts of queries, and values made of rows; whoever asks is elsewhere. Terms are written as
N-Triples write them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.inference import InferenceRule
from kb.materialise import is_transitivity
from kb.patterns import Pattern, substituted, variables

Bindings = Mapping[str, str]
"""Variables, without question marks, to terms."""


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """Subject, predicate and object, as N-Triples write them."""

    subject: str
    predicate: str
    object: str

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."


def bindings(
    rule: InferenceRule, statement: Statement, beside: Iterable[Statement] = ()
) -> Bindings:
    """What the variables of a rule's template stand for where it gives a statement; {} if never.

    `beside` are the other statements of its subject in the rule's graph: a rule that counts says
    of what it counted in these.
    """
    for pattern in rule.construct.template:
        found = _matched(pattern, statement, {})
        if found is None:
            continue
        for other in (p for p in rule.construct.template if p is not pattern):
            for candidate in beside:
                more = _matched(other, candidate, found)
                if more is not None:
                    found = more
                    break
        return found
    return {}


def _matched(pattern: Pattern, statement: Statement, known: Bindings) -> dict[str, str] | None:
    found = dict(known)
    terms = (statement.subject, statement.predicate, statement.object)
    for wanted, term in zip(pattern.terms, terms, strict=True):
        if wanted.startswith("?"):
            if found.setdefault(wanted[1:], term) != term:
                return None
        elif wanted != term:
            return None
    return found


def cases_query(rule: InferenceRule, known: Bindings, most: int) -> str:
    """The query for the cases in which a rule, that does not count, gives a statement.

    Its rows bind the variables of the body that the template leaves open.
    """
    where = substituted(rule.construct.where, known)
    names = " ".join(f"?{name}" for name in sorted(variables(where)))
    prologue = rule.construct.prologue
    return f'{prologue}SELECT DISTINCT ("case" AS ?case_) {names} {{ {where} }} LIMIT {most}'


def members_query(rule: InferenceRule, known: Bindings, most: int) -> str:
    """The query for the first of what was counted, in the order of their IRIs."""
    where = _members(rule, known)
    names = " ".join(f"?{name}" for name in sorted(variables(where)))
    one = f"?{rule.counts}"
    first = f"{{ SELECT DISTINCT {one} {{ {where} }} ORDER BY {one} LIMIT {most} }}"
    return f"{rule.construct.prologue}SELECT DISTINCT {names} {{ {first} {where} }} ORDER BY {one}"


def size_query(rule: InferenceRule, known: Bindings) -> str:
    """The query for how many were counted."""
    count = f"(COUNT(DISTINCT ?{rule.counts}) AS ?size)"
    return f"{rule.construct.prologue}SELECT {count} {{ {_members(rule, known)} }}"


def _members(rule: InferenceRule, known: Bindings) -> str:
    grouped = {name: known[name] for name in rule.construct.group if name in known}
    return substituted(rule.construct.members, grouped)


def premises(rule: InferenceRule, case: Bindings) -> tuple[Pattern, ...]:
    """The patterns of a rule's body in a case: statements, and paths still to be followed."""
    return tuple(dict.fromkeys(pattern.bound(case) for pattern in rule.construct.body))


def whole_path(rule: InferenceRule, known: Bindings) -> tuple[Pattern, Pattern] | None:
    """For a transitive property what declares it, and the path from end to end; else None.

    One path tells more than steps within steps.
    """
    if not is_transitivity(rule):
        return None
    declared, first, second = rule.construct.body
    path = Pattern(first.subject, first.predicate, second.object, path=True)
    return declared.bound(known), path.bound(known)


def steps_query(path: Pattern) -> str:
    """The query for the statements on any way along a path, and the graph of each."""
    start, step, end = path.terms
    return (
        f"SELECT DISTINCT ?from ?to ?graph {{ {start} {step}* ?from . ?from {step} ?to . "
        f"?to {step}* {end} OPTIONAL {{ GRAPH ?graph {{ ?from {step} ?to }} }} }}"
    )


def way(path: Pattern, steps: Iterable[tuple[str, str]]) -> tuple[Statement, ...]:
    """The shortest way along a path, of equal ones the first in order; () where there is none."""
    following: dict[str, list[str]] = {}
    for start, end in sorted(set(steps)):
        following.setdefault(start, []).append(end)
    came: dict[str, str] = {}
    waiting = [path.subject]
    for place in waiting:
        for end in following.get(place, ()):
            if end in came:
                continue
            came[end] = place
            waiting.append(end)
            if end == path.object:
                return _back(path, came)
    return ()


def _back(path: Pattern, came: Mapping[str, str]) -> tuple[Statement, ...]:
    found: list[Statement] = []
    place = path.object
    while True:
        found.insert(0, Statement(came[place], path.predicate, place))
        place = came[place]
        if place == path.subject:
            return tuple(found)


def graphs_query(statements: Sequence[Statement]) -> str:
    """The query for the graphs of statements; `?graph` is unbound for the unnamed graph."""
    rows = " ".join(f"({s.subject} {s.predicate} {s.object})" for s in statements)
    return (
        f"SELECT DISTINCT ?s ?p ?o ?graph {{ VALUES (?s ?p ?o) {{ {rows} }} "
        "?s ?p ?o OPTIONAL { GRAPH ?graph { ?s ?p ?o } } }"
    )


def beside_query(subject: str, graph: str) -> str:
    """The query for the statements of a subject in a graph."""
    return f"SELECT ?p ?o {{ GRAPH <{graph}> {{ {subject} ?p ?o }} }}"
