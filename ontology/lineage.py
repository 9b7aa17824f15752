"""What a division was before it had its code, and whether it is still the same division.

A division that was recoded, with or without another name (撤县设区, 撤县设市), is the same one: it
became one division, and nothing else became part of it. What was split or merged is not: nobody can
tell from the table which part of it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ontology.place_index import Place, PlaceIndex

Change = Literal["recoded", "split", "merged"]


@dataclass(frozen=True, slots=True)
class Former:
    """A division under a code no longer used, and what it became on the day `since`.

    `successors` are the divisions that took its area, the one asked about first.
    """

    place: Place
    successors: tuple[Place, ...]
    since: date
    change: Change


def formers(code: str, day: date, index: PlaceIndex) -> Iterator[Former]:
    """What the division that has a code on a day had been before, the nearest past first.

    A past is followed further back only where it is the same division.
    """
    born = min((p.start or date.min for p in index.records(code)), default=date.min)
    joined = [p for p in index.before(code) if p.code != code and p.end is not None]
    for old in sorted(joined, key=lambda p: (p.end, p.code), reverse=True):
        assert old.end is not None
        fresh = _follows(born, old.end)
        since = born if fresh else old.end
        if since > day:
            continue
        alone = sum(p.end == old.end for p in joined) == 1
        change: Change = "merged"
        if len(old.successors) > 1:
            change = "split"
        elif fresh and alone:
            change = "recoded"
        codes = sorted(old.successors, key=lambda other: other != code)
        became = tuple(p for c in codes if (p := _at(index.records(c), since)))
        yield Former(old, became, since, change)
        if change == "recoded":
            yield from formers(old.code, day, index)


def _follows(born: date, end: date) -> bool:
    """Whether one code begins where the other ends.

    Of some changes only the year is known: the old code lasts to the end of it, and the new one
    holds from its beginning (places/README.md).
    """
    only_year = (born.month, born.day, end.month, end.day) == (1, 1, 1, 1)
    return born == end or (only_year and born.year + 1 == end.year)


def _at(records: Sequence[Place], day: date) -> Place | None:
    return next((p for p in reversed(records) if p.held(day)), None)
