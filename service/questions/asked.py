"""A question with the parameters of an address, checked by their declared types.

What a parameter takes is what the fields of the page take (`service.web.query_fields`); `province`
stands for the parameter that takes a place, where a question has just one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import urlencode

from kb.library import Library
from kb.query import Query, queries
from ontology.issue import Issue
from ontology.names import nearest
from rules.model import Rulebook
from service.errors import BadRequest, NotFound
from service.web.query_fields import RESERVED, AskedQuestion, ParamField, asked_question

PROVINCE: Final = "province"
_WANTED: Final = {
    "day": "a day such as 2019-06-01",
    "number": "a whole number",
    "flag": "true or false",
    "code": "a code of the list {codes}",
    "instrument": "the key of an instrument",
    "rule": "the id of a rule",
    "text": "a text",
    "place": "a place, by name or GB/T 2260 code",
}


def question_named(name: str) -> Query:
    """The question of a name. Raises NotFound with the nearest that there is."""
    found = next((question for question in queries() if question.name == name), None)
    if found is None:
        near = nearest(name, (question.name for question in queries()))
        hint = f"did you mean /q/{near}?" if near else "GET /q lists them"
        raise NotFound(f"there is no question {name[:80]}", hint=hint)
    return found


def asked_of(
    question: Query, query: Mapping[str, str], book: Rulebook, library: Library, today: date
) -> AskedQuestion:
    """The question with what an address says of its parameters; the rest are as by default."""
    given = {name: value for name, value in query.items() if name not in RESERVED}
    places = [param.name for param in question.params if param.type == "place"]
    if len(places) == 1 and PROVINCE in given and places[0] not in given:
        given[places[0]] = given.pop(PROVINCE)
    return asked_question(question, given, book, library, today, address)


def address(question: str, values: Mapping[str, str]) -> str:
    """The address of a question's page with these values."""
    return f"/q/{question}?{urlencode(values)}" if values else f"/q/{question}"


def sound(asked: AskedQuestion) -> AskedQuestion:
    """The same, where nothing is wrong with it. Raises BadRequest naming each parameter."""
    issues = [_unknown(asked.question, *each) for each in asked.unknown]
    issues += [_faulty(field) for field in asked.fields if field.fault]
    if not issues:
        return asked
    first = issues[0]
    raise BadRequest(
        first.message,
        hint=first.hint,
        issues=issues,
        members={"parameter": first.where.removeprefix("?"), "question": asked.question.name},
    )


def _unknown(question: Query, name: str, near: str) -> Issue:
    names = ", ".join(param.name for param in question.params) or "none"
    hint = f"did you mean {near}?" if near else f"it has: {names}"
    return Issue("error", f"{question.name} has no parameter {name[:60]}", f"?{name[:60]}", hint)


def _faulty(field: ParamField) -> Issue:
    param, fault = field.param, field.fault
    where = f"?{param.name}"
    if fault is not None and fault.said is not None:
        hint = f"did you mean {fault.candidates[0]}?" if fault.candidates else ""
        return Issue("error", fault.said.en, where, hint)
    options = {option.value for group in field.groups for option in group.options}
    near = nearest(field.value, options)
    wanted = _WANTED[param.type].format(codes=param.codes)
    message = f"{param.name}: {field.value[:60]!r} is not {wanted}"
    return Issue("error", message, where, f"did you mean {near}?" if near else "")
