"""The shipped rulebook, built once for the tests of this folder."""

from __future__ import annotations

import pytest

from kb.library import Library, load_library
from ontology.vocabulary import Vocabulary, load_vocabulary
from rules.model import Rulebook
from rules.publish import build_rulebook


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture(scope="session")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="session")
def rulebook(vocabulary: Vocabulary, library: Library) -> Rulebook:
    return build_rulebook(vocabulary, library)
