"""Facts that the knowledge base knows: what a code's entry says, and what stands on a list.

Pure: facts, day, lists and words in, derivations out. A given fact beats a derived one and the
conflict is shown; that is for whoever decides, who is told of every derivation here. Lists of what
laws say (`kb.register.REFERENCES`) derive nothing: their articles are not held, and a statutory
basis is for a person to assert.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kb import standing
from kb.register import ListKind, Register, RegisteredList, Row
from kb.standing import Governing, InForce, LeftOut, Overall, Standing
from ontology.label import Label
from ontology.places import UnknownPlace, within
from ontology.vocabulary import CodeList, GovernmentDuty, Vocabulary

_TASK_LISTS: Final[tuple[ListKind, ...]] = ("autonomy", "assist")
_CERTIFICATE_LISTS: Final[Mapping[ListKind, str]] = {
    "certificates-negative": "negative",
    "certificates-positive": "positive",
}


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derived fact, for the part of a task that `part` names, with its source.

    `list` and `row` name the row of the list it comes from, where it comes from one.
    """

    fact: str
    value: bool | str
    part: Mapping[str, str]
    source: Label
    list: str | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """What lists and words say of some facts; `lists` are the ids of the versions looked at.

    `left_out` are lists of divisions since split or merged, which nobody can tell to apply.
    """

    derived: tuple[Derivation, ...] = ()
    lists: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def derive(
    kind: str,
    facts: Mapping[str, object],
    as_of: date,
    register: Register,
    vocabulary: Vocabulary,
) -> tuple[Derivation, ...]:
    """What follows from facts given for a decision kind on a day.

    Facts may still be faulty: names and codes that are not known derive nothing.
    """
    return look_up(kind, facts, as_of, register, vocabulary).derived


def consulted(
    kind: str,
    facts: Mapping[str, object],
    as_of: date,
    register: Register,
    vocabulary: Vocabulary,
) -> tuple[str, ...]:
    """The ids of the list versions that `derive` looks at for these facts, whatever they say."""
    return look_up(kind, facts, as_of, register, vocabulary).lists


def look_up(
    kind: str,
    facts: Mapping[str, object],
    as_of: date,
    register: Register,
    vocabulary: Vocabulary,
) -> Looked:
    """What `derive` and `consulted` answer, at once, and what could not be used."""
    if kind != "admissibility":
        return Looked()
    asked = _Asked(facts, as_of, register, vocabulary)
    derived = (*asked.duties(), *asked.tasks(), *asked.certificates())
    lists = tuple(sorted({found.id for found in asked.looked_at()}))
    return Looked(derived, lists, tuple(asked.left_out()))


