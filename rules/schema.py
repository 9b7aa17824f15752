"""JSON Schemas of rule files and case files, for completion and errors while they are edited.

JSON Schema 2020-12 (https://json-schema.org/draft/2020-12), read by editors through
yaml-language-server. A schema says what can be told of one file by its form and the vocabulary;
quotes, other rules and what cases must show are `rules.check`'s business. The texts are in
`schema.yaml`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from ontology.vocabulary import CodeList, Fact, Vocabulary
from rules.cases import REQUIREMENTS, STATUSES
from rules.load import DEMANDING, MEMBERS, REQUIRED
from rules.model import EFFECTS, GROUNDS, NORM_KINDS, STRENGTHS
from rules.terms import operators_of
from rules.verdict import Reason, Verdict

Schema = dict[str, Any]

RULES: Final = "rule.schema.json"
CASES: Final = "cases.schema.json"
"""The names the schemas have beside the rulebook."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ID: Final = "^[a-z0-9]+(?:[.-][a-z0-9]+)*$"
_DAY: Final = r"^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"
_PREFIX: Final = "^(?:[1-9][0-9](?:[0-9]{2}){0,2})?$"


@cache
def texts() -> Mapping[str, Mapping[str, Any]]:
    """What editors show: texts of files, members and operators, and titles of words."""
    loaded: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
        Path(__file__).with_name("schema.yaml").read_text("utf-8")
    )
    return loaded


def schemas(vocabulary: Vocabulary, instruments: Mapping[str, str]) -> dict[str, bytes]:
    """Both schemas by file name, as deterministic UTF-8; `instruments` are titles by key."""
    made = {RULES: rule_schema(vocabulary, instruments), CASES: case_schema(vocabulary)}
    return {
        name: json.dumps(schema, ensure_ascii=False, indent=1).encode() + b"\n"
        for name, schema in made.items()
    }


def rule_schema(vocabulary: Vocabulary, instruments: Mapping[str, str]) -> Schema:
    """The schema of a file of rules."""
    definitions: Schema = {
        "rule": _rule(vocabulary),
        "citation": _citation(),
        "instrument": _instrument(instruments),
        "label": _object({"zh": _text("zh"), "en": _text("en")}),
        "day": _day(),
    }
    for kind in vocabulary.kinds:
        definitions |= _conditions(kind, vocabulary)
    definitions |= _code_lists(vocabulary)
    file = _object({"rules": _list({"$ref": "#/$defs/rule"}, "rules")})
    return _file("rules", file, definitions)


def case_schema(vocabulary: Vocabulary) -> Schema:
    """The schema of a file of cases."""
    facts: Schema = {}
    for fact in (fact for facts_of in vocabulary.kinds.values() for fact in facts_of):
        value = _value(fact) | _fact_text(fact)
        facts[fact.name] = {"anyOf": [facts[fact.name], value]} if fact.name in facts else value
    expect = {
        "status": _words("status", STATUSES),
        "verdict": _words("verdict", Verdict),
        "reason": _words("reason", Reason),
        "requirement": _words("requirement", REQUIREMENTS),
    }
    case = {
        "rule": _matching(_ID) | _said("rule"),
        "title": {"$ref": "#/$defs/label"} | _said("title"),
        "as-of": {"$ref": "#/$defs/day"} | _said("as-of"),
        "facts": _object(facts, ()) | _said("facts"),
        "expect": _object(expect, ("status",)) | _said("expect"),
    }
    definitions = {
        "case": _object(case),
        "label": _object({"zh": _text("zh"), "en": _text("en")}),
        "day": _day(),
    } | _code_lists(vocabulary)
    file = _object({"cases": _list({"$ref": "#/$defs/case"}, "cases")})
    return _file("cases", file, definitions)


def _file(which: str, schema: Schema, definitions: Schema) -> Schema:
    title = {"$schema": _DIALECT, "title": texts()["files"][which]}
    return title | schema | {"$defs": definitions}


