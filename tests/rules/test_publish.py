"""Publishing: a rulebook is built from sound content only, the same each time (DESIGN §4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.library import ContentError, Library
from ontology.vocabulary import Vocabulary
from rules.load import RULEBOOK
from rules.model import Rulebook
from rules.publish import build_rulebook


def test_the_same_content_is_the_same_revision(
    vocabulary: Vocabulary, library: Library, rulebook: Rulebook
) -> None:
    again = build_rulebook(vocabulary, library)
    assert again.revision == rulebook.revision
    assert again.document() == rulebook.document()
    assert rulebook.revision.startswith("sha256:")


def test_a_revision_document_brings_the_rulebook_back(rulebook: Rulebook) -> None:
    back = Rulebook.from_json(rulebook.to_json(), rulebook.vocabulary.places)
    assert back.revision == rulebook.revision
    assert back.rules == rulebook.rules


def test_the_rulebook_carries_the_horizon_of_the_library(
    library: Library, rulebook: Rulebook
) -> None:
    """Decisions after 2020-06-30 name later instruments known but not held."""
    assert [later.title for later in rulebook.horizon] == [e.title for e in library.horizon]
    assert "厅字〔2022〕28号" in [later.number for later in rulebook.horizon]


def test_every_rule_cites_an_instrument_by_number_and_title(rulebook: Rulebook) -> None:
    for rules in rulebook.rules.values():
        for rule in rules:
            assert rule.citations
            for citation in rule.citations:
                assert citation.number
                assert citation.title
                assert citation.quote
                # Words of what is not held come from a text that is, or from a published list.
                assert citation.provision or citation.quoted_in


def test_faulty_content_is_not_published_and_says_why(
    tmp_path: Path, vocabulary: Vocabulary, library: Library
) -> None:
    text = (RULEBOOK / "22-jilin/jl-jibanfa-2019-43.yaml").read_text("utf-8")
    (tmp_path / "x.yaml").write_text(
        text.replace("task.role", "task.rule"),
        "utf-8",
    )
    with pytest.raises(ContentError) as caught:
        build_rulebook(vocabulary, library, tmp_path)
    line = text[: text.index("task.role")].count("\n") + 1
    assert [issue.where for issue in caught.value.issues] == [f"{tmp_path}/x.yaml:{line}:18"]


def test_a_warning_does_not_keep_content_back(
    tmp_path: Path, vocabulary: Vocabulary, library: Library
) -> None:
    text = (RULEBOOK / "22-jilin/jl-jibanfa-2019-43.yaml").read_text("utf-8")
    (tmp_path / "x.yaml").write_text(
        text.replace("effect: advises", "effect: forbids").replace("obligation", "permission"),
        "utf-8",
    )
    (rule,) = build_rulebook(vocabulary, library, tmp_path).rules["admissibility"]
    assert rule.id == "jl-2019-43.lists"
