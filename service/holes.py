"""Every hole of a coverage, with its reason, in the order of the texts and of the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from kb.norms import Check
from service.coverage import RULE_WHYS, Coverage, DocumentCover, RuleCover, RuleWhy

Why = Literal["no-account", "no-rule", "no-figure", "discretion", "direction", "internal", RuleWhy]
WHYS: Final[tuple[Why, ...]] = (
    "no-account", "no-rule", "no-figure", "discretion", "direction", "internal", *RULE_WHYS,
)  # fmt: skip
"""A sentence without account; a norm that facts could decide and no rule does; norms that facts
cannot decide, by their `check`; and what rules lack."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Of a sentence, norm or rule: where it is, why it is a hole, and its words.

    `instrument` and `provision` are empty for a rule, which may rest on several.
    """

    of: Literal["sentence", "norm", "rule"]
    id: str
    why: Why
    instrument: str
    provision: str
    text: str

    def to_json(self) -> Mapping[str, Any]:
        """The JSON form."""
        return {
            "of": self.of,
            "id": self.id,
            "why": self.why,
            "instrument": self.instrument,
            "provision": self.provision,
            "text": self.text,
        }


def holes(coverage: Coverage, key: str = "") -> Iterator[Hole]:
    """The holes of all documents and rules, or of one document and the rules that rest on it."""
    for document in coverage.documents:
        if key in ("", document.instrument.key):
            yield from of_document(document)
    for rule in coverage.rules:
        if not key or rests_on(rule, key):
            yield from of_rule(rule)


def of_document(document: DocumentCover) -> Iterator[Hole]:
    """Sentences without account and norms without rule."""
    key = document.instrument.key
    for provision, sentence in document.sentences():
        if sentence.account is None:
            words, name = sentence.sentence.text, sentence.sentence.id
            yield Hole("sentence", name, "no-account", key, provision.label, words)
        for norm in sentence.norms:
            if norm.why is not None:
                why = _why(norm.why)
                yield Hole("norm", norm.norm.id, why, key, provision.label, norm.norm.quote)


def of_rule(rule: RuleCover) -> Iterator[Hole]:
    """What a rule lacks: a quote, a norm, a case."""
    for why in rule.whys:
        yield Hole("rule", rule.rule.id, why, "", "", rule.rule.title.zh)


def rests_on(rule: RuleCover, key: str) -> bool:
    """Whether a rule cites words of an instrument, or cites it as quoted in another."""
    cited = {citation.instrument for citation in rule.rule.citations}
    return key in cited or any(rest.instrument == key for rest in rule.rests)


def _why(check: Check) -> Why:
    return "no-rule" if check == "rule" else check