def _rule(vocabulary: Vocabulary) -> Schema:
    demand = {
        "bearer": _bearer(vocabulary) | _said("bearer"),
        "that": _said("that"),
        "text": {"$ref": "#/$defs/label"} | _said("text"),
    }
    defeat = {
        "rule": _matching(_ID) | _said("rule"),
        "ground": _words("ground", GROUNDS) | _said("ground"),
    }
    day = {"$ref": "#/$defs/day"}
    start = {"anyOf": [day, {"type": "array", "items": day, "minItems": 2, "maxItems": 2}]}
    label = {"$ref": "#/$defs/label"}
    members: Schema = {
        "id": _matching(_ID),
        "title": label,
        "kind": _words("kind", vocabulary.kinds),
        "norm": _words("norm", NORM_KINDS),
        "strength": _words("strength", STRENGTHS),
        "cites": _list({"$ref": "#/$defs/citation"}, "cites"),
        "jurisdiction": _matching(_PREFIX),
        "in-force": _object(
            {"from": start | _said("from"), "until": day | _said("until")}, ("from",)
        ),
        "when": {},
        "effect": _words("effect", EFFECTS),
        "requires": _object(demand),
        "due": {
            "oneOf": [
                _object({"by": day | _said("by"), "latest": day | _said("latest")}, ("by",)),
                _object({"fact": {"type": "string"} | _said("fact")}, ("fact",)),
            ]
        },
        "defeats": {"type": "array", "items": _object(defeat)},
        "inference": {"type": "boolean"},
        "note": label,
        "doubt": label,
    }
    described = {name: members[name] | _said(name) for name in MEMBERS}
    by_kind = [
        _when(
            {"kind": {"const": kind}},
            {
                "when": {"$ref": f"#/$defs/condition.{kind}"},
                "requires": {"properties": {"that": {"$ref": f"#/$defs/condition.{kind}"}}},
            },
        )
        for kind in vocabulary.kinds
    ]
    demands = _when({"effect": {"const": "requires"}}) | {"then": {"required": ["requires"]}}
    idle = _when(
        {"effect": {"enum": [effect for effect in EFFECTS if effect not in DEMANDING]}},
        {"requires": False, "due": False},
    )
    dated: Schema = {"dependentRequired": {"due": ["requires"]}}
    inferred = _when({"inference": {"const": True}}) | {"then": {"required": ["doubt"]}}
    modest = _when(
        {"strength": {"const": "best-effort"}}, {"effect": {"enum": ["advises", "none"]}}
    )
    return _object(described, REQUIRED) | {
        "allOf": [*by_kind, demands, idle, dated, inferred, modest]
    }


def _citation() -> Schema:
    instrument = {"$ref": "#/$defs/instrument"} | _said("instrument")
    handed = {"instrument": instrument, "provision": _text("provision")}
    members = {
        "instrument": instrument,
        "provision": _text("provision"),
        "quote": _text("quote"),
        "quoted-in": _object(handed) | _said("quoted-in"),
    }
    either = [{"required": ["provision"]}, {"required": ["quoted-in"]}]
    return _object(members, ("instrument", "quote")) | {"anyOf": either}


def _instrument(instruments: Mapping[str, str]) -> Schema:
    """A key, which an editor offers, or a document number, which it takes as it is."""
    keys = [{"const": key, "title": title} for key, title in sorted(instruments.items())]
    number = {"type": "string", "pattern": "号$"}
    return {"anyOf": [*keys, number]}


def _conditions(kind: str, vocabulary: Vocabulary) -> Schema:
    """`condition.{kind}`: all, any, not, or a comparison in the words of its fact."""
    compared = [f for f in vocabulary.facts(kind) if operators_of(f)]
    here = {"$ref": f"#/$defs/condition.{kind}"}
    combined = {
        "all": _list(here, "all"),
        "any": _list(here, "any"),
        "not": here | _said("not"),
    }
    by_form: dict[str, list[Fact]] = {}
    for fact in compared:
        by_form.setdefault(json.dumps(_constant(fact)), []).append(fact)
    return {
        f"condition.{kind}": {
            "type": "object",
            "if": {"required": ["fact"]},
            "then": {"$ref": f"#/$defs/comparison.{kind}"},
            "else": _object(combined, ()) | {"minProperties": 1, "maxProperties": 1},
        },
        f"comparison.{kind}": {
            "properties": {"fact": {"oneOf": [_fact_word(f) for f in compared]} | _said("fact")},
            "allOf": [_compared(facts) for facts in by_form.values()],
        },
    }


