"""Restricted YAML: strings, true/false, integers; no anchors, tags, repeated keys (DESIGN §4)."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rules import marked
from rules.load import case_files, rule_files

_SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
)
_TREES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abc准入-.", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_TREES)
def test_what_is_written_quoted_is_read_back(tree: marked.Value) -> None:
    text = _write(tree)
    node, issues = marked.read(text, "x.yaml")
    assert issues == []
    assert node is not None
    assert marked.plain(node) == tree


@given(st.text(max_size=200))
def test_any_text_is_read_or_has_issues_with_a_place(text: str) -> None:
    _, issues = marked.read(text, "x.yaml")
    assert all(issue.where.startswith("x.yaml:") for issue in issues)


@pytest.mark.parametrize(
    "path", [p for p, _ in (*rule_files(), *case_files())], ids=lambda p: p.name
)
def test_the_shipped_files_mean_the_same_to_any_yaml_reader(path: object) -> None:
    text = path.read_text("utf-8")  # type: ignore[attr-defined]
    node, issues = marked.read(text, str(path))
    assert issues == []
    assert node is not None
    assert marked.plain(node) == yaml.safe_load(text)


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("a: &x 1", "1:4", "&x: anchors are not allowed"),
        ("a: 'y'\nb: *x", "2:4", "*x: aliases are not allowed"),
        ("a: !!str 1", "1:4", "tags are not allowed"),
        ("a: !secret x", "1:4", "tags are not allowed"),
        ("a: 1\nb: 2\na: 3", "3:1", "a is given twice"),
        ("{a: 1, 'a': 2}", "1:8", "a is given twice"),
        ("a: null", "1:4", "null is not clear"),
        ("a:\nb: 1", "1:3", "an empty value is not clear"),
        ("a: ~", "1:4", "~ is not clear"),
        ("a: 1.5", "1:4", "1.5 is not clear"),
        ("a: .inf", "1:4", ".inf is not clear"),
        ("a: 010", "1:4", "010 is not clear"),
        ("a: 0x1F", "1:4", "0x1F is not clear"),
        ("a: 1_000", "1:4", "1_000 is not clear"),
        ("a: 12:30", "1:4", "12:30 is not clear"),
        ("a: 2017-12-08", "1:4", "2017-12-08 is not clear"),
        ("a: yes", "1:4", "yes is not clear"),
        ("a: Off", "1:4", "Off is not clear"),
        ("a: TRUE", "1:4", "TRUE is not clear"),
        ("<<: {a: 1}", "1:1", "<< is not clear"),
        ("1: a", "1:1", "a key is text"),
        ("? [a]\n: b", "1:3", "a key is text"),
        ("a: 1\n---\nb: 1", "2:1", "a file holds one document"),
        ("a: [1, 2", "1:9", "not YAML"),
        ("a: b: c", "1:5", "not YAML"),
        ("a: x\n\tb: y", "2:1", "not YAML"),
        ("a: \u0000", "1:4", "the character U+0000 is not allowed"),
        ("a: " + "[" * 60, "1:44", "nested more than 40 deep"),
    ],
)
def test_what_yaml_allows_and_rules_do_not_is_an_issue_at_its_place(
    text: str, where: str, message: str
) -> None:
    _, issues = marked.read(text, "x.yaml")
    assert (issues[0].where, issues[0].severity) == (f"x.yaml:{where}", "error")
    assert message in issues[0].message


def test_all_issues_of_a_text_are_collected() -> None:
    _, issues = marked.read("a: yes\nb: ~\nc: 2020-01-01\n", "x.yaml")
    assert [issue.where for issue in issues] == ["x.yaml:1:4", "x.yaml:2:4", "x.yaml:3:4"]


def test_a_text_beyond_the_limit_is_refused_unread() -> None:
    node, issues = marked.read("a" * (marked.MAX_CHARACTERS + 1), "x.yaml")
    assert node is None
    assert "at most" in issues[0].message


def _write(tree: marked.Value) -> str:
    """YAML with every string in quotes, as a careful writer would."""
    return yaml.dump(tree, Dumper=_Quoting, allow_unicode=True, width=10**6)


class _Quoting(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


_Quoting.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
