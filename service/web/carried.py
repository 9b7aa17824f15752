"""What each sentence of a text carries, in words: its norms, or why it carries none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from kb.instrument import Instrument, Provision
from kb.library import Library
from kb.norms import Account, Norm, Strength
from kb.relations import Relation
from ontology.concepts_table import load_concepts
from ontology.ids import parse
from ontology.label import Label
from rules.model import Rule
from service.coverage import DocumentCover, NormCover, SentenceCover
from service.web.links import instrument_href, norm_href

Tone = Literal["strict", "in-principle", "best-effort", "fact", "definition", "none", "missing"]
TONES: Final[tuple[Tone, ...]] = (
    "strict", "in-principle", "best-effort", "fact", "definition", "none", "missing",
)  # fmt: skip
"""How a sentence is coloured: by the strongest of its norms, or by what else it is."""
_STRENGTHS: Final[tuple[Strength, ...]] = ("strict", "in-principle", "best-effort")


@dataclass(frozen=True, slots=True)
class Related:
    """A norm that stands to another in a relation; `forward` where the relation goes to it."""

    kind: str
    label: Label
    forward: bool
    norm: Norm
    number: str
    provision: str
    href: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class NormView:
    """A norm in words. `source` is the instrument whose norm the text only reports."""

    norm: Norm
    href: str
    bearer: tuple[Label, ...]
    counterparty: tuple[Label, ...]
    topic: Label
    check: Label
    rules: tuple[Rule, ...]
    related: tuple[Related, ...]
    source: Instrument | None
    source_href: str


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence with its norms; `executed` where a rule executes one, `wanting` where it lacks."""

    id: str
    tone: Tone
    account: Account | None
    kind: Label
    norms: tuple[NormView, ...]

    @property
    def executed(self) -> bool:
        """Whether a rule executes one of its norms."""
        return any(view.rules for view in self.norms)

    @property
    def wanting(self) -> bool:
        """Whether facts could decide one of its norms, and no rule does."""
        return any(view.norm.check == "rule" and not view.rules for view in self.norms)


@dataclass(frozen=True, slots=True)
class NormPage:
    """One norm where it stands: its text, provision and sentence, cut around the norm's words."""

    instrument: Instrument
    provision: Provision
    sentence: SentenceView
    view: NormView
    before: str
    after: str


class Teller:
    """Puts norms into words with what the library knows of them."""

    def __init__(self, library: Library, relations: Mapping[str, tuple[Relation, ...]]) -> None:
        self._library = library
        self._relations = relations
        self._concepts = load_concepts()

    def sentence(self, cover: SentenceCover) -> SentenceView:
        """A sentence with all that it carries."""
        return SentenceView(
            id=cover.sentence.id,
            tone=tone_of(cover),
            account=cover.account,
            kind=self._concepts.label("sentence-accounts", cover.carried),
            norms=tuple(self.norm(norm) for norm in cover.norms),
        )

    def norm(self, cover: NormCover) -> NormView:
        """One norm."""
        norm, concepts = cover.norm, self._concepts
        source = self._library.instrument(norm.source) if norm.source else None
        return NormView(
            norm=norm,
            href=norm_href(norm.iri),
            bearer=tuple(concepts.label("actors", code) for code in norm.bearer),
            counterparty=tuple(concepts.label("actors", code) for code in norm.counterparty),
            topic=concepts.label("norm-topics", norm.topic),
            check=concepts.label("norm-checks", norm.check),
            rules=cover.rules,
            related=tuple(self._related(norm, r) for r in self._relations.get(norm.iri, ())),
            source=source,
            source_href=instrument_href(source.key) if source else "",
        )

    def _related(self, norm: Norm, relation: Relation) -> Related:
        forward = relation.subject.iri == norm.iri
        other = relation.object if forward else relation.subject
        instrument, provision = place_of(other, self._library)
        return Related(
            kind=relation.kind,
            label=self._concepts.label("relation-kinds", relation.kind),
            forward=forward,
            norm=other,
            number=(instrument.number or instrument.title) if instrument else "",
            provision=provision.label if provision else "",
            href=norm_href(other.iri),
            relation=relation,
        )


def place_of(norm: Norm, library: Library) -> tuple[Instrument | None, Provision | None]:
    """The instrument and the provision that state a norm."""
    named = parse(norm.iri)
    instrument = library.instrument(named.parts[0]) if named else None
    return instrument, instrument.provision(provision_of(norm.sentence)) if instrument else None


def provision_of(sentence: str) -> str:
    """The id of the provision that a sentence stands in."""
    return sentence.rpartition("__s_")[0]


def norm_page(document: DocumentCover, norm_id: str, teller: Teller) -> NormPage | None:
    """The page of a norm of a text; None where it has none of this id."""
    for provision, cover in document.sentences():
        for norm in cover.norms:
            if norm.norm.id == norm_id:
                start, end = (at - cover.sentence.span[0] for at in norm.norm.span)
                return NormPage(
                    instrument=document.instrument,
                    provision=provision,
                    sentence=teller.sentence(cover),
                    view=teller.norm(norm),
                    before=cover.sentence.text[:start],
                    after=cover.sentence.text[end:],
                )
    return None


def carried(document: DocumentCover, teller: Teller) -> dict[str, SentenceView]:
    """What each sentence of a document carries, by its id."""
    return {s.sentence.id: teller.sentence(s) for _, s in document.sentences()}


def tone_of(cover: SentenceCover) -> Tone:
    """How a sentence is coloured."""
    if cover.account is None:
        return "missing"
    strengths = {norm.norm.strength for norm in cover.norms}
    for strength in _STRENGTHS:
        if strength in strengths:
            return strength
    kind = cover.account.kind
    return kind if kind in ("fact", "definition") else "none"


def legend(views: Iterable[SentenceView]) -> tuple[tuple[Tone, int], ...]:
    """The colours that are used, with the number of sentences in each."""
    tones = [view.tone for view in views]
    return tuple((tone, tones.count(tone)) for tone in TONES if tone in tones)
