"""Deciding: facts in, a cited decision out. Pure, and exact where facts are unknown (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ontology.places import Resolution
from rules import result
from rules.agenda import agenda
from rules.assumptions import assumptions
from rules.case import Case, Derived, open_case
from rules.changes import changes
from rules.compiled import Compiled, shared
from rules.demands import demands
from rules.drawn import drawn
from rules.facts import read_facts
from rules.findings import findings
from rules.judge import Table
from rules.model import Later, Rulebook
from rules.prose import Teller
from rules.questions import missing
from rules.receipt import canonical, digest
from rules.standards import standards
from rules.summary import summary
from rules.verdict import Outcome, Reason, Verdict, strictest

Detail = Literal["verdict", "full"]

HELD_UNTIL: Final = date(2020, 6, 30)
"""Day of the latest text held; decisions about later days carry a horizon."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The result body of a decision, with its canonical bytes and digest.

    `derived` is all that was derived for it, which a replay needs.
    """

    verdict: Verdict
    reason: Reason | None
    body: Mapping[str, Any]
    derived: tuple[Derived, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The result body as plain JSON values."""
        return dict(self.body)

    def canonical(self) -> bytes:
        """RFC 8785 bytes of the result body."""
        return canonical(self.to_json())

    def digest(self) -> str:
        """SHA-256 of the canonical bytes, hexadecimal."""
        return digest(self.canonical())


def decide(
    kind: str,
    facts: Mapping[str, object],
    as_of: date,
    rulebook: Rulebook,
    *,
    derived: Sequence[Derived] = (),
    detail: Detail = "full",
    as_of_assumed: bool = False,
    not_a_task: bool = False,
    place: Resolution | None = None,
    path: str = "$.facts",
    compiled: Compiled | None = None,
    replayed: bool = False,
) -> Decision:
    """Decide one request by the rules of `kind` in force on `as_of`.

    `facts` are given ones by name, absent meaning unknown; `derived` come from the knowledge base
    and yield to given ones; where `replayed`, they are all that was derived then, and nothing is
    derived anew. `place` is a recorded resolution of the place, for replays. `compiled` stands in
    for the rulebook compiled with durable_rules (tests and batch). Raises BadFacts with every issue
    at its JSON path (under `path`), KeyError for an unknown kind, EngineFault when the engine
    fails: never a wrong verdict.
    """
    given = read_facts(kind, facts, as_of, rulebook.vocabulary, path, place)
    compiled = compiled or shared().get(rulebook, kind)
    if not replayed:
        known = {one.fact for one in derived}
        derived = (*derived, *(d for d in drawn(kind, given, as_of) if d.fact not in known))
    case = open_case(compiled, given, as_of, derived)
    if not_a_task:
        case = Case(compiled, as_of, given, (), case.explorer)
    outcomes = case.outcomes()
    verdict, reason = combined(outcomes)
    head: dict[str, Any] = {
        "kind": kind,
        "as_of": as_of.isoformat(),
        "as_of_assumed": as_of_assumed,
        "revision": rulebook.revision,
        "verdict": verdict,
        "reason": reason,
    }
    if detail == "verdict":
        return Decision(verdict, reason, head, tuple(derived))
    body = head | _full(case, rulebook, outcomes, verdict, reason)
    return Decision(verdict, reason, body, tuple(derived))


def combined(outcomes: Sequence[Outcome]) -> tuple[Verdict, Reason | None]:
    """The strictest verdict of several parts, with the reason of the first part it comes from."""
    if not outcomes:
        return Verdict.UNDETERMINED, Reason.NOT_A_TASK
    verdict = strictest(o.verdict for o in outcomes)
    return verdict, next(o.reason for o in outcomes if o.verdict is verdict)


def _full(
    case: Case,
    rulebook: Rulebook,
    outcomes: Sequence[Outcome],
    verdict: Verdict,
    reason: Reason | None,
) -> dict[str, Any]:
    teller = Teller(rulebook, case.compiled.network)
    silent = frozenset(i for i, o in enumerate(outcomes) if o.reason is Reason.NO_RULE)
    found = findings(case, silent)
    demanded = demands(case)
    absent = missing(case, verdict)
    later: tuple[Later, ...] = ()
    if case.as_of > HELD_UNTIL:
        later = tuple(e for e in rulebook.horizon if _concerns(e, case))
    told = summary(case, teller, found, demanded, verdict, reason)
    measured: dict[str, Any] = {}
    if measures(case.compiled.table):
        found_standards = standards(case)
        measured["standards"] = result.standards_json(case, teller, found_standards)
        if any(rule.due_fact for rule in case.compiled.network.rules):
            measured["agenda"] = result.agenda_json(teller, agenda(case, found_standards))
    return measured | {
        "summary": told.to_json(),
        "facts": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in case.given.values.items()
        },
        "place": result.place_json(case),
        "findings": result.findings_json(case, teller, found),
        "requirements": result.requirements_json(case, teller, demanded),
        "assumptions": result.assumptions_json(case, teller, assumptions(case, verdict)),
        "missing": result.missing_json(case, teller, absent),
        "changes": result.changes_json(case, teller, changes(case, verdict)),
        "derived": result.derived_json(case, teller),
        "parts": result.parts_json(case, outcomes),
        "ignored": result.ignored_json(case, teller),
        "horizon": result.horizon_json(later),
    }


def _concerns(later: Later, case: Case) -> bool:
    """Whether a later instrument reaches the place and was out by the day (a year or a date)."""
    place = case.given.place
    there = place is None or place.place.code.startswith(later.jurisdiction)
    return there and later.date <= case.as_of.isoformat()


def measures(table: Table) -> bool:
    """Whether results have `standards`: kinds decide by them, or their rules advise on some.

    What older revisions decide has none, to the byte.
    """
    return table.by == "standards" or bool(table.advice)
