"""Cases beside the rules: on these facts, on this day, a rule holds, fails or stays open.

They are the rulebook's own tests, written by whoever writes the rule, and its worked examples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, cast, get_args

from ontology.issue import Issue
from ontology.label import Label
from ontology.places import Resolution, within
from rules import marked
from rules.case import Case, open_case
from rules.compiled import shared
from rules.decide import combined
from rules.demands import RequirementStatus
from rules.drawn import drawn
from rules.entries import all_entries, entries_of
from rules.facts import BadFacts, read_facts
from rules.findings import statuses_of
from rules.load import case_files
from rules.marked import Node, Value
from rules.members import Notes
from rules.model import Rule, Rulebook
from rules.network import Window
from rules.standards import standards
from rules.verdict import Reason, Verdict

CaseStatus = Literal["holds", "fails", "unknown", "defeated", "not-in-force"]
STATUSES: Final[tuple[CaseStatus, ...]] = get_args(CaseStatus)
REQUIREMENTS: Final[tuple[RequirementStatus, ...]] = get_args(RequirementStatus)


@dataclass(frozen=True, slots=True)
class Example:
    """One case: facts on a day, and what they must come to for one rule (and, if said, overall)."""

    rule: str
    title: Label
    as_of: date
    facts: Mapping[str, Value]
    status: CaseStatus
    verdict: str | None
    reason: str | None
    where: str
    rule_at: str
    places: Mapping[str, str]
    """Where each fact, and each code of a set, is written, by its path below `facts`."""
    requirement: RequirementStatus | None = None
    """What its requirement must come to, if said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case came to. `issues` are those of its facts; then nothing was decided.

    Verdict, reason and requirement are those that the case says something of.
    """

    example: Example
    status: str = ""
    verdict: str | None = None
    reason: str | None = None
    issues: tuple[Issue, ...] = ()
    requirement: str | None = None

    @property
    def passed(self) -> bool:
        """Whether everything the case expects came out."""
        wanted = self.example
        return (
            not self.issues
            and self.status == wanted.status
            and wanted.verdict in (None, self.verdict)
            and wanted.reason in (None, self.reason)
            and wanted.requirement in (None, self.requirement)
        )

    @property
    def problem(self) -> str:
        """What was expected and what came out, "" where the case passed."""
        if self.issues:
            return "; ".join(str(issue) for issue in self.issues)
        if self.passed:
            return ""
        example = self.example
        wanted = [example.status, example.verdict, example.reason, example.requirement]
        found = [self.status, self.verdict, self.reason, self.requirement]
        pairs = zip(wanted, found, strict=True)
        return "; ".join(f"expected {w}, found {f}" for w, f in pairs if w is not None and w != f)


def load_cases(root: Path | None = None) -> tuple[tuple[Example, ...], list[Issue]]:
    """All cases of a rulebook folder (the shipped one by default), with every issue found."""
    return all_entries(case_files(root), read_cases)


def read_cases(text: str, file: str) -> tuple[tuple[Example, ...], list[Issue]]:
    """The cases of one YAML text; one with an error is left out, its issues are not."""
    return entries_of(text, file, "cases", _example)


def run_case(example: Example, rulebook: Rulebook) -> Outcome:
    """Decide one case. KeyError where its rule is not in the rulebook (`rules.check` says so)."""
    kind, rule = next(
        ((k, r) for k, rs in rulebook.rules.items() for r in rs if r.id == example.rule),
        (None, None),
    )
    if kind is None or rule is None:
        raise KeyError(example.rule)
    try:
        given = read_facts(kind, example.facts, example.as_of, rulebook.vocabulary)
    except BadFacts as error:
        return Outcome(example, issues=tuple(locate(example, i) for i in error.issues))
    # What `decide` does, without the questions and changes that nobody reads here.
    derived = drawn(kind, given, example.as_of)
    case = open_case(shared().get(rulebook, kind), given, example.as_of, derived)
    status = _status(example, rule, case, given.place)
    # The verdict over all rules takes longer than the rest, and most cases are about one rule.
    asked = example.verdict or example.reason
    verdict, reason = combined(case.outcomes()) if asked else (None, None)
    demanded = example.requirement and _requirement(case, rule)
    return Outcome(example, status, verdict, reason, requirement=demanded)


def run_cases(examples: Iterable[Example], rulebook: Rulebook) -> tuple[Outcome, ...]:
    """Decide all cases whose rule is in the rulebook."""
    known = {rule.id for rules in rulebook.rules.values() for rule in rules}
    return tuple(run_case(example, rulebook) for example in examples if example.rule in known)


def table(outcomes: Sequence[Outcome]) -> list[tuple[str, int, int, str]]:
    """Rows for people, a rule each, in order: id, cases, failures, the statuses its cases reach."""
    by_rule: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_rule.setdefault(outcome.example.rule, []).append(outcome)
    return [
        (
            rule,
            len(found),
            sum(not outcome.passed for outcome in found),
            ", ".join(s for s in STATUSES if any(o.example.status == s for o in found)),
        )
        for rule, found in by_rule.items()
    ]


def _status(example: Example, rule: Rule, case: Case, place: Resolution | None) -> str:
    """What the rule came to; where the place is not known it may be anywhere."""
    there = place is None or within(place.place.code, rule.jurisdiction)
    if not there or Window(rule.id, rule.in_force).truth(example.as_of) is False:
        return "not-in-force"
    return " and ".join(sorted(statuses_of(case, rule.id))) or "fails"


def _requirement(case: Case, rule: Rule) -> str | None:
    """What the requirement of a rule came to; None where it applies to nothing."""
    statuses = {found.status for found in standards(case, rule.id)}
    return " and ".join(sorted(statuses)) or None


def locate(example: Example, issue: Issue) -> Issue:
    """An issue of `read_facts` at the place in the file where the fact is written."""
    where = example.places.get(issue.where.removeprefix("$.facts"), example.where)
    return Issue(issue.severity, issue.message, where, issue.hint)


def _example(node: Node, notes: Notes) -> Example | None:
    found = notes.mapping(node, "a case", ("rule", "title", "as-of", "facts", "expect"))
    if found is None:
        return None
    rule_node = found.get("rule")
    rule = notes.text(rule_node, "rule")
    title = notes.label(found.get("title"), "title")
    as_of = notes.day(found.get("as-of"), "as-of")
    facts_node = found.get("facts")
    if facts_node is not None and not isinstance(facts_node, marked.Mapping):
        notes.error("facts is a mapping of names to values", facts_node.where)
        facts_node = None
    said = ("verdict", "reason", "requirement")
    expect = notes.mapping(found.get("expect"), "expect", ("status",), said)
    status = notes.choice(expect.get("status") if expect else None, "status", STATUSES)
    verdict = notes.choice(expect.get("verdict") if expect else None, "verdict", list(Verdict))
    reason = notes.choice(expect.get("reason") if expect else None, "reason", list(Reason))
    wanted = expect.get("requirement") if expect else None
    requirement = notes.choice(wanted, "requirement", REQUIREMENTS)
    if rule is None or rule_node is None or title is None or as_of is None:
        return None
    if facts_node is None or status is None:
        return None
    return Example(
        rule=rule,
        title=title,
        as_of=as_of,
        facts=cast("Mapping[str, Value]", marked.plain(facts_node)),
        status=cast("CaseStatus", status),
        verdict=verdict,
        reason=reason,
        where=found.where,
        rule_at=rule_node.where,
        places=_places(facts_node),
        requirement=cast("RequirementStatus | None", requirement),
    )


def _places(facts: marked.Mapping) -> dict[str, str]:
    places: dict[str, str] = {}
    for key, value in facts.members:
        path = f"['{key.value}']"
        places[path] = value.where
        if isinstance(value, marked.Sequence):
            places |= {f"{path}[{i}]": part.where for i, part in enumerate(value.parts)}
    return places
