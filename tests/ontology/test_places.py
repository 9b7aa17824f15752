"""Places by code, name and day (DESIGN §4 "Time and place"; GB/T 2260)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import ontology
from ontology.places import Place, PlaceTable, UnknownPlace, within

TABLE = PlaceTable.load(Path(ontology.__file__).with_name("places.json"))
DAY = date(2019, 6, 1)
days = st.dates(date(2005, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("吉林省", "220000"),
        ("吉林省延边州延吉市", "222401"),
        ("吉林省梅河口市", "220581"),
        ("吉林省吉林市船营区", "220204"),
        ("吉林昌邑区", "220202"),
        ("长春南关区", "220102"),
        ("内蒙古自治区通辽市", "150500"),
        ("内蒙古通辽市", "150500"),
        ("山东省济宁市嘉祥县", "370829"),
        ("中国吉林省长春市", "220100"),
        (" 吉林省 长春市 南关区 ", "220102"),
        ("北京市朝阳区", "110105"),
        ("四平铁西区", "220302"),
        ("220102", "220102"),
        ("22", "220000"),
    ],
)
def test_named_in_full_or_with_levels_left_out(text: str, code: str) -> None:
    found = TABLE.resolve(text, DAY)
    assert found.place.code == code
    assert found.note is None
    assert found.given == text


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("吉林省松原市前郭县", "220721", "简称"),
        ("吉林省四平市伊通县", "220323", "简称"),
        ("延边州", "222400", "简称"),
        ("吉林", "220000", "简称"),
        ("南关区", "220102", "未写全"),
        ("吉林市", "220200", "未写全"),
        ("通化", "220500", "可指多处"),
        ("220102001001", "220102", "统计用区划代码"),
    ],
)
def test_short_names_are_read_and_said_so(text: str, code: str, said: str) -> None:
    found = TABLE.resolve(text, DAY)
    assert found.place.code == code
    assert found.note is not None
    assert said in found.note.zh
    assert found.place.code in found.note.en


@pytest.mark.parametrize(
    ("text", "code", "area"),
    [
        ("吉林省长春市净月高新区", "220100", "净月"),
        ("长春新区", "220100", "长春新区"),
        ("吉林省吉林市高新区", "220200", "吉林高新"),
        ("长白山管委会", "220000", "长白山保护开发区"),
        ("长白山保护开发区池北区", "220000", "池北区"),
        ("济南高新区", "370100", "济南高新"),
        ("中韩（长春）国际合作示范区", "220100", "中韩"),
        ("山东省烟台市某某示范区", "370600", "某某示范区"),
        ("吉林省长春市南关区曙光街道龙兴社区", "220102", "曙光街道龙兴社区"),
    ],
)
def test_places_without_a_code_resolve_to_the_nearest_coded_parent(
    text: str, code: str, area: str
) -> None:
    found = TABLE.resolve(text, DAY)
    assert found.place.code == code
    assert found.note is not None
    assert area in found.note.zh


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        # 国函〔2020〕84号 of 2020-06-05: Gongzhuling from Siping's care to Changchun's.
        ("公主岭市", date(2020, 6, 4), "吉林省四平市公主岭市"),
        ("公主岭市", date(2020, 6, 5), "吉林省长春市公主岭市"),
        ("220381", date(2021, 1, 1), "吉林省长春市公主岭市"),
        ("220184", date(2019, 1, 1), "吉林省四平市公主岭市"),
        ("吉林省四平市公主岭市", date(2022, 1, 1), "吉林省长春市公主岭市"),
        ("吉林省长春市公主岭市", date(2019, 1, 1), "吉林省四平市公主岭市"),
        # 国函〔2018〕163号 of 2018-12-26: Laiwu becomes two districts of Jinan.
        ("莱芜", date(2018, 12, 25), "山东省莱芜市"),
        ("莱芜", date(2018, 12, 26), "山东省济南市莱芜区"),
        ("莱芜市", date(2022, 1, 1), "山东省济南市"),
        ("莱芜市莱城区", date(2022, 1, 1), "山东省济南市莱芜区"),
        # 国函〔2014〕142号 of 2014-10-20.
        ("九台市", date(2015, 1, 1), "吉林省长春市九台区"),
        ("吉林省长春市九台区", date(2014, 10, 19), "吉林省长春市九台市"),
        # Renamed without a new code: 民函〔2010〕40号.
        ("八道江区", date(2019, 1, 1), "吉林省白山市浑江区"),
        # Split; the part that kept the name: 国函〔2014〕13号.
        ("文登市", date(2020, 1, 1), "山东省威海市文登区"),
        # Merged: 国函〔2020〕81号.
        ("长岛县", date(2021, 1, 1), "山东省烟台市蓬莱区"),
        # Split among three prefectures: 国函〔2011〕84号; the county kept the name.
        ("341400", date(2020, 1, 1), "安徽省"),
        ("巢湖市", date(2020, 1, 1), "安徽省合肥市巢湖市"),
    ],
)
def test_former_names_and_codes_resolve_by_day(text: str, day: date, name: str) -> None:
    assert TABLE.resolve(text, day).place.name == name


def test_a_code_of_other_days_says_its_days() -> None:
    note = TABLE.resolve("220381", date(2021, 1, 1)).note
    assert note is not None
    assert "2020-06-05" in note.zh
    assert "220184" in note.en
    assert TABLE.resolve("220381", date(2020, 6, 4)).note is None


def test_a_name_of_several_places_names_them() -> None:
    with pytest.raises(UnknownPlace) as error:
        TABLE.resolve("铁西区", DAY)
    assert "吉林省四平市铁西区" in error.value.candidates
    assert "辽宁省沈阳市铁西区" in error.value.message.zh
    with pytest.raises(UnknownPlace, match="may mean"):
        TABLE.resolve("高新区", DAY)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("吉林省长春市南官区", "吉林省长春市南关区"),
        ("吉林省长春市南官区曙光街道", "吉林省长春市南关区"),
        ("吉林省长舂市", "吉林省长春市"),
        ("上海市浦冬新区", "上海市浦东新区"),
        ("火星", None),
        ("河南街道", None),
        ("999999", None),
        ("22010", None),
        ("", None),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(text: str, near: str | None) -> None:
    with pytest.raises(UnknownPlace) as error:
        TABLE.resolve(text, DAY)
    assert error.value.nearest == near
    assert error.value.given == text


@given(place=st.sampled_from(TABLE.places), day=days)
def test_a_full_name_means_its_place_while_it_holds(place: Place, day: date) -> None:
    assume(place.held(day))
    found = TABLE.resolve(place.name, day)
    assert found.place.name == place.name
    # In 2021 the old and the new code of 三元区 both hold: the day of the change is not known.
    assert found.place.code == place.code or found.place.held(day)
    assert found.note is None


@given(place=st.sampled_from(TABLE.places), day=days)
def test_a_code_means_one_place_held_that_day(place: Place, day: date) -> None:
    found = TABLE.resolve(place.code, day)
    assert found.place.held(day) or found.note is not None
    assert found.note is not None or found.place.code == place.code


@given(text=st.text(max_size=30), day=days)
def test_any_text_is_resolved_or_refused(text: str, day: date) -> None:
    try:
        found = TABLE.resolve(text, day)
    except UnknownPlace:
        return
    assert found.given == text
    assert found.place in TABLE.places


def test_within_is_by_prefix() -> None:
    assert within("220102", "")
    assert within("220102", "22")
    assert within("220102", "2201")
    assert within("220102", "220102")
    assert within("220102", "220000")
    assert not within("220000", "2201")
    assert not within("370102", "22")


def test_every_parent_exists_while_its_child_does() -> None:
    for place in TABLE.places:
        if place.parent is not None:
            last = place.end - timedelta(days=1) if place.end else DAY
            day = place.start or last
            assert TABLE.get(place.parent, day) is not None, place


def test_counts_in_force() -> None:
    """Jilin: 9 prefectures and 60 counties; Shandong: 16 and 136 (行政区划统计, end of 2023)."""
    day = date(2023, 12, 31)
    held = [p for p in TABLE.places if p.held(day)]
    counts = {
        (prefix, level): sum(within(p.code, prefix) and p.level == level for p in held)
        for prefix in ("22", "37")
        for level in ("prefecture", "county")
    }
    assert counts == {
        ("22", "prefecture"): 9,
        ("22", "county"): 60,
        ("37", "prefecture"): 16,
        ("37", "county"): 136,
    }
    assert sum(p.level == "province" for p in held) == 34
