"""Restricted YAML: strings, true/false, integers; defects at line and column (DESIGN §4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import yaml_source
from kb.yaml_source import Source


def _read(text: str) -> Source:
    return yaml_source.parse(text, Source("f.yaml"))


def test_values_are_what_a_reader_sees() -> None:
    source = _read('a: 2017-12-08\nb: [true, "1", 12, no, 否]\nc: {d: "0.5"}\n')
    assert source.issues == []
    assert source.value == {
        "a": "2017-12-08",
        "b": [True, "1", 12, "no", "否"],
        "c": {"d": "0.5"},
    }


def test_every_value_has_its_place() -> None:
    source = _read("a: 1\nb:\n  - x\n  - {c: y}\n")
    assert source.where(("a",)) == "f.yaml:1:1"
    assert source.where(("b", 1)) == "f.yaml:4:5"
    assert source.where(("b", 1, "c")) == "f.yaml:4:6"
    # What is not there is shown at the nearest part above it.
    assert source.where(("b", 1, "missing")) == "f.yaml:4:5"


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("a: &x 1\n", "f.yaml:1:4", "anchors are not allowed"),
        ("a: [1]\nb: *a\n", "f.yaml:2:4", "aliases are not allowed"),
        ("a: !!str 1\n", "f.yaml:1:4", "tags are not allowed"),
        ("a: 1\na: 2\n", "f.yaml:2:1", "the key a is given twice"),
        ("a:\n", "f.yaml:1:3", "a value is missing"),
        ("a: null\n", "f.yaml:1:4", "a value is missing"),
        ("a: 0.5\n", "f.yaml:1:4", "a decimal number is written in quotes: '0.5'"),
        ("[a]: 1\n", "f.yaml:1:1", "a key is a word"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1", "a file holds one document"),
        ("a: [1\n", "f.yaml:2:1", "not YAML: expected ',' or ']', but got '<stream end>'"),
        ("\ta: 1\n", "f.yaml:1:1", "not YAML: found character '\\t' that cannot start any token"),
    ],
)
def test_what_could_be_misread_is_an_issue_at_its_place(
    text: str, where: str, message: str
) -> None:
    (issue,) = _read(text).issues
    assert (issue.where, issue.message) == (where, message)


@given(st.text("ab:-[]{}&*!'\"\n #|>01.，\t", max_size=40))
def test_no_text_raises(text: str) -> None:
    source = _read(text)
    assert source.value is None or source.places[()] is not None


def test_a_file_that_is_not_there_is_an_issue(tmp_path: Path) -> None:
    (issue,) = yaml_source.read(tmp_path / "no.yaml", "no.yaml").issues
    assert issue.where == "no.yaml:1:1"
