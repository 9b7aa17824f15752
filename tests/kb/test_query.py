"""Questions are whole SPARQL queries; a parameter is an RDF term in a data block, never text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.query import BadQuery, Query, bind, load, parse, queries
from kb.store import GraphStore

BODY = 'SELECT ?text WHERE {\n  VALUES ?text { "三（五）" }\n}\n'
HEADER = '# title-zh: 条款\n# title-en: a provision\n# param: text text 三（五） 条款号 "a label"\n'
QUERY = parse("a", HEADER + BODY)


def faults(text: str) -> str:
    with pytest.raises(BadQuery) as error:
        parse("a", text)
    return str(error.value)


@pytest.mark.parametrize("query", queries(), ids=lambda q: q.name)
def test_each_question_runs_as_it_stands(query: Query) -> None:
    """A file is what its defaults bind to, so it can be pasted at any endpoint."""
    assert bind(query) == query.text
    GraphStore(b"").select(bind(query))


def test_there_are_enough_questions() -> None:
    """Issue “Ontology and graph”: more than twenty, each named in both languages, none twice."""
    assert len(queries()) >= 22
    assert len({q.title.zh for q in queries()}) == len({q.title.en for q in queries()})
    assert len({q.title.en for q in queries()}) == len(queries())


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_is_only_a_value(value: str) -> None:
    """SPARQL 1.1 §10.2.2 and §4.1.2: what is bound comes back as the same literal."""
    assert GraphStore(b"").select(bind(QUERY, {"text": value})) == [{"text": value}]


@pytest.mark.parametrize(
    ("kind", "default", "term", "bad"),
    [
        ("day", "2019-06-01", '"2019-06-01"^^<http://www.w3.org/2001/XMLSchema#date>', "2019-6-1"),
        ("number", "3", '"3"^^<http://www.w3.org/2001/XMLSchema#integer>', "三"),
        ("flag", "true", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', "yes"),
        ("place", "2201", "<https://zhunru.example/id/place/220100>", "吉林省"),
        ("instrument", "jl-a", "<https://zhunru.example/id/doc/jl-a>", "x> } #"),
        ("rule", "jl.a", "<https://zhunru.example/id/rule/jl.a>", "a b"),
        ("code:roles", "assist", "<https://zhunru.example/id/code/roles/assist>", "as/sist"),
    ],
)
def test_a_value_becomes_a_term_of_its_type_or_an_issue(
    kind: str, default: str, term: str, bad: str
) -> None:
    header = HEADER.replace("text text 三（五）", f"it {kind} {default}")
    query = parse("a", header + f"SELECT * {{ VALUES ?it {{ {term} }} }}")
    assert bind(query, {"it": default}) == query.text
    with pytest.raises(BadQuery, match="a: it: error: "):
        bind(query, {"it": bad})


def test_what_a_header_lacks_is_told_with_its_line() -> None:
    assert "a.rq:1: error: the header has no title-en" in faults("# title-zh: 甲\n" + BODY)
    assert "a.rq:3: error: the query holds the default" in faults(HEADER + "SELECT * {}")
    assert "a.rq:3" in faults(HEADER.replace("三（五）", "四") + BODY)
    assert "name type default" in faults(HEADER.replace(' "a label"', "") + BODY)
    assert "did you mean title-zh?" in faults(HEADER + "# title-hz: 甲\n" + BODY)
    assert "no name with a type" in faults(HEADER.replace("text text", "text txt") + BODY)
    assert "no name with a type" in faults(HEADER.replace("text text", "text code") + BODY)


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(BadQuery, match=r"did you mean defeats\?"):
        load("defeat")
    with pytest.raises(BadQuery, match=r"no parameter txt \(did you mean text\?\)"):
        bind(QUERY, {"txt": "一"})
