"""The words of deciding: facts, code lists and places, as compiled to `vocabulary.json`.

Code lists are SKOS concept schemes (https://www.w3.org/TR/skos-reference/); the Turtle beside this
module is the source and `ontology.compile` writes the JSON, so that deciding needs no RDF library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast, get_args

from ontology.label import Label
from ontology.places import PlaceTable

__all__ = [
    "Change",
    "CodeList",
    "Computation",
    "Concept",
    "DecisionKind",
    "Fact",
    "FactGroup",
    "FactType",
    "GovernmentDuty",
    "Label",
    "Presumption",
    "VerdictBy",
    "Vocabulary",
    "load_vocabulary",
]

FactType = Literal["boolean", "code", "codes", "integer", "decimal", "date", "place", "text"]
FACT_TYPES: Final[tuple[FactType, ...]] = get_args(FactType)
FactValue: TypeAlias = bool | int | str

VerdictBy = Literal["permission", "standards"]
VERDICTS_BY: Final[tuple[VerdictBy, ...]] = get_args(VerdictBy)
"""How verdicts come about: something must permit, or nothing required may be unmet."""

_FILE: Final = Path(__file__).with_name("vocabulary.json")
_PLACES: Final = Path(__file__).with_name("places.json")


@dataclass(frozen=True, slots=True)
class GovernmentDuty:
    """Whether a kind of task is a duty of government by law, and the text that says so.

    `source` names a law only as a reference marked 未核原文 where its article is not held.
    """

    value: bool
    source: Label


@dataclass(frozen=True, slots=True)
class Concept:
    """A code. `number` is a certificate's position on the national negative list of 2020."""

    code: str
    broader: str | None
    label: Label
    alt: tuple[str, ...] = ()
    definition: Label | None = None
    government_duty: GovernmentDuty | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes in their given order, with what each covers; ValueError on a broken hierarchy."""

    id: str
    label: Label
    concepts: tuple[Concept, ...]
    _codes: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _by_code: Mapping[str, Concept] = field(init=False, repr=False, compare=False)
    _narrower: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_code = {c.code: c for c in self.concepts}
        if len(by_code) != len(self.concepts):
            raise ValueError(f"{self.id}: a code is given twice")
        covered: dict[str, set[str]] = {code: set() for code in by_code}
        for concept in self.concepts:
            above: str | None = concept.code
            while above is not None:
                if above not in by_code:
                    raise ValueError(f"{self.id}: {concept.code} is under the unknown {above}")
                if concept.code in covered[above]:
                    raise ValueError(f"{self.id}: {above} is broader than itself")
                covered[above].add(concept.code)
                above = by_code[above].broader
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_codes", tuple(by_code))
        object.__setattr__(self, "_narrower", {k: frozenset(v) for k, v in covered.items()})

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in their given order."""
        return self._codes

    def get(self, code: str) -> Concept | None:
        """The concept of a code, or None."""
        return self._by_code.get(code)

    def covers(self, broad: str, narrow: str) -> bool:
        """Whether `narrow` is `broad` or below it; false for a code the list lacks."""
        return narrow in self._narrower.get(broad, frozenset())

    def narrower(self, code: str) -> frozenset[str]:
        """The code and all below it; KeyError for a code the list lacks."""
        return self._narrower[code]


@dataclass(frozen=True, slots=True)
class Presumption:
    """The value a fact has while nobody says otherwise, and why that may be presumed."""

    value: FactValue
    ground: Label


@dataclass(frozen=True, slots=True)
class Change:
    """An act of substance after which the fact is `to`, with what would prove it."""

    to: FactValue
    act: Label
    proof: Label


@dataclass(frozen=True, slots=True)
class Computation:
    """A fact as `dividend` ÷ `divisor` × `factor`, the first two being names of facts.

    The result is cut off, toward zero, at the scale of the fact; it is never rounded.
    """

    dividend: str
    divisor: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a decision may ask. `applies_when` is a condition as rules write it (JSON)."""

    name: str
    type: FactType
    label: Label
    question: Label
    meaning: Label
    codes: str | None = None
    unit: str | None = None
    scale: int | None = None
    changeable_by: str = "none"
    applies_when: Mapping[str, Any] | None = None
    presumption: Presumption | None = None
    changes: tuple[Change, ...] = ()
    derived: bool = False
    computed: Computation | None = None


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that are asked together: those whose names begin with `name` and a dot."""

    name: str
    label: Label


