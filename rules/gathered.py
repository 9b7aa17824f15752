"""What is gathered while a question is asked: one integer, since adding to one costs least.

Its fields, from the lowest: conjunctions that are unsure (may hold, need not), bits that certainly
and bits that possibly hold, conjunctions that fired, rulesets of which a key is named, rulesets of
which a guard cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Literals = tuple[int, ...]


class Fields:
    """The fields for some conjunctions, the bits they make true, and a number of rulesets."""

    def __init__(
        self, made_true: Mapping[Literals, int], joined: Sequence[Literals], width: int, count: int
    ) -> None:
        self._made_true = made_true
        self.places = {literals: 1 << i for i, literals in enumerate(joined)}
        self._of_place = {self.places[literals]: made_true[literals] for literals in joined}
        self._every_place = (1 << len(joined)) - 1
        self._every_bit = (1 << width) - 1
        self._certain = len(joined)
        self._possible = self._certain + width
        self._fired = self._possible + width
        self._named = self._fired + len(joined)
        self._barred = self._named + count

    def unsure(self, literal: int) -> int:
        """The conjunctions that a literal makes unsure."""
        return sum(place for literals, place in self.places.items() if literal in literals)

    def certain(self, literals: Literals) -> int:
        """Bits that certainly hold where these literals do."""
        return self._made_true.get(literals, 0) << self._certain

    def possible(self, literals: Literals) -> int:
        """Bits that possibly hold where these literals may."""
        return self._made_true.get(literals, 0) << self._possible

    def fired(self, literals: Literals) -> int:
        """What the firing of a conjunction adds."""
        return self.possible(literals) | self.places[literals] << self._fired

    def named(self, ruleset: int) -> int:
        """That a key of a ruleset is named."""
        return 1 << self._named + ruleset

    def barred(self, ruleset: int) -> int:
        """That a guard of a ruleset cannot hold."""
        return 1 << self._barred + ruleset

    def asked(self, told: int) -> int:
        """The rulesets to ask, as bits."""
        return told >> self._named & ~(told >> self._barred)

    def masks(self, told: int) -> tuple[int, int]:
        """The bits that certainly hold and those that possibly hold, of all that was gathered."""
        certain = told >> self._certain & self._every_bit
        sure = told >> self._fired & ~told & self._every_place
        while sure:
            place = sure & -sure
            certain |= self._of_place[place]
            sure ^= place
        return certain, told >> self._possible & self._every_bit
