"""Rules from YAML: every defect an issue at file:line:column with the nearest name (DESIGN §4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import condition as conditions
from rules.condition import All, Either, Not
from rules.condition import Test as Comparison
from rules.load import load_rules, read_rules
from rules.model import Defeat, Due, InForce

RULE = """\
rules:
  - id: x.one
    title: {zh: 一, en: one}
    kind: admissibility
    norm: obligation
    strength: in-principle
    cites:
      - instrument: jl-jifa-2017-36
        provision: 三（五）
        quote: 取消
    jurisdiction: "22"
    in-force: {from: "2017-12-08", until: "2020-01-01"}
    when:
      all:
        - {fact: task.kind, in: [demolition, quota]}
        - not: {fact: task.funding, is: true}
        - any:
            - {fact: task.role, is: assist}
            - {fact: task.target, is: false}
    effect: requires
    requires:
      bearer: assigner
      that: {fact: task.funding, is: true}
      text: {zh: 给钱, en: money}
    defeats:
      - {rule: x.two, ground: rank}
    inference: true
    note: {zh: 注, en: note}
    doubt: {zh: 疑, en: doubt}
"""


DATED = RULE.replace(
    "    defeats:\n", '    due: {by: "2020-01-01", latest: "2020-12-31"}\n    defeats:\n'
)


def test_what_is_advised_may_be_demanded_by_a_date() -> None:
    for effect in ("requires", "advises"):
        (raw,), issues = read_rules(DATED.replace("effect: requires", f"effect: {effect}"), "x")
        assert issues == []
        assert raw.rule.due == Due(date(2020, 1, 1), date(2020, 12, 31))
        assert raw.rule.requirement is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("by:", "from:", "due is a day (by) or a fact that tells it (fact)"),
        ('latest: "2020-12-31"', 'latest: "2020-01-01"', "not in order"),
        ('by: "2020-01-01"', 'by: "2020"', "2020 is not a day"),
        ("requires:\n", "required:\n", "a rule with due has requires"),
    ],
)
def test_a_date_that_is_none_is_an_issue(old: str, new: str, message: str) -> None:
    _, issues = read_rules(DATED.replace(old, new), "x.yaml")
    assert any(message in issue.message for issue in issues)


def test_a_rule_is_read_whole() -> None:
    (raw,), issues = read_rules(RULE, "x.yaml")
    rule = raw.rule
    assert issues == []
    assert (rule.id, rule.title.zh, rule.title.en) == ("x.one", "一", "one")
    assert (rule.kind, rule.norm, rule.strength) == ("admissibility", "obligation", "in-principle")
    assert (rule.jurisdiction, rule.effect, rule.inference) == ("22", "requires", True)
    assert rule.in_force == InForce(date(2017, 12, 8), None, date(2020, 1, 1))
    assert rule.when == All(
        (
            Comparison("task.kind", "in", ("demolition", "quota")),
            Not(Comparison("task.funding", "is", (True,))),
            Either(
                (
                    Comparison("task.role", "is", ("assist",)),
                    Comparison("task.target", "is", (False,)),
                )
            ),
        )
    )
    assert rule.requirement is not None
    assert rule.requirement.bearer == "assigner"
    assert rule.requirement.that == Comparison("task.funding", "is", (True,))
    assert rule.defeats == (Defeat("x.two", "rank"),)
    assert rule.note is not None
    assert rule.doubt is not None
    assert (rule.note.zh, rule.doubt.en) == ("注", "doubt")
    (cited,) = raw.cites
    assert (cited.instrument, cited.provision, cited.quote) == (
        "jl-jifa-2017-36",
        "三（五）",
        "取消",
    )
    assert cited.quoted_in is None
    assert cited.quote_at == "x.yaml:10:16"
    assert [asked.fact_at for asked in raw.asked] == [
        "x.yaml:15:18",
        "x.yaml:16:23",
        "x.yaml:18:22",
        "x.yaml:19:22",
        "x.yaml:23:20",
    ]
    assert raw.asked[0].values_at == ("x.yaml:15:34", "x.yaml:15:46")


def test_an_uncertain_start_is_an_interval() -> None:
    text = RULE.replace('{from: "2017-12-08", until', '{from: ["2015-07-13", "2015-12-31"], until')
    (raw,), issues = read_rules(text, "x.yaml")
    assert issues == []
    assert raw.rule.in_force == InForce(date(2015, 7, 13), date(2015, 12, 31), date(2020, 1, 1))


def test_a_norm_handed_down_by_another_text_needs_no_provision() -> None:
    text = RULE.replace(
        "        provision: 三（五）\n",
        "        quoted-in: {instrument: jl-jiminyizi-2020-16, provision: 附件四}\n",
    )
    (raw,), issues = read_rules(text, "x.yaml")
    assert issues == []
    assert raw.cites[0].provision == ""
    assert raw.cites[0].quoted_in == ("jl-jiminyizi-2020-16", "附件四")


@pytest.mark.parametrize(
    ("old", "new", "where", "message", "hint"),
    [
        ("id: x.one", "id: X_one", "2:9", "'X_one' is not an id", "small letters"),
        ("    norm: obligation\n", "", "2:5", "a rule lacks norm", ""),
        ("norm: obligation", "norm: obligations", "5:11", "not a norm", "did you mean obligation?"),
        ("strength: in", "strengh: in", "6:5", "strengh is not a member", "did you mean strength?"),
        ("strength: in-principle", "strength: often", "6:15", "not a strength", "strict, in-princ"),
        ("en: one", "en: 1", "3:24", "title: en is text", "quotes"),
        (", en: one", "", "3:12", "title lacks en", ""),
        ("        provision: 三（五）\n", "", "8:9", "a citation lacks provision", ""),
        ("quote: 取消", "quote: ''", "10:16", "quote is empty", ""),
        ('jurisdiction: "22"', "jurisdiction: 22", "11:19", "jurisdiction is text", "quotes"),
        ('jurisdiction: "22"', 'jurisdiction: "2"', "11:19", "'2' is not a jurisdiction", "digits"),
        ("2017-12-08", "2017-13-08", "12:22", "2017-13-08 is not a day", "YYYY-MM-DD"),
        ("2020-01-01", "2017-12-08", "12:15", "these days are not in order", ""),
        ('"2017-12-08"', '["2018-01-01"]', "12:22", "earliest and latest", ""),
        ('"2017-12-08"', '["2018-01-01", "2018-01-01"]', "12:15", "not in order", ""),
        ("      all:\n", "      al:\n", "14:7", "all, any, not or", "did you mean all?"),
        ("is: assist", "equals: assist", "18:33", "equals is not a comparison", "there are: is,"),
        ("is: assist", "is: [assist]", "18:37", "is takes one constant", "use in for several"),
        ("is: assist", "is: assist, in: [x]", "18:15", "a fact is compared once", "is, in,"),
        ("[demolition, quota]", "[]", "15:33", "in is empty", ""),
        ("[demolition, quota]", "demolition", "15:33", "in is a list", ""),
        ("[demolition, quota]", "[quota, quota]", "15:41", "quota is given twice", ""),
        ("[demolition, quota]", "[[quota]]", "15:34", "a constant is text", ""),
        ("effect: requires", "effect: require", "20:13", "not an effect", "did you mean requires?"),
        ("effect: requires", "effect: permits", "22:7", "a rule that permits has no requires", ""),
        ("      bearer: assigner\n", "", "22:7", "requires lacks bearer", ""),
        ("ground: rank", "ground: rang", "26:31", "rang is not a ground", "did you mean rank?"),
        ("inference: true", "inference: 'true'", "27:16", "inference is true or false", ""),
        ("    note:", "    notes:", "28:5", "notes is not a member of a rule", "note"),
    ],
)
def test_a_defect_is_an_issue_at_its_place_with_a_hint(
    old: str, new: str, where: str, message: str, hint: str
) -> None:
    assert old in RULE
    _, issues = read_rules(RULE.replace(old, new, 1), "x.yaml")
    found = next((issue for issue in issues if message in issue.message), None)
    assert found is not None, [str(issue) for issue in issues]
    assert (found.where, found.severity) == (f"x.yaml:{where}", "error")
    assert hint in found.hint


def test_a_rule_that_requires_nothing_is_a_defect() -> None:
    start, end = RULE.index("    requires:"), RULE.index("    defeats:")
    rules, issues = read_rules(RULE[:start] + RULE[end:], "x.yaml")
    assert rules == ()
    assert [str(i) for i in issues] == [
        "x.yaml:2:5: error: a rule that requires says what: requires is missing"
    ]


def test_all_defects_of_all_rules_are_told_and_sound_rules_kept() -> None:
    second = RULE.removeprefix("rules:\n").replace("x.one", "x.two")
    third = second.replace("x.two", "x.three").replace("norm: obl", "norm: xobl")
    rules, issues = read_rules(
        RULE.replace("strength: in-", "strength: un-") + second + third, "x.yaml"
    )
    assert [raw.rule.id for raw in rules] == ["x.two"]
    assert [issue.where for issue in issues] == ["x.yaml:6:15", "x.yaml:61:11"]


def test_an_empty_file_and_a_file_of_something_else_are_defects() -> None:
    for text in ("", "# nothing\n", "rules: []\n", "- a\n", "cases: []\n"):
        rules, issues = read_rules(text, "x.yaml")
        assert rules == ()
        assert issues[0].where.startswith("x.yaml:1:")


def test_a_file_that_is_not_utf8_is_an_issue_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(RULE.encode() + "准入\n".encode("gb18030"))
    rules, issues = load_rules(tmp_path)
    assert rules == ()
    assert [issue.message for issue in issues] == ["the file is not UTF-8"]
    assert issues[0].where == f"{tmp_path}/a.yaml:30:1"


def test_files_are_read_in_order_of_their_names_and_cases_are_left_out(tmp_path: Path) -> None:
    for name, rule_id in (("b/x.yaml", "x.b"), ("a/y.yaml", "x.a"), ("a/y.cases.yaml", "x.c")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(RULE.replace("x.one", rule_id), "utf-8")
    rules, issues = load_rules(tmp_path)
    assert issues == []
    assert [raw.rule.id for raw in rules] == ["x.a", "x.b"]


@given(st.text(st.sampled_from(list(RULE)), max_size=120), st.integers(0, len(RULE)))
def test_damage_anywhere_gives_issues_or_rules_but_never_an_exception(junk: str, at: int) -> None:
    rules, issues = read_rules(RULE[:at] + junk + RULE[at + len(junk) :], "x.yaml")
    assert rules or issues
    assert all(issue.where.startswith("x.yaml:") for issue in issues)


def test_the_written_form_of_a_condition_is_what_is_read() -> None:
    (raw,), _ = read_rules(RULE, "x.yaml")
    assert conditions.from_json(conditions.to_json(raw.rule.when)) == raw.rule.when


def test_what_is_due_may_be_told_by_a_fact() -> None:
    """The day differs from case to case: the end of a zone's term, say."""
    by = DATED[DATED.index("due: {") : DATED.index("}", DATED.index("due: {")) + 1]
    (raw,), issues = read_rules(DATED.replace(by, "due: {fact: zone.term_end}"), "x")
    assert issues == []
    assert (raw.rule.due, raw.rule.due_fact) == (None, "zone.term_end")
