"""From the rulebook folder to a rulebook that can decide: checked, cited, with its horizon."""

from __future__ import annotations

from pathlib import Path

from kb.library import ContentError, Library
from ontology.vocabulary import Vocabulary
from rules.check import check_rules
from rules.load import load_rules
from rules.model import Later, Rule, Rulebook


def build_rulebook(vocabulary: Vocabulary, library: Library, root: Path | None = None) -> Rulebook:
    """The rulebook of a folder (the shipped one by default).

    Raises ContentError with every issue where one is an error; cases do not enter a rulebook and
    are not looked at (`rules.check.check` does).
    """
    raw, issues = load_rules(root)
    rules, found = check_rules(raw, vocabulary, library)
    issues = [*issues, *found]
    if any(issue.severity == "error" for issue in issues):
        raise ContentError(issues)
    by_kind: dict[str, list[Rule]] = {}
    for rule in rules:
        by_kind.setdefault(rule.kind, []).append(rule)
    return Rulebook(
        vocabulary=vocabulary,
        rules={kind: tuple(found) for kind, found in sorted(by_kind.items())},
        horizon=tuple(
            Later(entry.number, entry.title, entry.date, entry.jurisdiction, entry.note)
            for entry in library.horizon
        ),
    )
