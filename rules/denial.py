"""What a state denies: from masks of possible regions to the literals that cannot hold.

A conjunction possibly holds where none of its literals is denied, and certainly where besides none
is *unsure* (may hold, need not): the strong Kleene value of a conjunction is its least literal. So
what an engine has to find is which conjunctions are free of denied literals. A single literal is
its own conjunction and needs no engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rules.network import Network

_RUN: Final = 4
"""Slots that are looked up together."""
_MOST_KNOWN: Final = 512
"""Combinations of masks kept for each run; all are let go when there are more."""

_Literals = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conjunction:
    """Literals that together make bits true, by the names they are denied under.

    `place` is one bit, by which `Found.unsure` names the conjunction.
    """

    place: int
    names: tuple[str, ...]
    bits: int


Found = tuple[tuple[str, ...], int, int, int]
"""Denials as text, part by part; unsure conjunctions; bits certain and possible without asking."""


@dataclass(frozen=True, slots=True)
class _Literal:
    """A literal: its slot's place in the run, where it holds, its denials part by part.

    `readers` are the conjunctions it is part of, `bits` what it makes true by itself.
    """

    at: int
    mask: int
    denials: tuple[str, ...]
    readers: int
    bits: int


class Denials:
    """The conjunctions of a network in parts, and what states deny of them.

    A part has at most `most` conjunctions, and no more literals than there are `names`.
    """

    def __init__(self, network: Network, names: Sequence[str], most: int) -> None:
        # The literals that most conjunctions share come first, and are tested once for all of them.
        shared = Counter(literal for path in network.paths for literal in path.literals)
        bits: dict[_Literals, int] = {}
        for path in network.paths:
            literals = tuple(sorted(path.literals, key=lambda x: (-shared[x], x)))
            bits[literals] = bits.get(literals, 0) | 1 << path.bit
        self.always = bits.pop((), 0)
        joined = sorted(literals for literals in bits if len(literals) > 1)
        places = {literals: 1 << i for i, literals in enumerate(joined)}
        parts = list(_parts(joined, most, len(names)))
        named = [dict(zip(sorted({*sum(part, ())}), names, strict=False)) for part in parts]
        self.parts = tuple(
            tuple(Conjunction(places[c], tuple(own[x] for x in c), bits[c]) for c in part)
            for part, own in zip(parts, named, strict=True)
        )
        runs: dict[int, list[_Literal]] = {}
        for literal in sorted({literal for literals in bits for literal in literals}):
            run, at = divmod(network.literals[literal].slot, _RUN)
            runs.setdefault(run, []).append(
                _Literal(
                    at,
                    network.literals[literal].mask,
                    tuple(f',"{own[literal]}":1' if literal in own else "" for own in named),
                    sum(place for literals, place in places.items() if literal in literals),
                    bits.get((literal,), 0),
                )
            )
        # A few slots at a time: what their masks mean is worked out once and kept.
        self._runs: list[tuple[slice, list[_Literal], dict[tuple[int, ...], Found]]] = [
            (slice(run * _RUN, (run + 1) * _RUN), literals, {}) for run, literals in runs.items()
        ]

    def of(self, state: tuple[int, ...]) -> Found:
        """What a state denies; `state` has the mask of possible regions slot by slot."""
        texts: list[tuple[str, ...]] = []
        unsure = 0
        certain = possible = self.always
        for run, literals, known in self._runs:
            masks = state[run]
            found = known.get(masks)
            if found is None:
                if len(known) >= _MOST_KNOWN:
                    known.clear()
                found = known[masks] = self._found(literals, masks)
            text, doubt, sure, may = found
            texts.append(text)
            unsure |= doubt
            certain |= sure
            possible |= may
        return tuple(map("".join, zip(*texts))), unsure, certain, possible  # noqa: B905

    def _found(self, literals: list[_Literal], masks: tuple[int, ...]) -> Found:
        denied = []
        unsure = certain = possible = 0
        for literal in literals:
            mask = masks[literal.at]
            if not mask & literal.mask:
                denied.append(literal)
                continue
            possible |= literal.bits
            if mask & ~literal.mask:
                unsure |= literal.readers
            else:
                certain |= literal.bits
        parts = range(len(self.parts))
        texts = tuple("".join(literal.denials[i] for literal in denied) for i in parts)
        return texts, unsure, certain, possible


def _parts(joined: Sequence[_Literals], most: int, most_read: int) -> Iterator[list[_Literals]]:
    part: list[_Literals] = []
    read: set[int] = set()
    for literals in joined:
        if part and (len(part) == most or len(read.union(literals)) > most_read):
            yield part
            part, read = [], set()
        part.append(literals)
        read.update(literals)
    if part:
        yield part
