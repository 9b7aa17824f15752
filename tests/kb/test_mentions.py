"""Every mention of a body, instrument, post or kind of actor, by the longest name that fits."""

from __future__ import annotations

import pytest
from rdflib import Graph

from kb.library import Library, load_library
from kb.mentions import mention_quads, mentions, names_of
from ontology.ids import body_iri, code_iri, instrument_iri
from ontology.validate import CONTENT, read
from tests.kb.annotated import instrument


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def words() -> Graph:
    return read(CONTENT)


def test_the_longest_name_wins_and_every_mention_counts() -> None:
    names = {"省委": "x:party", "省委组织部": "x:organisation", "社区": "x:community"}
    found = instrument("一、省委组织部和省委指导社区；社区报省委组织部。\n")
    told = [(m.sentence, m.words, m.names, m.at) for m in mentions(found, names)]
    assert told == [
        ("sec_1__s_1", "省委组织部", "x:organisation", 0),
        ("sec_1__s_1", "省委", "x:party", 6),
        ("sec_1__s_1", "社区", "x:community", 10),
        ("sec_1__s_2", "社区", "x:community", 0),
        ("sec_1__s_2", "省委组织部", "x:organisation", 3),
    ]


def test_a_name_with_marks_of_a_pattern_is_itself() -> None:
    found = instrument("一、居（村）民委员会（一）办理。\n")
    (mention,) = mentions(found, {"居（村）民委员会": "x:committee", "居.村": "x:pattern"})
    assert mention.names == "x:committee"


def test_a_name_that_a_province_uses_is_the_body_of_that_province(
    library: Library, words: Graph
) -> None:
    for jurisdiction, key in (("22", "jl-civil-affairs"), ("37", "sd-civil-affairs")):
        assert names_of(library, words, jurisdiction)["省民政厅"] == body_iri(key)
    jilin, shandong = (names_of(library, words, j) for j in ("22", "37"))
    assert "吉林省民政厅" not in shandong
    assert "山东省民政厅" not in jilin
    # Those of the nation are looked for everywhere.
    assert jilin["民政部"] == shandong["民政部"]


def test_no_text_mentions_a_body_of_another_province(library: Library, words: Graph) -> None:
    of = {body_iri(body.key): body.jurisdiction for body in library.bodies}
    for found in (i for i in library.instruments if i.held):
        names = names_of(library, words, found.jurisdiction)
        assert {of.get(m.names, "") for m in mentions(found, names)} <= {"", found.jurisdiction}


def test_instruments_are_named_by_title_in_book_marks_or_by_number(
    library: Library, words: Graph
) -> None:
    names = names_of(library, words, "22")
    opinion = instrument_iri("jl-jifa-2017-36")
    assert names["吉发〔2017〕36号"] == opinion
    assert names["《关于加强和完善城乡社区治理的实施意见》"] == opinion  # as the reply has it
    reply = library.instrument("jl-jiminyizi-2020-16")
    assert reply is not None
    assert opinion in {m.names for m in mentions(reply, names)}


def test_mentions_stand_where_they_are_said_to(library: Library, words: Graph) -> None:
    for found in (i for i in library.instruments if i.held):
        sentences = {s.id: s.text for p in found.provisions for s in p.sentences}
        names = names_of(library, words, found.jurisdiction)
        told = list(mentions(found, names))
        assert told
        for mention in told:
            text = sentences[mention.sentence]
            assert text[mention.at : mention.at + len(mention.words)] == mention.words
            assert names[mention.words] == mention.names
        taken = {(m.sentence, m.at + n) for m in told for n in range(len(m.words))}
        assert len(taken) == sum(len(m.words) for m in told)  # none overlaps another


def test_what_a_sentence_mentions_is_said_in_the_graph_of_its_text(
    library: Library, words: Graph
) -> None:
    lines = set(mention_quads(library, words))
    text = "https://zhunru.example/id/doc/jl-jifa-2017-36"
    sentence, post = f"{text}/sec_1__sub_1__s_3", code_iri("posts", "first-secretary")
    graph = "https://zhunru.example/graph/doc/jl-jifa-2017-36"
    assert f"<{sentence}> <https://zhunru.example/ns#mentions> <{post}> <{graph}> ." in lines
