"""Fields for the parameters of a competency question, and its query with what they hold.

What a field holds stands in the page's address, so that an answer can be passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final, Literal, TypeAlias
from urllib.parse import urlencode

from kb.library import Library
from kb.query import BadQuery, Param, Query, bind
from ontology.concepts_table import load_concepts
from ontology.label import Label
from ontology.names import nearest
from ontology.places import PlaceTable, UnknownPlace
from ontology.vocabulary import CodeList
from rules.model import Rulebook
from service.envelope import parse_day
from service.web.faults import Fault
from service.web.rulebook import rules_by_instrument

Control: TypeAlias = Literal["line", "place", "select", "yes-no"]
Address: TypeAlias = Callable[[str, Mapping[str, str]], str]
"""The name of a question and the values of its fields → the address of its page."""

ADDRESS: Final = "/query"
RESERVED: Final = (
    *("query", "question", "lang", "format", "generation", "result"),
    *("advise", "explain"),
)
"""What an address says beside the parameters of a question: no parameter is called so."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value to choose, as deep as it lies under broader ones."""

    value: str
    label: Label
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Options:
    """Values that belong together; `held` is None where that is no matter of texts held."""

    title: str
    held: bool | None
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ParamField:
    """A parameter as a form control.

    `meant` says which place a value was taken for; `instead` are addresses of the page with a
    value that may have been meant.
    """

    param: Param
    control: Control
    value: str
    groups: tuple[Options, ...] = ()
    meant: Label | None = None
    fault: Fault | None = None
    instead: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        """The id of its element."""
        return f"p-{self.param.name}"

    @property
    def input(self) -> str:
        """The type of a one-line control."""
        return {"day": "date", "number": "number"}.get(self.param.type, "text")


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question with what its fields hold; `text` is its SPARQL, bound unless there are faults.

    `unknown` are names in the address that are no parameter, each with the nearest that is one.
    """

    question: Query
    fields: tuple[ParamField, ...]
    unknown: tuple[tuple[str, str], ...]
    text: str

    @property
    def sound(self) -> bool:
        """Whether the address says nothing that is wrong."""
        return not self.unknown and not any(field.fault for field in self.fields)


def asked_question(
    question: Query,
    given: Mapping[str, str],
    book: Rulebook,
    library: Library,
    today: date,
    to: Address | None = None,
) -> AskedQuestion:
    """The fields of a question, holding what the address gives or else the defaults.

    `to` makes the addresses of the page with other values; without it they are those of /query.
    """
    names = {param.name: param for param in question.params}
    values = {name: given.get(name, param.default).strip() for name, param in names.items()}
    day = _day_of(question, values, today)
    terms: dict[str, str] = {}
    fields = []
    for param in question.params:
        field, term = _field(param, values, question, book, library, day, to or address)
        fields.append(field)
        terms[param.name] = term
    unknown = tuple((n, nearest(n, names) or "") for n in given if n not in names)
    asked = AskedQuestion(question, tuple(fields), unknown, question.text)
    return replace(asked, text=bind(question, terms)) if asked.sound else asked


def _field(
    param: Param,
    values: Mapping[str, str],
    question: Query,
    book: Rulebook,
    library: Library,
    day: date,
    to: Address,
) -> tuple[ParamField, str]:
    """A field, and the value that `bind` takes for it."""
    value = values[param.name]
    groups = tuple(_choices(param, book, library))
    if param.type == "place":
        return _place(param, values, question, book.vocabulary.places, day, to)
    control: Control = "yes-no" if param.type == "flag" else "select" if groups else "line"
    fault = None
    if control == "select":
        if value not in {option.value for group in groups for option in group.options}:
            fault = _fault(param, "code", value)
    else:
        try:
            # Whatever `bind` takes: this is the one judge of values.
            bind(question, {param.name: value})
        except BadQuery:
            kind = {"day": "day", "number": "integer"}.get(param.type, "code")
            fault = _fault(param, kind, value)
    return ParamField(param, control, value, groups, fault=fault), value


def _place(
    param: Param,
    values: Mapping[str, str],
    question: Query,
    places: PlaceTable,
    day: date,
    to: Address,
) -> tuple[ParamField, str]:
    value = values[param.name]
    if not value:
        return ParamField(param, "place", ""), ""
    try:
        found = places.resolve(value, day)
    except UnknownPlace as unknown:
        near = unknown.candidates or ((unknown.nearest,) if unknown.nearest else ())
        fault = Fault(
            param.name, "place", value, unknown.message.en, "", param.name, unknown.message, near
        )
        instead = tuple((name, to(question.name, {**values, param.name: name})) for name in near)
        return ParamField(param, "place", value, fault=fault, instead=instead), ""
    name, code = found.place.name, found.place.code
    meant = found.note or Label(f"{name}（{code}）", f"{name} ({code})")
    return ParamField(param, "place", value, meant=meant), code


def address(question: str, values: Mapping[str, str]) -> str:
    """The address of the page with a question asked with these values."""
    return f"{ADDRESS}?{urlencode({'question': question, **values})}"


def _fault(param: Param, kind: str, value: str) -> Fault:
    return Fault(param.name, kind, value, "", "", param.name)


def _day_of(question: Query, values: Mapping[str, str], today: date) -> date:
    """The day whose names of places count: the one that is asked about, where one is."""
    for param in question.params:
        if param.type == "day":
            try:
                return parse_day(values[param.name])
            except ValueError:
                break
    return today


def _choices(param: Param, book: Rulebook, library: Library) -> Iterator[Options]:
    match param.type:
        case "code":
            if codes := book.vocabulary.code_lists.get(param.codes):
                yield Options("", None, tuple(_codes(codes)))
            elif named := load_concepts().labels.get(param.codes):
                # A code that only the graph uses: an actor, a topic, a kind of relation.
                yield Options("", None, tuple(Option(c, label) for c, label in named.items()))
        case "instrument":
            for held, found in groupby(
                sorted(library.instruments, key=lambda i: not i.held), key=lambda i: i.held
            ):
                called = ((i.key, f"{i.number or ''} {i.title}".strip()) for i in found)
                yield Options("", held, tuple(Option(k, Label(t, t)) for k, t in called))
        case "rule":
            for rules in rules_by_instrument(book).values():
                cited = rules[0].citations[0]
                options = tuple(Option(rule.id, rule.title) for rule in rules)
                yield Options(cited.number or cited.title, None, options)


def _codes(codes: CodeList) -> Iterator[Option]:
    def depth(code: str) -> int:
        concept = codes.get(code)
        return 1 + depth(concept.broader) if concept and concept.broader else 0

    return (Option(c.code, c.label, depth(c.code)) for c in codes.concepts)
