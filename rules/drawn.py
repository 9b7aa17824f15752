"""Facts that follow, by code, from the facts given for a kind of decision: a hook for each kind.

What arithmetic on two facts gives is declared in the vocabulary instead (`rules.computing`). A
derivation is a pure function of what is given and the day. It is no part of a revision, so that
receipts record what was derived and replays take it from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from rules.application_dates import application_facts
from rules.drawing import Drawn
from rules.facts import Given
from rules.zone_years import zone_facts

__all__ = ["DERIVATIONS", "Derivation", "Drawn", "drawn"]

Derivation = Callable[[Given, date], tuple[Drawn, ...]]

DERIVATIONS: Final[Mapping[str, Derivation]] = {
    "application": application_facts,
    "lifecycle": zone_facts,
}
"""The derivation of each kind of decision that has one."""


def drawn(kind: str, given: Given, as_of: date) -> tuple[Drawn, ...]:
    """What follows from the facts given for a kind of decision on a day."""
    derivation = DERIVATIONS.get(kind)
    return () if derivation is None else derivation(given, as_of)
