"""From the rulebook folder to a rulebook that can decide: checked, cited, with its horizon.

Here, where texts and rules meet, it is also told which norms of the texts a rule executes.
"""

from __future__ import annotations

from pathlib import Path

from kb.library import Library
from kb.norms import Norm
from kb.overlap import resting
from kb.quads import Graph
from ontology.ids import graph_iri, rule_iri
from ontology.issue import ContentError
from ontology.vocabulary import Vocabulary
from rules.check import check_rules
from rules.export import nquads
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


def executed(rule: Rule, library: Library) -> tuple[Norm, ...]:
    """The norms whose words a rule's citations share, in the text that hands the words down."""
    found: dict[str, Norm] = {}
    for citation in rule.citations:
        told = citation.quoted_in or citation
        norms = resting(library, told.instrument, told.provision, told.quote).norms
        found |= {norm.iri: norm for norm in norms}
    return tuple(found.values())


def rule_quads(rulebook: Rulebook, library: Library) -> list[str]:
    """The rulebook as sorted N-Quads of the graph of rules, with the norms that each executes."""
    graph = Graph(graph_iri("rules"))
    links = {
        graph.link(rule_iri(rule.id), "executes", norm.iri)
        for rules in rulebook.rules.values()
        for rule in rules
        for norm in executed(rule, library)
    }
    return sorted(links.union(nquads(rulebook)))
