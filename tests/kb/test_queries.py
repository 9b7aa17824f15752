"""The answers to the competency questions, against the texts and against the values they came from.

What the five texts say is written out here. What the rulebook, the lists and the code lists say is
computed from their own values, without the graph, so that widening them cannot make a test stale.
"""

from __future__ import annotations

import pytest

from kb.query import queries
from ontology.validate import read_nquads, validate
from tests.kb.world import World


def test_the_whole_graph_satisfies_the_shapes(world: World) -> None:
    """Vocabulary, instruments, lists, horizon and rules together (SHACL)."""
    assert [str(issue) for issue in validate(read_nquads(world.store.nquads()))] == []


COMPLETE = {"norms-without-rule"}
"""Questions for gaps that the shipped content does not have: their answer is empty."""

STORED = {"revision-changes", "decisions-on-provision"}
"""Questions about what a service keeps, answered there (tests/service/sparql): no build has it."""


@pytest.mark.parametrize("name", [query.name for query in queries()])
def test_each_question_has_an_answer(world: World, name: str) -> None:
    """The shipped content answers each; an empty table would hide a wrong query."""
    assert bool(world.answer(name)) is (name not in COMPLETE | STORED)
