"""Content lint: words, quotes, periods, defeats and cases of rules (DESIGN §4, issue 2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.library import Library
from ontology.vocabulary import Vocabulary
from rules.cases import read_cases
from rules.check import check, check_cases, check_rules
from rules.load import read_rules

BANS = """\
rules:
  - id: x.ban
    title: {zh: 禁, en: ban}
    kind: admissibility
    norm: prohibition
    strength: strict
    cites:
      - instrument: jl-jifa-2017-36
        provision: 三（五）
        quote: 取消对社区工作的“一票否决”事项
    jurisdiction: "22"
    in-force: {from: "2017-12-08", until: "2020-01-01"}
    when:
      all:
        - {fact: task.kind, in: [demolition, quota]}
        - {fact: task.role, is: responsible}
    effect: forbids
    defeats:
      - {rule: x.other, ground: rank}
  - id: x.other
    title: {zh: 须, en: need}
    kind: admissibility
    norm: obligation
    strength: in-principle
    cites:
      - instrument: jl-jiminfa-2015-44
        quote: 不得转嫁给社区
        quoted-in: {instrument: jl-jiminyizi-2020-16, provision: 附件四}
    jurisdiction: "2201"
    in-force: {from: ["2015-07-13", "2015-12-31"]}
    when: {fact: task.role, is: assist}
    effect: requires
    requires:
      bearer: assigner
      that: {fact: task.funding, is: true}
      text: {zh: 给钱, en: money}
"""

CASES = """\
cases:
  - rule: x.ban
    title: {zh: 一, en: one}
    as-of: "2019-01-01"
    facts: {task.kind: [demolition], task.role: responsible, community.jurisdiction: 吉林省}
    expect: {status: holds, verdict: inadmissible}
