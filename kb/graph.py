"""Instruments and lists as RDF: ELI for the texts, Web Annotation for repairs, own terms beside.

One named graph per instrument, one for all lists. Everything that can be cited has an IRI; builds
are comparable line by line.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kb.bodies import Body
from kb.instrument import Date, Instrument, Provision
from kb.quads import ELI, OA, XSD, Graph, literal
from kb.register import ListKind, RegisteredList, Row
from kb.repairs import Repair
from kb.sentences import Span
from ontology.ids import (
    body_iri,
    code_iri,
    graph_iri,
    instrument_iri,
    list_iri,
    list_row_iri,
    place_iri,
    provision_iri,
)

_ISSUED_TYPES: Final = {10: "date", 7: "gYearMonth", 4: "gYear"}
_LIST_CLASSES: Final[Mapping[ListKind, tuple[str, str]]] = {
    "certificates-negative": ("NegativeCertificateList", "NegativeCertificateEntry"),
    "certificates-positive": ("PositiveCertificateList", "PositiveCertificateEntry"),
    "autonomy": ("AutonomyList", "AutonomyEntry"),
    "assist": ("AssistList", "AssistEntry"),
    "burden-negative": ("ReductionList", "ReductionEntry"),
    "statutory": ("List", "ListEntry"),
    "statutory-certificates": ("List", "ListEntry"),
}


def jurisdiction_iri(code: str) -> str:
    """The place of a jurisdiction: "22" is 220000, "" the nation."""
    return place_iri(code.ljust(6, "0"))


def instrument_quads(instrument: Instrument, bodies: Iterable[Body]) -> Iterator[str]:
    """All there is to say of one instrument, in its own graph."""
    graph = Graph(graph_iri(f"doc/{instrument.key}"))
    iri = instrument.iri
    yield from graph.type(iri, "Instrument", ELI + "LegalResource")
    yield from graph.text(iri, ELI + "title", instrument.title, "zh")
    yield graph.link(iri, "documentKind", code_iri("document-kinds", instrument.kind))
    yield graph.link(iri, "jurisdiction", jurisdiction_iri(instrument.jurisdiction))
    yield graph.flag(iri, "held", instrument.held)
    yield from _number(graph, instrument)
    yield from _authorities(graph, instrument, bodies)
    yield from _dates(graph, instrument)
    for cite in instrument.cites:
        yield graph.link(iri, "citesInstrument", instrument_iri(cite.instrument))
    for quoted in instrument.known.quoted_in if instrument.known else ():
        yield graph.link(iri, "quotedInstrument", instrument_iri(quoted.instrument))
    for source in instrument.known.published if instrument.known else ():
        yield from graph.text(iri, "source", source)
    for note in instrument.notes:
        yield from graph.label(iri, "note", note)
    yield from _text(graph, instrument)


def _number(graph: Graph, instrument: Instrument) -> Iterator[str]:
    iri = instrument.iri
    if instrument.number:
        yield from graph.text(iri, "documentNumber", instrument.number)
        yield from graph.text(iri, "rawNumber", instrument.raw_number or "")
        yield from graph.label(iri, "note", instrument.number_because)
    else:
        yield from graph.label(iri, "noNumber", instrument.number_because)


def _authorities(graph: Graph, instrument: Instrument, bodies: Iterable[Body]) -> Iterator[str]:
    by_name = {body.name.zh: body for body in bodies}
    for authority in instrument.authorities:
        if body := by_name.get(authority.name):
            yield graph.link(instrument.iri, "authority", body_iri(body.key))
        yield from graph.text(instrument.iri, "authorityAsWritten", authority.as_written)


def _dates(graph: Graph, instrument: Instrument) -> Iterator[str]:
    iri, known = instrument.iri, instrument.in_force
    yield from _issued(graph, iri, instrument.issued)
    yield from graph.day(iri, "inForceFrom", known.start)
    yield from graph.day(iri, "inForceFromLatest", known.latest)
    yield from graph.day(iri, "inForceUntil", known.end)
    for because in {instrument.issued.because, known.because}:
        yield from graph.label(iri, "dateBecause", because)


def _issued(graph: Graph, iri: str, issued: Date) -> Iterator[str]:
    """As much of the day as is known; an interval only has its reason (dateBecause)."""
    if kind := _ISSUED_TYPES.get(len(issued.written)):
        yield graph.line(iri, "issued", literal(issued.written, datatype=XSD + kind))


def _text(graph: Graph, instrument: Instrument) -> Iterator[str]:
    mended = instrument.mended
    if mended is None:
        return
    iri = instrument.iri
    yield from graph.text(iri, "sourceHash", instrument.sha256 or "")
    yield from graph.text(iri, "textHash", _sha256(mended.text))
    for repair in mended.repairs:
        yield graph.link(iri, "repair", _repair_iri(iri, repair))
        yield from _repair(graph, iri, repair)
    counts: dict[str, int] = {}
    for provision in instrument.provisions:
        counts[provision.parent] = counts.get(provision.parent, 0) + 1
        yield from _provision(graph, instrument, provision, counts[provision.parent])


def _provision(
    graph: Graph, instrument: Instrument, provision: Provision, order: int
) -> Iterator[str]:
    iri = provision.iri
    above = provision_iri(instrument.key, provision.parent) if provision.parent else instrument.iri
    yield from graph.type(iri, "Provision", ELI + "LegalResourceSubdivision")
    yield graph.link(instrument.iri, "hasProvision", iri)
    yield graph.link(iri, "parent", above)
    yield graph.number(iri, "order", order)
    yield graph.link(iri, "provisionLevel", code_iri("provision-levels", provision.level))
    yield from graph.text(iri, "label", provision.label)
    yield from graph.text(iri, "heading", provision.heading)
    yield from graph.text(iri, "text", provision.text)
    yield from _span(graph, iri, provision.span, provision.source)
    inside = {repair.id for s in provision.sentences for repair in s.repairs}
    for repair in provision.repairs:
        if repair.id in inside:
            yield graph.link(iri, "repair", _repair_iri(instrument.iri, repair))
    for n, sentence in enumerate(provision.sentences, start=1):
        named = provision_iri(instrument.key, sentence.id)
        yield graph.link(iri, "hasSentence", named)
        yield from graph.type(named, "Sentence")
        yield graph.number(named, "order", n)
        yield from graph.text(named, "text", sentence.text)
        yield from _span(graph, named, sentence.span, sentence.source)
        for repair in sentence.repairs:
            yield graph.link(named, "repair", _repair_iri(instrument.iri, repair))


def _span(graph: Graph, iri: str, span: Span, source: Span) -> Iterator[str]:
    for name, at in (
        ("start", span[0]),
        ("end", span[1]),
        ("sourceStart", source[0]),
        ("sourceEnd", source[1]),
    ):
        yield graph.number(iri, name, at)


def _repair_iri(instrument: str, repair: Repair) -> str:
    return f"{instrument}#repair-{repair.id}"


def _repair(graph: Graph, instrument: str, repair: Repair) -> Iterator[str]:
    iri = _repair_iri(instrument, repair)
    yield from graph.type(iri, "Repair", OA + "Annotation")
    yield graph.link(iri, OA + "hasTarget", instrument)
    yield graph.link(iri, "repairKind", code_iri("repair-kinds", repair.kind))
    yield graph.line(iri, "damaged", literal(repair.damaged))
    if repair.replacement is not None:
        yield graph.line(iri, "replacement", literal(repair.replacement))
    yield from graph.label(iri, "reason", repair.reason)
    for name, at in (("sourceStart", repair.start), ("sourceEnd", repair.end)):
        yield graph.number(iri, name, at)
    for n, candidate in enumerate(repair.candidates, start=1):
        reading = f"{iri}-reading-{n}"
        yield graph.link(iri, "candidate", reading)
        yield from graph.type(reading, "Reading")
        yield from graph.text(reading, "text", candidate.text)
        yield from graph.text(reading, "standing", candidate.standing)
        yield from graph.label(reading, "reason", candidate.reason)


def list_quads(lists: Iterable[RegisteredList], numbers: Mapping[str, str]) -> Iterator[str]:
    """The registered lists with their rows; `numbers` are document numbers by instrument key."""
    graph = Graph(graph_iri("lists"))
    for found in lists:
        iri = list_iri(found.id)
        of_list, of_entry = _LIST_CLASSES[found.kind]
        yield from graph.type(iri, of_list, "List", ELI + "LegalResource")
        yield from graph.text(iri, ELI + "title", found.title, "zh")
        if found.instrument:
            yield graph.link(iri, ELI + "is_part_of", instrument_iri(found.instrument))
        yield from graph.text(iri, "source", found.source)
        yield graph.link(iri, "jurisdiction", jurisdiction_iri(found.jurisdiction))
        yield graph.flag(iri, "complete", found.complete)
        if found.version:
            yield graph.number(iri, "listVersion", found.version)
        yield from graph.day(iri, "inForceFrom", found.start)
        yield from graph.day(iri, "inForceFromLatest", found.latest)
        yield from graph.day(iri, "inForceUntil", found.end)
        for note in found.notes:
            yield from graph.label(iri, "note", note)
        for row in found.rows:
            basis = numbers.get(found.instrument, "")
            basis += found.label(row.number) if found.instrument else ""
            yield from _row(graph, found, row, of_entry, basis)


def _row(graph: Graph, found: RegisteredList, row: Row, of_entry: str, basis: str) -> Iterator[str]:
    iri = list_row_iri(found.id, row.number)
    yield from graph.type(iri, of_entry, "ListEntry")
    yield graph.link(iri, "entryOf", list_iri(found.id))
    yield graph.number(iri, "entryNumber", row.number)
    yield from graph.text(iri, "text", row.name)
    yield from graph.text(iri, "legalBasis", row.basis or basis)
    yield from graph.text(iri, "source", row.source.text)
    yield from graph.text(iri, "confidence", row.source.confidence)
    certificates = "certificates" in found.kind
    for code in row.codes:
        if certificates:
            yield graph.link(iri, "certificate", code_iri("certificates", code))
        else:
            yield graph.link(iri, "taskKind", code_iri("task-kinds", code))
    yield from graph.day(iri, "inForceFrom", row.start)
    yield from graph.day(iri, "inForceFromLatest", row.latest)
    yield from graph.day(iri, "inForceUntil", row.end)
    for note in row.notes:
        yield from graph.label(iri, "note", note)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
