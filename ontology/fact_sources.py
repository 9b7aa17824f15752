"""Facts of a decision kind from `facts/{kind}.ttl`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
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
    VERDICTS_BY,
    Change,
    CodeList,
    Computation,
    DecisionKind,
    Fact,
    FactGroup,
    FactType,
    FactValue,
    Presumption,
    VerdictBy,
)

RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
CHANGERS: Final = "changers"
_EMPTY: Final = Label("", "")


@dataclass(frozen=True, slots=True)
class KindSource:
    """What one file says: a decision kind, described, with its facts in their order."""

    name: str
    decision: DecisionKind
    facts: tuple[Fact, ...]


def read_facts(
    source: Source, code_lists: Mapping[str, CodeList]
) -> tuple[KindSource | None, list[Issue]]:
    """The kind that the file is named after, with its facts; None where something is wrong."""
    reader = Reader(source)
    kind = PurePath(source.name).stem
    subject = URIRef(mint("decision-kind", kind))
    if reader.subjects(NS + "DecisionKind") != [subject]:
        reader.fail(f"the file describes one decision kind, {short(subject)}", subject)
        return None, reader.issues
    decision = _decision(reader, kind, subject)
    ordered = reader.ordered(reader.subjects(NS + "Fact"))
    facts = tuple(_fact(reader, kind, s, code_lists) for s in ordered)
    by_name = {f.name: f for f in facts}
    for fact in facts:
        wrong = [*_computable(fact, by_name)]
        if fact.applies_when is not None:
            wrong += _condition(fact.applies_when, by_name, code_lists)
        for message in wrong:
            reader.fail(message, URIRef(fact_iri(kind, fact.name)))
    return (None if reader.issues else KindSource(kind, decision, facts)), reader.issues


def _decision(reader: Reader, kind: str, subject: URIRef) -> DecisionKind:
    by = _text(reader, subject, "verdictBy") or "permission"
    if by not in VERDICTS_BY:
        near = nearest(by, VERDICTS_BY)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(VERDICTS_BY)}"
        reader.fail(f"{by} is no way to a verdict", subject, hint)
    found = reader.ordered([URIRef(str(v)) for v in reader.values(subject, NS + "factGroup")])
    groups = tuple(
        FactGroup(reader.required(g, NS + "name"), reader.label(g, RDFS_LABEL) or _EMPTY)
        for g in found
    )
    return DecisionKind(
        cast("VerdictBy", by),
        reader.label(subject, RDFS_LABEL),
        reader.label(subject, NS + "meaning", needed=False),
        groups,
    )


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
        computed=_computation(reader, kind, subject),
    )


def _computation(reader: Reader, kind: str, subject: URIRef) -> Computation | None:
    node = reader.value(subject, NS + "computed")
    if node is None:
        return None
    facts = fact_iri(kind, "x").removesuffix("x")
    dividend, divisor = (
        reader.required(node, NS + name).removeprefix(facts) for name in ("dividend", "divisor")
    )
    factor = reader.value(node, NS + "factor")
    times = factor.toPython() if isinstance(factor, Literal) else 1
    if isinstance(times, bool) or not isinstance(times, int | Decimal) or times <= 0:
        reader.fail(f"zr:factor of {short(node)} is not a number above zero", subject)
        times = 1
    return Computation(dividend, divisor, Decimal(times))


def _computable(fact: Fact, facts: Mapping[str, Fact]) -> Iterator[str]:
    """What is wrong with how a fact is computed."""
    if fact.computed is None:
        return
    if fact.type != "decimal":
        yield f"{fact.name} is computed, so its type is decimal"
    if fact.changes:
        yield f"{fact.name} is computed, so what changes it is a change of another fact"
    if fact.presumption is not None or fact.derived:
        yield f"{fact.name} is computed, so it is neither presumed nor derived otherwise"
    for name in (fact.computed.dividend, fact.computed.divisor):
        operand = facts.get(name)
        if operand is None:
            near = nearest(name, facts)
            yield f"{fact.name} is computed from the unknown fact {name}" + (
                f" (did you mean {near}?)" if near else ""
            )
        elif operand.type not in ("integer", "decimal") or operand.computed is not None:
            yield f"{fact.name} is computed from {name}, which is not a number that is given"


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
