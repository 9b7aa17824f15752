"""Publishing: a rulebook is built from sound content only, the same each time (DESIGN §4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.library import Library
from ontology.issue import ContentError
from ontology.vocabulary import Vocabulary
from rules.export import nquads
from rules.load import RULEBOOK
from rules.model import Rule, Rulebook
from rules.publish import build_rulebook, executed, rule_quads


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


def quotes(rulebook: Rulebook, library: Library, rule_id: str) -> dict[str, str]:
    """The words of the norms that a rule executes, with the instrument that states each."""
    (rule,) = (r for rules in rulebook.rules.values() for r in rules if r.id == rule_id)
    return {norm.quote: norm.iri.split("/")[-2] for norm in executed(rule, library)}


def test_a_rule_executes_the_norm_whose_words_it_cites(
    library: Library, rulebook: Rulebook
) -> None:
    """One of the three norms of 三（五） fourth sentence, and no other of that provision."""
    assert quotes(rulebook, library, "jl-2017-36.one-vote-veto") == {
        "取消对社区工作的“一票否决”事项": "jl-jifa-2017-36"
    }


def test_words_that_another_text_quotes_are_looked_for_there(
    library: Library, rulebook: Rulebook
) -> None:
    found = quotes(rulebook, library, "jl-2015-44.duties")
    assert set(found.values()) == {"jl-jiminyizi-2020-16"}
    assert any("不得转嫁给社区" in quote for quote in found)


def test_words_of_a_list_are_no_norm_of_a_text(library: Library, rulebook: Rulebook) -> None:
    assert quotes(rulebook, library, "cn-2020-20.kinship-for-notarisation") == {}


def test_a_rule_executes_whatever_shares_characters_with_its_quotes(
    library: Library, rulebook: Rulebook
) -> None:
    """Told again by sets of positions, sentence by sentence, as texts have them."""

    def cited(rule: Rule) -> set[tuple[str, int]]:
        """Instrument and character, of what the citations of a rule quote."""
        characters = set()
        for citation in rule.citations:
            told = citation.quoted_in or citation
            instrument = library.instrument(told.instrument)
            provision = instrument.provision(told.provision) if instrument else None
            if instrument and provision:
                start = instrument.text.index(told.quote, provision.span[0])
                characters |= {(told.instrument, start + n) for n in range(len(told.quote))}
        return characters

    norms = {
        norm.iri: {(i.key, at) for at in range(*norm.span)}
        for i in library.instruments
        for norm in i.norms
    }
    for rule in (rule for rules in rulebook.rules.values() for rule in rules):
        characters = cited(rule)
        expected = {iri for iri, at in norms.items() if at & characters}
        assert {norm.iri for norm in executed(rule, library)} == expected


def test_the_graph_of_rules_says_what_they_execute(library: Library, rulebook: Rulebook) -> None:
    lines = rule_quads(rulebook, library)
    assert lines == sorted(set(lines))
    more = set(lines) - set(nquads(rulebook))
    assert len(lines) == len(nquads(rulebook)) + len(more)
    rules = [rule for found in rulebook.rules.values() for rule in found]
    assert len(more) == sum(len(executed(rule, library)) for rule in rules) > 0
    assert all("> <https://zhunru.example/ns#executes> <" in line for line in more)
    assert all(line.endswith(" <https://zhunru.example/graph/rules> .") for line in more)
