"""Code lists from SKOS (https://www.w3.org/TR/skos-reference/): one scheme a file."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from rdflib import URIRef

from ontology.ids import BASE, NS, code_iri, code_list_iri
from ontology.issue import Issue
from ontology.label import Label
from ontology.sources import Reader, Source, short
from ontology.vocabulary import CodeList, Concept, GovernmentDuty

SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_NO_LABEL: Final = Label("", "")


def read_code_lists(source: Source) -> tuple[dict[str, CodeList], list[Issue]]:
    """The code list of a source by its id, which is the file's name."""
    reader = Reader(source)
    list_id = PurePath(source.name).stem
    scheme = URIRef(code_list_iri(list_id))
    if reader.subjects(SKOS + "ConceptScheme") != [scheme]:
        reader.fail(f"the file describes one scheme, {short(scheme)}", scheme)
        return {}, reader.issues
    label = reader.label(scheme, SKOS + "prefLabel")
    members = set(source.graph.subjects(URIRef(SKOS + "inScheme"), scheme))
    described = {s for s in source.graph.subjects() if s != scheme}
    for stray in sorted(described - members, key=str):
        reader.fail(f"{short(stray)} is not in the scheme", stray)
    ordered = reader.ordered(sorted(m for m in members if isinstance(m, URIRef)))
    concepts = tuple(_concept(reader, list_id, subject) for subject in ordered)
    _shared_names(reader, list_id, concepts)
    if label is None or reader.issues:
        return {}, reader.issues
    try:
        return {list_id: CodeList(list_id, label, concepts)}, []
    except ValueError as error:
        return {}, [Issue("error", str(error), source.name)]


def _concept(reader: Reader, list_id: str, subject: URIRef) -> Concept:
    code = reader.required(subject, SKOS + "notation")
    try:
        if code and str(subject) != code_iri(list_id, code):
            reader.fail(f"{short(subject)} has another skos:notation, {code}", subject)
    except ValueError as error:
        reader.fail(str(error), subject)
    broader = reader.value(subject, SKOS + "broader")
    label = reader.label(subject, SKOS + "prefLabel")
    # A missing label is recorded above, and the list is then not used.
    return Concept(
        code=code,
        broader=None if broader is None else str(broader).removeprefix(f"{BASE}id/code/{list_id}/"),
        label=label or _NO_LABEL,
        alt=tuple(str(v) for v in reader.values(subject, SKOS + "altLabel")),
        definition=reader.label(subject, SKOS + "definition", needed=False),
        government_duty=_duty(reader, subject),
        number=reader.number(subject, NS + "nationalListNumber"),
    )


def _duty(reader: Reader, subject: URIRef) -> GovernmentDuty | None:
    value = reader.flag(subject, NS + "governmentDuty")
    source = reader.label(subject, NS + "governmentDutySource", needed=value is not None)
    if value is None and source is not None:
        reader.fail(f"{short(subject)} names a source without zr:governmentDuty", subject)
    return None if value is None or source is None else GovernmentDuty(value, source)


def _shared_names(reader: Reader, list_id: str, concepts: tuple[Concept, ...]) -> None:
    """A name people write must lead to one code."""
    owners: dict[str, str] = {}
    for concept in concepts:
        for name in (concept.label.zh, *concept.alt):
            if name in owners:
                reader.fail(
                    f"“{name}” names both {owners[name]} and {concept.code}",
                    URIRef(code_iri(list_id, concept.code)),
                )
            owners[name] = concept.code
