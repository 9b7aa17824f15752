"""JSON Schema 2020-12 of a request, generated from the vocabulary for editors and clients.

https://json-schema.org/draft/2020-12 — it says what is accepted; only the service itself decides
(dates that exist, places that resolve, names that look misspelt).
"""

from __future__ import annotations

from typing import Any

from ontology.vocabulary import Fact, Vocabulary
from rules.facts import MAX_INTEGER, MAX_TEXT

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def request_schema(kind: str, words: Vocabulary) -> dict[str, Any]:
    """The schema of one request of a kind."""
    facts = words.facts(kind)
    lists = dict.fromkeys(f.codes for f in facts if f.codes)
    several = {"$ref": "#/$defs/facts"}
    return {
        "$schema": _DIALECT,
        "$id": f"/v1/vocabulary/{kind}/schema",
        "title": kind,
        "type": "object",
        "properties": {
            "facts": several,
            "common": several,
            "items": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/item"}},
            "as_of": _or_null(_DAY),
            "detail": {"enum": ["verdict", "full", None]},
            "not_a_task": {"type": ["boolean", "null"]},
        },
        "oneOf": [
            {"required": ["facts"], "properties": {"common": False, "items": False}},
            {"required": ["items"], "properties": {"facts": False}},
        ],
        "$defs": {
            "facts": {
                "type": "object",
                "properties": {fact.name: _fact(fact) for fact in facts},
                "additionalProperties": False,
            },
            "item": {
                "type": "object",
                "properties": {"facts": several, "text": {"type": ["string", "null"]}},
                "required": ["facts"],
            },
            **{
                f"codes.{name}": {
                    "title": words.code_lists[name].label.zh,
                    "oneOf": [
                        {"const": c.code, "title": c.label.zh}
                        for c in words.code_lists[name].concepts
                    ],
                }
                for name in lists
            },
        },
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "title": fact.label.zh,
        "description": f"{fact.question.zh} {fact.question.en}",
    } | _or_null(_value(fact))


def _value(fact: Fact) -> dict[str, Any]:
    code = {"$ref": f"#/$defs/codes.{fact.codes}"}
    match fact.type:
        case "boolean":
            return {"type": "boolean"}
        case "code":
            return code
        case "codes":
            return {"anyOf": [code, {"type": "array", "items": code}]}
        case "integer":
            return {"type": "integer", "minimum": -MAX_INTEGER, "maximum": MAX_INTEGER}
        case "decimal":
            return {
                "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]
            }
        case "date":
            return _DAY
        case _:
            return {"type": "string", "maxLength": MAX_TEXT}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Null is how a client may write that it does not know."""
    return {"anyOf": [schema, {"type": "null"}]}
