"""Practice cases: requests with a label somebody gave, decided and compared.

A label is one annotator's opinion. Where law and label disagree the law is followed; what counts is
that each disagreement can be read with its ground. JSON lines, one case each: `id`, `text`,
`request` (with `items`, each its own labels), `expected_verdict`, `acceptable_verdicts`,
`expected_reason`, `expected_missing` (what should be asked for), `in_jurisdiction` (false where no
local text applies) and `kind` (of decision; admissibility where it is not said).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ontology.issue import Issue
from ontology.names import nearest
from rules.facts import BadFacts
from rules.verdict import Reason, Verdict

ASKED_FOR: Final[Mapping[str, str]] = {
    "role": "task.role",
    "on_list": "task.list",
    "funding": "task.funding",
    "statutory_basis": "task.statutory_basis",
}
"""Words of `expected_missing` that name a fact; others are remarks."""

_SCOPE: Final = frozenset({Reason.PLACE, Reason.DAY})
_OPEN: Final = frozenset({Verdict.UNDETERMINED, Verdict.CONDITIONAL})

_BEST: Final = frozenset({Verdict.ADMISSIBLE, Verdict.COMPLIANT})

Answer = Callable[[Mapping[str, Any], str], Mapping[str, Any]]
"""Decides one request of a kind: its result body; BadFacts for a request it cannot read."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What somebody expects of one task: the strict label and those that are not wrong."""

    expected: str
    acceptable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PracticeCase:
    """A request with its labels; `items` where it asks about several tasks, None without labels.

    `wanted` are the facts of which an open answer should ask for or require at least one; `outside`
    says that no local text reaches the place.
    """

    id: str
    text: str
    request: Mapping[str, Any]
    labels: Labels
    why: str
    items: tuple[Labels | None, ...] = ()
    wanted: frozenset[str] = frozenset()
    outside: bool = False
    kind: str = "admissibility"


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: a case, or (as `P004[0]`) one of its items."""

    id: str
    text: str
    labels: Labels
    verdict: str
    reason: str | None
    why: str
    grounds: tuple[str, ...]
    error: str = ""
    wanted: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    outside: bool = False

    @property
    def agrees(self) -> bool:
        """Whether the verdict is the strict label."""
        return self.verdict == self.labels.expected

    @property
    def within(self) -> bool:
        """Whether the verdict is one of those that are not wrong."""
        return self.verdict in self.labels.acceptable

    @property
    def dangerous(self) -> bool:
        """Whether something is let pass that nobody would let pass."""
        return self.verdict in _BEST and not self.within

    @property
    def silent(self) -> bool:
        """Whether an open answer neither asks for nor requires any fact it should.

        Of what the caller says is no task there is nothing to ask.
        """
        open_ = self.verdict in _OPEN and self.reason != Reason.NOT_A_TASK
        return open_ and bool(self.wanted) and not self.wanted & self.asked

    @property
    def unplaced(self) -> bool:
        """Whether an open answer on a place without local texts gives another reason than that."""
        open_ = self.outside and self.verdict == Verdict.UNDETERMINED
        return open_ and self.reason not in _SCOPE


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows there are, and how many are what."""

    cases: int
    agree: int
    within: int
    dangerous: int
    errors: int
    silent: int = 0
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All rows: cases, and apart from them their items."""

    cases: tuple[Row, ...]
    items: tuple[Row, ...]

    @property
    def counts(self) -> Counts:
        """Counts over the cases."""
        return count(self.cases)

    @property
    def disagreements(self) -> tuple[Row, ...]:
        """Cases and items whose verdict is not the strict label, the wrong and dangerous first."""
        differing = [row for row in (*self.cases, *self.items) if not row.agrees]
        return tuple(sorted(differing, key=lambda row: (not row.dangerous, row.within)))


def count(rows: Sequence[Row]) -> Counts:
    """Counts over any rows."""
    return Counts(
        len(rows),
        sum(row.agrees for row in rows),
        sum(row.within for row in rows),
        sum(row.dangerous for row in rows),
        sum(bool(row.error) for row in rows),
        sum(row.silent for row in rows),
        sum(row.unplaced for row in rows),
    )


def load_practice(text: str, file: str) -> tuple[tuple[PracticeCase, ...], list[Issue]]:
    """The cases of JSON lines, and an issue at file:line for each line that is none."""
    cases: list[PracticeCase] = []
    issues: list[Issue] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{file}:{number}"
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            issues.append(Issue("error", f"not JSON: {error.msg}", f"{where}:{error.colno}"))
            continue
        found = _case(value, where)
        if isinstance(found, Issue):
            issues.append(found)
        else:
            cases.append(found)
    return tuple(cases), issues


def run_practice(cases: Iterable[PracticeCase], answer: Answer) -> Report:
    """Decide each case with `answer` and compare."""
    rows: list[Row] = []
    items: list[Row] = []
    for case in cases:
        try:
            body = answer(case.request, case.kind)
        except BadFacts as error:
            rows.append(Row(case.id, case.text, case.labels, "", None, case.why, (), str(error)))
            continue
        row = _row(case.id, case.text, case.labels, body, case.why)
        asked = asked_for(body)
        rows.append(replace(row, wanted=case.wanted, asked=asked, outside=case.outside))
        for labels, item in zip(case.items, body.get("items", ()), strict=True):
            if labels is not None:
                name = f"{case.id}[{item['index']}]"
                items.append(_row(name, str(item.get("text") or ""), labels, item, case.why))
    return Report(tuple(rows), tuple(items))


def asked_for(body: Mapping[str, Any]) -> frozenset[str]:
    """The facts a result asks for, in its questions and sets, or requires and has not got."""
    found: set[str] = set()
    for result in body.get("items") or [body]:
        lacking = result.get("missing") or {}
        found |= {question["fact"] for question in lacking.get("questions", ())}
        found |= {fact for one in lacking.get("sets", ()) for fact in one["facts"]}
        unmet = (r for r in result["requirements"] if r["status"] != "met")
        found |= {fact for requirement in unmet for fact in requirement["facts"]}
    return frozenset(found)


def grounds(body: Mapping[str, Any]) -> tuple[str, ...]:
    """What a result rests on: number, provision and quote of the rules that decide it.

    For an open question these are the rules it turns on, or the permissions that came nearest.
    """
    results = body.get("items") or [body]
    told: dict[str, None] = {}
    for result in results:
        for finding in _deciding(result):
            for citation in finding["citations"]:
                inner = citation["quoted_in"]
                place = f"{citation['instrument']} {citation['provision']}".strip()
                if inner:
                    place += f"（转引自{inner['instrument']} {inner['provision']}）"
                told[f"{place}：“{citation['quote']}” [{finding['rule']}]"] = None
    return tuple(told)


def _deciding(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    findings: list[Mapping[str, Any]] = list(result["findings"])
    statuses = {
        Verdict.INADMISSIBLE: ("forbids",),
        Verdict.NON_COMPLIANT: ("forbids",),
        Verdict.UNDETERMINED: ("forbids", "permits"),
    }
    effects = statuses.get(result["verdict"], ("permits",))
    chosen = [f for f in findings if f["effect"] in effects and f["status"] == "holds"]
    if not chosen:
        chosen = [f for f in findings if f["effect"] in effects]
    demanded = [r for r in result["requirements"] if r["status"] != "met"]
    if result["verdict"] in (Verdict.CONDITIONAL, Verdict.INADMISSIBLE, Verdict.NON_COMPLIANT):
        chosen += demanded
    if result["verdict"] == Verdict.COMPLIANT:
        chosen += result["requirements"]
    return chosen


def _row(name: str, text: str, labels: Labels, body: Mapping[str, Any], why: str) -> Row:
    return Row(name, text, labels, str(body["verdict"]), body["reason"], why, grounds(body))


def _case(value: object, where: str) -> PracticeCase | Issue:
    if not isinstance(value, dict) or not isinstance(value.get("request"), dict):
        return Issue("error", "a case is an object with a request", where)
    labels = _labels(value, where)
    if isinstance(labels, Issue):
        return labels
    items: list[Labels | None] = []
    for item in value["request"].get("items", ()):
        own = _labels(item, where) if "acceptable_verdicts" in item else None
        if isinstance(own, Issue):
            return own
        items.append(own)
    return PracticeCase(
        id=str(value.get("id") or where),
        text=str(value.get("text") or ""),
        request=value["request"],
        labels=labels,
        why=str(value.get("expected_reason") or ""),
        items=tuple(items),
        wanted=frozenset(
            ASKED_FOR[word] for word in value.get("expected_missing") or () if word in ASKED_FOR
        ),
        outside=value.get("in_jurisdiction") is False,
        kind=str(value.get("kind") or "admissibility"),
    )


def _labels(value: Mapping[str, Any], where: str) -> Labels | Issue:
    acceptable = value.get("acceptable_verdicts")
    expected = value.get("expected_verdict")
    if not isinstance(acceptable, list) or not acceptable:
        return Issue("error", "a case lists its acceptable_verdicts", where)
    expected = acceptable[0] if expected is None else expected
    for verdict in (expected, *acceptable):
        if verdict not in list(Verdict):
            near = nearest(str(verdict), list(Verdict))
            hint = f"did you mean {near}?" if near else f"there are: {', '.join(Verdict)}"
            return Issue("error", f"{verdict} is not a verdict", where, hint)
    return Labels(str(expected), tuple(str(v) for v in acceptable))
