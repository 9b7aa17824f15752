"""Whether a fact exists in a case half filled in: three-valued, for showing and hiding fields."""

from __future__ import annotations

from collections.abc import Mapping

from ontology.vocabulary import Fact, Vocabulary
from rules.condition import All, Condition, Either, Not, Test, from_json


def exists(fact: Fact, facts: Mapping[str, object], kind: str, words: Vocabulary) -> bool | None:
    """Whether `fact` exists beside `facts`: None while what that rests on is still unknown."""
    if fact.applies_when is None:
        return True
    return _holds(from_json(fact.applies_when), facts, kind, words)


def _holds(
    condition: Condition, facts: Mapping[str, object], kind: str, words: Vocabulary
) -> bool | None:
    match condition:
        case All(parts):
            values = [_holds(part, facts, kind, words) for part in parts]
            return False if False in values else None if None in values else True
        case Either(parts):
            values = [_holds(part, facts, kind, words) for part in parts]
            return True if True in values else None if None in values else False
        case Not(part):
            value = _holds(part, facts, kind, words)
            return None if value is None else not value
        case Test():
            return _compared(condition, facts, kind, words)


def _compared(test: Test, facts: Mapping[str, object], kind: str, words: Vocabulary) -> bool | None:
    fact = words.fact(kind, test.fact)
    given = facts.get(test.fact)
    if given is None and fact is not None and fact.presumption is not None:
        given = fact.presumption.value
    if given is None or test.op not in ("is", "in"):
        return None  # An order of numbers or days hides no field: it is left open.
    codes = words.code_lists.get(fact.codes or "") if fact is not None else None
    held = given if isinstance(given, list | tuple) else [given]
    return any(
        value == wanted or (codes is not None and codes.covers(str(wanted), str(value)))
        for value in held
        for wanted in test.values
    )