def _compared(facts: list[Fact]) -> Schema:
    """How facts of one form are compared: by one operator, with constants of that form."""
    constant = _constant(facts[0])
    several = {"type": "array", "items": constant, "minItems": 1, "uniqueItems": True}
    operators: Schema = {
        op: (several if op == "in" else constant) | {"description": texts()["operators"][op]}
        for op in operators_of(facts[0])
    }
    then = _object({"fact": True} | operators, ()) | {"minProperties": 2, "maxProperties": 2}
    names = [fact.name for fact in facts]
    return {"if": {"properties": {"fact": {"enum": names}}}, "then": then}


def _constant(fact: Fact) -> Schema:
    match fact.type:
        case "decimal":
            return {"type": ["integer", "string"], "pattern": r"^-?[0-9]+(?:\.[0-9]+)?$"}
        case "place":
            return _matching("^[0-9]+$")
        case "codes":
            return {"$ref": f"#/$defs/codes.{fact.codes}"}
        case _:
            return _value(fact)


def _value(fact: Fact) -> Schema:
    """The values that a case may give a fact."""
    codes = {"$ref": f"#/$defs/codes.{fact.codes}"}
    match fact.type:
        case "boolean":
            return {"type": "boolean"}
        case "code":
            return codes
        case "codes":
            return {"anyOf": [{"type": "array", "items": codes}, codes]}
        case "integer":
            return {"type": "integer"}
        case "decimal":
            return {"type": ["integer", "string"]}
        case "date":
            return {"$ref": "#/$defs/day"}
        case "place":
            return _matching(r"\S")
        case _:
            return {"type": "string"}


def _code_lists(vocabulary: Vocabulary) -> Schema:
    used = {f.codes for facts in vocabulary.kinds.values() for f in facts if f.codes}
    return {f"codes.{name}": _codes(vocabulary.code_lists[name]) for name in sorted(used)}


def _codes(codes: CodeList) -> Schema:
    words = []
    for concept in codes.concepts:
        told = [concept.definition.zh] if concept.definition else []
        told += [f"又称：{'、'.join(concept.alt)}"] if concept.alt else []
        word: Schema = {"const": concept.code, "title": concept.label.zh}
        words.append(word | ({"description": "\n".join(told)} if told else {}))
    return {"title": codes.label.zh, "oneOf": words}


def _bearer(vocabulary: Vocabulary) -> Schema:
    lists = (vocabulary.code_lists.get(name) for name in ("changers", "addressees"))
    found = {c.code: c.label.zh for codes in lists if codes for c in codes.concepts}
    return {"oneOf": [{"const": c, "title": zh} for c, zh in found.items() if c != "none"]}


def _fact_text(fact: Fact) -> Schema:
    return {"title": fact.label.zh, "description": f"{fact.question.zh}\n{fact.meaning.zh}"}


def _fact_word(fact: Fact) -> Schema:
    return {"const": fact.name} | _fact_text(fact)


def _words(name: str, words: Iterable[str]) -> Schema:
    titles: Mapping[str, str] = texts()["words"][name]
    said = {"description": texts()["members"][name]} if name in texts()["members"] else {}
    return {"oneOf": [{"const": str(w), "title": titles.get(str(w), str(w))} for w in words]} | said


def _said(member: str) -> Schema:
    return {"description": texts()["members"][member]}


def _text(member: str) -> Schema:
    return {"type": "string", "pattern": r"\S"} | _said(member)


def _matching(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _day() -> Schema:
    return {"type": "string", "pattern": _DAY, "format": "date"}


def _list(items: Schema, member: str) -> Schema:
    return {"type": "array", "items": items, "minItems": 1} | _said(member)


def _object(members: Schema, required: Iterable[str] | None = None) -> Schema:
    needed = list(members if required is None else required)
    schema: Schema = {"type": "object", "properties": members, "additionalProperties": False}
    return schema | ({"required": needed} if needed else {})


def _when(member: Schema, then: Schema | None = None) -> Schema:
    """A rule for values whose one member is there and of a form."""
    schema: Schema = {"if": {"properties": member, "required": list(member)}}
    return schema | ({"then": {"properties": then}} if then else {})
