"""Norms and observations as RDF, in the graph of the instrument that states them.

A norm is of the class of its modality, is stated in a sentence, and selects its words there with an
`oa:TextQuoteSelector` (https://www.w3.org/TR/annotation-model/#text-quote-selector).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kb.instrument import Instrument
from kb.norms import Account, Norm, Observation, Quantity
from kb.quads import ELI, OA, RDFS, XSD, Graph, literal
from ontology.ids import code_iri, graph_iri, instrument_iri, mint, place_iri, provision_iri

_CONTEXT: Final = 16
"""Characters of prefix and suffix where a quote occurs more than once in its text."""
_DAYS: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}


def norm_quads(instrument: Instrument) -> Iterator[str]:
    """What the sentences of one instrument carry, in its graph."""
    graph = Graph(graph_iri(f"doc/{instrument.key}"))
    provisions = {s.id: p.iri for p in instrument.provisions for s in p.sentences}
    for account in instrument.accounts:
        sentence = provision_iri(instrument.key, account.sentence)
        yield graph.link(sentence, "accountedAs", code_iri("sentence-accounts", account.kind))
        yield from graph.label(sentence, "because", account.because)
        for order, norm in enumerate(account.norms, start=1):
            yield from _norm(graph, instrument, norm, order, provisions[account.sentence])
        yield from _observations(graph, instrument, account)


def _norm(
    graph: Graph, instrument: Instrument, norm: Norm, order: int, provision: str
) -> Iterator[str]:
    iri = norm.iri
    yield from graph.type(iri, norm.modality.capitalize(), "Norm")
    yield graph.link(iri, "statedIn", provision_iri(instrument.key, norm.sentence))
    yield graph.link(iri, "inProvision", provision)
    yield graph.link(iri, ELI + "is_part_of", instrument.iri)
    yield graph.number(iri, "order", order)
    yield from graph.text(iri, "quote", norm.quote)
    yield from _selector(graph, instrument, norm)
    yield graph.link(iri, "strength", code_iri("strengths", norm.strength))
    for bearer in norm.bearer:
        yield graph.link(iri, "bearer", code_iri("actors", bearer))
    yield graph.flag(iri, "impliedBearer", norm.implied)
    for counterparty in norm.counterparty:
        yield graph.link(iri, "counterparty", code_iri("actors", counterparty))
    yield from graph.label(iri, "action", norm.action)
    yield from graph.label(iri, "appliesWhere", norm.condition)
    yield from graph.label(iri, "exceptWhere", norm.exception)
    for n, quantity in enumerate(norm.quantities, start=1):
        node = f"{iri}#figure-{n}"
        yield graph.link(iri, "figure", node)
        yield from _figure(graph, node, quantity)
    if norm.deadline:
        yield from graph.text(iri, "deadline", norm.deadline.as_written)
        yield from _partial(graph, iri, "deadlineBy", norm.deadline.by)
        for reading in norm.deadline.readings:
            yield from graph.label(iri, "deadlineReading", reading)
    if norm.recurrence:
        yield from graph.text(iri, "recurrence", norm.recurrence.as_written)
        if norm.recurrence.every:
            every = literal(norm.recurrence.every, datatype=XSD + "duration")
            yield graph.line(iri, "every", every)
    yield graph.link(iri, "topic", code_iri("norm-topics", norm.topic))
    yield graph.link(iri, "checkable", code_iri("norm-checks", norm.check))
    yield from graph.label(iri, "doubt", norm.doubt)
    if norm.source:
        yield graph.link(iri, "reportedFrom", instrument_iri(norm.source))


def _selector(graph: Graph, instrument: Instrument, norm: Norm) -> Iterator[str]:
    """The exact words; with what stands around them where they come more than once in the text."""
    node, text = f"{norm.iri}#selector", instrument.text
    start, end = norm.span
    yield graph.link(norm.iri, OA + "hasSelector", node)
    yield from graph.type(node, OA + "TextQuoteSelector")
    yield from graph.text(node, OA + "exact", norm.quote)
    if text.count(norm.quote) > 1:
        yield from graph.text(node, OA + "prefix", text[max(0, start - _CONTEXT) : start])
        yield from graph.text(node, OA + "suffix", text[end : end + _CONTEXT])
    for name, at in (
        ("start", start),
        ("end", end),
        ("sourceStart", norm.source_span[0]),
        ("sourceEnd", norm.source_span[1]),
    ):
        yield graph.number(node, name, at)
    for repair in norm.repairs:
        yield graph.link(node, "repair", f"{instrument.iri}#repair-{repair}")


def _figure(graph: Graph, node: str, quantity: Quantity) -> Iterator[str]:
    yield from graph.type(node, "Figure")
    yield from graph.label(node, RDFS + "label", quantity.measure)
    yield from graph.text(node, "comparator", quantity.comparison)
    if quantity.value is not None:
        yield graph.line(node, "number", literal(quantity.value, datatype=XSD + "decimal"))
    yield from graph.text(node, "unitOfMeasure", quantity.unit)
    yield from graph.text(node, "asWritten", quantity.as_written)
    for candidate in quantity.candidates:
        yield from graph.text(node, "candidateFigure", candidate)


def _observations(graph: Graph, instrument: Instrument, account: Account) -> Iterator[str]:
    place = place_iri(instrument.jurisdiction.ljust(6, "0"))
    for told in account.observations:
        indicator = mint("indicator", told.indicator)
        yield from graph.type(indicator, "Indicator")
        yield from graph.label(indicator, RDFS + "label", told.name)
        yield from graph.text(indicator, "unitOfMeasure", told.unit)
        if told.part_of:
            yield graph.link(indicator, "partOfTotal", mint("indicator", told.part_of))
        yield from _observation(graph, instrument, told, indicator, place)
        sentence = provision_iri(instrument.key, account.sentence)
        yield graph.link(sentence, "reports", told.iri)


def _observation(
    graph: Graph, instrument: Instrument, told: Observation, indicator: str, place: str
) -> Iterator[str]:
    yield from graph.type(told.iri, "Observation")
    yield graph.link(told.iri, "indicator", indicator)
    yield graph.line(told.iri, "number", literal(told.value, datatype=XSD + "decimal"))
    yield from graph.text(told.iri, "asWritten", told.quote)
    yield from graph.text(told.iri, "unitOfMeasure", told.unit)
    yield graph.link(told.iri, "observedIn", place)
    yield from _partial(graph, told.iri, "observedOn", told.on)
    provision = next(
        p.iri
        for p in instrument.provisions
        if told.id.split("--")[1] in {s.id for s in p.sentences}
    )
    yield graph.link(told.iri, "namedIn", provision)
    yield from graph.text(told.iri, "namedAs", told.quote)


def _partial(graph: Graph, subject: str, predicate: str, day: str | None) -> Iterator[str]:
    """As much of a day as is known."""
    if day is not None:
        kind = "gMonthDay" if day.startswith("--") else _DAYS[len(day)]
        yield graph.line(subject, predicate, literal(day, datatype=XSD + kind))
