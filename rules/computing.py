"""Facts that follow from others by arithmetic: a ratio of two facts times a factor.

Exact: the ratio is a fraction. It is shown cut off, toward zero, at the scale of its fact, and
compared as what it is, so that neither rounding nor cutting off ever meets a standard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ontology.vocabulary import Computation, Fact
from rules.condition import Scalar


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed fact: its value as shown, the value it is compared by, and what it is made of."""

    fact: Fact
    of: Computation
    value: str
    compared: str
    dividend: Scalar
    divisor: Scalar

    @property
    def cut(self) -> bool:
        """Whether the value shown is not the whole one."""
        return self.value != self.compared


def compute(facts: Sequence[Fact], values: Mapping[str, Scalar]) -> tuple[Computed, ...]:
    """The facts that follow from these values, given or not, in vocabulary order.

    Nothing follows where an operand is unknown or the divisor is 0.
    """
    found = []
    for fact in facts:
        of = fact.computed
        if of is None or of.dividend not in values or of.divisor not in values:
            continue
        dividend, divisor = values[of.dividend], values[of.divisor]
        if below := _number(divisor):
            exact = _number(dividend) / below * Fraction(of.factor)
            shown, compared = _written(exact, fact.scale or 0)
            found.append(Computed(fact, of, shown, compared, dividend, divisor))
    return tuple(found)


def _number(value: Scalar) -> Fraction:
    return Fraction(value)


def _written(exact: Fraction, scale: int) -> tuple[str, str]:
    """A number cut off at a scale, and one no constant of that scale tells from the number itself.

    The second has one decimal more where something was cut off: it lies where the number lies,
    between the two neighbours that have the scale.
    """
    whole = exact * 10**scale
    steps = int(whole)
    shown = format(Decimal(steps).scaleb(-scale), "f")
    if steps == whole:
        return shown, shown
    between = steps * 10 + (5 if whole > 0 else -5)
    return shown, format(Decimal(between).scaleb(-scale - 1), "f")
