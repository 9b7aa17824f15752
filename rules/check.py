"""Linting a rulebook: what files alone cannot tell. Issues are values; nothing is raised.

A rule must speak the vocabulary's words, quote what is written, stay inside the time and place of
the instrument it rests on, and be shown by cases on either side of each of its edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from kb.library import CitedText, Library
from ontology.issue import Issue
from ontology.places import within
from ontology.vocabulary import Vocabulary
from rules.cases import Example, load_cases, locate
from rules.condition import facts_of
from rules.facts import BadFacts, read_facts
from rules.load import Cited, RawRule, load_rules
from rules.model import Citation, Rule
from rules.network import CompileError, compile_rules
from rules.terms import check_asked, unknown


def check(vocabulary: Vocabulary, library: Library, root: Path | None = None) -> list[Issue]:
    """Every issue of the rules and cases in a folder (the shipped rulebook by default)."""
    raw, issues = load_rules(root)
    cases, more = load_cases(root)
    _, found = check_rules(raw, vocabulary, library)
    return [*issues, *found, *more, *check_cases(cases, raw, vocabulary)]


def check_rules(
    raw: Sequence[RawRule], vocabulary: Vocabulary, library: Library
) -> tuple[tuple[Rule, ...], list[Issue]]:
    """The rules that can be executed, with their citations, and the issues of all."""
    issues: list[Issue] = []
    rules: list[Rule] = []
    for rule in raw:
        citations, defects = _citations(rule, library)
        issues += defects
        words = _words(rule, vocabulary)
        issues += [*words, *_period(rule, library), *_shape(rule)]
        if rule.rule.kind in vocabulary.kinds and not words:
            rules.append(replace(rule.rule, citations=citations))
    issues += _unique(raw)
    issues += _defeats(raw)
    if not any(issue.severity == "error" for issue in issues):
        issues += _compiled(rules, raw, vocabulary)
    return tuple(rules), issues


def check_cases(
    cases: Sequence[Example], raw: Sequence[RawRule], vocabulary: Vocabulary
) -> list[Issue]:
    """Issues of the cases: unknown rules, bad facts, and what no case shows."""
    by_id = {rule.rule.id: rule for rule in raw}
    issues: list[Issue] = []
    for case in cases:
        rule = by_id.get(case.rule)
        if rule is None:
            issues.append(unknown("rule", case.rule, case.rule_at, by_id))
        elif rule.rule.kind in vocabulary.kinds:
            try:
                read_facts(rule.rule.kind, case.facts, case.as_of, vocabulary)
            except BadFacts as error:
                issues += [locate(case, issue) for issue in error.issues]
    for rule in raw:
        issues += _shown(rule, [c for c in cases if c.rule == rule.rule.id], vocabulary)
    return issues


def _citations(raw: RawRule, library: Library) -> tuple[tuple[Citation, ...], list[Issue]]:
    found = [
        library.citation(c.instrument, c.provision or None, c.quote, c.quoted_in, c.quote_at)
        for c in raw.cites
    ]
    issues = [f for f in found if isinstance(f, Issue)]
    return tuple(_citation(f) for f in found if isinstance(f, CitedText)), issues


def _citation(text: CitedText) -> Citation:
    return Citation(
        text.instrument,
        text.number,
        text.title,
        text.provision,
        text.iri,
        text.quote,
        _citation(text.as_quoted_in) if text.as_quoted_in else None,
    )


def _words(raw: RawRule, vocabulary: Vocabulary) -> list[Issue]:
    kind = raw.rule.kind
    if kind not in vocabulary.kinds:
        return [unknown("kind of decision", kind, raw.where, vocabulary.kinds)]
    issues = [issue for asked in raw.asked for issue in check_asked(asked, kind, vocabulary)]
    if raw.rule.requirement is not None:
        lists = (vocabulary.code_lists.get(name) for name in ("changers", "addressees"))
        bearers = [c for codes in lists if codes for c in codes.codes if c != "none"]
        if raw.rule.requirement.bearer not in bearers:
            issues.append(unknown("bearer", raw.rule.requirement.bearer, raw.bearer_at, bearers))
    return issues


def _period(raw: RawRule, library: Library) -> list[Issue]:
    """A rule lives within the time and place of the instrument its first citation names."""
    first: Cited = raw.cites[0]
    source = library.instrument(first.instrument) or library.by_number(first.instrument)
    if source is None:
        return []
    name = source.number or source.key
    issues: list[Issue] = []
    known, own = source.in_force, raw.rule.in_force
    if known.start is not None and own.start < known.start:
        message = f"the rule starts on {own.start}, before {name} does"
        issues.append(Issue("error", message, raw.where, f"{name} starts on {known.start}"))
    elif known.latest is not None and own.start < known.latest and own.latest != known.latest:
        message = f"the start of {name} is uncertain, the rule's is not"
        hint = f'from: ["{known.start}", "{known.latest}"]'
        issues.append(Issue("error", message, raw.where, hint))
    if known.end is not None and (own.end is None or own.end > known.end):
        message = f"the rule outlives {name}"
        issues.append(Issue("error", message, raw.where, f"{name} ends on {known.end}"))
    if not within(raw.rule.jurisdiction, source.jurisdiction):
        message = f"the rule's jurisdiction {raw.rule.jurisdiction!r} is not within that of {name}"
        issues.append(Issue("error", message, raw.where, f"{name} binds {source.jurisdiction!r}"))
    return issues


def _shape(raw: RawRule) -> list[Issue]:
    """Members that contradict each other."""
    rule = raw.rule
    issues: list[Issue] = []
    if rule.inference and rule.doubt is None:
        issues.append(Issue("error", f"{rule.id} is an inference without its doubt", raw.where))
    slips = {"forbids": "permission", "permits": "prohibition"}
    if slips.get(rule.effect) == rule.norm:
        message = f"{rule.id} {rule.effect}, but its norm is a {rule.norm}"
        issues.append(Issue("warning", message, raw.where))
    if rule.strength == "best-effort" and rule.effect not in ("advises", "none"):
        message = f"{rule.id} is best-effort and {rule.effect}: a best-effort norm only advises"
        issues.append(Issue("error", message, raw.where))
    return issues


def _unique(raw: Sequence[RawRule]) -> list[Issue]:
    first: dict[str, str] = {}
    return [
        Issue("error", f"{rule.rule.id} is given twice", rule.where, f"first at {before}")
        for rule in raw
        if (before := first.setdefault(rule.rule.id, rule.where)) != rule.where
    ]


def _defeats(raw: Sequence[RawRule]) -> list[Issue]:
    by_id = {rule.rule.id: rule for rule in raw}
    issues: list[Issue] = []
    for rule in raw:
        for defeat, where in zip(rule.rule.defeats, rule.defeats_at, strict=True):
            target = by_id.get(defeat.rule)
            if target is None:
                issues.append(unknown("rule", defeat.rule, where, by_id))
            elif target.rule.kind != rule.rule.kind:
                message = f"{defeat.rule} is of another kind: {target.rule.kind}"
                issues.append(Issue("error", message, where))
            elif path := _way_back(rule.rule.id, defeat.rule, by_id):
                message = f"defeat runs in a circle: {' → '.join(path)}"
                issues.append(Issue("error", message, where))
    return issues


def _way_back(to: str, start: str, by_id: dict[str, RawRule]) -> list[str]:
    """The chain of defeats from `to` over `start` back to `to`, empty where there is none."""
    ways = [[to, start]]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == to:
            return way
        for defeat in by_id[way[-1]].rule.defeats:
            if defeat.rule == to or (defeat.rule in by_id and defeat.rule not in seen):
                seen.add(defeat.rule)
                ways.append([*way, defeat.rule])
    return []


def _compiled(rules: Iterable[Rule], raw: Sequence[RawRule], vocabulary: Vocabulary) -> list[Issue]:
    where = {rule.rule.id: rule.where for rule in raw}
    issues: list[Issue] = []
    by_kind: dict[str, list[Rule]] = {}
    for rule in rules:
        by_kind.setdefault(rule.kind, []).append(replace(rule, defeats=()))
    for kind, alone in by_kind.items():
        # What compiles together compiles alone; only where it does not is each rule looked at.
        if _compiles(kind, alone, vocabulary):
            continue
        for rule in alone:
            try:
                compile_rules(kind, (rule,), vocabulary)
            except CompileError as error:
                issues.append(Issue("error", str(error), where[rule.id]))
    return issues


def _compiles(kind: str, rules: Sequence[Rule], vocabulary: Vocabulary) -> bool:
    try:
        compile_rules(kind, tuple(rules), vocabulary)
    except CompileError:
        return False
    return True


def _shown(raw: RawRule, cases: Sequence[Example], vocabulary: Vocabulary) -> list[Issue]:
    """What no case shows: holding, failing, unknown, and both sides of each end of the period."""
    rule, period = raw.rule, raw.rule.in_force
    day = timedelta(days=1)
    reached = {case.status for case in cases}
    wanted = [("where it holds", {"holds", "defeated"}), ("where it fails", {"fails"})]
    if not _always_known(rule, vocabulary):
        wanted.append(("where it is unknown", {"unknown"}))
    gaps = [what for what, statuses in wanted if not statuses & reached]
    if rule.requirement is not None and vocabulary.decision(rule.kind).verdict_by == "standards":
        shown = {case.requirement for case in cases}
        words = {"met": "where it is met", "unmet": "where it is unmet"}
        words["unknown"] = "where whether it is met is unknown"
        gaps += [what for status, what in words.items() if status not in shown]
    outside, inside = {"not-in-force"}, {"holds", "defeated"}
    edges: list[tuple[date, set[str], str]] = [
        (period.start - day, outside, "the day before it starts"),
        (period.latest or period.start, inside, "the first day it is surely in force"),
    ]
    if period.end is not None:
        edges += [
            (period.end - day, inside, "its last day"),
            (period.end, outside, "the day it has ended"),
        ]
    for at, statuses, what in edges:
        if not any(case.as_of == at and case.status in statuses for case in cases):
            gaps.append(f"on {what} ({at})")
    return [Issue("error", f"no case shows {rule.id} {gap}", raw.where) for gap in gaps]


def _always_known(rule: Rule, vocabulary: Vocabulary) -> bool:
    """Whether no fact left open can leave the rule open: all it reads are presumed."""
    if rule.kind not in vocabulary.kinds or rule.in_force.latest is not None:
        return False
    facts = (vocabulary.fact(rule.kind, name) for name in facts_of(rule.when))
    return all(fact is not None and fact.presumption is not None for fact in facts)
