"""What is written down is read back as it was."""

from __future__ import annotations

from datetime import date

import pytest

from ontology.label import Label
from rules.case_text import case_yaml
from rules.cases import Example, load_cases, read_cases

TRAPS = (
    "yes", "no", "null", "~", "2019-06-01", "007", "1e3", "0.5", "a: b", "a #b", "- a", "[a]",
    "{a}", "a, b", '"a"', "a'b", "&a", "*a", "!a", "%a", "@a", " a", "a ", "", "<<", "=", "a\nb",
    "5\\9", "“引文”，见三（五）", "甲：乙", "#甲", "每百户30平方米",
)  # fmt: skip


def example(text: str) -> Example:
    return Example(
        rule="r.x",
        title=Label(text or "零", text or "none"),
        as_of=date(2019, 6, 1),
        facts={"a.text": text, "a.list": [text, "b"], "a.flag": True, "a.number": 5},
        status="holds",
        verdict="inadmissible",
        reason=None,
        where="",
        rule_at="",
        places={},
        requirement="met",
    )


@pytest.mark.parametrize("text", TRAPS)
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    written = example(text)
    (read,), issues = read_cases("cases:\n" + case_yaml(written, ["why"]), "x.yaml")
    assert issues == []
    for member in ("rule", "title", "as_of", "facts", "status", "verdict", "reason", "requirement"):
        assert getattr(read, member) == getattr(written, member), member


def test_every_shipped_case_is_read_back_as_it_was() -> None:
    cases, _ = load_cases()
    read, issues = read_cases("cases:\n" + "".join(map(case_yaml, cases)), "all.yaml")
    assert issues == []
    assert [(e.rule, e.title, e.facts, e.status, e.verdict) for e in read] == [
        (e.rule, e.title, e.facts, e.status, e.verdict) for e in cases
    ]