"""


def _issues(text: str, vocabulary: Vocabulary, library: Library) -> list[str]:
    raw, issues = read_rules(text, "x.yaml")
    assert issues == []
    return [str(issue) for issue in check_rules(raw, vocabulary, library)[1]]


def test_the_shipped_rulebook_has_no_issue(vocabulary: Vocabulary, library: Library) -> None:
    assert [str(issue) for issue in check(vocabulary, library)] == []


def test_sound_rules_are_cited_from_the_texts(vocabulary: Vocabulary, library: Library) -> None:
    raw, _ = read_rules(BANS, "x.yaml")
    (ban, other), issues = check_rules(raw, vocabulary, library)
    assert issues == []
    (own,) = ban.citations
    assert (own.number, own.provision) == ("吉发〔2017〕36号", "三（五）")
    assert own.quoted_in is None
    (handed,) = other.citations
    assert (handed.number, handed.provision) == ("吉民发〔2015〕44号", "")
    assert handed.quoted_in is not None
    assert (handed.quoted_in.number, handed.quoted_in.provision) == (
        "吉民议字〔2020〕16号",
        "附件四",
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "fact: task.role, is: responsible",
            "fact: task.rule, is: responsible",
            "x.yaml:16:18: error: task.rule is not a fact of admissibility "
            "(did you mean task.role?)",
        ),
        (
            "in: [demolition, quota]",
            "in: [demolitions, quota]",
            "x.yaml:15:34: error: demolitions is not a code of task-kinds "
            "(did you mean demolition?)",
        ),
        (
            "is: responsible",
            "is: true",
            "x.yaml:16:33: error: True is not a code of roles (task.role is code)",
        ),
        (
            "fact: task.role, is: responsible",
            "fact: task.funding, is: assist",
            "x.yaml:16:36: error: 'assist' is not true or false (task.funding is boolean)",
        ),
        (
            "is: responsible",
            "at-least: responsible",
            "x.yaml:16:29: error: task.role (code) cannot be compared by at-least "
            "(use one of: is, in)",
        ),
        (
            "fact: task.role, is: responsible",
            "fact: task.item, is: x",
            "x.yaml:16:18: error: task.item is text: it derives other facts and is not compared",
        ),
        (
            "fact: task.role, is: responsible",
            "fact: community.jurisdiction, is: 22",
            'x.yaml:16:46: error: 22 is not the code of a place, in quotes ("22") '
            "(community.jurisdiction is place)",
        ),
        (
            "in: [demolition, quota]",
            "in: [enforcement, enforcement-levy]",
            "x.yaml:15:47: warning: enforcement-levy is covered by enforcement already",
        ),
        (
            "kind: admissibility",
            "kind: admissability",
            "x.yaml:2:5: error: admissability is not a kind of decision "
            "(did you mean admissibility?)",
        ),
        (
            "bearer: assigner",
            "bearer: asigner",
            "x.yaml:34:15: error: asigner is not a bearer (did you mean assigner?)",
        ),
        (
            "“一票否决”事项",
            "“一票否决”",
            None,
        ),
        (
            "取消对社区工作",
            "撤销对社区工作",
            "x.yaml:10:16: error: not verbatim in jl-jifa-2017-36 三（五）: "
            "撤销对社区工作的“一票否决”事项",
        ),
        (
            "provision: 三（五）",
            "provision: 三（四）",
            "x.yaml:10:16: error: not verbatim in jl-jifa-2017-36 三（四）: "
            "取消对社区工作的“一票否决”事项 (it stands in 三（五）)",
        ),
        (
            "instrument: jl-jifa-2017-36",
            "instrument: jl-jifa-2017-63",
            "x.yaml:10:16: error: no instrument jl-jifa-2017-63 is known "
            "(did you mean jl-jifa-2017-36?)",
        ),
        (
            "rule: x.other, ground",
            "rule: x.othr, ground",
            "x.yaml:19:16: error: x.othr is not a rule (did you mean x.other?)",
        ),
        (
            "rule: x.other, ground",
            "rule: x.ban, ground",
            "x.yaml:19:16: error: defeat runs in a circle: x.ban → x.ban",
        ),
        (
            "  - id: x.other",
            "  - id: x.ban",
            "x.yaml:20:5: error: x.ban is given twice (first at x.yaml:2:5)",
        ),
        (
            'from: "2017-12-08"',
            'from: "2017-12-07"',
            "x.yaml:2:5: error: the rule starts on 2017-12-07, before 吉发〔2017〕36号 does "
            "(吉发〔2017〕36号 starts on 2017-12-08)",
        ),
        (
            'from: ["2015-07-13", "2015-12-31"]',
            'from: "2015-07-13"',
            "x.yaml:20:5: error: the start of 吉民发〔2015〕44号 is uncertain, the rule's is not "
            '(from: ["2015-07-13", "2015-12-31"])',
        ),
        (
            'jurisdiction: "22"',
            'jurisdiction: "37"',
            "x.yaml:2:5: error: the rule's jurisdiction '37' is not within that of "
            "吉发〔2017〕36号 (吉发〔2017〕36号 binds '22')",
        ),
        (
            "effect: forbids",
            "effect: forbids\n    inference: true",
            "x.yaml:2:5: error: x.ban is an inference without its doubt",
        ),
        (
            "norm: prohibition",
            "norm: permission",
            "x.yaml:2:5: warning: x.ban forbids, but its norm is a permission",
        ),
        (
            "strength: strict",
            "strength: best-effort",
            "x.yaml:2:5: error: x.ban is best-effort and forbids: a best-effort norm only advises",
        ),
    ],
)
def test_a_slip_is_an_issue_at_its_place(
    old: str, new: str, expected: str | None, vocabulary: Vocabulary, library: Library
) -> None:
    assert old in BANS
    issues = _issues(BANS.replace(old, new, 1), vocabulary, library)
    if expected is None:
        assert issues == []
    else:
        assert any(issue.startswith(expected) for issue in issues), issues


def test_a_circle_of_defeats_is_told_with_its_way(vocabulary: Vocabulary, library: Library) -> None:
    text = BANS + "    defeats:\n      - {rule: x.ban, ground: date}\n"
    issues = _issues(text, vocabulary, library)
    assert issues == [
        "x.yaml:19:16: error: defeat runs in a circle: x.ban → x.other → x.ban",
        "x.yaml:38:16: error: defeat runs in a circle: x.other → x.ban → x.other",
    ]


def test_a_condition_too_wide_to_compile_is_an_issue(
    vocabulary: Vocabulary, library: Library
) -> None:
    facts = ("role", "list", "statutory_basis", "government_duty", "funding", "target")
    constants = ("assist", "assist", "true", "true", "true", "true")
    either = "".join(
        f"        - any: [{{fact: task.{a}, is: {x}}}, {{fact: task.{b}, is: {y}}},"
        f" {{fact: task.{c}, is: {z}}}]\n"
        for a, x in zip(facts, constants, strict=True)
        for b, y in zip(facts, constants, strict=True)
        for c, z in zip(facts, constants, strict=True)
        if len({a, b, c}) == 3
    )
    text = BANS.replace("        - {fact: task.role, is: responsible}\n", either, 1)
    issues = _issues(text, vocabulary, library)
    assert len(issues) == 1
    assert issues[0].startswith("x.yaml:2:5: error: ")
    assert "alternatives" in issues[0]


def test_what_no_case_shows_is_told(vocabulary: Vocabulary, library: Library) -> None:
    raw, _ = read_rules(BANS, "x.yaml")
    cases, issues = read_cases(CASES, "x.cases.yaml")
    assert issues == []
    found = [str(issue) for issue in check_cases(cases, raw, vocabulary)]
    assert found == [
        "x.yaml:2:5: error: no case shows x.ban where it fails",
        "x.yaml:2:5: error: no case shows x.ban where it is unknown",
        "x.yaml:2:5: error: no case shows x.ban on the day before it starts (2017-12-07)",
        "x.yaml:2:5: error: no case shows x.ban on the first day it is surely in force "
        "(2017-12-08)",
        "x.yaml:2:5: error: no case shows x.ban on its last day (2019-12-31)",
        "x.yaml:2:5: error: no case shows x.ban on the day it has ended (2020-01-01)",
        "x.yaml:20:5: error: no case shows x.other where it holds",
        "x.yaml:20:5: error: no case shows x.other where it fails",
        "x.yaml:20:5: error: no case shows x.other where it is unknown",
        "x.yaml:20:5: error: no case shows x.other on the day before it starts (2015-07-12)",
        "x.yaml:20:5: error: no case shows x.other on the first day it is surely in force "
        "(2015-12-31)",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("rule: x.ban", "rule: x.bann", "2:11: error: x.bann is not a rule (did you mean x.ban?)"),
        ("[demolition]", "[demolitio]", "5:25: error: 'demolitio' is not a code of task-kinds"),
        ("task.role: resp", "task.roll: resp", "5:49: error: task.roll is not a fact of adm"),
        ("role: responsible", "role: true", "5:49: error: "),
        ("吉林省", "吉林縣", "5:86: error: "),
    ],
)
def test_a_bad_fact_of_a_case_is_an_issue_where_it_is_written(
    old: str, new: str, expected: str, vocabulary: Vocabulary
) -> None:
    raw, _ = read_rules(BANS, "x.yaml")
    cases, issues = read_cases(CASES.replace(old, new, 1), "x.cases.yaml")
    assert issues == []
    found = [str(issue) for issue in check_cases(cases, raw, vocabulary)]
    assert any(issue.startswith(f"x.cases.yaml:{expected}") for issue in found), found


def test_check_reads_a_folder_and_collects_everything(
    tmp_path: Path, vocabulary: Vocabulary, library: Library
) -> None:
    (tmp_path / "x.yaml").write_text(BANS.replace("x.other, g", "x.othr, g"), "utf-8")
    (tmp_path / "x.cases.yaml").write_text(CASES.replace("holds", "hold"), "utf-8")
    messages = [issue.message for issue in check(vocabulary, library, tmp_path)]
    assert messages[0] == "x.othr is not a rule"
    assert messages[1] == "hold is not a status"
    assert all("no case shows" in message for message in messages[2:])
    assert len(messages) > 2
