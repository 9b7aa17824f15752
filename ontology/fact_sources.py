"""Facts of a decision kind from `facts/{kind}.ttl`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final, cast

from rdflib import Literal, URIRef

from ontology.ids import BASE, NS, code_list_iri, fact_iri, mint
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest
from ontology.sources import Reader, Source, short
from ontology.vocabulary import (
    FACT_TYPES,
    Change,
    CodeList,
    Fact,
    FactType,
    FactValue,
    Presumption,
)

RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
CHANGERS: Final = "changers"
_EMPTY: Final = Label("", "")


def read_facts(
    source: Source, code_lists: Mapping[str, CodeList]
) -> tuple[dict[str, tuple[Fact, ...]], list[Issue]]:
    """The facts of the kind that the file is named after, in their order."""
    reader = Reader(source)
    kind = PurePath(source.name).stem
    subject = URIRef(mint("decision-kind", kind))
    if reader.subjects(NS + "DecisionKind") != [subject]:
        reader.fail(f"the file describes one decision kind, {short(subject)}", subject)
        return {}, reader.issues
    reader.label(subject, RDFS_LABEL)
    ordered = reader.ordered(reader.subjects(NS + "Fact"))
    facts = tuple(_fact(reader, kind, s, code_lists) for s in ordered)
    by_name = {f.name: f for f in facts}
    for fact in facts:
        if fact.applies_when is not None:
            for message in _condition(fact.applies_when, by_name, code_lists):
                reader.fail(message, URIRef(fact_iri(kind, fact.name)))
    return ({} if reader.issues else {kind: facts}), reader.issues


def _fact(reader: Reader, kind: str, subject: URIRef, code_lists: Mapping[str, CodeList]) -> Fact:
    name = reader.required(subject, NS + "name")
    if name and str(subject) != fact_iri(kind, name):
        reader.fail(f"{short(subject)} has another zr:name, {name}", subject)
    if reader.required(subject, NS + "ofKind") != mint("decision-kind", kind):
        reader.fail(f"{name} is not of the kind {kind}", subject)
    type_ = _type(reader, subject)
    codes = _codes(reader, subject, type_, code_lists)
    changeable_by = reader.code(
        subject, NS + "changeableBy", CHANGERS, _codes_of(code_lists, CHANGERS)
    )
    changes = tuple(
        Change(
            _value(reader, s, type_, codes, code_lists),
            reader.label(s, NS + "act") or _EMPTY,
            reader.label(s, NS + "proof") or _EMPTY,
        )
        for s in reader.ordered([URIRef(str(v)) for v in reader.values(subject, NS + "change")])
    )
    if changes and changeable_by == "none":
        reader.fail(f"{name} has changes, but nobody can change it", subject)
    presumption = reader.value(subject, NS + "presumption")
    return Fact(
        name=name,
        type=type_,
        label=reader.label(subject, RDFS_LABEL) or _EMPTY,
        question=reader.label(subject, NS + "question") or _EMPTY,
        meaning=reader.label(subject, NS + "meaning") or _EMPTY,
        codes=codes,
        unit=_text(reader, subject, "unit"),
        scale=reader.number(subject, NS + "scale"),
        changeable_by=changeable_by,
        applies_when=_applies_when(reader, subject),
        presumption=None
        if presumption is None
        else Presumption(
            _value(reader, presumption, type_, codes, code_lists),
            reader.label(presumption, NS + "presumedBecause") or _EMPTY,
        ),
        changes=changes,
        derived=reader.flag(subject, NS + "derived") or False,
    )


def _text(reader: Reader, subject: URIRef, name: str) -> str | None:
    value = reader.value(subject, NS + name)
    return None if value is None else str(value)


def _type(reader: Reader, subject: URIRef) -> FactType:
    value = reader.required(subject, NS + "factType")
    if value and value not in FACT_TYPES:
        near = nearest(value, FACT_TYPES)
        reader.fail(f"{value} is not a type", subject, f"did you mean {near}?" if near else "")
    return cast("FactType", value)


def _codes_of(code_lists: Mapping[str, CodeList], list_id: str | None) -> tuple[str, ...]:
    found = code_lists.get(list_id or "")
    return found.codes if found else ()


def _codes(
    reader: Reader, subject: URIRef, type_: str, code_lists: Mapping[str, CodeList]
) -> str | None:
    value = _text(reader, subject, "codes")
    if (value is not None) != (type_ in ("code", "codes")):
        reader.fail(f"{short(subject)} of type {type_} and zr:codes do not fit", subject)
    if value is None:
        return None
    list_id = value.removeprefix(f"{BASE}id/code/")
    if list_id not in code_lists or value != code_list_iri(list_id):
        near = nearest(list_id, code_lists)
        reader.fail(
            f"{list_id} is not a code list", subject, f"did you mean {near}?" if near else ""
        )
    return list_id


def _value(
    reader: Reader, subject: Any, type_: str, codes: str | None, code_lists: Mapping[str, CodeList]
) -> FactValue:
    """A presumed or changed value, which must be one that the fact can have."""
    found = reader.value(subject, NS + "value")
    value = found.toPython() if isinstance(found, Literal) else None
    if type_ == "boolean" and isinstance(value, bool):
        return value
    if type_ == "code" and str(value) in _codes_of(code_lists, codes):
        return str(value)
    if type_ == "integer" and isinstance(value, int) and not isinstance(value, bool):
        return value
    reader.fail(f"{short(subject)} has no zr:value that its fact of type {type_} can have", subject)
    return False


def _applies_when(reader: Reader, subject: URIRef) -> Mapping[str, Any] | None:
    text = _text(reader, subject, "appliesWhen")
    if text is None:
        return None
    try:
        value = json.loads(text)
    except ValueError as error:
        reader.fail(f"zr:appliesWhen is not JSON: {error}", subject)
        return None
    if not isinstance(value, dict):
        reader.fail("zr:appliesWhen is a condition, a JSON object", subject)
        return None
    return value


def _condition(
    value: Any, facts: Mapping[str, Fact], code_lists: Mapping[str, CodeList]
) -> Iterator[str]:
    """What is wrong with a condition: its words, and a form that is no condition at all."""
    if isinstance(value, list):
        for part in value:
            yield from _condition(part, facts, code_lists)
        return
    if not isinstance(value, dict) or not ("fact" in value or set(value) <= {"all", "any", "not"}):
        yield f"zr:appliesWhen is not a condition at {json.dumps(value, ensure_ascii=False)}"
        return
    if "fact" not in value:
        for part in value.values():
            yield from _condition(part, facts, code_lists)
        return
    fact = facts.get(value["fact"])
    if fact is None:
        near = nearest(str(value["fact"]), facts)
        yield f"zr:appliesWhen names the unknown fact {value['fact']}" + (
            f" (did you mean {near}?)" if near else ""
        )
    elif fact.codes is not None:
        asked = value.get("in", [value.get("is")])
        for code in asked:
            if code not in _codes_of(code_lists, fact.codes):
                yield f"zr:appliesWhen names the unknown code {code} of {fact.codes}"
