"""Receipts: the canonical bytes are those of RFC 8785, for ever (DESIGN §4)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ontology.vocabulary import load_vocabulary
from rules.compiled import compile_kind
from rules.decide import decide
from rules.receipt import canonical, digest
from rules.verdict import Verdict
from tests.rules.generate import KIND, day, requests, rulebook

texts = st.text(st.characters(exclude_categories=["Cs"]))
names = st.text(st.characters(max_codepoint=127))
results = st.dictionaries(
    names,
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | texts
        | st.sampled_from(list(Verdict)),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
        max_leaves=20,
    ),
    max_size=6,
)


@given(results)
def test_canonical_bytes_are_those_of_rfc_8785(body: dict[str, Any]) -> None:
    assert canonical(body) == rfc8785.dumps(body)


@given(results)
def test_what_is_read_back_has_the_same_bytes(body: dict[str, Any]) -> None:
    assert canonical(json.loads(canonical(body))) == canonical(body)


def test_decisions_have_canonical_bytes_and_their_digest() -> None:
    for seed in range(20):
        made = rulebook(seed)
        compiled = compile_kind(made, KIND)
        for asked in requests(seed, made, 3):
            decision = decide(
                KIND, asked.facts, day(seed), made, derived=asked.derived, compiled=compiled
            )
            assert decision.canonical() == rfc8785.dumps(decision.to_json())
            assert decision.digest() == hashlib.sha256(decision.canonical()).hexdigest()


def test_revision_documents_have_canonical_bytes_too() -> None:
    for made in (rulebook(1), rulebook(2), replace(rulebook(3), vocabulary=load_vocabulary())):
        assert made.document() == rfc8785.dumps(made.to_json())


def test_the_digest_is_lower_case_hexadecimal() -> None:
    # FIPS 180-4, the empty message.
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_what_json_does_not_know_has_no_bytes() -> None:
    with pytest.raises(TypeError):
        canonical({"x": object()})