@dataclass(frozen=True, slots=True)
class DecisionKind:
    """A kind of decision: how its verdicts come about, what it is called and asks in groups."""

    verdict_by: VerdictBy = "permission"
    label: Label | None = None
    meaning: Label | None = None
    groups: tuple[FactGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Facts by decision kind in their given order, code lists by id, and the places.

    `decisions` describes the kinds; what revisions from before it was there lack is as
    `DecisionKind` has it.
    """

    kinds: Mapping[str, tuple[Fact, ...]]
    code_lists: Mapping[str, CodeList]
    places: PlaceTable = field(default_factory=PlaceTable, compare=False, repr=False)
    decisions: Mapping[str, DecisionKind] = field(default_factory=dict)

    def facts(self, kind: str) -> tuple[Fact, ...]:
        """The facts of a decision kind; KeyError where there is no such kind."""
        return self.kinds[kind]

    def fact(self, kind: str, name: str) -> Fact | None:
        """One fact by name, or None."""
        return next((f for f in self.kinds[kind] if f.name == name), None)

    def decision(self, kind: str) -> DecisionKind:
        """What there is to say of a decision kind itself."""
        return self.decisions.get(kind, DecisionKind())

    @classmethod
    def from_json(cls, document: Mapping[str, Any], places: PlaceTable | None = None) -> Vocabulary:
        """The vocabulary of its JSON form; KeyError or ValueError where that is malformed."""
        return cls(
            kinds={
                kind: tuple(_fact_from_json(f) for f in facts)
                for kind, facts in document["kinds"].items()
            },
            code_lists={
                list_id: CodeList(
                    list_id,
                    Label.from_json(value["label"]),
                    tuple(_concept_from_json(c) for c in value["concepts"]),
                )
                for list_id, value in document["code_lists"].items()
            },
            places=PlaceTable() if places is None else places,
            decisions={
                kind: _decision_from_json(value)
                for kind, value in document.get("decisions", {}).items()
            },
        )

    def to_json(self) -> dict[str, Any]:
        """The JSON form without the places, which have a file of their own (`places.json`)."""
        decisions = {kind: _decision_to_json(found) for kind, found in self.decisions.items()}
        # Left out where there are none, so that older revisions keep their hash.
        described: dict[str, Any] = {"decisions": decisions} if decisions else {}
        return described | {
            "kinds": {k: [_fact_to_json(f) for f in facts] for k, facts in self.kinds.items()},
            "code_lists": {
                k: {
                    "label": v.label.to_json(),
                    "concepts": [_concept_to_json(c) for c in v.concepts],
                }
                for k, v in self.code_lists.items()
            },
        }


def load_vocabulary(path: Path | None = None, places: Path | None = None) -> Vocabulary:
    """The compiled vocabulary (the shipped one by default) with its table of places."""
    document = json.loads((path or _FILE).read_text("utf-8"))
    return Vocabulary.from_json(document, PlaceTable.load(places or _PLACES))


def _present(value: Mapping[str, Any]) -> dict[str, Any]:
    """The members that say something: absent ones are not written."""
    return {k: v for k, v in value.items() if v is not None and v != [] and v is not False}


def _decision_to_json(found: DecisionKind) -> dict[str, Any]:
    return {"verdict_by": found.verdict_by} | _present(
        {
            "label": found.label and found.label.to_json(),
            "meaning": found.meaning and found.meaning.to_json(),
            "groups": [{"name": g.name, "label": g.label.to_json()} for g in found.groups],
        }
    )


def _decision_from_json(value: Mapping[str, Any]) -> DecisionKind:
    if value["verdict_by"] not in VERDICTS_BY:
        raise ValueError(f"verdicts come about in no such way: {value['verdict_by']!r}")
    label, meaning = value.get("label"), value.get("meaning")
    return DecisionKind(
        verdict_by=cast("VerdictBy", value["verdict_by"]),
        label=Label.from_json(label) if label else None,
        meaning=Label.from_json(meaning) if meaning else None,
        groups=tuple(
            FactGroup(g["name"], Label.from_json(g["label"])) for g in value.get("groups", ())
        ),
    )


def _concept_to_json(c: Concept) -> dict[str, Any]:
    duty = c.government_duty
    return {
        "code": c.code,
        "label": c.label.to_json(),
    } | _present(
        {
            "broader": c.broader,
            "alt": list(c.alt),
            "definition": c.definition and c.definition.to_json(),
            "government_duty": duty and {"value": duty.value, "source": duty.source.to_json()},
            "number": c.number,
        }
    )


def _concept_from_json(value: Mapping[str, Any]) -> Concept:
    duty = value.get("government_duty")
    definition = value.get("definition")
    return Concept(
        code=value["code"],
        broader=value.get("broader"),
        label=Label.from_json(value["label"]),
        alt=tuple(value.get("alt", ())),
        definition=Label.from_json(definition) if definition else None,
        government_duty=(
            GovernmentDuty(duty["value"], Label.from_json(duty["source"])) if duty else None
        ),
        number=value.get("number"),
    )


def _fact_to_json(f: Fact) -> dict[str, Any]:
    presumption = f.presumption
    return {
        "name": f.name,
        "type": f.type,
        "label": f.label.to_json(),
        "question": f.question.to_json(),
        "meaning": f.meaning.to_json(),
        "changeable_by": f.changeable_by,
    } | _present(
        {
            "codes": f.codes,
            "unit": f.unit,
            "scale": f.scale,
            "applies_when": f.applies_when,
            "presumption": presumption
            and {"value": presumption.value, "ground": presumption.ground.to_json()},
            "changes": [
                {"to": c.to, "act": c.act.to_json(), "proof": c.proof.to_json()} for c in f.changes
            ],
            "derived": f.derived,
            "computed": f.computed
            and {
                "dividend": f.computed.dividend,
                "divisor": f.computed.divisor,
                "factor": str(f.computed.factor),
            },
        }
    )


def _fact_from_json(value: Mapping[str, Any]) -> Fact:
    if value["type"] not in FACT_TYPES:
        raise ValueError(f"{value['name']}: unknown type {value['type']!r}")
    presumption, computed = value.get("presumption"), value.get("computed")
    return Fact(
        name=value["name"],
        type=cast("FactType", value["type"]),
        label=Label.from_json(value["label"]),
        question=Label.from_json(value["question"]),
        meaning=Label.from_json(value["meaning"]),
        codes=value.get("codes"),
        unit=value.get("unit"),
        scale=value.get("scale"),
        changeable_by=value["changeable_by"],
        applies_when=value.get("applies_when"),
        presumption=(
            Presumption(presumption["value"], Label.from_json(presumption["ground"]))
            if presumption
            else None
        ),
        changes=tuple(
            Change(c["to"], Label.from_json(c["act"]), Label.from_json(c["proof"]))
            for c in value.get("changes", ())
        ),
        derived=value.get("derived", False),
        computed=(
            Computation(computed["dividend"], computed["divisor"], Decimal(computed["factor"]))
            if computed
            else None
        ),
    )
