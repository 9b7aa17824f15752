"""The values of a fact, cut into the regions that the rules can tell apart.

Two values that no comparison of the rulebook distinguishes lead to the same findings, so a
decision needs only the region of a value. A set of possible regions is an integer bit mask: bit 0
means "the fact does not exist here" (`applies_when` is false), bit r the r-th region. Unknown facts
have several bits set, known ones exactly one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property, lru_cache
from typing import Final

from ontology.places import within
from ontology.vocabulary import CodeList, Fact
from rules.condition import Scalar, Test

ABSENT: Final = 1
"""The mask of a fact that does not exist in the case at hand."""

Number = int | Decimal
_Holds = Callable[[Scalar, Test], bool]


@dataclass(frozen=True, slots=True)
class Region:
    """Values that the rules do not tell apart; for numbers and dates one that stands for all."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True)
class Domain:
    """Regions of one fact and, for each comparison on it, the mask of regions where it is true."""

    regions: tuple[Region, ...]
    truth: Mapping[Test, int]
    codes: Mapping[Scalar, int]
    cuts: tuple[Number, ...] = ()
    prefixes: tuple[str, ...] = ()

    @cached_property
    def everything(self) -> int:
        """Mask of all regions (without absence)."""
        return ((1 << len(self.regions)) - 1) << 1

    def locate(self, value: Scalar) -> int:
        """Mask of the region a known value lies in; KeyError for a value outside the vocabulary."""
        if self.prefixes:
            return self.codes[_place_key(str(value), self.prefixes)]
        if self.cuts:
            return self.codes[_cell(measure(value), self.cuts)]
        return self.codes[value]

    def values(self, mask: int, besides: Scalar | None = None) -> tuple[Scalar, ...]:
        """Values standing for the regions of a mask, in vocabulary order, save one like `besides`.

        A code is like itself only; a number or place is like all of its region.
        """
        if besides is not None and (self.cuts or self.prefixes):
            mask &= ~self.locate(besides)
        chosen = [r for i, r in enumerate(self.regions) if mask >> (i + 1) & 1]
        return tuple(v for region in chosen for v in region.values if v != besides)

    def split(self, mask: int) -> tuple[int, ...]:
        """The single-region masks of a mask, absence first."""
        return tuple(1 << i for i in range(len(self.regions) + 1) if mask >> i & 1)


def measure(value: Scalar) -> Number:
    """A number or ISO date as the number it is compared by (a date by its ordinal)."""
    if isinstance(value, str):
        return date.fromisoformat(value).toordinal() if "-" in value[1:] else Decimal(value)
    return int(value)


def domain_of(fact: Fact, tests: Iterable[Test], codes: Mapping[str, CodeList]) -> Domain:
    """The domain of a fact under the comparisons a rulebook makes on it.

    Raises ValueError for a comparison the fact's type does not allow.
    """
    asked = tuple(dict.fromkeys(tests))
    match fact.type:
        case "boolean":
            return _discrete((False, True), asked, lambda value, test: value in test.values)
        case "code" | "codes":
            code_list = codes[str(fact.codes)]
            return _discrete(
                code_list.codes,
                asked,
                lambda value, test: any(
                    code_list.covers(str(broad), str(value)) for broad in test.values
                ),
            )
        case "integer" | "decimal" | "date":
            return _ordered(asked, fact)
        case "place":
            return _places(asked)
        case _:
            if asked:
                raise ValueError(f"{fact.name} is {fact.type}: no comparison can be made on it")
            return Domain((), {}, {})


def window_domain(test: Test) -> Domain:
    """The domain of "this period has begun": false and true."""
    return _discrete((False, True), (test,), lambda value, asked: value in asked.values)


def _discrete(values: Sequence[Scalar], tests: Sequence[Test], holds: _Holds) -> Domain:
    for test in tests:
        if test.op not in ("is", "in"):
            raise ValueError(f"{test.fact} has no order: {test.op} cannot be asked of it")
    groups: dict[tuple[bool, ...], list[Scalar]] = {}
    for value in values:
        groups.setdefault(tuple(holds(value, test) for test in tests), []).append(value)
    regions = tuple(Region(tuple(members)) for members in groups.values())
    truth = {
        test: sum(2 << i for i, vector in enumerate(groups) if vector[at])
        for at, test in enumerate(tests)
    }
    located = {value: 2 << i for i, members in enumerate(groups.values()) for value in members}
    return Domain(regions, truth, located)


