"""Conditions as they are written in YAML, with the place of each comparison (DESIGN §4)."""

from __future__ import annotations

from dataclasses import dataclass

from ontology.names import nearest
from rules.condition import OPERATORS, All, Condition, Either, Not, Test
from rules.marked import Mapping, Node, Scalar, Sequence
from rules.members import Notes

_WORDS = ("all", "any", "not", "fact")


@dataclass(frozen=True, slots=True)
class Asked:
    """A comparison with the places of its fact, its operator and each of its constants."""

    test: Test
    fact_at: str
    operator_at: str
    values_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A condition and its comparisons in writing order."""

    condition: Condition
    asked: tuple[Asked, ...]


def read_condition(node: Node | None, what: str, notes: Notes) -> Written | None:
    """The condition of a node; None where something in it cannot be read (which is noted)."""
    if node is None:
        return None
    asked: list[Asked] = []
    condition = _condition(node, what, notes, asked)
    return None if condition is None else Written(condition, tuple(asked))


def _condition(node: Node, what: str, notes: Notes, asked: list[Asked]) -> Condition | None:
    if not isinstance(node, Mapping) or not node.members:
        notes.error(f"{what} is all, any, not or the comparison of a fact", node.where)
        return None
    if node.get("fact") is not None:
        return _test(node, notes, asked)
    (key, inner), *others = node.members
    if others or key.value not in _WORDS:
        wrong = next(name for name, _ in node.members if others or name.value not in _WORDS)
        near = nearest(str(wrong.value), _WORDS)
        hint = f"did you mean {near}?" if near and not others else "one of all, any, not at a time"
        notes.error(f"{what} is all, any, not or the comparison of a fact", wrong.where, hint)
        return None
    if key.value == "not":
        part = _condition(inner, "not", notes, asked)
        return None if part is None else Not(part)
    parts = [
        _condition(part, f"a part of {key.value}", notes, asked)
        for part in notes.sequence(inner, str(key.value), least=1)
    ]
    known = tuple(part for part in parts if part is not None)
    if not known or len(known) < len(parts):
        return None
    return All(known) if key.value == "all" else Either(known)


def _test(node: Mapping, notes: Notes, asked: list[Asked]) -> Test | None:
    fact_node = node.get("fact")
    fact = notes.text(fact_node, "the name of a fact")
    comparisons = [(key, value) for key, value in node.members if key.value != "fact"]
    if len(comparisons) != 1:
        notes.error("a fact is compared once", node.where, f"with one of: {', '.join(OPERATORS)}")
        return None
    [(key, operand)] = comparisons
    if key.value not in OPERATORS:
        near = nearest(str(key.value), OPERATORS)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(OPERATORS)}"
        notes.error(f"{key.value} is not a comparison", key.where, hint)
        return None
    constants = _constants(operand, str(key.value), notes)
    if fact is None or fact_node is None or constants is None:
        return None
    test = Test(fact, key.value, tuple(c.value for c in constants))
    asked.append(Asked(test, fact_node.where, key.where, tuple(c.where for c in constants)))
    return test


def _constants(operand: Node, operator: str, notes: Notes) -> list[Scalar] | None:
    if operator == "in":
        parts = notes.sequence(operand, "in", least=1)
        constants = [part for part in parts if isinstance(part, Scalar)]
        if len(constants) < len(parts):
            wrong = next(part for part in parts if not isinstance(part, Scalar))
            notes.error("a constant is text, a number, true or false", wrong.where)
            return None
        for at, constant in enumerate(constants):
            if any(constant.value == before.value for before in constants[:at]):
                notes.error(f"{constant.value} is given twice", constant.where)
        return constants or None
    if isinstance(operand, Scalar):
        return [operand]
    hint = "use in for several" if isinstance(operand, Sequence) else ""
    notes.error(f"{operator} takes one constant", operand.where, hint)
    return None
