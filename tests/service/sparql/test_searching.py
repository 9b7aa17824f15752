"""Search patterns become the hits they stand for; all else of a query stays as it was sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kb.search_index import TextIndex
from kb.store import GraphStore
from service.sparql.prefixes import ENDPOINT
from service.sparql.searching import Dataset, TextSearch, expanded, searches
from service.sparql.text import Refused

Ask = Callable[..., list[str]]
NS = "https://zhunru.example/ns#"
P = f"PREFIX zr: <{NS}> "
LINES = sorted(
    [
        '<x:a> <x:says> "社区事项清单" <x:g> .',
        '<x:a> <x:size> "3"^^<http://www.w3.org/2001/XMLSchema#integer> <x:g> .',
        "<x:a> <x:kind> <x:K> <x:g> .",
        '<x:b> <x:says> "社区台账"@zh <x:g> .',
        "<x:b> <x:kind> <x:K> <x:g> .",
        '<x:c> <x:says> "清單" <x:h> .',
        "<x:c> <x:near> <x:a> <x:h> .",
        '<x:a> <x:says> "社区" <x:h> .',
        '<x:u> <x:says> "社区，在无名图中" .',
    ]
)


@pytest.fixture(scope="module")
def index() -> TextIndex:
    return TextIndex(LINES)


@pytest.fixture(scope="module")
def store() -> GraphStore:
    return GraphStore("".join(f"{line}\n" for line in LINES).encode())


@pytest.fixture
def ask(index: TextIndex, store: GraphStore) -> Ask:
    """Rows of a query, each as the sorted texts of its values."""
    search = TextSearch(lambda: index)

    def asked(text: str, dataset: Dataset | None = None) -> list[str]:
        rows = store.select(search.ready(P + text, dataset or Dataset(), ENDPOINT))
        return sorted(" ".join(row[name] for name in sorted(row)) for row in rows)

    return asked


FOUND = [
    ('SELECT ?s { ?s zr:matches "社区" }', ["x:a", "x:b", "x:u"]),
    ('SELECT ?s { ?s zr:matches "社區" . ?s <x:kind> <x:K> }', ["x:a", "x:b"]),
    ('SELECT ?s { ?s <x:kind> <x:K> ; zr:matches "清单" }', ["x:a"]),
    ('SELECT ?s { ?s zr:matches "清单" ; <x:kind> <x:K> . }', ["x:a"]),
    ('SELECT ?s { ?s <x:kind> <x:K> ; zr:matches "社区" ; <x:says> ?t ; . }',
     ["x:a", "x:a", "x:b"]),
    ('SELECT ?s { ?s zr:matches "社区", "清单" }', ["x:a"]),
    ('SELECT ?s { ?s zr:matches "社区" ; zr:matches "清单" }', ["x:a"]),
    ('SELECT ?s { ?s zr:matches "社区"@zh }', ["x:a", "x:b", "x:u"]),
    ('SELECT ?s { ?s zr:matches "社区"^^<http://www.w3.org/2001/XMLSchema#string> }',
     ["x:a", "x:b", "x:u"]),
    ("SELECT ?s { ?s zr:matches '''社区 NOT 台账''' }", ["x:a", "x:u"]),
    ('SELECT ?s { ?s zr:matches "\\u793E\\u533A NOT 台账" }', ["x:a", "x:u"]),
    ('SELECT ?s { ?s zr:matches "\\"社区台账\\"" }', ["x:b"]),
    (f'SELECT ?s {{ ?s <{NS}matches> "台账" }}', ["x:b"]),
    ('BASE <https://zhunru.example/> SELECT ?s { ?s <ns#matches> "台账" }', ["x:b"]),
    ('SELECT ?s { VALUES ?w { "台账" } ?s zr:matches ?w }', ["x:b"]),
    ('SELECT ?s { ?s zr:matches ?w VALUES ?w { "台账"@zh } }', ["x:b"]),
    ('SELECT ?s { ?s zr:matches "鑫" }', []),
    ('SELECT ?s { ?s zr:search "台账" }', ["x:b"]),
    ('SELECT ?s { (?s) zr:search "台账" }', ["x:b"]),
    ('SELECT ?s ?t ?p ?x ?y { (?s ?n ?t ?p ?x ?y) zr:search "事项 OR 台账" }',
     ["x:says x:a 社区⟦事项⟧清单 2 4", "x:says x:b 社区⟦台账⟧ 2 4"]),
    ('SELECT ?s { (?s ?n) zr:search ("社区" 1) FILTER(?n > 0.0) }', ["x:a"]),
    # Where it may stand.
    ('SELECT ?s { { ?s zr:matches "台账" } UNION { ?s zr:matches "事项" } }', ["x:a", "x:b"]),
    ('SELECT ?s { ?s <x:kind> ?k OPTIONAL { ?s zr:matches "台账" } }', ["x:a", "x:b"]),
    ('SELECT ?s { ?s <x:kind> ?k MINUS { ?s zr:matches "台账" } }', ["x:a"]),
    ('SELECT ?s { ?s <x:kind> ?k FILTER NOT EXISTS { ?s zr:matches "台账" } }', ["x:a"]),
    ('SELECT ?s { ?s <x:kind> ?k FILTER(?k = <x:K> && EXISTS { ?s zr:matches "台账" }) }', ["x:b"]),
    ('SELECT ?s (EXISTS { ?s zr:matches "台账" } AS ?e) { ?s <x:kind> ?k }',
     ["false x:a", "true x:b"]),
    ('SELECT ?s { { SELECT ?s { ?s zr:matches "社区" } ORDER BY ?s LIMIT 1 } }', ["x:a"]),
    ('SELECT ?s (COUNT(*) AS ?n) { ?s zr:matches "清单" } GROUP BY ?s HAVING(COUNT(*) > 0)',
     ["1 x:a", "1 x:c"]),
    ('SELECT ?s { ?c <x:near> ?s . ?c zr:matches "清单" BIND(1 AS ?one) }', ["x:a"]),
    ('SELECT ?s { ?c (<x:near>|^<x:near>)+ ?s . ?c zr:matches "清单" . FILTER(?s != ?c) }',
     ["x:a", "x:c"]),
    # Things that are known.
    ('SELECT ?k { <x:b> zr:matches "台账" ; <x:kind> ?k }', ["x:K"]),
    ('SELECT ?k { <x:b> <x:kind> ?k . <x:b> zr:matches "清单" }', []),
    # Graphs: a search looks where the pattern would be matched.
    ('SELECT ?s { GRAPH <x:h> { ?s zr:matches "社区" } }', ["x:a"]),
    ('SELECT ?s { GRAPH <x:g> { ?s zr:matches "社区" } }', ["x:a", "x:b"]),
    ('SELECT ?g ?s { GRAPH ?g { ?s zr:matches "社区" } }', ["x:g x:a", "x:g x:b", "x:h x:a"]),
    ('SELECT ?g { GRAPH ?g { <x:a> zr:matches "社区" } }', ["x:g", "x:h"]),
    ('SELECT ?g { GRAPH ?g { ?g zr:matches "社区" } }', []),
    ('SELECT ?s { GRAPH <x:g> { SELECT ?s { ?s zr:matches "台账" } } }', ["x:b"]),
    ('SELECT ?s { { SELECT ?s { GRAPH ?g { ?s zr:matches "台账" } } } }', ["x:b"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_what_is_found(ask: Ask, text: str, expected: list[str]) -> None:
    assert ask(text) == expected


def test_the_dataset_of_a_query_bounds_its_searches(ask: Ask) -> None:
    every = 'SELECT ?s { ?s zr:matches "社区" }'
    assert ask(every, Dataset(["x:h"], [])) == ["x:a"]
    assert ask(every, Dataset([""], None)) == ["x:u"]
    inside = 'SELECT ?g ?s { GRAPH ?g { ?s zr:matches "社区" } }'
    assert ask(inside, Dataset([], ["x:h"])) == ["x:h x:a"]
    assert ask('SELECT ?s { GRAPH <x:g> { ?s zr:matches "社区" } }', Dataset([], ["x:h"])) == []


UNTOUCHED = [
    'SELECT * { ?s ?p "?s zr:matches \\"社区\\"" }',
    "SELECT * { ?s ?p '''zr:matches \"社区\"''' }",
    'SELECT * { ?s ?p ?o # ?s zr:matches "社区"\n }',
    "SELECT * { ?s <http://other.example/ns#matches> ?o }",
    'SELECT * { ?s <x:https://zhunru.example/ns#matches> "社区" }',
    'PREFIX zr: <http://other.example/> SELECT * { ?s zr:matches "社区" }',
    "SELECT * { ?matches ?search ?o }",
    "SELECT * { _:matches ?p 'x'@search }",
]
AS_A_TERM = [
    "SELECT * { zr:matches ?p ?o }",
    "SELECT * { ?s ?p zr:search }",
    "DESCRIBE zr:matches",
    "SELECT * { ?s ?p ?o FILTER(?p = zr:matches) }",
    "SELECT * { VALUES ?p { zr:matches } ?s ?p ?o }",
    'CONSTRUCT { ?s zr:matches "社区" } WHERE { ?s ?p ?o }',
    "SELECT * { ?s ?p (zr:matches zr:search) }",
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_words_in_strings_comments_and_names_are_none_of_it(index: TextIndex, text: str) -> None:
    whole = text if text.startswith("PREFIX") else P + text
    assert not searches(whole)
    assert TextSearch(lambda: index).ready(whole, Dataset(), ENDPOINT) is whole


@pytest.mark.parametrize("text", AS_A_TERM)
def test_the_properties_may_be_spoken_of(index: TextIndex, text: str) -> None:
    assert expanded(P + text, index, Dataset()) == P + text


REFUSED = [
    ('SELECT * { ?s zr:matches "社区 AND (清单" }', "(清单"),
    ('SELECT * { ?s zr:matches """a\\tOR\\u0020)""" }', ")\"\"\""),
    ('SELECT * { ?s zr:matches "" }', '" }'),
    ("SELECT * { ?s zr:matches ?w }", "?w }"),
    ('SELECT * { ?s zr:matches ?w VALUES ?w { "a" "b" } }', "?w VALUES"),
    ('SELECT * { ?s zr:matches ?w VALUES ?w { "a" UNDEF } }', "?w VALUES"),
    ("SELECT * { ?s zr:matches 5 }", "5 }"),
    ("SELECT * { ?s zr:matches <x:y> }", "<x:y>"),
    ('SELECT * { ?s zr:matches ("a" 5) }', '("a"'),
    ('SELECT * { ?s zr:search ("a" 0) }', "0)"),
    ('SELECT * { ?s zr:search ("a" "b") }', '"b")'),
    ('SELECT * { [] zr:matches "a" }', "[]"),
    ('SELECT * { _:x zr:matches "a" }', "_:x"),
    ('SELECT * { ?x ?p [ zr:matches "a" ] }', 'zr:matches "a"'),
    ('SELECT * { ?s zr:matches|zr:text "a" }', "zr:matches|"),
    ('SELECT * { ?s ^zr:search "a" }', "zr:search"),
    ('SELECT * { (?s ?s) zr:search "a" }', "(?s ?s)"),
    ('SELECT * { (?s 5) zr:search "a" }', "(?s 5)"),
    ('SELECT * { () zr:search "a" }', "()"),
    ('SELECT * { (?a ?b ?c ?d ?e ?f ?g) zr:search "a" }', "(?a"),
    ('SELECT * { (?a ?b) zr:search "a" ; a ?c }', "(?a"),
    ('CONSTRUCT WHERE { ?s zr:matches "a" }', "zr:matches"),
    ('SELECT * { GRAPH ?g { SELECT ?s { ?s zr:matches "a" } } }', "?g {"),
    ('SELECT * { ?s zr:matches "a" . << ?s ?p ?o >> ?q ?r }', "<< ?s"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at"), REFUSED)
def test_what_cannot_be_answered_is_refused_where_it_stands(
    index: TextIndex, text: str, at: str
) -> None:
    with pytest.raises(Refused) as refused:
        expanded(P + text, index, Dataset())
    assert (P + text)[refused.value.at :].startswith(at)
    assert refused.value.slug == "bad-query"


def test_a_fault_of_the_query_has_its_place_in_what_was_sent(index: TextIndex) -> None:
    text = 'SELECT * {\n  ?s zr:matches "社区" .\n  ?s <x:kind> }'
    with pytest.raises(SyntaxError, match=r"^error at 3:1[45]: "):
        TextSearch(lambda: index).ready(f"PREFIX zr: <{NS}>" + text, Dataset(), ENDPOINT)


def test_too_many_hits_are_no_silent_cut(index: TextIndex) -> None:
    text = P + 'SELECT * { ?s zr:matches "社区" }'
    assert expanded(text, index, Dataset(), most=4)
    with pytest.raises(Refused) as refused:
        expanded(text, index, Dataset(), most=2)
    assert refused.value.slug == "query-too-large"


@pytest.mark.parametrize(("opening", "closing"), [("[ ?p ", "]"), ("( ", ")")])
def test_depth_is_refused_not_fallen_over(index: TextIndex, opening: str, closing: str) -> None:
    text = f'SELECT * {{ ?s zr:matches "a" . ?s ?p {opening * 600}?o{closing * 600} }}'
    with pytest.raises(Refused, match="too deep"):
        expanded(P + text, index, Dataset())


def test_groups_as_deep_as_they_may_be_are_read(index: TextIndex) -> None:
    text = P + "SELECT * " + "{ " * 400 + '?s zr:matches "台账"' + " }" * 400
    assert "x:b" in expanded(text, index, Dataset())