def _ordered(tests: Sequence[Test], fact: Fact) -> Domain:
    # A fact that no rule reads has one region: a cut nobody compares with keeps it whole.
    cuts = tuple(sorted({measure(value) for test in tests for value in test.values})) or (1,)
    groups: dict[tuple[bool, ...], list[int]] = {}
    cells = dict(_cells(cuts, fact))
    for cell, sample in cells.items():
        groups.setdefault(tuple(_compare(sample, test) for test in tests), []).append(cell)
    regions = tuple(Region((_written(cells[members[0]], fact),)) for members in groups.values())
    truth = {
        test: sum(2 << i for i, vector in enumerate(groups) if vector[at])
        for at, test in enumerate(tests)
    }
    located: dict[Scalar, int] = {
        cell: 2 << i for i, members in enumerate(groups.values()) for cell in members
    }
    return Domain(regions, truth, located, cuts=cuts)


def _cells(cuts: Sequence[Number], fact: Fact) -> Iterator[tuple[int, Number]]:
    """Cells of a line, each with a value in it: below the first cut, the cut, up to the next, …

    A cell without a value the fact can take (there is no whole number between 2 and 3) is no cell.
    """
    step = Decimal(1).scaleb(-(fact.scale or 0)) if fact.type == "decimal" else Decimal(1)
    for at, cut in enumerate(cuts):
        below = (Decimal(cut) / step).to_integral_value(ROUND_CEILING) * step - step
        if (at == 0 or below > cuts[at - 1]) and _takes(fact, below):
            yield 2 * at, below
        elif at and fact.computed is not None:
            # What is computed may lie between neighbours that a given number has nothing between.
            yield 2 * at, (Decimal(cuts[at - 1]) + Decimal(cut)) / 2
        if Decimal(cut) % step == 0:
            yield 2 * at + 1, cut
    above = (Decimal(cuts[-1]) / step).to_integral_value(ROUND_FLOOR) * step + step
    if _takes(fact, above):
        yield 2 * len(cuts), above


def _takes(fact: Fact, value: Number) -> bool:
    return fact.type != "date" or date.min.toordinal() <= value <= date.max.toordinal()


def _places(tests: Sequence[Test]) -> Domain:
    prefixes = tuple(sorted({str(value) for test in tests for value in test.values}))
    keys = ("", *prefixes)
    groups: dict[tuple[bool, ...], list[str]] = {}
    for key in keys:
        vector = tuple(any(within(key, str(p)) for p in test.values) for test in tests)
        groups.setdefault(vector, []).append(key)
    regions = tuple(Region((members[0],)) for members in groups.values())
    truth = {
        test: sum(2 << i for i, vector in enumerate(groups) if vector[at])
        for at, test in enumerate(tests)
    }
    located: dict[Scalar, int] = {
        key: 2 << i for i, members in enumerate(groups.values()) for key in members
    }
    return Domain(regions, truth, located, prefixes=prefixes or ("",))


@lru_cache(maxsize=4096)
def _place_key(code: str, prefixes: tuple[str, ...]) -> str:
    held = [prefix for prefix in prefixes if within(code, prefix)]
    # The innermost: the one that lies within most of the others ("220000" is as wide as "22").
    return max(held, key=lambda one: sum(within(one, other) for other in held), default="")


def _cell(value: Number, cuts: tuple[Number, ...]) -> int:
    at = bisect_left(cuts, value)
    return 2 * at + 1 if at < len(cuts) and cuts[at] == value else 2 * at


def _compare(value: Number, test: Test) -> bool:
    constants = [measure(constant) for constant in test.values]
    match test.order:
        case "at-least":
            return value >= constants[0]
        case "more-than":
            return value > constants[0]
        case "at-most":
            return value <= constants[0]
        case "less-than":
            return value < constants[0]
        case _:
            return value in constants


def _written(value: Number, fact: Fact) -> Scalar:
    if fact.type == "date":
        return date.fromordinal(int(value)).isoformat()
    if fact.type == "integer":
        return int(value)
    scale = (fact.scale or 0) + (fact.computed is not None and _finer(value, fact.scale or 0))
    return format(Decimal(value).quantize(Decimal(1).scaleb(-scale)), "f")


def _finer(value: Number, scale: int) -> bool:
    return Decimal(value).scaleb(scale) % 1 != 0
