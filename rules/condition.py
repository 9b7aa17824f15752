"""Conditions: a tree of all/any/not over comparisons on facts (DESIGN §4).

The tree is the meaning; `network` and `reference` each derive an executable form from it. The JSON
form is the one legal staff write in the rulebook's YAML::

    {"all": [{"fact": "task.role", "is": "assist"}, {"not": {"fact": "task.list", "is": "none"}}]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast, get_args

Scalar: TypeAlias = bool | int | str

Operator = Literal[
    "is",
    "in",
    "at-least",
    "more-than",
    "at-most",
    "less-than",
    "on-or-after",
    "after",
    "on-or-before",
    "before",
]
OPERATORS: Final[tuple[Operator, ...]] = get_args(Operator)

# Dates are compared like numbers; the words differ because people say them differently.
_ORDER: Final[Mapping[str, str]] = {
    "on-or-after": "at-least",
    "after": "more-than",
    "on-or-before": "at-most",
    "before": "less-than",
}


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a fact with constants; codes cover their narrower codes."""

    fact: str
    op: Operator
    values: tuple[Scalar, ...]

    @property
    def order(self) -> str:
        """The comparison with date words folded onto the number words."""
        return _ORDER.get(self.op, self.op)


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part holds (`any` in the written form)."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition: TypeAlias = Test | All | Either | Not

ALWAYS: Final = All(())


def tests(condition: Condition) -> Iterator[Test]:
    """The comparisons of a condition, in writing order."""
    match condition:
        case Test():
            yield condition
        case All(parts) | Either(parts):
            for part in parts:
                yield from tests(part)
        case Not(part):
            yield from tests(part)


def facts_of(condition: Condition) -> tuple[str, ...]:
    """Names of the facts a condition reads, without repetition, in writing order."""
    return tuple(dict.fromkeys(test.fact for test in tests(condition)))


def from_json(value: object) -> Condition:
    """The condition written as JSON; ValueError or TypeError for any other form."""
    if not isinstance(value, Mapping):
        raise TypeError(f"a condition is a mapping, not {value!r}")
    if "fact" in value:
        ops = [key for key in value if key != "fact"]
        if len(ops) != 1 or ops[0] not in OPERATORS:
            raise ValueError(f"one comparison of {', '.join(OPERATORS)} is needed, not {ops}")
        operand = value[ops[0]]
        values = tuple(operand) if isinstance(operand, list | tuple) else (operand,)
        return Test(str(value["fact"]), cast("Operator", ops[0]), values)
    if len(value) == 1:
        [(word, inner)] = value.items()
        if word == "all":
            return All(tuple(from_json(part) for part in inner))
        if word == "any":
            return Either(tuple(from_json(part) for part in inner))
        if word == "not":
            return Not(from_json(inner))
    raise ValueError(f"a condition is all, any, not or a comparison of a fact, not {list(value)}")


def to_json(condition: Condition) -> dict[str, object]:
    """The written form of a condition; `from_json` reads it back unchanged."""
    match condition:
        case Test(fact, op, values):
            return {"fact": fact, op: list(values) if op == "in" else values[0]}
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case Either(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
