"""Deciding: facts in, a cited decision out. Pure, and exact where facts are unknown (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ontology.places import Resolution
from rules import result
from rules.assumptions import assumptions
from rules.case import Case, Derived, open_case
from rules.changes import changes
from rules.compiled import Compiled, shared
from rules.facts import read_facts
from rules.findings import Demanded, Finding, demands, findings
from rules.model import Later, Rulebook
from rules.prose import Teller
from rules.questions import missing
from rules.receipt import canonical, digest
from rules.verdict import Outcome, Reason, Verdict, strictest

Detail = Literal["verdict", "full"]

HELD_UNTIL: Final = date(2020, 6, 30)
"""Day of the latest text held; decisions about later days carry a horizon."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The result body of a decision, with its canonical bytes and digest."""

    verdict: Verdict
    reason: Reason | None
    body: Mapping[str, Any]

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
) -> Decision:
    """Decide one request by the rules of `kind` in force on `as_of`.

    `facts` are given ones by name, absent meaning unknown; `derived` come from the knowledge base
    and yield to given ones; `place` is a recorded resolution of the place, for replays. `compiled`
    stands in for the rulebook compiled with durable_rules (tests and batch). Raises BadFacts with
    every issue at its JSON path (under `path`), KeyError for an unknown kind, EngineFault when the
    engine fails: never a wrong verdict.
    """
    given = read_facts(kind, facts, as_of, rulebook.vocabulary, path, place)
    compiled = compiled or shared().get(rulebook, kind)
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
        return Decision(verdict, reason, head)
    return Decision(verdict, reason, head | _full(case, rulebook, outcomes, verdict, reason))


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
    return {
        "summary": _summary(case, teller, found, demanded, verdict, reason).to_json(),
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
        "derived": result.derived_json(case),
        "parts": result.parts_json(case, outcomes),
        "ignored": result.ignored_json(case, teller),
        "horizon": result.horizon_json(later),
    }


def _concerns(later: Later, case: Case) -> bool:
    """Whether a later instrument reaches the place and was out by the day (a year or a date)."""
    place = case.given.place
    there = place is None or place.place.code.startswith(later.jurisdiction)
    return there and later.date <= case.as_of.isoformat()


def _summary(
    case: Case,
    teller: Teller,
    found: Sequence[Finding],
    demanded: Sequence[Demanded],
    verdict: Verdict,
    reason: Reason | None,
) -> Any:
    def told(effect: str, *statuses: str) -> list[Finding]:
        return [f for f in found if f.rule.effect == effect and f.status in statuses]

    if verdict is Verdict.INADMISSIBLE:
        if bans := told("forbids", "holds"):
            return teller.fill("verdict", "inadmissible", grounds=teller.grounds(bans))
        barred = [d for d in demanded if d.status == "unmet" and not d.changeable]
        if barred:
            return teller.fill(
                "verdict", "inadmissible-requirement", grounds=teller.grounds(barred)
            )
        grounds = teller.grounds(told("forbids", "unknown"))
        return teller.fill("verdict", "inadmissible-completions", grounds=grounds)
    if verdict is Verdict.CONDITIONAL:
        wanted = [d.rule.requirement for d in demanded if d.status != "met"]
        texts = teller.listed(requirement.text for requirement in wanted if requirement)
        return teller.fill("verdict", "conditional", requirements=texts)
    if verdict is Verdict.ADMISSIBLE:
        grounds = teller.grounds(told("permits", "holds") or told("permits", "unknown"))
        return teller.fill("verdict", "admissible", grounds=grounds)
    facts = case.compiled.network.facts
    slots = case.compiled.network.slots
    unknown = {n for f in found if f.status == "unknown" for n, m in f.because if m & (m - 1)}
    labels = [facts[slots[name]].label for name in sorted(unknown, key=slots.__getitem__)]
    doubts = [f for f in found if f.start_in_doubt]
    return teller.fill(
        "reason",
        str(reason),
        nearest=teller.listed(f.rule.title for f in told("permits", "fails")),
        unknown=teller.listed(labels),
        doubts=teller.grounds(doubts),
    )
