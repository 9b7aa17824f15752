"""What would change: two rulebooks compared, rule by rule and by the verdicts on given questions.

Pure. Verdicts are decided by the generated function, which is proved to agree with the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ontology.issue import Issue
from ontology.places import Resolution
from ontology.vocabulary import Vocabulary
from rules.case import Derived
from rules.compiled import Compiled, reference_kind
from rules.decide import decide
from rules.facts import BadFacts
from rules.load import MEMBERS
from rules.model import Rule, Rulebook, rule_to_json

_WRITTEN: Final = {"citations": "cites", "in_force": "in-force"}
"""Members of a revision document that files write by another name."""


@dataclass(frozen=True, slots=True)
class Question:
    """A case to decide twice. `name` says where it comes from, `source` what kind of place that is.

    `derived` and `place` are what the knowledge base adds, the same for both rulebooks.
    """

    name: str
    source: str
    text: str
    kind: str
    as_of: date
    facts: Mapping[str, object]
    derived: Sequence[Derived] = ()
    place: Resolution | None = None
    not_a_task: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What a question comes to; `fault` says why it cannot be decided at all."""

    verdict: str
    reason: str | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """A question with another answer, and the changed rules that told otherwise."""

    question: Question
    before: Answered
    after: Answered
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a rule, as revision documents have it, before and after; None: not there."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Altered:
    """A rule with other members."""

    before: Rule
    after: Rule
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Facts of a kind (`facts/{kind}`) or codes of a list (`codes/{list}`) that differ."""

    of: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    altered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Between two revisions. `elsewhere` are other parts of the documents that differ."""

    before: str
    after: str
    added: tuple[Rule, ...]
    removed: tuple[Rule, ...]
    altered: tuple[Altered, ...]
    words: tuple[Words, ...]
    elsewhere: tuple[str, ...]
    asked: int
    changed: tuple[Changed, ...]

    @property
    def same(self) -> bool:
        """Whether both are one revision."""
        return self.before == self.after

    def to_json(self) -> dict[str, Any]:
        """The machine-readable form."""
        return {
            "before": self.before,
            "after": self.after,
            "rules": {
                "added": [rule.id for rule in self.added],
                "removed": [rule.id for rule in self.removed],
                "altered": [
                    {
                        "rule": altered.after.id,
                        "members": [
                            {"name": m.name, "before": m.before, "after": m.after}
                            for m in altered.members
                        ],
                    }
                    for altered in self.altered
                ],
            },
            "words": [
                {"of": w.of, "added": w.added, "removed": w.removed, "altered": w.altered}
                for w in self.words
            ],
            "elsewhere": self.elsewhere,
            "asked": self.asked,
            "changed": [_changed_to_json(changed) for changed in self.changed],
        }


def compare(before: Rulebook, after: Rulebook, questions: Iterable[Question] = ()) -> Difference:
    """How two rulebooks differ, and which questions they answer differently."""
    old, new = _by_id(before), _by_id(after)
    altered = tuple(
        Altered(old[name], rule, members)
        for name, rule in new.items()
        if name in old and (members := _members(old[name], rule))
    )
    added = tuple(rule for name, rule in new.items() if name not in old)
    removed = tuple(rule for name, rule in old.items() if name not in new)
    touched = [rule.id for rule in (*added, *removed)] + [a.after.id for a in altered]
    if before.revision == after.revision:
        changed: tuple[Changed, ...] = ()
        asked = sum(1 for _ in questions)
    else:
        asked, changed = _ask(_Book(before), _Book(after), questions, touched)
    return Difference(
        before.revision,
        after.revision,
        added,
        removed,
        altered,
        _words(before.vocabulary, after.vocabulary),
        _elsewhere(before, after),
        asked,
        changed,
    )


