"""Form fields made from the fact vocabulary: what a template needs to draw each fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ontology.label import Label
from ontology.vocabulary import CodeList, Fact, Vocabulary
from rules.condition import from_json, tests
from service.web.applicability import exists
from service.web.asked import Asked, field_name, is_common
from service.web.faults import Fault

Control: TypeAlias = Literal["yes-no", "choice", "select", "several", "place", "line"]

# Up to this many codes are shown at a glance; more go into a list box.
_AT_A_GLANCE = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that can be given. `also` are the other names it can be found by."""

    value: str
    label: Label
    chosen: bool
    depth: int = 0
    definition: Label | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Presumed:
    """What is taken to be so while the field is left open."""

    value: Label | bool
    ground: Label


@dataclass(frozen=True, slots=True)
class Field:
    """A fact of one item as a form control; `input` is the type of a one-line control."""

    name: str
    fact: str
    control: Control
    label: Label
    question: Label
    meaning: Label
    input: str = "text"
    unit: str | None = None
    value: str = ""
    choices: tuple[Choice, ...] = ()
    presumed: Presumed | None = None
    derived: bool = False
    computed: bool = False
    fault: Fault | None = None

    @property
    def id(self) -> str:
        """The id of its element."""
        return element_id(self.name)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields whose names share their first part. `exists` is None while nobody can know.

    `condition` names the facts that existence rests on, `rests` what the first of them is called,
    `when` the codes that bring existence about. `label` is what the vocabulary calls the group.
    """

    key: str
    fields: tuple[Field, ...]
    exists: bool | None
    condition: tuple[str, ...] = ()
    when: tuple[Label, ...] = ()
    rests: Label | None = None
    label: Label | None = None

    @property
    def conditional(self) -> bool:
        """Whether there are cases in which none of these facts exists."""
        return bool(self.condition)

    def rests_on(self, index: int) -> tuple[str, ...]:
        """The names of the fields that existence rests on, in the item at `index`."""
        return tuple(field_name(name, index) for name in self.condition)

    @property
    def filled(self) -> bool:
        """Whether something is said or wrong in the group, so that it must be open."""
        return any(f.value or f.fault or any(c.chosen for c in f.choices) for f in self.fields)


def element_id(name: str) -> str:
    """The id of a field's element, without the dots that CSS reads as classes."""
    return "f-" + name.replace(".", "-").replace("_", "-")


def groups(
    asked: Asked,
    index: int,
    *,
    common: bool,
    kind: str,
    words: Vocabulary,
    faults: Mapping[str, Fault],
) -> tuple[Group, ...]:
    """The groups of one item (or those common to all), in vocabulary order."""
    facts = asked.facts_of(index)
    labels = {group.name: group.label for group in words.decision(kind).groups}
    by_key: dict[str, list[Fact]] = {}
    for fact in words.facts(kind):
        if is_common(fact.name) == common:
            by_key.setdefault(fact.name.partition(".")[0], []).append(fact)
    return tuple(
        Group(
            key,
            tuple(_field(f, index, facts.get(f.name), words, faults) for f in members),
            _any_exists([exists(f, facts, kind, words) for f in members]),
            *_condition(members, kind, words),
            label=labels.get(key),
        )
        for key, members in by_key.items()
    )


def _condition(
    members: list[Fact], kind: str, words: Vocabulary
) -> tuple[tuple[str, ...], tuple[Label, ...], Label | None]:
    """What the existence of all members rests on, where each has a condition."""
    if any(f.applies_when is None for f in members):
        return (), (), None
    asked = [t for f in members if f.applies_when for t in tests(from_json(f.applies_when))]
    labels: dict[str, Label] = {}
    for test in asked:
        fact = words.fact(kind, test.fact)
        codes = words.code_lists.get(fact.codes or "") if fact else None
        for value in test.values:
            if codes and (concept := codes.get(str(value))):
                labels.setdefault(concept.code, concept.label)
    names = tuple(dict.fromkeys(t.fact for t in asked))
    first = words.fact(kind, names[0])
    return names, tuple(labels.values()), first.label if first else None


def _any_exists(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def _field(
    fact: Fact, index: int, given: object, words: Vocabulary, faults: Mapping[str, Fault]
) -> Field:
    name = field_name(fact.name, index)
    codes = words.code_lists[fact.codes] if fact.codes else None
    held = given if isinstance(given, list | tuple) else [] if given is None else [given]
    chosen = [str(v).lower() if isinstance(v, bool) else str(v) for v in held]
    return Field(
        name=name,
        fact=fact.name,
        control=_control(fact, codes),
        label=fact.label,
        question=fact.question,
        meaning=fact.meaning,
        input={"date": "date", "integer": "number"}.get(fact.type, "text"),
        unit=fact.unit,
        value=chosen[0] if chosen else "",
        choices=_choices(codes, chosen) if codes else (),
        presumed=_presumed(fact, codes),
        derived=fact.derived,
        computed=fact.computed is not None,
        fault=faults.get(name),
    )


def _control(fact: Fact, codes: CodeList | None) -> Control:
    match fact.type:
        case "boolean":
            return "yes-no"
        case "code" if codes is not None:
            return "choice" if len(codes.concepts) <= _AT_A_GLANCE else "select"
        case "codes":
            return "several"
        case "place":
            return "place"
        case _:
            return "line"


def _choices(codes: CodeList, chosen: list[str]) -> tuple[Choice, ...]:
    """The codes in their order, each as deep as it lies under broader ones."""

    def depth(code: str) -> int:
        concept = codes.get(code)
        return 1 + depth(concept.broader) if concept and concept.broader else 0

    return tuple(
        Choice(c.code, c.label, c.code in chosen, depth(c.code), c.definition, c.alt)
        for c in codes.concepts
    )


def _presumed(fact: Fact, codes: CodeList | None) -> Presumed | None:
    if fact.presumption is None:
        return None
    value = fact.presumption.value
    if isinstance(value, bool):
        return Presumed(value, fact.presumption.ground)
    concept = codes.get(str(value)) if codes else None
    label = concept.label if concept else Label(str(value), str(value))
    return Presumed(label, fact.presumption.ground)
