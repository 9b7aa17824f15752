"""An instrument as the other layers see it: who made it, when it binds, and its provisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kb import labels, numbers
from kb.meta import Cite, Known, Meta, When
from kb.norms import Account, Norm, norms_of
from kb.repairs import Mended, Repair
from kb.sentences import Span
from kb.tree import Node, Tree, walk
from ontology.ids import instrument_iri, provision_iri
from ontology.label import Label


@dataclass(frozen=True, slots=True)
class Authority:
    """A body that made an instrument, by its full name and as the text writes it."""

    name: str
    as_written: str


@dataclass(frozen=True, slots=True)
class Date:
    """A day, or the interval of days it lies in (`because` says why); both None: unknown."""

    earliest: date | None
    latest: date | None
    because: Label | None = None

    @property
    def day(self) -> date | None:
        """The day, where it is known exactly."""
        return self.earliest if self.earliest == self.latest else None

    @property
    def written(self) -> str:
        """What is known as an ISO 8601 date: 2017-12-08, 2019-11, 2019; empty where unknown."""
        if self.earliest is None or self.latest is None:
            return ""
        first, last = self.earliest.isoformat(), self.latest.isoformat()
        for length, edges in ((10, ("", "")), (7, ("-01", last[7:])), (4, ("-01-01", "-12-31"))):
            if first[:length] == last[:length] and (first[length:], last[length:]) == edges:
                return first[:length]
        return f"{first}/{last}"


@dataclass(frozen=True, slots=True)
class InForce:
    """From `start` on and before `end`; `latest` closes an uncertain start (start ≤ true ≤ latest).

    A start of None is not known; an end of None means that no end is known.
    """

    start: date | None
    latest: date | None
    end: date | None
    because: Label | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a provision: its id, words, and place in the mended text and the source."""

    id: str
    text: str
    span: Span
    source: Span
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """A citable part of an instrument (ELI LegalResourceSubdivision).

    `heading` and `text` are its own words without mark; `span` includes the parts below it.
    """

    eid: str
    label: str
    iri: str
    level: str
    number: int | None
    heading: str
    text: str
    parent: str
    order: int
    span: Span
    source: Span
    sentences: tuple[Sentence, ...]
    repairs: tuple[Repair, ...]


@dataclass(frozen=True)
class Instrument:
    """A policy document, held (with its text) or only known (metadata)."""

    key: str
    number: str | None
    raw_number: str | None
    number_because: Label | None
    title: str
    kind: str
    authorities: tuple[Authority, ...]
    jurisdiction: str
    issued: Date
    in_force: InForce
    iri: str
    folder: Path
    cites: tuple[Cite, ...] = ()
    known: Known | None = None
    notes: tuple[Label, ...] = ()
    sha256: str | None = None
    mended: Mended | None = None
    tree: Tree | None = None
    provisions: tuple[Provision, ...] = ()
    accounts: tuple[Account, ...] = ()
    _by_label: dict[str, Provision] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_label = {p.eid: p for p in self.provisions}
        by_label |= {labels.normal(p.label): p for p in self.provisions}
        object.__setattr__(self, "_by_label", by_label)

    @property
    def held(self) -> bool:
        """Whether its text is in the knowledge base."""
        return self.mended is not None

    @property
    def text(self) -> str:
        """The mended text; empty where none is held."""
        return self.mended.text if self.mended else ""

    @property
    def norms(self) -> tuple[Norm, ...]:
        """The norms of its sentences, in the order of the text."""
        return tuple(norms_of(self.accounts))

    def provision(self, label: str) -> Provision | None:
        """The provision of a label (三（五）, 附件四; brackets of either width) or an eid."""
        found = self._by_label.get(labels.normal(label))
        # An article with one paragraph is cited with or without 第一款.
        return found or self._by_label.get(labels.normal(label).replace("第一款", "", 1))


def build(
    meta: Meta, folder: Path, mended: Mended | None = None, tree: Tree | None = None
) -> Instrument:
    """The instrument of its metadata and, where it is held, its mended text and tree."""
    start, issued = meta.in_force.from_, meta.issued
    return Instrument(
        key=meta.key,
        number=numbers.normal(meta.number.raw) if meta.number else None,
        raw_number=meta.number.raw if meta.number else None,
        number_because=_number_because(meta),
        title=meta.title,
        kind=meta.kind,
        authorities=tuple(Authority(a.name, a.as_written or a.name) for a in meta.authorities),
        jurisdiction=meta.jurisdiction,
        issued=Date(issued.earliest, issued.latest, _label(issued)),
        in_force=InForce(start.earliest, start.latest if start.latest != start.earliest else None,
                         meta.in_force.until, _label(start)),
        iri=instrument_iri(meta.key),
        folder=folder,
        cites=meta.cites,
        known=meta.known,
        notes=tuple(note.label for note in meta.notes),
        sha256=meta.sha256,
        mended=mended,
        tree=tree,
        provisions=_provisions(meta.key, mended, tree) if mended and tree else (),
    )  # fmt: skip


def _number_because(meta: Meta) -> Label | None:
    """Why a number does not come from the text itself, or why there is none."""
    because = meta.number.because if meta.number else meta.no_number
    return because.label if because else None


def _label(when: When) -> Label | None:
    return when.because.label if when.because else None


def _provisions(key: str, mended: Mended, tree: Tree) -> tuple[Provision, ...]:
    parents: dict[int, str] = {}
    out: list[Provision] = []
    for node in walk(tree.root):
        for child in node.children:
            parents[id(child)] = node.eid if node.label else parents.get(id(node), "")
        if node.label:
            out.append(_provision(key, mended, node, parents.get(id(node), ""), len(out)))
    return tuple(out)


def _provision(key: str, mended: Mended, node: Node, parent: str, order: int) -> Provision:
    sentences = tuple(
        Sentence(
            f"{node.eid}__s_{n}", mended.text[slice(*span)], span,
            mended.source_span(*span), mended.touched(*span),
        )
        for n, span in enumerate(node.sentences, start=1)
    )  # fmt: skip
    return Provision(
        eid=node.eid,
        label=node.label,
        iri=provision_iri(key, node.eid),
        level=node.level,
        number=node.number,
        heading=_heading(mended.text, node),
        text=mended.text[slice(*node.body)] if node.body else "",
        parent=parent,
        order=order,
        span=(node.start, node.end),
        source=(mended.boundary(node.start), mended.boundary(node.end)),
        sentences=sentences,
        repairs=mended.touched(node.start, node.end) if node.end > node.start else (),
    )


def _heading(text: str, node: Node) -> str:
    """A node's heading; an annex is headed by its title, not by the word 附件."""
    titles = [c.body for c in node.children if c.level == "annex-title" and c.body]
    if titles:
        return "".join(text[slice(*span)] for span in titles)
    return text[slice(*node.heading)] if node.heading else ""
