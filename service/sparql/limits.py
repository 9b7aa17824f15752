"""What a query may take, by the role of who asks.

A role has what the one before it has, and what its own words give it::

    ZHUNRU_SPARQL_ROLES="analyst seconds=120 rows=1000000; admin seconds=600"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final

from ontology.names import nearest
from service.errors import BadSetting
from service.settings import Settings
from service.sparql.wire import Limits
from service.store.tokens import ROLES, Role

_HINT: Final = 'write: "analyst seconds=120 rows=1000000; admin seconds=600"'


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that one query may take: seconds, rows or statements, bytes written and of memory.

    `running` is how many queries of the role may run at once; 0: as many as there are workers.
    """

    seconds: float = 30
    rows: int = 100_000
    bytes: int = 64 << 20
    memory: int = 1 << 30
    running: int = 0


_NAMES: Final = tuple(f.name for f in fields(Caps))


@dataclass(frozen=True, slots=True)
class Allowance:
    """The caps of everyone, and of those who show a token."""

    everyone: Caps = Caps()
    roles: Mapping[Role, Caps] = field(default_factory=dict)

    def of(self, role: Role | None) -> Caps:
        """The caps of a role, None standing for no token."""
        return self.roles.get(role, self.everyone) if role else self.everyone

    @property
    def memory(self) -> int:
        """The most memory that any of them may take."""
        return max(caps.memory for caps in (self.everyone, *self.roles.values()))


def allowance_of(settings: Settings) -> Allowance:
    """The limits that are set. Raises BadSetting."""
    everyone = Caps(
        settings.sparql_seconds,
        settings.sparql_rows,
        settings.sparql_bytes,
        settings.sparql_memory,
        settings.sparql_running,
    )
    return read_allowance(settings.sparql_roles, everyone)


def limits_of(settings: Settings) -> Limits:
    """What the queries of a store may take together. Raises BadSetting."""
    return Limits(
        settings.sparql_workers,
        settings.sparql_waiting,
        allowance_of(settings).memory,
        settings.sparql_client,
        settings.sparql_slow_seconds,
    )


def read_allowance(text: str, everyone: Caps) -> Allowance:
    """The caps that a setting gives to roles beside those of everyone. Raises BadSetting."""
    given: dict[str, dict[str, float]] = {}
    for part in filter(None, (part.split() for part in text.split(";"))):
        role, *words = part
        if role not in ROLES:
            raise _bad(f"there is no role {role}", role, ROLES)
        given.setdefault(role, {}).update(map(_pair, words))
    found: dict[Role, Caps] = {}
    caps = everyone
    for known in ROLES:
        values = given.get(known, {})
        whole = {name: int(value) for name, value in values.items() if name != "seconds"}
        caps = replace(caps, **whole)
        if "seconds" in values:
            caps = replace(caps, seconds=values["seconds"])
        found[known] = caps
    return Allowance(everyone, found)


def _pair(word: str) -> tuple[str, float]:
    name, _, written = word.partition("=")
    if name not in _NAMES:
        raise _bad(f"a query has no limit {name}", name, _NAMES)
    try:
        value = float(written)
    except ValueError:
        raise _bad(f"{word} is no limit") from None
    if not 0 < value < 2**62 and not (name == "running" and value == 0):
        raise _bad(f"{word} is no limit")
    return name, value


def _bad(why: str, name: str = "", known: tuple[str, ...] = ()) -> BadSetting:
    near = nearest(name, known) if known else None
    hint = f"did you mean {near}?" if near else _HINT
    return BadSetting(f"ZHUNRU_SPARQL_ROLES: {why}", hint=hint)
