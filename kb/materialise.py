"""What follows from a store, put into it: each rule's statements into the graph named after it.

The lowest rule in the order that may find something new runs next, until none may: then nothing
more follows (a fixpoint). What counts runs once, after that. A rule gives only what no graph states
yet, so that nothing is there twice in the union of all graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kb.closure import closure
from kb.inference import InferenceRule, inference_rules, is_derived
from kb.patterns import Pattern
from kb.quads import RDF
from kb.store import GraphStore, TooMany

MOST: Final = 20_000_000
"""Statements that one run of a rule may give; more come of a mistake in what was written."""

_TYPE: Final = f"<{RDF}type>"
_TRANSITIVE: Final = "<http://www.w3.org/2002/07/owl#TransitiveProperty>"

Touched = frozenset[str]
"""Properties by IRI, of `rdf:type` with the class: what a rule reads or has written."""


class TooMuch(ValueError):
    """More follows than a store should hold."""


def materialise(
    store: GraphStore, rules: Sequence[InferenceRule] | None = None, most: int = MOST
) -> Mapping[str, int]:
    """Add what follows; gives the number of statements of each rule, in order.

    The store must hold no derived graph yet. Raises TooMuch where a rule gives more than `most`.
    """
    ordered = sorted(inference_rules() if rules is None else rules, key=lambda rule: rule.order)
    given = dict.fromkeys((rule.name for rule in ordered), 0)
    due = [rule for rule in ordered if not rule.counts]
    while due:
        rule = due.pop(0)
        new = _run(store, rule, most)
        given[rule.name] += len(new)
        written = _written(new)
        waiting = {*due, *(r for r in ordered if not r.counts and _wakes(store, r, written, rule))}
        due = [each for each in ordered if each in waiting]
    for rule in ordered:
        if rule.counts:
            given[rule.name] = len(_run(store, rule, most))
    return given


def followed(lines: Iterable[str]) -> list[str]:
    """What follows from N-Quads lines, as sorted lines of the derived graphs. Raises TooMuch."""
    store = GraphStore("".join(f"{line}\n" for line in lines).encode())
    materialise(store)
    found = store.nquads().decode().split("\n")
    return [line for line in found if line and is_derived(graph_of(line))]


def graph_of(line: str) -> str:
    """The graph of an N-Quads line that is known to name one."""
    return line.rsplit(" ", 2)[1][1:-1]


def _run(store: GraphStore, rule: InferenceRule, most: int) -> set[bytes]:
    """Run a rule once; gives the new statements, as lines of N-Triples."""
    try:
        if is_transitivity(rule):
            new = set(_closed(store, most))
        else:
            new = set(store.construct(_query(rule), most).splitlines(keepends=True))
    except TooMany:
        message = f"the rule {rule.name} gives more than {most:,} statements"
        raise TooMuch(f"{message}: is there a circle in what it reads?") from None
    if new:
        store.put(b"".join(new), rule.graph)
    return new


def _query(rule: InferenceRule) -> str:
    """The CONSTRUCT, without what is stated already; what counts names things of its own."""
    construct = rule.construct
    where = construct.where
    if not rule.counts:
        where += f"FILTER NOT EXISTS {{ {construct.head} }}"
    return f"{construct.prologue}CONSTRUCT {{ {construct.head} }} WHERE {{ {where} }}"


def is_transitivity(rule: InferenceRule) -> bool:
    """Whether the rule is prp-trp of OWL 2 RL, for which following pairs up is far quicker."""
    match rule.construct.template, rule.construct.body:
        case (Pattern(a, p, c),), (Pattern(q, t, kind), Pattern(x, p1, b), Pattern(y, p2, z)):
            same = (p, p, a, b, c) == (p1, p2, x, y, z) and p == q
            return same and (t, kind) == (_TYPE, _TRANSITIVE) and p.startswith("?")
    return False


def _closed(store: GraphStore, most: int) -> Iterator[bytes]:
    found = store.select(f"SELECT DISTINCT ?p {{ ?p {_TYPE} {_TRANSITIVE} }}")
    left = most
    for prop in sorted(row["p"] for row in found):
        between = f" <{prop}> "
        for first, third in closure(store.pairs(prop)):
            left -= 1
            if left < 0:
                raise TooMany
            if not first.startswith('"'):
                yield f"{first}{between}{third} .\n".encode()


def _written(new: Iterable[bytes]) -> Touched:
    """What statements touch: their properties, of types the classes too."""
    kind = _TYPE.encode()
    found: set[bytes] = set()
    for line in new:
        _, prop, rest = line.split(b" ", 2)
        found.add(prop if prop != kind else b" ".join((prop, rest[:-3])))
    return frozenset(each.decode() for each in found)


def _wakes(store: GraphStore, rule: InferenceRule, written: Touched, by: InferenceRule) -> bool:
    """Whether a rule may find something new in what another (or it itself) has written."""
    if not written or (rule is by and is_transitivity(rule)):
        return False
    own = _ends_itself(rule) if rule is by else None
    patterns = [p for p in rule.construct.body if p is not own]
    return any(_reads(store, rule, pattern, written) for pattern in patterns)


def _ends_itself(rule: InferenceRule) -> Pattern | None:
    """The pattern through which a rule could only find again what it has found.

    Where a path `?a P+ ?b` leads a statement about ?a to the same about ?b, a second step leads
    nowhere that a longer path has not led.
    """
    match rule.construct.template, rule.construct.body:
        case (head,), (Pattern(a, _, b, True), data) if a.startswith("?"):
            return data if head == data.bound({a[1:]: b}) else None
    return None


def _reads(store: GraphStore, rule: InferenceRule, pattern: Pattern, written: Touched) -> bool:
    if pattern.predicate == _TYPE:
        wanted = pattern.object
        if wanted.startswith("?"):
            return any(each.startswith(_TYPE) for each in written)
        return f"{_TYPE} {wanted}" in written
    if not pattern.predicate.startswith("?"):
        return pattern.predicate in written
    about = [
        str(p)
        for p in rule.construct.body
        if pattern.predicate in (p.subject, p.object) and not p.predicate.startswith("?")
    ]
    if not about:
        return True
    rows = store.select(f"SELECT DISTINCT {pattern.predicate} {{ {' '.join(about)} }}")
    read = {f"<{iri}>" for row in rows for iri in row.values()}
    return any(each.partition(" ")[0] in read for each in written)
