"""What codes are called, without an RDF library."""

from __future__ import annotations

from typing import get_args

import pytest

from kb.norms import AccountKind, Check, Strength
from kb.relations import RelationKind
from ontology.concepts_table import load_concepts
from ontology.label import Label


@pytest.mark.parametrize(
    ("scheme", "codes"),
    [
        ("sentence-accounts", get_args(AccountKind)),
        ("strengths", get_args(Strength)),
        ("norm-checks", get_args(Check)),
        ("relation-kinds", get_args(RelationKind)),
    ],
)
def test_every_code_that_an_annotation_may_use_has_a_label(
    scheme: str, codes: tuple[str, ...]
) -> None:
    labels = load_concepts().labels[scheme]
    assert set(codes) <= set(labels)
    assert all(label.zh and label.en for label in labels.values())


def test_an_unknown_code_is_called_by_itself() -> None:
    concepts = load_concepts()
    assert concepts.label("actors", "nobody") == Label("nobody", "nobody")
    assert concepts.label("nothing", "nobody") == Label("nobody", "nobody")
