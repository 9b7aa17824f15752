"""What follows from pairs when what relates them is transitive."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def closure(pairs: Iterable[tuple[T, T]]) -> Iterator[tuple[T, T]]:
    """The pairs that follow from these and are not among them, whatever circles they make.

    A thing is followed up once: what lies above it is remembered for all that lie below it.
    """
    above: dict[T, set[T]] = {}
    for first, second in pairs:
        above.setdefault(first, set()).add(second)
    reached: dict[T, set[T]] = {}
    for first in above:
        reached[first] = _reached(first, above, reached)
        for third in reached[first] - above[first]:
            yield first, third


def _reached(first: T, above: dict[T, set[T]], known: dict[T, set[T]]) -> set[T]:
    found: set[T] = set()
    waiting = list(above[first])
    while waiting:
        thing = waiting.pop()
        if thing in found:
            continue
        found.add(thing)
        if thing in known:
            found |= known[thing]
        else:
            waiting += above.get(thing, ())
    return found