class _Asked:
    """The facts of one case with the place and day they are asked for."""

    def __init__(
        self, facts: Mapping[str, object], as_of: date, register: Register, vocabulary: Vocabulary
    ) -> None:
        self._facts = facts
        self._day = as_of
        self._register = register
        self._words = vocabulary
        self._place: str | None = None
        self._governing: dict[ListKind, InForce] = {}

    @property
    def place(self) -> str:
        """The code of the place, looked up only where some list may be of it."""
        if self._place is None:
            given = self._facts.get("community.jurisdiction")
            self._place = standing.place_code(given, self._day, self._words)
        return self._place

    def _in_force(self, kind: ListKind) -> InForce:
        found = self._governing.get(kind)
        if found is None:
            found = standing.in_force(
                self._register, kind, self.place, self._day, self._words.places
            )
            self._governing[kind] = found
        return found

    def duties(self) -> Iterator[Derivation]:
        """Kinds that the code list says are a duty of government, or none."""
        kinds = self._words.code_lists["task-kinds"]
        for code in _codes(self._facts.get("task.kind")):
            if duty := _duty(code, kinds):
                yield Derivation(
                    "task.government_duty", duty.value, {"task.kind": code}, duty.source
                )

    def looked_at(self) -> Iterator[RegisteredList]:
        """Lists in force there and then, of the kinds that the facts are about."""
        if "certificate.name" in self._facts:
            yield from self._national()
        for kind in self._kinds():
            if self.place:
                yield from (governs.list for governs in self._in_force(kind).lists)

    def left_out(self) -> Iterator[LeftOut]:
        """Lists of those kinds that were of a division since split or merged."""
        for kind in self._kinds():
            if self.place:
                yield from self._in_force(kind).left_out

    def _kinds(self) -> Iterator[ListKind]:
        kinds = (*(_TASK_LISTS if "task.kind" in self._facts else ()),)
        if "certificate.name" in self._facts:
            kinds += tuple(_CERTIFICATE_LISTS)
        return (kind for kind in kinds if self._register.registers(kind))

    def tasks(self) -> Iterator[Derivation]:
        """Where each kind stands on the lists of work items, `task.item` naming one row of them."""
        if not any(map(self._register.registers, _TASK_LISTS)) or not self.place:
            return
        kinds = self._words.code_lists["task-kinds"]
        named = self._named()
        for code in _codes(self._facts.get("task.kind")):
            if not kinds.get(code):
                continue
            if named is not None:
                governs, row = named
                if any(kinds.covers(broad, code) for broad in row.codes):
                    match = Standing(governs.list, "match", row, governs.former)
                    told = Overall(match, (), Label("", ""))
                    yield self._listed("task.list", governs.list.kind, "task.kind", code, told)
                continue
            yield from self._settled("task.list", "task.kind", code, kinds, self._task_lists(code))

    def _task_lists(self, code: str) -> dict[str, Overall]:
        kinds = self._words.code_lists["task-kinds"]
        return self._overall({kind: kind for kind in _TASK_LISTS}, code, kinds)

    def _overall(
        self, values: Mapping[ListKind, str], code: str, codes: CodeList
    ) -> dict[str, Overall]:
        told = {}
        for kind, value in values.items():
            found = self._in_force(kind)
            told[value] = standing.overall(found.lists, found.ground, code, codes)
        return {value: one for value, one in told.items() if one is not None}

    def _settled(
        self, fact: str, part: str, code: str, codes: CodeList, told: Mapping[str, Overall]
    ) -> Iterator[Derivation]:
        """A code on exactly one of the lists is on it; on none of complete ones it is on none."""
        matches = [value for value, one in told.items() if one.first.state == "match"]
        states = {one.first.state for one in told.values()}
        if len(matches) == 1:
            yield self._listed(fact, matches[0], part, code, told[matches[0]])
        elif states and states <= {"absent", "silent"} and "absent" in states:
            absent = next(one for one in told.values() if one.first.state == "absent")
            yield self._listed(fact, "none", part, code, absent)

    def _listed(self, fact: str, value: str, part: str, code: str, told: Overall) -> Derivation:
        row = told.first.row
        return Derivation(
            fact,
            value,
            {part: code},
            standing.put(told, self._day),
            told.first.list.id,
            row.number if row else None,
        )

    def _named(self) -> tuple[Governing, Row] | None:
        """The row in force that `task.item` names: `list#3`, `list/3`, or a row's own text."""
        given = self._facts.get("task.item")
        if not isinstance(given, str) or not given.strip():
            return None
        text = given.strip()
        lists = [governs for kind in _TASK_LISTS for governs in self._in_force(kind).lists]
        for governs in lists:
            found = governs.list
            for mark in ("#", "/"):
                list_id, _, number = text.rpartition(mark)
                if (
                    f"/{list_id}".endswith(f"/{found.id}")
                    and number.isdecimal()
                    and len(number) < 9
                ):
                    row = found.row(int(number))
                    return (governs, row) if row else None
        rows = [(one, row) for one in lists for row in one.list.rows if row.name == text]
        # The same words on two lists name neither.
        return rows[0] if len({one.list.kind for one, _ in rows}) == 1 else None

    def _national(self) -> Iterator[RegisteredList]:
        for found in self._register.shipped("certificates-negative"):
            if found.possibly_in_force(self._day) and self._applies(found):
                yield found

    def certificates(self) -> Iterator[Derivation]:
        """Where each certificate stands: on the nation's negative list first, then on local ones.

        That a certificate is not on the nation's list derives nothing: a local one may name it.
        """
        certificates = self._words.code_lists["certificates"]
        for code in _codes(self._facts.get("certificate.name")):
            rows = [
                (found, row)
                for found in self._national()
                for row in found.coded(standing.above(code, certificates))
            ]
            for found, row in rows:
                if found.surely_in_force(self._day):
                    told = Overall(Standing(found, "match", row), (), Label("", ""))
                    yield self._listed(
                        "certificate.list", "negative", "certificate.name", code, told
                    )
            if rows or not certificates.get(code):
                continue
            if any(map(self._register.registers, _CERTIFICATE_LISTS)) and self.place:
                told_of = self._overall(_CERTIFICATE_LISTS, code, certificates)
                yield from self._settled(
                    "certificate.list", "certificate.name", code, certificates, told_of
                )

    def _applies(self, found: RegisteredList) -> bool:
        if not found.jurisdiction:
            return True
        place = self._facts.get("community.jurisdiction")
        if not isinstance(place, str):
            return False
        try:
            code = self._words.places.resolve(place, self._day).place.code
        except UnknownPlace:
            return False
        return within(code, found.jurisdiction)


def _codes(value: object) -> Iterator[str]:
    """The codes of a fact that is one code or several, each once, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from dict.fromkeys(code for code in value if isinstance(code, str))
    elif isinstance(value, set | frozenset):
        yield from sorted(code for code in value if isinstance(code, str))


def _duty(code: str, kinds: CodeList) -> GovernmentDuty | None:
    """What the entry of a kind, or of the nearest broader kind that speaks of it, says."""
    above: str | None = code
    while above is not None and (concept := kinds.get(above)):
        if concept.government_duty is not None:
            return concept.government_duty
        above = concept.broader
    return None
