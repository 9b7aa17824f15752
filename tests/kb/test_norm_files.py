"""Every sentence is accounted for, every quote found again; faults are said at file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.norms import Norm
from ontology.issue import Issue
from tests.kb.annotated import entry, instrument, norm, nothing, read

FIRST = entry("sec_1__s_1", norm("各市应当公开清单"))
SECOND = entry("sec_2__s_1", norm("甲应当报告"))
THIRD = entry("sec_2__s_2", norm("新区面积不少于30平方米"))
WHOLE = FIRST + SECOND + THIRD


def only(folder: Path, text: str) -> Issue:
    """The one fault of a file."""
    _, issues = read(folder, instrument(), text)
    (issue,) = issues
    return issue


def line(text: str, words: str) -> int:
    """The line on which words first stand."""
    return text[: text.index(words)].count("\n") + 1


def norms(folder: Path, text: str) -> list[Norm]:
    accounts, issues = read(folder, instrument(), text)
    assert [str(issue) for issue in issues] == []
    return [norm for account in accounts for norm in account.norms]


def test_accounts_come_in_the_order_of_the_text_from_any_file(tmp_path: Path) -> None:
    accounts, issues = read(tmp_path, instrument(), SECOND + THIRD, FIRST)
    assert issues == []
    assert [a.sentence for a in accounts] == ["sec_1__s_1", "sec_2__s_1", "sec_2__s_2"]
    assert accounts[0].where == "norms/b.yaml:1:3"


def test_a_norm_has_a_name_and_the_place_of_its_words(tmp_path: Path) -> None:
    text = instrument().text
    first, second, _ = norms(tmp_path, WHOLE)
    assert (first.id, first.sentence) == ("sec_1__s_1__n_1", "sec_1__s_1")
    assert first.iri == "https://zhunru.example/id/norm/xx-1/sec_1__s_1__n_1"
    assert [text[slice(*n.span)] for n in (first, second)] == ["各市应当公开清单", "甲应当报告"]


def test_a_sentence_without_an_entry_is_missed(tmp_path: Path) -> None:
    issue = only(tmp_path, FIRST + THIRD)
    assert (issue.where, issue.message) == (
        "norms:1:1",
        "no account of the sentence sec_2__s_1: 甲应当报告，乙应当报告；",
    )


def test_an_entry_without_a_sentence_is_shown_the_nearest(tmp_path: Path) -> None:
    issue = only(tmp_path, WHOLE + nothing("sec_2__s_9"))
    assert (issue.where, issue.message) == (
        f"norms/a.yaml:{line(WHOLE + nothing('sec_2__s_9'), 'sec_2__s_9')}:3",
        "there is no sentence sec_2__s_9",
    )
    assert issue.hint == "did you mean sec_2__s_2?"


def test_a_sentence_is_accounted_for_once(tmp_path: Path) -> None:
    _, issues = read(tmp_path, instrument(), WHOLE, nothing("sec_1__s_1"))
    assert [(i.where, i.message) for i in issues] == [
        ("norms/b.yaml:1:3", "accounted for twice: sec_1__s_1")
    ]


def test_a_quote_is_verbatim(tmp_path: Path) -> None:
    issue = only(tmp_path, WHOLE.replace("quote: 各市应当公开", "quote: 各市须公开"))
    assert (issue.where, issue.message) == (
        "norms/a.yaml:4:5",
        "各市须公开清单 is not verbatim in sec_1__s_1",
    )
    assert issue.hint == "各市应当公开清单，不得收费。"


def test_a_quote_that_comes_twice_is_told_apart(tmp_path: Path) -> None:
    twice = WHOLE.replace("quote: 甲应当报告", "quote: 应当报告")
    issue = only(tmp_path, twice)
    assert issue.message == "应当报告 occurs 2 times in sec_2__s_1"
    assert issue.hint == "tell it apart by prefix or suffix"
    text = instrument().text
    for key, words, expected in (
        ("prefix", "，乙", text.index("乙应当") + 1),
        ("suffix", "；", text.index("乙应当") + 1),
        ("suffix", "，乙", text.index("甲应当") + 1),
    ):
        told = twice.replace("quote: 应当报告\n", f"quote: 应当报告\n    {key}: {words}\n")
        _, found, _ = norms(tmp_path, told)
        assert found.span == (expected, expected + 4)


def test_a_figure_has_a_value_or_says_that_it_cannot_be_read(tmp_path: Path) -> None:
    figure = (
        "measure: 面积, en: area, comparison: at-least, unit: 平方米, as-written: 不少于30平方米"
    )

    def with_figure(more: str) -> str:
        return (
            FIRST
            + SECOND
            + entry("sec_2__s_2", norm("不少于30平方米", f"quantities:\n- {{{figure}, {more}}}"))
        )

    (*_, read_norm) = norms(tmp_path, with_figure('value: "30"'))
    assert [(q.value, q.measure.en) for q in read_norm.quantities] == [("30", "area")]
    (*_, unread) = norms(tmp_path, with_figure("unreadable: true, candidates: [30万]"))
    assert [(q.value, q.candidates) for q in unread.quantities] == [(None, ("30万",))]
    for more in ('value: "30", unreadable: true', "candidates: [30万]"):
        issue = only(tmp_path, with_figure(more))
        assert issue.message.endswith("give the value, or unreadable: true")
        assert issue.where.startswith(f"norms/a.yaml:{line(with_figure(more), 'measure:')}:")


@pytest.mark.parametrize("by", ["2031", "2031-09", "2031-09-30", "--09-30"])
def test_a_deadline_is_as_much_of_a_day_as_the_words_give(tmp_path: Path, by: str) -> None:
    due = norm("应于9月30日前报省厅", f'deadline: {{as-written: 9月30日前, by: "{by}"}}')
    (*_, found) = norms(tmp_path, FIRST + SECOND + entry("sec_2__s_2", due))
    assert found.deadline is not None
    assert found.deadline.by == by


@pytest.mark.parametrize("by", ["9-30", "09-30", "2031-9", "30 September", "--09"])
def test_no_other_form_of_a_day_will_do(tmp_path: Path, by: str) -> None:
    due = norm("应于9月30日前报省厅", f'deadline: {{as-written: 9月30日前, by: "{by}"}}')
    issue = only(tmp_path, FIRST + SECOND + entry("sec_2__s_2", due))
    assert "deadline.by" in issue.message


def test_words_of_figures_and_deadlines_stand_in_the_sentence(tmp_path: Path) -> None:
    due = norm("应于9月30日前报省厅", "deadline: {as-written: 9月底前}")
    issue = only(tmp_path, FIRST + SECOND + entry("sec_2__s_2", due))
    assert issue.message == "9月底前 is not verbatim in sec_2__s_2"


@pytest.mark.parametrize(("words", "stands"), [("甲…报告", True), ("报告…甲", False)])
def test_words_may_be_left_out_between_parts_in_order(
    tmp_path: Path, words: str, stands: bool
) -> None:
    often = norm("甲应当报告", f"recurrence: {{as-written: {words}}}")
    _, issues = read(tmp_path, instrument(), FIRST + entry("sec_2__s_1", often) + THIRD)
    assert [issue.message for issue in issues] == (
        [] if stands else [f"{words} is not verbatim in sec_2__s_1"]
    )


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("modality: ob", "modalty: ob", "unknown key accounts.0.norms.0.modalty", "modality"),
        ("    check: rule", "    chek: rule", "unknown key accounts.0.norms.0.chek", "check"),
        ("account: norms", "acount: norms", "unknown key accounts.0.acount", "account"),
        ("obligation", "obligaton", "accounts.0.norms.0.modality: Input should be", ""),
        ("strength: strict", "strength: firm", "accounts.0.norms.0.strength: Input should be", ""),
        ("[local-party-and-government]", "[]", "accounts.0.norms.0.bearer: Tuple should have", ""),
        ("{zh: 做, en: do it}", "{zh: 做}", "accounts.0.norms.0.action.en: Field required", ""),
        ("topic: supervision", "topic: Super vision", "accounts.0.norms.0.topic: String", ""),
        ("account: norms", "account: fact", "accounts.0: norms stand under account: norms", ""),
    ],
)
def test_a_wrong_key_or_value_is_said_at_its_line(
    tmp_path: Path, old: str, new: str, message: str, hint: str
) -> None:
    text = FIRST.replace(old, new)
    _, issues = read(tmp_path, instrument(), text + SECOND + THIRD)
    found = [issue for issue in issues if issue.message.startswith(message)]
    assert len(found) == 1, issues
    at = 1 if message.startswith("accounts.0: ") else line(text, new)
    assert found[0].where.startswith(f"norms/a.yaml:{at}:")
    assert found[0].hint == (f"did you mean {hint}?" if hint else "")


def test_what_carries_no_norm_says_why(tmp_path: Path) -> None:
    issue = only(tmp_path, "- sentence: sec_1__s_1\n  account: heading\n")
    assert issue.message == "accounts.0: say because of what it carries no norm"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("- sentence: [\n", "norms/a.yaml:2:1", "not YAML"),
        ("- sentence: &a x\n", "norms/a.yaml:1:13", "anchors are not allowed"),
        ("- sentence: x\n  sentence: y\n", "norms/a.yaml:2:3", "the key sentence is given twice"),
        ("- value: 5.5\n", "norms/a.yaml:1:10", "a decimal number is written in quotes: '5.5'"),
        ("sentence: x\n", "norms/a.yaml:1:1", "a list of sentences is expected"),
    ],
)
def test_what_is_no_list_of_sentences_is_said_at_its_place(
    tmp_path: Path, text: str, where: str, message: str
) -> None:
    issue = only(tmp_path, text)
    assert issue.where == where
    assert issue.message.startswith(message)


def test_an_observation_quotes_its_sentence(tmp_path: Path) -> None:
    told = nothing("sec_2__s_2") + (
        "  observations:\n"
        "  - {quote: 30平方米, indicator: {id: area, zh: 面积, en: area},\n"
        "     value: '30', unit: 平方米}\n"
    )
    accounts, issues = read(tmp_path, instrument(), FIRST + SECOND + told)
    assert issues == []
    (seen,) = accounts[2].observations
    assert (seen.indicator, seen.value, seen.unit, seen.on) == ("area", "30", "平方米", None)
    assert seen.iri == "https://zhunru.example/id/observation/xx-1--sec_2__s_2--o_1"
    wrong = FIRST + SECOND + told.replace("quote: 30", "quote: 31")
    issue = only(tmp_path, wrong)
    assert issue.message == "31平方米 is not verbatim in sec_2__s_2"
    assert issue.where == f"norms/a.yaml:{line(wrong, 'quote: 31')}:6"
