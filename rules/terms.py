"""Whether a comparison is made in the words of the vocabulary: fact, operator, constants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from ontology.issue import Issue
from ontology.names import nearest
from ontology.vocabulary import Fact, Vocabulary
from rules.condition import Scalar
from rules.members import article
from rules.written_condition import Asked

_SAMENESS: Final = ("is", "in")
_NUMBERS: Final = (*_SAMENESS, "at-least", "more-than", "at-most", "less-than")
_DAYS: Final = (*_SAMENESS, "on-or-after", "after", "on-or-before", "before")
_OPERATORS: Final = {
    "boolean": _SAMENESS,
    "code": _SAMENESS,
    "codes": _SAMENESS,
    "place": _SAMENESS,
    "integer": _NUMBERS,
    "decimal": _NUMBERS,
    "date": _DAYS,
    "text": (),
}


def unknown(what: str, name: str, where: str, valid: Iterable[str]) -> Issue:
    """The issue of a name that does not exist, with the nearest one that does."""
    names = tuple(valid)
    near = nearest(name, names)
    hint = f"did you mean {near}?" if near else ""
    if not near and len(names) <= 12:
        hint = f"there are: {', '.join(names)}"
    return Issue("error", f"{name} is not {article(what)}", where, hint)


def operators_of(fact: Fact) -> tuple[str, ...]:
    """The operators that a fact may be compared by; none for a text."""
    return _OPERATORS[fact.type]


def check_asked(asked: Asked, kind: str, vocabulary: Vocabulary) -> list[Issue]:
    """Issues of one comparison in a rule of a decision kind that the vocabulary knows."""
    fact = vocabulary.fact(kind, asked.test.fact)
    if fact is None:
        names = (f.name for f in vocabulary.facts(kind))
        return [unknown(f"fact of {kind}", asked.test.fact, asked.fact_at, names)]
    allowed = operators_of(fact)
    if not allowed:
        message = f"{fact.name} is text: it derives other facts and is not compared"
        return [Issue("error", message, asked.fact_at)]
    if asked.test.op not in allowed:
        message = f"{fact.name} ({fact.type}) cannot be compared by {asked.test.op}"
        return [Issue("error", message, asked.operator_at, f"use one of: {', '.join(allowed)}")]
    issues: list[Issue] = []
    for value, where in zip(asked.test.values, asked.values_at, strict=True):
        issues += _check_constant(fact, value, where, vocabulary)
    if not issues and fact.codes is not None:
        issues += _covered_twice(asked, vocabulary, fact.codes)
    return issues


def _check_constant(fact: Fact, value: Scalar, where: str, vocabulary: Vocabulary) -> list[Issue]:
    match fact.type:
        case "boolean":
            right, expected = isinstance(value, bool), "true or false"
        case "code" | "codes":
            codes = vocabulary.code_lists[str(fact.codes)].codes
            if isinstance(value, str) and value not in codes:
                return [unknown(f"code of {fact.codes}", value, where, codes)]
            right, expected = isinstance(value, str), f"a code of {fact.codes}"
        case "integer":
            right, expected = isinstance(value, int) and not isinstance(value, bool), "a number"
        case "decimal" if fact.computed is not None:
            # A finer constant could not be told from its neighbours (`rules.computing`).
            right = _is_decimal(value) and _scale(value) <= (fact.scale or 0)
            expected = f"a number with at most {fact.scale or 0} decimals"
        case "decimal":
            right, expected = _is_decimal(value), 'a number, in quotes where it has a point ("5.5")'
        case "date":
            right, expected = _is_day(value), 'a day, "YYYY-MM-DD"'
        case _:
            right = isinstance(value, str) and value.isdigit()
            expected = 'the code of a place, in quotes ("22")'
    if right:
        return []
    return [Issue("error", f"{value!r} is not {expected}", where, f"{fact.name} is {fact.type}")]


def _covered_twice(asked: Asked, vocabulary: Vocabulary, list_id: str) -> list[Issue]:
    """A narrower code beside the broader one that covers it changes nothing: a slip."""
    code_list = vocabulary.code_lists[list_id]
    constants = [str(value) for value in asked.test.values]
    return [
        Issue("warning", f"{narrow} is covered by {broad} already", where)
        for narrow, where in zip(constants, asked.values_at, strict=True)
        for broad in constants
        if broad != narrow and code_list.covers(broad, narrow)
    ]


def _is_decimal(value: Scalar) -> bool:
    if isinstance(value, bool):
        return False
    digits = str(value).removeprefix("-").split(".")
    return len(digits) <= 2 and all(d.isascii() and d.isdigit() for d in digits)


def _scale(value: Scalar) -> int:
    return len(str(value).partition(".")[2])


def _is_day(value: Scalar) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
