"""Files of entries: what can be read is read, and every issue has its place."""

from __future__ import annotations

from pathlib import Path

from rules.entries import Read, all_entries, entries_of
from rules.marked import Node, Scalar
from rules.members import Notes


def word(node: Node, notes: Notes) -> str | None:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    notes.error("no word", node.where)
    return None


def words(text: str, file: str = "w.yaml") -> Read[str]:
    return entries_of(text, file, "words", word)


def test_an_entry_with_an_error_is_left_out_and_its_issue_is_not() -> None:
    found, issues = words("words:\n  - one\n  - [two]\n  - three\n")
    assert found == ("one", "three")
    assert [(issue.message, issue.where) for issue in issues] == [("no word", "w.yaml:3:5")]


def test_a_file_without_entries_is_told() -> None:
    for text, message in (
        ("", "the file is empty"),
        ("other: []\n", "other is not a member of a file of words"),
        ("words: []\n", "words"),
    ):
        found, issues = words(text)
        assert found == ()
        assert any(message in issue.message for issue in issues), text
        assert all(issue.where.startswith("w.yaml:1:") for issue in issues)


def test_all_files_are_read_whatever_is_wrong_with_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("words: [one]\n")
    (tmp_path / "b.yaml").write_bytes(b"words: [\xff]\n")
    (tmp_path / "c.yaml").write_text("words: [two]\n")
    files = [(path, path.name) for path in sorted(tmp_path.iterdir())]
    found, issues = all_entries(files, words)
    assert found == ("one", "two")
    assert [issue.where.partition(":")[0] for issue in issues] == ["b.yaml"]
