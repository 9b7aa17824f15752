"""What is covered: every sentence with its norms, the rules that execute them, and their cases.

Brings the library, the rules and the cases together; pure. A rule executes a norm where words it
cites overlap the norm's own, in the text that hands them down (`kb.overlap`). Every hole has its
reason: a norm that no rule executes says by its `check` why, and one that facts could decide is
missing a rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from kb.instrument import Instrument, Provision, Sentence
from kb.library import Library
from kb.norms import Account, AccountKind, Check, Modality, Norm, Strength
from kb.overlap import Resting, resting
from rules.cases import Example
from rules.model import Rule

Carried = Literal[AccountKind, "none"]
"""What a sentence is accounted as; `none`: not at all."""
CARRIED: Final[tuple[Carried, ...]] = (*get_args(AccountKind), "none")
MODALITIES: Final[tuple[Modality, ...]] = get_args(Modality)
STRENGTHS: Final[tuple[Strength, ...]] = get_args(Strength)
CHECKS: Final[tuple[Check, ...]] = get_args(Check)

RuleWhy = Literal["lost", "list", "not-held", "no-norm", "no-case"]
"""A quote is not found any more; rests on rows of a list, or on a text not held, alone; its words
stand in a held text, but in no norm (a heading, a report of facts); no case shows it."""
RULE_WHYS: Final[tuple[RuleWhy, ...]] = get_args(RuleWhy)


@dataclass(frozen=True, slots=True)
class NormCover:
    """A norm with the rules that execute it."""

    norm: Norm
    rules: tuple[Rule, ...]

    @property
    def why(self) -> Check | None:
        """Why no rule executes it: `rule` means that one is missing; None where one does."""
        return None if self.rules else self.norm.check


@dataclass(frozen=True, slots=True)
class SentenceCover:
    """A sentence with its account (None: it has none) and its norms."""

    sentence: Sentence
    account: Account | None
    norms: tuple[NormCover, ...]

    @property
    def carried(self) -> Carried:
        """What it is accounted as."""
        return self.account.kind if self.account else "none"


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of a provision or a document; `rules` execute its norms, `cases` are theirs."""

    sentences: Mapping[Carried, int]
    modality: Mapping[Modality, int]
    strength: Mapping[Strength, int]
    check: Mapping[Check, int]
    unruled: Mapping[Check, int]
    rules: int
    cases: int

    @property
    def all_sentences(self) -> int:
        """How many sentences there are."""
        return sum(self.sentences.values())

    @property
    def norms(self) -> int:
        """How many norms there are."""
        return sum(self.modality.values())

    @property
    def executed(self) -> int:
        """How many norms a rule executes."""
        return self.norms - sum(self.unruled.values())


@dataclass(frozen=True, slots=True)
class ProvisionCover:
    """A provision with the sentences of its own (not those of the parts below it)."""

    provision: Provision
    sentences: tuple[SentenceCover, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class DocumentCover:
    """A held instrument, its provisions in the order of the text."""

    instrument: Instrument
    provisions: tuple[ProvisionCover, ...]
    counts: Counts

    def norms(self) -> Iterator[tuple[Provision, NormCover]]:
        """Its norms with the provisions they stand in."""
        for provision, sentence in self.sentences():
            for norm in sentence.norms:
                yield provision, norm

    def sentences(self) -> Iterator[tuple[Provision, SentenceCover]]:
        """Its sentences with the provisions they stand in."""
        for cover in self.provisions:
            for sentence in cover.sentences:
                yield cover.provision, sentence


@dataclass(frozen=True, slots=True)
class RuleCover:
    """A rule: what its citations rest on, the norms it executes, how many cases show it."""

    rule: Rule
    rests: tuple[Resting, ...]
    norms: tuple[Norm, ...]
    cases: int

    @property
    def whys(self) -> tuple[RuleWhy, ...]:
        """Its holes; none where it executes a norm and has cases."""
        standings = {rest.standing for rest in self.rests}
        found: list[RuleWhy] = []
        if "lost" in standings:
            found.append("lost")
        elif "held" not in standings:
            found.append("list" if "list" in standings else "not-held")
        elif not self.norms:
            found.append("no-norm")
        if not self.cases:
            found.append("no-case")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Coverage:
    """All held documents and all rules."""

    documents: tuple[DocumentCover, ...]
    rules: tuple[RuleCover, ...]
    counts: Counts

    def document(self, key: str) -> DocumentCover | None:
        """The document of an instrument's key; None where no text of it is held."""
        return next((d for d in self.documents if d.instrument.key == key), None)

    @property
    def broken(self) -> bool:
        """Whether a sentence has no account or a rule has lost its quote: neither may be."""
        lost = any("lost" in cover.whys for cover in self.rules)
        return lost or bool(self.counts.sentences["none"])


def cover(library: Library, rules: Iterable[Rule], examples: Iterable[Example] = ()) -> Coverage:
    """The coverage of all held texts by rules and cases."""
    cases = Counter(example.rule for example in examples)
    covers = tuple(_rule(library, rule, cases[rule.id]) for rule in rules)
    by_norm: dict[str, list[Rule]] = {}
    for one in covers:
        for norm in one.norms:
            by_norm.setdefault(norm.iri, []).append(one.rule)
    documents = tuple(_document(i, by_norm, cases) for i in library.instruments if i.held)
    sentences = [s for d in documents for _, s in d.sentences()]
    return Coverage(documents, covers, _counts(sentences, cases))


def _rule(library: Library, rule: Rule, cases: int) -> RuleCover:
    told = [citation.quoted_in or citation for citation in rule.citations]
    rests = tuple(resting(library, c.instrument, c.provision, c.quote) for c in told)
    norms = {norm.iri: norm for rest in rests for norm in rest.norms}
    return RuleCover(rule, rests, tuple(norms.values()), cases)


def _document(
    instrument: Instrument, by_norm: Mapping[str, list[Rule]], cases: Mapping[str, int]
) -> DocumentCover:
    accounts = {account.sentence: account for account in instrument.accounts}
    provisions = []
    for provision in instrument.provisions:
        sentences = tuple(_sentence(s, accounts.get(s.id), by_norm) for s in provision.sentences)
        provisions.append(ProvisionCover(provision, sentences, _counts(sentences, cases)))
    everything = [s for p in provisions for s in p.sentences]
    return DocumentCover(instrument, tuple(provisions), _counts(everything, cases))


def _sentence(
    sentence: Sentence, account: Account | None, by_norm: Mapping[str, list[Rule]]
) -> SentenceCover:
    norms = account.norms if account else ()
    return SentenceCover(
        sentence, account, tuple(NormCover(n, tuple(by_norm.get(n.iri, ()))) for n in norms)
    )


def _counts(sentences: Iterable[SentenceCover], cases: Mapping[str, int]) -> Counts:
    found = tuple(sentences)
    norms = [norm for sentence in found for norm in sentence.norms]
    rules = {rule.id for norm in norms for rule in norm.rules}
    carried = Counter(s.carried for s in found)
    modality = Counter(n.norm.modality for n in norms)
    strength = Counter(n.norm.strength for n in norms)
    check = Counter(n.norm.check for n in norms)
    unruled = Counter(n.why for n in norms if n.why)
    return Counts(
        {name: carried[name] for name in CARRIED},
        {name: modality[name] for name in MODALITIES},
        {name: strength[name] for name in STRENGTHS},
        {name: check[name] for name in CHECKS},
        {name: unruled[name] for name in CHECKS},
        len(rules),
        sum(cases.get(rule, 0) for rule in rules),
    )
