"""Where a code stands on the lists of a place: at each level with a list in force, and overall.

Pure. What a list says of a code is `match` (a confirmed row covers it), `absent` (the list is
complete and has nothing of it), `unsettled` (some row may be it), or `silent`. The list that
prevails among county, city and province is the first, in the order of the day, that is not silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from kb.list_wording import First, wording
from kb.register import ListKind, Register, RegisteredList, Row
from ontology.label import Label
from ontology.places import Former, PlaceTable, UnknownPlace
from ontology.vocabulary import CodeList, Vocabulary

State = Literal["match", "absent", "unsettled", "silent"]

_DIGITS: Final = {"county": 6, "prefecture": 4, "province": 2, "nation": 0}


@dataclass(frozen=True, slots=True)
class Governing:
    """A list that governs a place; `former` where its place had another code when it was made."""

    list: RegisteredList
    former: Former | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A list of a division that was split or merged: nobody can tell where it goes on."""

    list: RegisteredList
    former: Former

    @property
    def why(self) -> Label:
        """Why it is not used."""
        form = wording().split if self.former.change == "split" else wording().merged
        return form.fill(
            {"title": self.list.title, "id": self.list.id, **_names(self.former)},
            places=_listed(self.former),
        )


@dataclass(frozen=True, slots=True)
class InForce:
    """The lists of a kind that govern a place, the prevailing one first, and why it prevails."""

    lists: tuple[Governing, ...]
    ground: Label
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What one list says of one code; `row` where it matches."""

    list: RegisteredList
    state: State
    row: Row | None = None
    former: Former | None = None


@dataclass(frozen=True, slots=True)
class Overall:
    """What the lists of one kind say together: the prevailing one first, then the others."""

    first: Standing
    others: tuple[Standing, ...]
    ground: Label


def place_code(value: object, day: date, vocabulary: Vocabulary) -> str:
    """The GB/T 2260 code a place has on a day, without trailing zero pairs; "" where unknown."""
    if not isinstance(value, str):
        return ""
    try:
        code = vocabulary.places.resolve(value, day).place.code
    except UnknownPlace:
        return ""
    return prefix_of(code)


def in_force(
    register: Register, kind: ListKind, place: str, day: date, places: PlaceTable
) -> InForce:
    """The lists that govern a place on a day."""
    rule = _precedence(place, day)
    prefixes = dict.fromkeys(
        place[: _DIGITS[level]] for level in rule.order if len(place) >= _DIGITS[level]
    )
    found = {prefix: governing(register, kind, prefix, day, places) for prefix in prefixes}
    own = (place, *(prefix_of(former.place.code) for former in places.formers(place, day)))
    return InForce(
        tuple(one for one, _ in found.values() if one is not None),
        rule.ground.label,
        tuple(
            one
            for _, left_out in found.values()
            for one in left_out
            # What a city took in is no matter to those of its counties that were never in that.
            if any(code.startswith(one.list.jurisdiction) for code in own)
        ),
    )


def governing(
    register: Register, kind: ListKind, jurisdiction: str, day: date, places: PlaceTable
) -> tuple[Governing | None, tuple[LeftOut, ...]]:
    """The list that governs a jurisdiction itself, and those of its past that cannot be taken.

    A list registered under a code that the same division had before governs on, until a later one
    takes its place.
    """
    known: list[Governing] = []
    open_: list[LeftOut] = []
    if own := register.last_started(kind, jurisdiction, day):
        known.append(Governing(own))
    for former in places.formers(jurisdiction, day):
        code = prefix_of(former.place.code)
        if former.change != "recoded":
            if found := register.governing(kind, code, day):
                open_.append(LeftOut(found, former))
        elif found := register.last_started(kind, code, day):
            known.append(Governing(found, former))
    # Of two that start on one day the one under the later code, which comes first.
    last = max(known, key=lambda one: one.list.start or date.min, default=None)
    if last is None:
        return None, tuple(open_)
    # What was registered since the change has taken the place of all that was before it.
    since = last.list.start or date.min
    left_out = tuple(one for one in open_ if one.former.since > since)
    return last if last.list.possibly_in_force(day) else None, left_out


def overall(
    lists: Iterable[Governing], ground: Label, code: str, codes: CodeList
) -> Overall | None:
    """What lists of one kind, the prevailing first, say of a code; None where there are none."""
    told = [standing(one, code, codes) for one in lists]
    for at, one in enumerate(told):
        if one.state != "silent":
            return Overall(one, (*told[:at], *told[at + 1 :]), ground)
    return Overall(told[0], tuple(told[1:]), ground) if told else None


def standing(governs: Governing, code: str, codes: CodeList) -> Standing:
    """What one list says of a code."""
    found, former = governs.list, governs.former
    if rows := found.coded(above(code, codes)):
        return Standing(found, "match", rows[0], former)
    if found.unconfirmed or found.coded(below(code, codes)):
        return Standing(found, "unsettled", None, former)
    return Standing(found, "absent" if found.complete else "silent", None, former)


def above(code: str, codes: CodeList) -> Iterator[str]:
    """The code and every broader one: a row of a kind covers its narrower kinds."""
    at: str | None = code
    while at is not None and (concept := codes.get(at)):
        yield at
        at = concept.broader


def below(code: str, codes: CodeList) -> Iterable[str]:
    """Every narrower code: a row of one leaves open whether the broader kind is meant."""
    return codes.narrower(code) - {code} if codes.get(code) else ()


def put(told: Overall, day: date) -> Label:
    """What follows, in words: list, row and day, and the lists that it goes before."""
    words = wording()
    first = said(told.first, day)
    others = [other for other in told.others if other.state != "silent"]
    if not others:
        return first
    named = [_beaten(other) for other in others]
    return words.ahead_of.fill(
        {},
        first=first,
        others=Label("、".join(n.zh for n in named), ", ".join(n.en for n in named)),
        ground=told.ground,
    )


def said(told: Standing, day: date) -> Label:
    """What one list says, with the day, and with both codes where its place was recoded since."""
    words = wording()
    if told.row is not None:
        plain = words.found.fill({"day": day}, cited=told.row.cited)
    else:
        plain = words.absent.fill({"day": day, "title": told.list.title, "id": told.list.id})
    if told.former is None:
        return plain
    return words.and_carried.fill({}, said=plain, carried=carried(told.former))


def carried(former: Former) -> Label:
    """That a list of a former code goes on, with both codes."""
    now = former.successors[0]
    return wording().carried.fill({**_names(former), "place": now.name, "code": now.code})


def fate(found: RegisteredList, day: date, places: PlaceTable) -> Label | None:
    """What became of the place of a list whose code is no longer used on a day; None for others."""
    code = found.jurisdiction.ljust(6, "0")
    if not found.version or places.get(code, day) is not None:
        return None
    try:
        now = places.resolve(code, day).place.code
    except UnknownPlace:
        return None
    for former in places.formers(now, day):
        if former.place.code == code:
            if former.change == "recoded":
                return carried(former)
            return LeftOut(found, former).why
    return None


def _beaten(told: Standing) -> Label:
    words = wording()
    match told.state:
        case "match" if told.row is not None:
            number = told.row.number
            what = Label(f"第{number}项“{told.row.name}”", f"row {number}: {told.row.name}")
        case "unsettled":
            what = words.unsettled.label
        case _:
            what = words.silent.label
    return words.beaten.fill({"title": told.list.title, "id": told.list.id}, row=what)


def _names(former: Former) -> dict[str, object]:
    return {"old": former.place.name, "old_code": former.place.code, "since": former.since}


def _listed(former: Former) -> Label:
    zh = "、".join(f"{place.name}（{place.code}）" for place in former.successors)
    en = ", ".join(f"{place.name} ({place.code})" for place in former.successors)
    return Label(zh, en)


def prefix_of(code: str) -> str:
    """The digits that a division and all places in it share: 2201 of 220100."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def _precedence(place: str, day: date) -> First:
    return next(
        rule
        for rule in wording().precedence
        if place.startswith(rule.jurisdiction)
        and (rule.from_ is None or rule.from_ <= day)
        and (rule.until is None or day < rule.until)
    )
