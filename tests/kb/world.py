"""The built graph with the values it was built from, for the tests of the competency questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.build import build
from kb.instrument import Instrument
from kb.library import Library, load_library
from kb.norms import Modality, Norm
from kb.query import bind, load
from kb.store import GraphStore
from ontology.concepts_table import load_concepts
from ontology.vocabulary import Vocabulary, load_vocabulary
from rules.cases import load_cases
from rules.export_cases import case_quads
from rules.model import Citation, Rule, Rulebook
from rules.publish import build_rulebook, rule_quads

Rows = set[tuple[str, ...]]
JILIN = "吉发〔2017〕36号"
REPLY = "吉民议字〔2020〕16号"
MODALITIES: Mapping[Modality, str] = {
    "obligation": "义务",
    "prohibition": "禁止",
    "permission": "许可",
    "recommendation": "倡导",
    "target": "目标",
    "definition": "界定",
}


@dataclass(frozen=True)
class Stated:
    """A norm with the instrument that states it and the label of its provision."""

    norm: Norm
    instrument: Instrument
    provision: str

    @property
    def number(self) -> str:
        return self.instrument.number or ""

    @property
    def modality(self) -> str:
        return MODALITIES[self.norm.modality]

    @property
    def bearers(self) -> list[str]:
        return [zh("actors", code) for code in self.norm.bearer]

    @property
    def counterparties(self) -> list[str]:
        """As a row without one shows it where there is none."""
        return [zh("actors", code) for code in self.norm.counterparty] or [""]


@dataclass(frozen=True)
class World:
    """The graph, and the values it was built from."""

    store: GraphStore
    library: Library
    vocabulary: Vocabulary
    rulebook: Rulebook

    @property
    def rules(self) -> list[Rule]:
        return [rule for rules in self.rulebook.rules.values() for rule in rules]

    @property
    def norms(self) -> list[Stated]:
        """Every norm of the held texts, in their order."""
        labels = {
            (i.key, s.id): p.label
            for i in self.library.instruments
            for p in i.provisions
            for s in p.sentences
        }
        return [
            Stated(norm, i, labels[i.key, norm.sentence])
            for i in self.library.instruments
            for norm in i.norms
        ]

    def answer(self, name: str, *columns: str, **values: str) -> Rows:
        """The rows of a question, of some columns; unbound ones are empty."""
        rows = self.store.select(bind(load(name), values))
        return {tuple(row.get(column, "") for column in columns) for row in rows}

    def instrument(self, key: str) -> Instrument:
        found = self.library.instrument(key)
        assert found is not None
        return found

    def number(self, key: str) -> str:
        return self.instrument(key).number or ""


def build_world(folder: Path) -> World:
    """The shipped content, built into a folder."""
    vocabulary, library = load_vocabulary(), load_library()
    rulebook = build_rulebook(vocabulary, library)
    told = [*rule_quads(rulebook, library), *case_quads(load_cases()[0])]
    build(folder, told, library, vocabulary)
    return World(GraphStore.open(folder / "graph.nq"), library, vocabulary, rulebook)


def in_force(rule: Rule, day: date, place: str) -> bool:
    """Half-open, within the jurisdiction; an uncertain start counts from its first day."""
    period = rule.in_force
    ended = period.end is not None and day >= period.end
    return place.startswith(rule.jurisdiction) and period.start <= day and not ended


def places(citation: Citation) -> list[Citation]:
    """A citation with the one that hands its words down."""
    return [citation] if citation.quoted_in is None else [citation, citation.quoted_in]


def in_jurisdiction(instrument: Instrument, place: str) -> bool:
    """Whether an instrument is of the place or of one above it."""
    return place.startswith(instrument.jurisdiction)


def zh(scheme: str, code: str) -> str:
    """What a code is called in Chinese."""
    return load_concepts().label(scheme, code).zh
