"""Bad input, found by the decision at a JSON path and shown beside the field it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ontology.issue import Issue
from ontology.label import Label
from ontology.places import UnknownPlace
from ontology.vocabulary import Vocabulary
from service.deciding import today
from service.web.asked import Asked, is_common, own_field_name
from service.web.history import field_of

# $.facts['task.kind'][0], $.facts.task.role, $.common['community.jurisdiction'],
# $.items[2].facts['task.role'], $.as_of
_PATH: Final = re.compile(
    r"""^\$(?:\.items\[(?P<item>\d+)\])?
        (?:\.(?:facts|common)(?:\[['"](?P<quoted>[^'"\]]+)['"]\]|\.(?P<bare>[a-z_.]+))
          |\.(?P<member>[a-z_]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field; `field` is empty where no field of the form is at fault.

    `type` is the fact's type (or "day" for the day asked about), so that the page can say in its
    own words what is wrong; `message` and `hint` are those of the issue. For a place `said` is the
    sentence of the table of places and `candidates` the names that may have been meant.
    """

    field: str
    type: str
    given: str
    message: str
    hint: str
    where: str
    said: Label | None = None
    candidates: tuple[str, ...] = ()


def faults_in(
    issues: Iterable[Issue], asked: Asked, kind: str, words: Vocabulary
) -> tuple[Fault, ...]:
    """The issues, each with the form field that it is about."""
    return tuple(_fault(issue, asked, kind, words) for issue in issues)


def _fault(issue: Issue, asked: Asked, kind: str, words: Vocabulary) -> Fault:
    name = field_at(issue.where)
    said = [text for field, text in asked.pairs() if field == name]
    given = said[0] if said else ""
    fact = words.fact(kind, name.split(".", 2)[-1] if name.startswith("items.") else name)
    a_day = name == "as_of" or (name.startswith("events.") and not name.endswith(".event"))
    kind_of = "day" if a_day else fact.type if fact else ""
    fault = Fault(name, kind_of, given, issue.message, issue.hint, issue.where)
    if kind_of != "place":
        return fault
    try:
        words.places.resolve(given, _day(asked.as_of))
    except UnknownPlace as unknown:
        near = unknown.candidates or ((unknown.nearest,) if unknown.nearest else ())
        return replace(fault, said=unknown.message, candidates=near)
    return fault


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today()


def field_at(path: str) -> str:
    """The form field of a JSON path in a request envelope, or "" where there is none."""
    if event := field_of(path):
        return event
    match = _PATH.match(path)
    if match is None:
        return ""
    fact = match["quoted"] or match["bare"]
    if fact is None:
        return match["member"]
    # A common fact that an item is at fault with is one the item said for itself.
    item = match["item"]
    return fact if item is None and is_common(fact) else own_field_name(fact, int(item or 0))
