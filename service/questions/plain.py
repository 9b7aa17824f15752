"""Answers as plain JSON: rows of named values, each with its type, label and address."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kb.query import Query
from kb.query_show import Chart
from service.linked.about import Shown
from service.questions.answer import Answer
from service.questions.permalink import Compared
from service.sparql.terms import XSD, Term
from service.web.query_fields import AskedQuestion

_NUMBERS: Final = frozenset(
    XSD + name for name in ("integer", "decimal", "double", "float", "int", "long")
)
_SAFE: Final = 2**53


def question_json(question: Query) -> dict[str, Any]:
    """A question with its parameters, as the index of questions tells it."""
    return {
        "name": question.name,
        "title": question.title.to_json(),
        "href": f"/q/{question.name}",
        "parameters": [
            {
                "name": param.name,
                "type": param.type,
                "codes": param.codes or None,
                "default": param.default,
                "label": param.label.to_json(),
            }
            for param in question.params
        ],
        "chart": _chart(question.show.chart),
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer: what names it, its columns, its rows.

    `type` of a value is iri, blank, or the last part of its datatype (string, integer, date …).
    """
    result, table = answer.result, answer.result.table
    form = "truth" if table.truth is not None else "statements" if table.statements else "rows"
    return {
        "generation": result.generation or None,
        "result": result.sha256 or None,
        "volatile": result.volatile,
        "form": form,
        "truth": table.truth,
        "columns": [{"name": c.name, "label": c.label.to_json()} for c in answer.columns],
        "rows_count": None if result.cut else len(table.rows),
        "complete": not answer.more,
        "rows": [
            {
                column.name: value_json(term, it)
                for column, term, it in zip(answer.columns, terms, row, strict=True)
                if term and it
            }
            for terms, row in zip(table.rows, answer.rows, strict=False)
        ],
    }


def asked_json(asked: AskedQuestion) -> dict[str, Any]:
    """Which question was asked, with which parameters."""
    return {
        "question": question_json(asked.question),
        "parameters": {field.param.name: field.value for field in asked.fields},
    }


def compared_json(found: Compared | None) -> dict[str, Any] | None:
    """What became of the result of a permalink."""
    if found is None:
        return None
    then = {"generation": found.then.generation or None, "result": found.then.sha256}
    return {"outcome": found.outcome, "then": then}


def value_json(term: Term, it: Shown) -> dict[str, Any]:
    """A value; numbers and truth values as JSON has them where it can hold them exactly."""
    if term.kind == "iri":
        told: dict[str, Any] = {"type": "iri", "value": it.text, "label": it.name}
        return told | ({"href": it.href} if it.href else {})
    if term.kind == "blank":
        return {"type": "blank", "value": it.text}
    kind = it.datatype.rpartition("#")[2] or "string"
    told = {"type": kind, "value": native(it)}
    if it.datatype and not it.datatype.startswith(XSD):
        told["datatype"] = it.datatype
    return told | ({"language": it.language} if it.language else {})


def native(it: Shown) -> str | int | float | bool:
    """A literal as a Python value, its text where that would not be exact."""
    if it.datatype == f"{XSD}boolean" and it.text in ("true", "false"):
        return it.text == "true"
    if it.datatype not in _NUMBERS:
        return it.text
    try:
        number = Decimal(it.text)
    except InvalidOperation:
        return it.text
    if not number.is_finite():
        return it.text
    if number == number.to_integral_value() and "." not in it.text and "e" not in it.text.lower():
        return int(number) if abs(number) < _SAFE else it.text
    return float(number) if Decimal(repr(float(number))) == number else it.text


def _chart(chart: Chart | None) -> dict[str, Any] | None:
    if chart is None:
        return None
    told = {"kind": chart.kind, "x": chart.x, "y": chart.y, "by": chart.by, "panel": chart.panel}
    return {key: value for key, value in told.items() if value}
