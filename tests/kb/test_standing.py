"""What registered lists derive: listed, not listed, unknown; county before city (DESIGN §4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.derive import Derivation, consulted, derive, look_up
from kb.register import ListKind, ListSource, Mapped, Register, RegisteredList, Row
from ontology.label import Label
from ontology.vocabulary import load_vocabulary

WORDS = load_vocabulary()
SOURCE = ListSource("来文", "", Label("甲", "a"))
DAY = date(2021, 5, 1)
COUNTY, CITY = "220102", "2201"


def row(number: int, *codes: str, confirmed: bool = True, name: str = "") -> Row:
    text = name or f"事项{number}"
    cited = Label(f"《单》第{number}项", f"list row {number}")
    return Row(number, text, SOURCE, cited, Mapped(codes, confirmed=confirmed))


def registered(
    kind: ListKind,
    *rows: Row,
    place: str = COUNTY,
    complete: bool = True,
    start: date = date(2010, 1, 1),
    end: date | None = None,
    version: int = 1,
) -> RegisteredList:
    name = f"{place.ljust(6, '0')}-{kind}-{version}"
    return RegisteredList(name, "单", kind, place, complete, start, end, rows, version=version)


def derived(
    *lists: RegisteredList, day: Any = DAY, **facts: Any
) -> list[tuple[object, str | None, int | None]]:
    given_facts = {"task.kind": ["publicity"], "community.jurisdiction": "220102"} | {
        name.replace("__", "."): value for name, value in facts.items()
    }
    found = _derive(given_facts, day, *lists)
    return [(d.value, d.list, d.row) for d in found if d.fact.endswith(".list")]


def _derive(facts: dict[str, Any], day: date, *lists: RegisteredList) -> tuple[Derivation, ...]:
    return derive("admissibility", facts, day, Register(lists), WORDS)


ASSIST = "220102-assist-1"


def test_a_confirmed_row_of_the_kind_lists_the_task() -> None:
    assert derived(registered("assist", row(1), row(2, "publicity"))) == [("assist", ASSIST, 2)]


def test_a_row_of_a_broader_kind_covers_the_narrower_but_not_the_other_way_round() -> None:
    broad = registered("autonomy", row(1, "self-governance"))
    narrow = registered("autonomy", row(1, "self-governance-charter"))
    asked = {"task__kind": ["self-governance-charter"]}
    assert derived(broad, **asked) == [("autonomy", "220102-autonomy-1", 1)]
    assert derived(narrow, task__kind=["self-governance"]) == []  # neither on it nor off it


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (registered("assist", row(1, "mediation")), [("none", ASSIST, None)]),
        (registered("assist", row(1, "mediation"), complete=False), []),
        (registered("assist", row(1, "publicity", confirmed=False)), []),
        (registered("assist", row(1, "mediation"), row(2, confirmed=False)), []),
        (registered("assist", row(1), row(2, "mediation")), [("none", ASSIST, None)]),
        (registered("assist", row(1, "publicity"), place="220103"), []),
        (registered("assist", row(1, "publicity"), start=date(2022, 1, 1)), []),
        (registered("assist", row(1, "publicity"), end=DAY), []),
        (registered("burden-negative", row(1, "publicity")), []),
    ],
)
def test_only_a_complete_confirmed_list_in_force_there_says_that_something_is_not_listed(
    found: RegisteredList, says: list[Any]
) -> None:
    assert derived(found) == says


def test_on_both_lists_is_unknown_unless_the_item_is_named() -> None:
    both = (
        registered("assist", row(1, "publicity")),
        registered("autonomy", row(7, "publicity", name="宣传本社区公约")),
    )
    assert derived(*both) == []
    for name in ("宣传本社区公约", "220102-autonomy-1#7", "220102-autonomy-1/7"):
        assert derived(*both, task__item=name) == [("autonomy", "220102-autonomy-1", 7)]
    assert derived(*both, task__item="220102-autonomy-1#8") == []


def test_a_named_row_of_another_kind_lists_nothing() -> None:
    found = registered("assist", row(1, "mediation"), row(2, "publicity"))
    assert derived(found, task__item=f"{ASSIST}#1") == []
    assert derived(found, task__item=f"{ASSIST}#2") == [("assist", ASSIST, 2)]


def test_the_county_prevails_from_2017_12_08_and_the_city_before() -> None:
    # 吉发〔2017〕36号 一（二）; before it 吉民发〔2015〕44号 made lists 以市为单位.
    county = registered("assist", row(1, "mediation"))
    city = registered("assist", row(3, "publicity"), place=CITY)
    before, after = date(2017, 12, 7), date(2017, 12, 8)
    assert derived(county, city, day=before) == [("assist", "220100-assist-1", 3)]
    assert derived(county, city, day=after) == [("none", ASSIST, None)]


def test_both_lists_are_shown() -> None:
    facts = {"task.kind": "publicity", "community.jurisdiction": "220102"}
    county = registered("assist", row(1, "mediation"))
    city = registered("assist", row(3, "publicity"), place=CITY)
    (told,) = (d for d in _derive(facts, DAY, county, city) if d.fact == "task.list")
    assert "220102-assist-1" in told.source.zh
    assert "2021-05-01" in told.source.zh
    assert "优先于《单》（220100-assist-1）第3项“事项3”" in told.source.zh
    assert "吉发〔2017〕36号一（二）" in told.source.zh
    register = Register((county, city))
    assert consulted("admissibility", facts, DAY, register, WORDS) == (
        "220100-assist-1",
        "220102-assist-1",
    )


def test_a_city_list_counts_where_the_county_has_none_or_is_silent() -> None:
    city = registered("assist", row(3, "publicity"), place=CITY)
    silent = registered("assist", row(1, "mediation"), complete=False)
    unsettled = registered("assist", row(1, confirmed=False), complete=False)
    assert derived(city) == [("assist", "220100-assist-1", 3)]
    assert derived(silent, city) == [("assist", "220100-assist-1", 3)]
    assert derived(unsettled, city) == []


def test_a_later_version_takes_the_place_of_the_earlier_for_good() -> None:
    first = registered("assist", row(1, "publicity"), start=date(2018, 1, 1))
    second = registered(
        "assist", row(1, "mediation"), start=date(2020, 1, 1), end=date(2022, 1, 1), version=2
    )
    corrected = registered("assist", row(1, "census-or-survey"), start=date(2020, 1, 1), version=3)
    assert derived(first, second, day=date(2019, 6, 1)) == [("assist", ASSIST, 1)]
    assert derived(first, second, day=DAY) == [("none", "220102-assist-2", None)]
    assert derived(first, second, day=date(2022, 1, 1)) == []
    assert derived(first, corrected, second, task__kind="census-or-survey") == [
        ("assist", "220102-assist-3", 1)
    ]


def test_certificates_of_local_lists() -> None:
    positive = registered("certificates-positive", row(1, "residence"))
    negative = registered("certificates-negative", row(1, "accident"))
    about = {"task__kind": ["certificate"]}
    names = {
        "residence": [("positive", "220102-certificates-positive-1", 1)],
        "accident": [("negative", "220102-certificates-negative-1", 1)],
        "separation": [("none", "220102-certificates-negative-1", None)],
    }
    for name, says in names.items():
        assert derived(positive, negative, certificate__name=[name], **about) == says


def test_the_national_list_goes_before_a_local_one() -> None:
    national = RegisteredList(
        "cn", "全国", "certificates-negative", "", True, date(2020, 2, 1), None,
        (row(1, "kinship"),), date(2020, 4, 27),
    )  # fmt: skip
    local = registered("certificates-positive", row(1, "kinship", "residence"))
    about: dict[str, Any] = {"task__kind": ["certificate"], "certificate__name": "kinship"}
    assert derived(national, local, **about) == [("negative", "cn", 1)]
    # While it is uncertain whether it has started, nothing is known.
    assert derived(national, local, day=date(2020, 3, 1), **about) == []
    assert derived(national, local, day=date(2020, 1, 1), **about) == [
        ("positive", "220102-certificates-positive-1", 1)
    ]


@pytest.mark.parametrize("place", [None, 7, "没有这个地方", "吉林省", "山东省济南市历下区"])
def test_without_a_place_that_the_list_is_of_nothing_is_derived(place: object) -> None:
    found = registered("assist", row(1, "publicity"))
    assert derived(found, community__jurisdiction=place) == []


CODES = st.sampled_from(WORDS.code_lists["task-kinds"].codes[:12])
ROWS = st.lists(st.tuples(st.lists(CODES, max_size=2), st.booleans()), max_size=4)


@given(ROWS, st.booleans(), CODES, st.integers(0, 3))
def test_nothing_rests_on_a_row_that_nobody_confirmed(
    rows: list[tuple[list[str], bool]], complete: bool, code: str, at: int
) -> None:
    built = [row(n, *codes, confirmed=ok) for n, (codes, ok) in enumerate(rows, 1)]
    found = derived(registered("assist", *built, complete=complete), task__kind=code)
    kinds = WORDS.code_lists["task-kinds"]
    listed = any(kinds.covers(broad, code) for r in built for broad in r.codes)
    if listed:
        assert [value for value, _, _ in found] == ["assist"]
    elif found:
        assert [value for value, _, _ in found] == ["none"]
        assert complete
        assert all(r.mapped.confirmed for r in built)


GONGZHULING, FORMER = "220184", "220381"  # 国函〔2020〕84号, 2020-06-05
RECODED = date(2020, 6, 5)


def test_a_list_of_a_former_code_governs_the_same_division_on() -> None:
    listed = registered("assist", row(4, "publicity"), place=FORMER)
    for place in ("220184", "公主岭市", "吉林省四平市公主岭市", "220381"):
        facts = {"task.kind": ["publicity"], "community.jurisdiction": place}
        (found,) = [d for d in _derive(facts, RECODED, listed) if d.list]
        assert (found.value, found.list, found.row) == ("assist", "220381-assist-1", 4)
        assert "220381" in found.source.zh
        assert "220184" in found.source.zh
        assert "2020-06-05" in found.source.en
    (before,) = [
        d
        for d in _derive(
            {"task.kind": ["publicity"], "community.jurisdiction": "220381"},
            date(2020, 6, 4),
            listed,
        )
        if d.list
    ]
    assert "220184" not in before.source.zh


def test_that_nothing_is_on_a_complete_list_is_carried_on_as_well_and_a_named_row() -> None:
    complete = registered("assist", row(1, "mediation"), place=FORMER)
    there = {"community__jurisdiction": GONGZHULING}
    assert derived(complete, **there) == [("none", "220381-assist-1", None)]
    named = registered("assist", row(1, "publicity", name="宣传"), place=FORMER)
    assert derived(named, task__item="宣传", **there) == [("assist", "220381-assist-1", 1)]


def test_a_list_of_the_later_code_takes_the_place_of_the_former_one_for_good() -> None:
    old = registered("assist", row(1, "publicity"), place=FORMER)
    new = registered(
        "assist",
        row(1, "mediation"),
        place=GONGZHULING,
        start=date(2021, 1, 1),
        end=date(2021, 4, 1),
    )
    there = {"community__jurisdiction": GONGZHULING}
    on_old = [("assist", "220381-assist-1", 1)]
    assert derived(old, new, day=date(2020, 12, 31), **there) == on_old
    assert derived(old, new, day=date(2021, 1, 1), **there) == [("none", "220184-assist-1", None)]
    assert derived(old, new, day=date(2021, 4, 1), **there) == []
    ended = registered("assist", row(1, "publicity"), place=FORMER, end=RECODED)
    assert derived(ended, day=RECODED, **there) == []


def test_the_list_of_its_former_city_is_not_that_of_its_city() -> None:
    # 公主岭 left 四平 for 长春; 四平 is there still and makes lists for itself.
    old_city = registered("assist", row(1, "publicity"), place="2203")
    new_city = registered("assist", row(2, "publicity"), place="2201")
    there = {"community__jurisdiction": GONGZHULING}
    assert derived(old_city, **there) == []
    assert derived(old_city, new_city, **there) == [("assist", "220100-assist-1", 2)]


@pytest.mark.parametrize(
    ("former", "place", "change"),
    [
        ("371081", "371003", "split"),  # 文登市 → 文登区, 环翠区
        ("370205", "370203", "merged"),  # 四方区 → 市北区
        ("370634", "370614", "merged"),  # 长岛县 and 蓬莱市 → 蓬莱区
        ("3712", "370116", "merged"),  # 莱芜市 → 济南市, asked for its district
    ],
)
def test_a_list_of_what_was_split_or_merged_is_not_used_and_that_is_said(
    former: str, place: str, change: str
) -> None:
    listed = registered("assist", row(1, "publicity"), place=former)
    facts = {"task.kind": ["publicity"], "community.jurisdiction": place}
    found = look_up("admissibility", facts, DAY, Register((listed,)), WORDS)
    assert [d for d in found.derived if d.list] == []
    (left_out,) = found.left_out
    assert (left_out.list.id, left_out.former.change) == (listed.id, change)
    assert former in left_out.why.zh
    assert left_out.former.since.isoformat() in left_out.why.en
    # Of other kinds, of other places, or since replaced, it is of no matter.
    other = {"certificate.name": ["alive"], "community.jurisdiction": place}
    assert not look_up("admissibility", other, DAY, Register((listed,)), WORDS).left_out
    elsewhere = facts | {"community.jurisdiction": "370102"}
    assert not look_up("admissibility", elsewhere, DAY, Register((listed,)), WORDS).left_out
    own = former[:6] if len(former) == 6 else "3701"
    new = registered(
        "assist",
        row(1, "publicity"),
        place=place if len(own) == 6 else own,
        start=date(2021, 1, 1),
    )
    replaced = look_up("admissibility", facts, DAY, Register((listed, new)), WORDS)
    assert not replaced.left_out
    assert [d.list for d in replaced.derived if d.list] == [new.id]
