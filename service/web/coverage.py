"""Pages of the coverage: all texts, one text norm by norm, and what cases show of conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from kb.instrument import Instrument, Provision
from ontology.label import Label
from ontology.vocabulary import Vocabulary
from rules.exercised import Exercise, Role, Shown
from rules.model import Rule
from service.coverage import RULE_WHYS, Counts, Coverage, RuleWhy
from service.deps import LibraryDep, ServiceDep
from service.errors import NotFound
from service.holes import WHYS, Why
from service.web.carried import NormView, Teller
from service.web.covers import Covers, Whole
from service.web.rulebook import Comparison
from service.web.said import label_of, said
from service.web.templates import Pages


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """A provision with numbers; one without sentences of its own heads those below it."""

    provision: Provision
    counts: Counts


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A text with its provisions."""

    instrument: Instrument
    counts: Counts
    provisions: tuple[ProvisionRow, ...]


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """All texts, what rules lack, and how many comparisons cases show whole."""

    documents: tuple[DocumentRow, ...]
    counts: Counts
    lacking: tuple[tuple[RuleWhy, tuple[Rule, ...]], ...]
    comparisons: int
    shown: int


@dataclass(frozen=True, slots=True)
class NormRow:
    """A norm of a provision with the reason why no rule executes it, None where one does."""

    view: NormView
    why: Why | None


@dataclass(frozen=True, slots=True)
class ProvisionPart:
    """A provision with those of its norms, and of its sentences without account, that are shown."""

    provision: Provision
    counts: Counts
    norms: tuple[NormRow, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One text norm by norm; `why` is the reason that is asked for, `reasons` all with numbers."""

    instrument: Instrument
    counts: Counts
    parts: tuple[ProvisionPart, ...]
    reasons: tuple[tuple[Why, int], ...]
    why: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A comparison of a rule with the number of cases for each value it can have."""

    role: Role
    comparison: Comparison
    shown: Shown


@dataclass(frozen=True, slots=True)
class RuleConditions:
    """A rule whose cases leave something unshown."""

    rule: Rule
    cases: int
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True, slots=True)
class ConditionsPage:
    """The rules whose cases leave something unshown, and how many do not."""

    rules: tuple[RuleConditions, ...]
    whole: int
    comparisons: int
    shown: int


class CoverageDesk:
    """Handlers of the pages."""

    def __init__(self, pages: Pages, covers: Covers) -> None:
        self._pages = pages
        self._covers = covers

    def overview(self, request: Request, service: ServiceDep, library: LibraryDep) -> Response:
        """All texts."""
        page = coverage_page(self._whole(service, library))
        return self._pages.render(request, "coverage.html", page)

    def document(
        self,
        request: Request,
        key: str,
        service: ServiceDep,
        library: LibraryDep,
        why: Annotated[str, Query(max_length=40)] = "",
    ) -> Response:
        """One text, norm by norm."""
        coverage = self._covers.texts(service.head(), library)
        teller = Teller(library, {})
        page = document_page(coverage, key, teller, why if why in WHYS else "")
        if page is None:
            raise NotFound("no text of this key is held")
        return self._pages.render(request, "coverage-document.html", page)

    def conditions(self, request: Request, service: ServiceDep, library: LibraryDep) -> Response:
        """What cases leave unshown of conditions."""
        whole = self._whole(service, library)
        page = conditions_page(whole.exercises, service.head().vocabulary)
        return self._pages.render(request, "coverage-conditions.html", page)

    def _whole(self, service: ServiceDep, library: LibraryDep) -> Whole:
        return self._covers.whole(service.head(), library, service.settings.rulebook_path)


def coverage_page(whole: Whole) -> CoveragePage:
    """The page of all texts."""
    coverage = whole.coverage
    shown = [one for exercise in whole.exercises for one in exercise.shown]
    return CoveragePage(
        documents=tuple(
            DocumentRow(
                document.instrument,
                document.counts,
                tuple(
                    ProvisionRow(p.provision, p.counts) for p in document.provisions if p.sentences
                ),
            )
            for document in coverage.documents
        ),
        counts=coverage.counts,
        lacking=tuple(_lacking(coverage)),
        comparisons=len(shown),
        shown=sum(not one.missing for one in shown),
    )


def _lacking(coverage: Coverage) -> Iterator[tuple[RuleWhy, tuple[Rule, ...]]]:
    for why in RULE_WHYS:
        rules = tuple(one.rule for one in coverage.rules if why in one.whys)
        if rules:
            yield why, rules


def document_page(coverage: Coverage, key: str, teller: Teller, why: str) -> DocumentPage | None:
    """The page of one text; None where it is not held. `why` keeps only what has that reason."""
    document = coverage.document(key)
    if document is None:
        return None
    parts: list[ProvisionPart] = []
    counted: Counter[Why] = Counter()
    for cover in document.provisions:
        rows = [_row(teller.norm(n), n.why) for s in cover.sentences for n in s.norms]
        lost = [s.sentence.text for s in cover.sentences if s.account is None]
        counted.update(row.why for row in rows if row.why)
        counted["no-account"] += len(lost)
        kept = tuple(row for row in rows if why in ("", row.why))
        unsaid = tuple(lost) if why in ("", "no-account") else ()
        if kept or unsaid:
            parts.append(ProvisionPart(cover.provision, cover.counts, kept, unsaid))
    reasons = tuple((one, counted[one]) for one in WHYS if counted[one])
    return DocumentPage(document.instrument, document.counts, tuple(parts), reasons, why)


def _row(view: NormView, check: str | None) -> NormRow:
    found = next((why for why in WHYS if why == check), None)
    return NormRow(view, "no-rule" if check == "rule" else found)


def conditions_page(exercises: Iterable[Exercise], words: Vocabulary) -> ConditionsPage:
    """The page of conditions."""
    told = tuple(exercises)
    shown = [one for exercise in told for one in exercise.shown]
    return ConditionsPage(
        rules=tuple(
            RuleConditions(
                exercise.rule,
                len(exercise.examples),
                tuple(
                    ComparisonRow(one.compared.role, _in_words(one, exercise.rule.kind, words), one)
                    for one in exercise.shown
                    if one.missing
                ),
            )
            for exercise in told
            if exercise.holes
        ),
        whole=sum(not exercise.holes for exercise in told),
        comparisons=len(shown),
        shown=sum(not one.missing for one in shown),
    )


def _in_words(shown: Shown, kind: str, words: Vocabulary) -> Comparison:
    test = shown.compared.test
    label: Label = label_of(kind, test.fact, words)
    return Comparison(label, test.op, said(kind, test.fact, test.values, words))
