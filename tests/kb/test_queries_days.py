"""What was in force on a day and what changed between two, computed here without the graph."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from kb.instrument import Instrument
from ontology.ids import NS, body_iri, list_iri, place_iri, rule_iri
from ontology.place_index import Place
from tests.kb.world import World

DAYS = ["2004-06-30", "2010-12-20", "2015-07-13", "2016-06-30", "2017-12-08", "2019-06-01"]
PLACES = ["", "22", "2202", "220102", "37"]
Thing = tuple[str, str, str]
"""Class, IRI, and whether the start is uncertain on the day."""


def near(world: World, place: str) -> set[str]:
    """A code with those above and below it, by the parents of the table of places."""
    code = place.ljust(6, "0")
    above: dict[str, set[str]] = {}
    for p in world.vocabulary.places.places:
        above.setdefault(p.code, set()).update([p.parent] if p.parent else [])

    def ancestors(of: str) -> set[str]:
        return {of}.union(*(ancestors(parent) for parent in above[of]))

    return ancestors(code) | {c for c in above if code in ancestors(c)}


def holds(start: date | None, latest: date | None, end: date | None, on: date) -> str | None:
    """Whether the start is uncertain on a day, as a query says it; None where not in force."""
    if (start is not None and on < start) or (end is not None and end <= on):
        return None
    return str(latest is not None and latest > on).lower()


def dated(world: World) -> Iterator[tuple[str, str, str, tuple[date | None, ...]]]:
    """Class, IRI, jurisdiction, and the days of everything that has any, or might have."""
    for i in world.library.instruments:
        days = (i.in_force.start, i.in_force.latest, i.in_force.end)
        yield "Instrument", i.iri, i.jurisdiction, days
        yield from (("Norm", norm.iri, i.jurisdiction, days) for norm in i.norms)
    for r in world.rules:
        days = (r.in_force.start, r.in_force.latest, r.in_force.end)
        yield "Rule", rule_iri(r.id), r.jurisdiction, days
    for found in world.library.register.lists:
        days = (found.start, found.latest, found.end)
        yield "List", list_iri(found.id), found.jurisdiction, days
    for body in world.library.bodies:
        yield "Body", body_iri(body.key), body.jurisdiction, (None, None, None)
    for p in world.vocabulary.places.places:
        yield "AdministrativeDivision", place_iri(p.code), p.code, (p.start, None, p.end)


def things(world: World, place: str, on: date) -> set[Thing]:
    codes = near(world, place)
    return {
        (NS + kind, iri, uncertain)
        for kind, iri, jurisdiction, (start, latest, end) in dated(world)
        if jurisdiction.ljust(6, "0") in codes
        and (uncertain := holds(start, latest, end, on)) is not None
    }


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("day", DAYS)
def test_what_was_in_force_on_a_day(world: World, day: str, place: str) -> None:
    """DESIGN §4: half-open; inside an uncertain start a doubt; an unknown one is not guessed."""
    found = world.answer("in-force-on-day", "kind", "thing", "startUncertain", day=day, place=place)
    assert found == things(world, place, date.fromisoformat(day))


def test_what_has_no_day_is_told_without_one(world: World) -> None:
    law = world.instrument("cn-residents-committee-law")
    rows = world.answer("in-force-on-day", "thing", "from", day="2016-06-30")
    assert (law.iri, "") in rows
    assert (world.instrument("cn-minfa-2015-136").iri, "2015-07-13") in rows


def test_a_code_has_the_name_it_bore_on_the_day(world: World) -> None:
    """GB/T 2260: 130502 was 桥东区 until 2020-06-05 and is 襄都区 since."""
    for day in ("2020-06-04", "2020-06-05"):
        on = date.fromisoformat(day)
        expected = {(p.name,) for p in world.vocabulary.places.places
                    if p.code == "130502" and p.held(on)}  # fmt: skip
        rows = world.answer("in-force-on-day", "number", "label", day=day, place="130502")
        assert {(label,) for number, label in rows if number == "130502"} == expected
        assert len(expected) == 1


def begun(instrument: Instrument, since: date, day: date) -> str | None:
    """Whether a start surely lies after one day and up to another; None where it cannot."""
    start, latest = instrument.in_force.start, instrument.in_force.latest
    if start is None or start > day or (latest or start) <= since:
        return None
    return str(start > since and (latest or start) <= day).lower()


@pytest.mark.parametrize("place", ["", "22", "37"])
@pytest.mark.parametrize(
    ("since", "day"),
    [("2016-06-30", "2017-12-31"), ("2015-08-01", "2015-12-30"), ("2019-03-01", "2020-03-01"),
     ("2017-12-07", "2017-12-08"), ("2017-12-08", "2017-12-08")],
)  # fmt: skip
def test_what_came_into_force_between_two_days(
    world: World, since: str, day: str, place: str
) -> None:
    first, last = date.fromisoformat(since), date.fromisoformat(day)
    codes = near(world, place)
    texts = [i for i in world.library.instruments if i.jurisdiction.ljust(6, "0") in codes]
    expected = {
        (iri, certain)
        for i in texts
        if (certain := begun(i, first, last)) is not None
        for iri in (i.iri, *(n.iri for n in i.norms))
    }
    rows = world.answer("changed-between-days", "change", "kind", "thing", "certain",
                        since=since, day=day, place=place)  # fmt: skip
    kinds = {f"{NS}Instrument", f"{NS}Norm"}
    assert {(t, c) for change, kind, t, c in rows if kind in kinds} == expected
    assert all(change == f"{NS}inForceFrom" for change, kind, _, _ in rows if kind in kinds)


def test_rows_of_rules_that_begin_and_end(world: World) -> None:
    since, day = date(2010, 1, 1), date(2020, 12, 31)
    rows = world.answer("changed-between-days", "change", "on", "thing", place="",
                        since=since.isoformat(), day=day.isoformat())  # fmt: skip
    expected = set()
    for r in world.rules:
        for name, on in (("inForceFrom", r.in_force.start), ("inForceUntil", r.in_force.end)):
            latest = r.in_force.latest if name == "inForceFrom" else None
            if on is not None and on <= day and (latest or on) > since:
                expected.add((NS + name, on.isoformat(), rule_iri(r.id)))
    assert {row for row in rows if "/id/rule/" in row[2]} == expected


def test_places_that_were_recoded_renamed_or_made(world: World) -> None:
    """Every record of the table that begins or ends between the days is told of, by its code."""
    since, day = date(2005, 1, 1), date(2024, 12, 31)
    columns = ("change", "on", "number", "instead")
    rows = world.answer("changed-between-days", *columns, place="",
                        since=since.isoformat(), day=day.isoformat())  # fmt: skip
    records: dict[str, list[Place]] = {}
    for p in world.vocabulary.places.places:
        records.setdefault(p.code, []).append(p)
    expected = set()
    for code, own in records.items():
        ends = [p.end for p in own]
        successors = {place_iri(c) for p in own for c in p.successors if c != code}
        last = None if None in ends else max(e for e in ends if e)
        starts = [p.start for p in own]
        first = None if None in starts else min(s for s in starts if s)
        if last and since < last <= day:
            change = "succeededBy" if successors else "usedUntil"
            expected |= {(NS + change, last.isoformat(), code, s) for s in successors or {""}}
        if first and since < first <= day:
            expected.add((NS + "usedFrom", first.isoformat(), code, ""))
        for before in own:
            if before.end is None or not since < before.end <= day:
                continue
            after = [p for p in own if p is not before and p.start and p.start <= before.end
                     and (p.end is None or before.end < p.end)]  # fmt: skip
            expected |= {(NS + "nameThen", before.end.isoformat(), code, p.name) for p in after}
    assert {row for row in rows if row[2].isdigit() and len(row[2]) == 6} == expected
    assert (f"{NS}nameThen", "2020-06-05", "130502", "河北省邢台市襄都区") in expected
