"""Decisions told in sentences: the revision's wording filled with labels (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ontology.label import Label
from ontology.vocabulary import Fact, Vocabulary
from rules.computing import Computed
from rules.condition import Scalar
from rules.demands import Demanded
from rules.findings import Finding
from rules.model import Citation, Rulebook
from rules.network import Network
from rules.state import single

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the results of one rulebook and kind."""

    rulebook: Rulebook
    network: Network

    @property
    def vocabulary(self) -> Vocabulary:
        return self.rulebook.vocabulary

    def fill(self, key: str, word: str, **labels: Label) -> Label:
        """The sentence `key.word` with each named place filled in both languages.

        A kind of decision may have words of its own.
        """
        form = wording_of(self.rulebook.wording, self.network.kind, key)[word]
        zh = form["zh"].format(**{name: label.zh for name, label in labels.items()})
        en = form["en"].format(**{name: label.en for name, label in labels.items()})
        return Label(zh, en)

    def listed(self, labels: Iterable[Label]) -> Label:
        """Labels as an enumeration; the word for "none" where there are none."""
        told = list(dict.fromkeys(labels))
        form = self.rulebook.wording["separator" if told else "none"]
        if not told:
            return Label(form["zh"], form["en"])
        return Label(
            form["zh"].join(label.zh for label in told), form["en"].join(label.en for label in told)
        )

    def value(self, fact: Fact, value: Scalar | None) -> Label:
        """A value as people read it: the label of a code, yes or no, or the value itself."""
        words: Mapping[str, Any] = self.rulebook.wording["value"]
        if value is None:
            return Label.from_json(words["unknown"])
        if value == "" and fact.type == "place":
            return Label.from_json(words["elsewhere"])
        if isinstance(value, bool):
            return Label.from_json(words[str(value).lower()])
        if fact.codes is not None:
            concept = self.vocabulary.code_lists[fact.codes].get(str(value))
            if concept is not None:
                return concept.label
        unit = f" {fact.unit}" if fact.unit else ""
        return Label(f"{value}{unit}", f"{value}{unit}")

    def computation(self, computed: Computed) -> Label:
        """How a fact was computed: "computed: area (600 m²) ÷ households (3000)"."""
        facts, slots = self.network.facts, self.network.slots
        operands = {
            name: self.fill("fact", "operand", label=fact.label, value=self.value(fact, value))
            for name, fact, value in (
                ("dividend", facts[slots[computed.of.dividend]], computed.dividend),
                ("divisor", facts[slots[computed.of.divisor]], computed.divisor),
            )
        }
        factor = str(computed.of.factor)
        word = "ratio" if computed.of.factor == 1 else "scaled"
        told = self.fill("computed", word, factor=Label(factor, factor), **operands)
        return self.fill("computed", "cut", computation=told) if computed.cut else told

    def known(self, name: str, mask: int, given: Scalar | None) -> Label:
        """ "Role is responsible", or "role is not known"."""
        fact = self.network.facts[self.network.slots[name]]
        if not single(mask):
            return self.fill("fact", "unknown", label=fact.label)
        return self.fill("fact", "known", label=fact.label, value=self.value(fact, given))

    def finding(self, finding: Finding, because: Label, titles: Mapping[str, Label]) -> Label:
        """One finding as a sentence."""
        effect = self.fill("effect", finding.rule.effect)
        if finding.status == "unknown" and not finding.because and finding.start_in_doubt:
            return self.fill("finding", "unknown-in-force")
        if finding.status == "holds" and not finding.because:
            return self.fill("finding", "holds-always", effect=effect)
        defeaters = self.listed(titles[defeat.rule] for defeat in finding.defeated_by)
        return self.fill(
            "finding", finding.status, because=because, effect=effect, defeaters=defeaters
        )

    def grounds(self, told: Iterable[Finding | Demanded]) -> Label:
        """The provisions that findings rest on, as a list."""
        return self.listed(reference(c) for one in told for c in one.rule.citations)


def wording_of(wording: Mapping[str, Any], kind: str, key: str) -> Mapping[str, Any]:
    """The sentences of a key, with those that a kind of decision has of its own."""
    own: Mapping[str, Any] = wording.get("kinds", {}).get(kind, {}).get(key, {})
    return {**wording[key], **own} if own else wording[key]


def reference(citation: Citation) -> Label:
    """Instrument number and provision of a citation; the title where there is no number."""
    source = citation.number or f"《{citation.title}》"
    where = citation.provision and f" {citation.provision}"
    if citation.quoted_in is None:
        return Label(f"{source}{where}", f"{source}{where}")
    inner = citation.quoted_in
    told = f"{inner.number or inner.title} {inner.provision}"
    return Label(f"{source}{where}（转引自{told}）", f"{source}{where} (as quoted in {told})")
