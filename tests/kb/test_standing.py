"""What registered lists derive: listed, not listed, unknown; county before city (DESIGN §4)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.derive import Derivation, consulted, derive
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
