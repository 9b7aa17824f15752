"""Reading `norms/*.yaml` beside a text: every sentence accounted for, every quote found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kb import yaml_source
from kb.instrument import Instrument, Sentence
from kb.meta import Words, check
from kb.norm_form import (
    AccountForm,
    DeadlineForm,
    FileForm,
    NormForm,
    ObservationForm,
    QuantityForm,
    RecurrenceForm,
)
from kb.norms import Account, Deadline, Norm, Observation, Quantity, Recurrence
from kb.yaml_source import KeyPath, Source
from ontology.ids import mint
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest


def read_accounts(
    instrument: Instrument, folder: Path, shown: str
) -> tuple[tuple[Account, ...], list[Issue]]:
    """What every sentence of a held instrument carries, in the order of the text, with all faults.

    `folder` has the YAML files, `shown` is how issues name it. A sentence without an entry, an
    entry without a sentence, and a quote that is not verbatim are issues at their line.
    """
    sentences = {s.id: s for p in instrument.provisions for s in p.sentences}
    found: dict[str, Account] = {}
    issues: list[Issue] = []
    for path in sorted(folder.glob("*.yaml")):
        source = yaml_source.read(path, f"{shown}/{path.name}")
        if not source.issues and not isinstance(source.value, list):
            source.issues.append(source.issue("a list of sentences is expected"))
        model = None if source.issues else _file(source)
        issues += source.issues if model is None else []
        for n, entry in enumerate(model.accounts if model else ()):
            sentence = sentences.get(entry.sentence)
            if sentence is None or entry.sentence in found:
                said = "there is no sentence" if sentence is None else "accounted for twice:"
                near = nearest(entry.sentence, sentences) if sentence is None else ""
                hint = f"did you mean {near}?" if near else ""
                issues.append(source.issue(f"{said} {entry.sentence}", (n, "sentence"), hint))
                continue
            reader = _Reader(instrument, sentence, source, (n,))
            found[entry.sentence] = reader.account(entry)
            issues += reader.issues
    if not issues:
        issues += [
            Issue("error", f"no account of the sentence {name}: {s.text[:24]}", f"{shown}:1:1")
            for name, s in sentences.items()
            if name not in found
        ]
    return tuple(found[name] for name in sentences if name in found), issues


def _file(source: Source) -> FileForm | None:
    """The entries, with faults at their own places (the list is the whole file)."""
    inner = Source(source.file, {"accounts": source.value})
    inner.places = {("accounts", *path): place for path, place in source.places.items()}
    model = check(FileForm, inner)
    source.issues += inner.issues
    return model


class _Reader:
    """Turns the entry of one sentence into values, and notes what does not hold."""

    def __init__(
        self, instrument: Instrument, sentence: Sentence, source: Source, at: KeyPath
    ) -> None:
        self._instrument = instrument
        self._sentence = sentence
        self._source = source
        self._at = at
        self.issues: list[Issue] = []

    def account(self, entry: AccountForm) -> Account:
        return Account(
            sentence=entry.sentence,
            kind=entry.account,
            because=_label(entry.because),
            norms=tuple(self._norm(n, norm) for n, norm in enumerate(entry.norms)),
            observations=tuple(self._observation(n, o) for n, o in enumerate(entry.observations)),
            where=self._source.where(self._at),
        )

    def _norm(self, n: int, norm: NormForm) -> Norm:
        at = (*self._at, "norms", n)
        start = self._place(norm, (*at, "quote"))
        span = (start, start + len(norm.quote))
        mended = self._instrument.mended
        assert mended is not None
        self._written(norm, at)
        name = f"{self._sentence.id}__n_{n + 1}"
        return Norm(
            id=name,
            iri=mint("norm", self._instrument.key, name),
            sentence=self._sentence.id,
            quote=norm.quote,
            prefix=norm.prefix,
            suffix=norm.suffix,
            span=span,
            source_span=mended.source_span(*span),
            repairs=tuple(r.id for r in mended.touched(*span)),
            modality=norm.modality,
            strength=norm.strength,
            bearer=norm.bearer,
            implied=norm.implied,
            counterparty=norm.counterparty,
            action=norm.action.label,
            condition=_label(norm.condition),
            exception=_label(norm.exception),
            quantities=tuple(_quantity(q) for q in norm.quantities),
            deadline=_deadline(norm.deadline),
            recurrence=_recurrence(norm.recurrence),
            topic=norm.topic,
            check=norm.check,
            doubt=_label(norm.doubt),
            source=norm.source,
        )

    def _place(self, norm: NormForm, at: KeyPath) -> int:
        """Where the quote begins in the mended text; an issue where its words do not settle it."""
        text = self._sentence.text
        context = norm.prefix + norm.quote + norm.suffix
        times = text.count(context)
        if times != 1:
            told = "is not verbatim in" if not times else f"occurs {times} times in"
            hint = "tell it apart by prefix or suffix" if times else text
            message = f"{context} {told} {self._sentence.id}"
            self.issues.append(self._source.issue(message, at, hint))
        return self._sentence.span[0] + max(text.find(context), 0) + len(norm.prefix)

    def _written(self, norm: NormForm, at: KeyPath) -> None:
        """Figures, deadlines and recurrences stand in the sentence as they are written down."""
        for name, words in _as_written(norm):
            # …: words left out between two parts of the sentence.
            position = 0
            for part in words.split("…"):
                position = self._sentence.text.find(part, position)
                if position < 0:
                    message = f"{words} is not verbatim in {self._sentence.id}"
                    self.issues.append(self._source.issue(message, (*at, name)))
                    break

    def _observation(self, n: int, told: ObservationForm) -> Observation:
        if told.quote not in self._sentence.text:
            at = (*self._at, "observations", n, "quote")
            message = f"{told.quote} is not verbatim in {self._sentence.id}"
            self.issues.append(self._source.issue(message, at, self._sentence.text))
        name = f"{self._instrument.key}--{self._sentence.id}--o_{n + 1}"
        return Observation(
            id=name,
            iri=mint("observation", name),
            quote=told.quote,
            indicator=told.indicator.id,
            part_of=told.indicator.part_of,
            name=Label(told.indicator.zh, told.indicator.en),
            value=told.value,
            unit=told.unit,
            on=told.on,
        )


def _as_written(norm: NormForm) -> Iterator[tuple[str, str]]:
    for quantity in norm.quantities:
        yield "quantities", quantity.as_written
    if norm.deadline:
        yield "deadline", norm.deadline.as_written
    if norm.recurrence:
        yield "recurrence", norm.recurrence.as_written


def _label(words: Words | None) -> Label | None:
    return words.label if words else None


def _quantity(q: QuantityForm) -> Quantity:
    return Quantity(
        Label(q.measure, q.en), q.comparison, q.value, q.unit, q.as_written, q.candidates
    )


def _deadline(deadline: DeadlineForm | None) -> Deadline | None:
    if deadline is None:
        return None
    return Deadline(deadline.as_written, deadline.by, tuple(r.label for r in deadline.readings))


def _recurrence(recurrence: RecurrenceForm | None) -> Recurrence | None:
    return Recurrence(recurrence.as_written, recurrence.every) if recurrence else None
