"""The shape of a query keeps its pattern and none of the values in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.quads import literal
from kb.query import queries
from service.sparql.shape import MOST, shape


def test_values_are_blank_and_words_of_the_vocabularies_stay() -> None:
    text = """# 王某某 asks
    PREFIX zr: <https://zhunru.example/ns#> PREFIX me: <https://me.example/>
    SELECT ?r { ?r a zr:Rule ; zr:text "某人的事"@zh ; me:phone 12345678901 .
      ?r zr:place <https://me.example/home> FILTER(?r != "x"^^me:t) } LIMIT 10"""
    assert shape(text) == (
        'SELECT ?r { ?r a zr:Rule ; zr:text "" @zh ; <> 0 . ?r zr:place <> '
        'FILTER ( ?r ! = "" ^ ^ <> ) } LIMIT 0'
    )


def test_a_prefix_does_not_become_a_word_by_its_name() -> None:
    assert shape("PREFIX zr: <https://me.example/> ASK { ?s zr:secret ?o }") == "ASK { ?s <> ?o }"


@given(st.text(min_size=4, max_size=30), st.sampled_from(["", "zh"]))
def test_no_string_is_ever_in_it(value: str, language: str) -> None:
    text = f"SELECT ?s {{ ?s ?p {literal(value, language)} }}"
    assert shape(text) in ('SELECT ?s { ?s ?p "" }', 'SELECT ?s { ?s ?p "" @zh }')


def test_every_question_has_one_that_fits() -> None:
    for question in queries():
        assert 0 < len(shape(question.text)) <= MOST + 1
        assert "://" not in shape(question.text)
    assert shape(f"ASK {{ {'?s ?p ?o . ' * 2000} }}").endswith("…")