class _Book:
    """A rulebook with its kinds compiled as they are needed."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._compiled: dict[str, Compiled] = {}
        self._alike: dict[str, bool] = {}

    def decides_as(self, other: _Book, kind: str) -> bool:
        """Whether both have the same rules and words for a kind: then nothing can differ."""
        if kind not in self._alike:
            mine, theirs = self._rulebook, other._rulebook
            words, others = mine.vocabulary, theirs.vocabulary
            self._alike[kind] = (
                kind in words.kinds
                and kind in others.kinds
                and words.facts(kind) == others.facts(kind)
                and words.decision(kind) == others.decision(kind)
                and words.code_lists == others.code_lists
                and mine.rules.get(kind) == theirs.rules.get(kind)
            )
        return self._alike[kind]

    def answer(self, question: Question) -> Answered:
        body = self._decide(question, full=False)
        if isinstance(body, BadFacts):
            return Answered("", None, "; ".join(issue.message for issue in body.issues))
        return Answered(str(body["verdict"]), body["reason"] and str(body["reason"]))

    def told(self, question: Question) -> dict[str, set[tuple[str, str]]]:
        """What each rule tells of a question: its effect and status, over all parts."""
        body = self._decide(question, full=True)
        told: dict[str, set[tuple[str, str]]] = {}
        if not isinstance(body, BadFacts):
            for found in (*body["findings"], *body["requirements"]):
                told.setdefault(found["rule"], set()).add(
                    (str(found.get("effect", "")), str(found["status"]))
                )
        return told

    def _decide(self, question: Question, *, full: bool) -> Mapping[str, Any] | BadFacts:
        kind = question.kind
        if kind not in self._rulebook.vocabulary.kinds:
            return BadFacts([Issue("error", f"there are no decisions of kind {kind}", "$")])
        if kind not in self._compiled:
            self._compiled[kind] = reference_kind(self._rulebook, kind)
        try:
            return decide(
                kind,
                question.facts,
                question.as_of,
                self._rulebook,
                derived=question.derived,
                detail="full" if full else "verdict",
                not_a_task=question.not_a_task,
                place=question.place,
                compiled=self._compiled[kind],
            ).body
        except BadFacts as error:
            return error


def _ask(
    before: _Book, after: _Book, questions: Iterable[Question], touched: Sequence[str]
) -> tuple[int, tuple[Changed, ...]]:
    asked = 0
    changed: list[Changed] = []
    for question in questions:
        asked += 1
        if before.decides_as(after, question.kind):
            continue
        was, is_now = before.answer(question), after.answer(question)
        if was != is_now:
            rules = _responsible(before.told(question), after.told(question), touched)
            changed.append(Changed(question, was, is_now, rules))
    return asked, tuple(changed)


def _responsible(
    before: Mapping[str, set[tuple[str, str]]],
    after: Mapping[str, set[tuple[str, str]]],
    touched: Sequence[str],
) -> tuple[str, ...]:
    """The touched rules that tell otherwise; else those that speak; else all that tell otherwise.

    A touched rule may speak as before and yet decide: it came to prevail over another, or a
    requirement was made of it.
    """
    differing = [n for n in {**before, **after} if before.get(n) != after.get(n)]
    speaking = [n for n in touched if n in before or n in after]
    return tuple([n for n in touched if n in differing] or speaking or differing)


def _members(old: Rule, new: Rule) -> tuple[Member, ...]:
    was, now = rule_to_json(old), rule_to_json(new)
    found = [
        Member(_WRITTEN.get(name, name), was[name], now[name])
        for name in now
        if was[name] != now[name]
    ]
    return tuple(sorted(found, key=lambda member: MEMBERS.index(member.name)))


def _words(before: Vocabulary, after: Vocabulary) -> tuple[Words, ...]:
    was, now = (_by_place(v) for v in (before, after))
    found: list[Words] = []
    for of in dict.fromkeys((*was, *now)):
        old, new = was.get(of, {}), now.get(of, {})
        words = Words(
            of,
            tuple(n for n in new if n not in old),
            tuple(n for n in old if n not in new),
            tuple(n for n in new if n in old and old[n] != new[n]),
        )
        if words.added or words.removed or words.altered:
            found.append(words)
    return tuple(found)


def _by_place(words: Vocabulary) -> dict[str, dict[str, object]]:
    facts: dict[str, dict[str, object]] = {
        f"facts/{kind}": {fact.name: fact for fact in facts} for kind, facts in words.kinds.items()
    }
    return facts | {
        f"codes/{name}": {c.code: c for c in codes.concepts}
        for name, codes in words.code_lists.items()
    }


def _elsewhere(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    parts = {
        "horizon": before.horizon != after.horizon,
        "wording": before.wording != after.wording,
        "order": [i for i in _by_id(before) if i in _by_id(after)]
        != [i for i in _by_id(after) if i in _by_id(before)],
    }
    return tuple(name for name, differs in parts.items() if differs)


def _by_id(rulebook: Rulebook) -> dict[str, Rule]:
    return {rule.id: rule for rules in rulebook.rules.values() for rule in rules}


def _changed_to_json(changed: Changed) -> dict[str, Any]:
    question = changed.question
    return {
        "case": question.name,
        "source": question.source,
        "text": question.text,
        "as_of": question.as_of.isoformat(),
        "before": _answered_to_json(changed.before),
        "after": _answered_to_json(changed.after),
        "rules": list(changed.rules),
    }


def _answered_to_json(answered: Answered) -> dict[str, Any]:
    told: dict[str, Any] = {"verdict": answered.verdict or None, "reason": answered.reason}
    return told | ({"fault": answered.fault} if answered.fault else {})
