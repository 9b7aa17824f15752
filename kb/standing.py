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
from ontology.places import UnknownPlace
from ontology.vocabulary import CodeList, Vocabulary

State = Literal["match", "absent", "unsettled", "silent"]

_DIGITS: Final = {"county": 6, "prefecture": 4, "province": 2, "nation": 0}


@dataclass(frozen=True, slots=True)
class Standing:
    """What one list says of one code; `row` where it matches."""

    list: RegisteredList
    state: State
    row: Row | None = None


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
    while code.endswith("00"):
        code = code[:-2]
    return code


def in_force(
    register: Register, kind: ListKind, place: str, day: date
) -> tuple[tuple[RegisteredList, ...], Label]:
    """The lists that govern a place on a day, the prevailing one first, and why it prevails."""
    rule = _precedence(place, day)
    prefixes = dict.fromkeys(
        place[: _DIGITS[level]] for level in rule.order if len(place) >= _DIGITS[level]
    )
    found = (register.governing(kind, prefix, day) for prefix in prefixes)
    return tuple(one for one in found if one is not None), rule.ground.label


def overall(
    lists: Iterable[RegisteredList], ground: Label, code: str, codes: CodeList
) -> Overall | None:
    """What lists of one kind, the prevailing first, say of a code; None where there are none."""
    told = [standing(one, code, codes) for one in lists]
    for at, one in enumerate(told):
        if one.state != "silent":
            return Overall(one, (*told[:at], *told[at + 1 :]), ground)
    return Overall(told[0], tuple(told[1:]), ground) if told else None


def standing(found: RegisteredList, code: str, codes: CodeList) -> Standing:
    """What one list says of a code."""
    if rows := found.coded(above(code, codes)):
        return Standing(found, "match", rows[0])
    if found.unconfirmed or found.coded(below(code, codes)):
        return Standing(found, "unsettled")
    return Standing(found, "absent" if found.complete else "silent")


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
    """What one list says, with the day."""
    words = wording()
    if told.row is not None:
        return words.found.fill({"day": day}, cited=told.row.cited)
    return words.absent.fill({"day": day, "title": told.list.title, "id": told.list.id})


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


def _precedence(place: str, day: date) -> First:
    return next(
        rule
        for rule in wording().precedence
        if place.startswith(rule.jurisdiction)
        and (rule.from_ is None or rule.from_ <= day)
        and (rule.until is None or day < rule.until)
    )
