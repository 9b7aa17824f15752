"""The request around the facts: one case, or items with what they have in common (DESIGN §6).

Members nobody declared are annotations of the caller (a text, an own id): they decide nothing and
the answer lists them. One that looks like a misspelt declared name is an error instead, for silence
there would change the verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ontology.issue import Issue
from rules.zone_events import Event, EventKind
from service.errors import BadRequest
from service.jsonpath import member, path_of

Detail = Literal["full", "verdict"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(text: object) -> date:
    """A day written YYYY-MM-DD; ValueError for anything else, ISO week dates included."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise ValueError(f"a day is written YYYY-MM-DD, not {str(text)[:40]!r}")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no day {text}") from None


Day = Annotated[date, BeforeValidator(parse_day)]
Facts = dict[str, Any]


class ItemModel(BaseModel):
    """One of several tasks put in one request."""

    model_config = ConfigDict(extra="allow", strict=True, title="Item")

    facts: Facts = Field(description="Facts of this item; they prevail over `common`.")
    text: str | None = Field(None, description="The task in the caller's words; shown, not read.")


class EventModel(BaseModel):
    """Something that happened to an experimental zone."""

    model_config = ConfigDict(extra="forbid", strict=True, title="Event")

    on: Day = Field(description="The day it happened (YYYY-MM-DD).")
    event: EventKind = Field(description="What happened.")
    until: Day | None = Field(None, description="The new last day of an extended term.")


class RequestModel(BaseModel):
    """What is known of one case. Absent facts are unknown, never false."""

    model_config = ConfigDict(extra="allow", strict=True, title="DecisionRequest")

    facts: Facts | None = Field(None, description="Facts of the case, by name.")
    common: Facts | None = Field(None, description="Facts that all `items` share.")
    items: list[ItemModel] | None = Field(None, description="Several tasks, decided one by one.")
    as_of: Day | None = Field(
        None, description="The day whose rules are asked (YYYY-MM-DD); absent: today in Shanghai."
    )
    detail: Detail | None = Field(None, description="`verdict` or `full` (default).")
    not_a_task: bool | None = Field(None, description="True: nothing is asked of the community.")
    events: list[EventModel] | None = Field(
        None,
        max_length=1000,
        description="The whole history of a zone (`lifecycle` only); `facts` prevail over it.",
    )


@dataclass(frozen=True, slots=True)
class Case:
    """Facts to decide on. `own` says which the item gave itself; the rest came from `common`."""

    facts: Mapping[str, Any]
    path: str
    own: frozenset[str] | None = None
    text: str | None = None

    def locate(self, where: str) -> str:
        """A place `$.facts…` of the case as the place in the request it came from."""
        if not where.startswith("$.facts"):
            return where
        rest = where.removeprefix("$.facts")
        if self.own is not None and not any(
            member("", n) == rest[: len(member("", n))] for n in self.own
        ):
            return f"$.common{rest}"
        return f"{self.path}.facts{rest}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request read: one case, or the cases of its items."""

    cases: tuple[Case, ...]
    several: bool
    as_of: date | None
    detail: Detail
    not_a_task: bool
    annotations: tuple[str, ...]
    events: tuple[Event, ...] | None = None
    """The history that stands beside the facts; None where none is given."""


def read(
    value: object, fact_names: Iterable[str], detail: Detail = "full", limit: int = 1000
) -> Envelope:
    """The envelope of a JSON value; BadRequest names every fault of its form.

    `fact_names` are the kind's facts: one standing outside `facts` is a mistake, not an annotation.
    """
    if not isinstance(value, dict):
        raise _refused([Issue("error", "a request is a JSON object", "$")])
    try:
        model = RequestModel.model_validate(value)
    except ValidationError as error:
        raise _refused(_issues(error)) from None
    annotations: list[str] = []
    issues: list[Issue] = []
    if model.model_extra or model.items:
        names = frozenset(fact_names)
        annotations, issues = _annotations(model, RequestModel, names, "$")
        for index, item in enumerate(model.items or ()):
            more, faults = _annotations(item, ItemModel, names, f"$.items[{index}]")
            annotations += more
            issues += faults
    issues += _combination(model, limit)
    if issues:
        raise _refused(issues)
    return Envelope(
        cases=_cases(model),
        several=model.items is not None,
        as_of=model.as_of,
        detail=model.detail or detail,
        not_a_task=bool(model.not_a_task),
        annotations=tuple(annotations),
        events=None
        if model.events is None
        else tuple(Event(e.on, e.event, e.until) for e in model.events),
    )


def _cases(model: RequestModel) -> tuple[Case, ...]:
    if model.items is None:
        return (Case(model.facts or {}, "$"),)
    common = model.common or {}
    return tuple(
        Case(common | item.facts, f"$.items[{index}]", frozenset(item.facts), item.text)
        for index, item in enumerate(model.items)
    )


def _combination(model: RequestModel, limit: int) -> list[Issue]:
    """Faults of members that are each well-formed but do not go together."""

    def fault(message: str, where: str, hint: str = "") -> Issue:
        return Issue("error", message, where, hint)

    issues = []
    if model.items is None:
        if model.facts is None and model.events is None:
            issues.append(fault("facts are missing", "$", 'give {"facts": {…}}'))
        if model.common is not None:
            issues.append(fault("common goes with items only", "$.common", "put them under facts"))
    else:
        if model.events is not None:
            issues.append(fault("events go with facts, not with items", "$.events"))
        if model.facts is not None:
            issues.append(fault("facts and items exclude each other", "$.facts", "use common"))
        if not model.items:
            issues.append(fault("at least one item is needed", "$.items"))
        if len(model.items) > limit:
            issues.append(fault(f"at most {limit} items are decided at once", "$.items"))
    return issues


def _annotations(
    model: BaseModel, declared: type[BaseModel], facts: frozenset[str], path: str
) -> tuple[list[str], list[Issue]]:
    known = tuple(declared.model_fields)
    annotations: list[str] = []
    issues: list[Issue] = []
    for name in model.model_extra or {}:
        where = member(path, name)
        if name in facts:
            issues.append(Issue("error", f"{name} is a fact", where, "put it under facts"))
        # Closer than for facts: an annotation called "title" is no misspelt "items".
        elif near := get_close_matches(name, (*known, *facts), n=1, cutoff=0.75):
            issues.append(
                Issue("error", f"unknown member {name}", where, f"did you mean {near[0]}?")
            )
        else:
            annotations.append(where)
    return annotations, issues


def _issues(error: ValidationError) -> list[Issue]:
    return [
        Issue("error", e["msg"].removeprefix("Value error, "), path_of(e["loc"]))
        for e in error.errors(include_url=False, include_input=False)
    ]


def _refused(issues: list[Issue]) -> BadRequest:
    detail = issues[0].message if len(issues) == 1 else f"{len(issues)} faults in the request"
    return BadRequest(detail, issues=issues)
