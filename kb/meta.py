"""What meta.yaml records of an instrument, checked as it is read (ELI metadata, §4 of DESIGN)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from kb.yaml_source import KeyPath, Source
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest

DocumentKind = Literal[
    "law",
    "local-regulation",
    "opinion",
    "implementing-opinion",
    "guiding-opinion",
    "notice",
    "measures",
    "provisions",
    "reply",
    "plan",
    "list",
]

M = TypeVar("M", bound="Model")


class Model(BaseModel):
    """A part of a YAML file: keys with hyphens, none beside those declared."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.replace("_", "-"),
        validate_by_name=True,
    )


def _day(value: object) -> object:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value


Day = Annotated[date, BeforeValidator(_day)]
Text = Annotated[str, Field(min_length=1)]


class Words(Model):
    """One meaning in Chinese and English."""

    zh: Text
    en: Text

    @property
    def label(self) -> Label:
        """The value the other layers use."""
        return Label(self.zh, self.en)


class When(Model):
    """A day, an interval of days it lies in, or unknown; all but a day say why."""

    earliest: Day | None = None
    latest: Day | None = None
    because: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _forms(cls, value: Any) -> Any:
        """A day as it is, or {year: …}, {month: …}, {between: [a, b]} or {unknown: true}."""
        if isinstance(value, str):
            return {"earliest": value, "latest": value}
        if not isinstance(value, dict):
            return value
        forms = [form for form in ("year", "month", "between", "unknown") if form in value]
        if len(forms) != 1 or set(value) - {forms[0], "because"}:
            raise ValueError("write a day, or one of year, month, between, unknown with because")
        if "because" not in value:
            raise ValueError("say because of what the day is not known")
        given, out = value[forms[0]], {"because": value["because"]}
        match forms[0]:
            case "year":
                return out | {"earliest": f"{given}-01-01", "latest": f"{given}-12-31"}
            case "month":
                first = date.fromisoformat(f"{given}-01")
                after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
                return out | {"earliest": first, "latest": date.fromordinal(after.toordinal() - 1)}
            case "between":
                return out | {"earliest": given[0], "latest": given[1]}
            case _:
                return out

    @model_validator(mode="after")
    def _ordered(self) -> When:
        if self.earliest and self.latest and self.latest < self.earliest:
            raise ValueError("the interval ends before it starts")
        return self

    @property
    def day(self) -> date | None:
        """The day, where it is known exactly."""
        return self.earliest if self.earliest == self.latest else None


class InForce(Model):
    """From when an instrument is in force, and (where known) from which day no longer."""

    from_: Annotated[When, Field(alias="from")]
    until: Day | None = None


class Number(Model):
    """A document number as written; `because` where the text itself does not carry it."""

    raw: Text
    because: Words | None = None


class Authority(Model):
    """An authority by its full name; `as_written` where the text uses another."""

    name: Text
    as_written: Text | None = None


class Cite(Model):
    """An instrument named in the text, with the words that name it."""

    title: Text
    number: Text | None = None
    instrument: Text
    provision: Text
    quote: Text


class Quoted(Model):
    """Where a held text speaks of an instrument that is not held."""

    instrument: Text
    provision: Text
    quote: Text


class Known(Model):
    """How we know of an instrument that is not held: a held text, or a published source."""

    quoted_in: tuple[Quoted, ...] = ()
    published: tuple[Text, ...] = ()


class Meta(Model):
    """One instrument."""

    key: Annotated[str, Field(pattern=r"^[a-z]{2}-[a-z0-9-]+$")]
    title: Text
    number: Number | None = None
    no_number: Words | None = None
    kind: DocumentKind
    authorities: tuple[Authority, ...] = ()
    jurisdiction: Annotated[str, Field(pattern=r"^([0-9]{2}([0-9]{2}){0,2})?$")]
    issued: When
    in_force: InForce
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    cites: tuple[Cite, ...] = ()
    known: Known | None = None
    notes: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _numbered(self) -> Meta:
        if (self.number is None) == (self.no_number is None):
            raise ValueError("give the number, or no-number: why there is none")
        return self


class NotHeld(Model):
    """The file of instruments known or quoted, but not held."""

    instruments: tuple[Meta, ...]


def check(model: type[M], source: Source, value: Any = None, at: KeyPath = ()) -> M | None:
    """The model of a YAML value, or None with the faults in `source.issues` at their places."""
    try:
        return model.model_validate(source.value if not at and value is None else value)
    except ValidationError as error:
        for fault in error.errors():
            path = (*at, *(part for part in fault["loc"]))
            source.issues.append(_issue(model, source, fault, path))
        return None


def _issue(model: type[Model], source: Source, fault: Any, path: KeyPath) -> Issue:
    message = str(fault["msg"]).removeprefix("Value error, ")
    name = ".".join(str(part) for part in path)
    if fault["type"] == "extra_forbidden":
        near = nearest(str(path[-1]), _names(model))
        return source.issue(f"unknown key {name}", path, f"did you mean {near}?" if near else "")
    return source.issue(f"{name}: {message}" if name else message, path)


def _names(model: type[Model]) -> set[str]:
    """Every key that may stand somewhere in the model's file."""
    out: set[str] = set()
    waiting, seen = [model], {model}
    while waiting:
        part = waiting.pop()
        for name, field in part.model_fields.items():
            out.add(field.alias or name)
            inner = set(_models(field.annotation)) - seen
            waiting += inner
            seen |= inner
    return out | {"year", "month", "between", "unknown"} if When in seen else out


def _models(annotation: Any) -> Iterator[type[Model]]:
    """The models inside the type of a field: of a tuple, of a choice, or the type itself."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
