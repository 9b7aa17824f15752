"""Search finds what a scan finds: on the real texts, with words of any length, however joined."""

from __future__ import annotations

import random

import pytest

from kb.search_index import ANYWHERE, After, Scope, TextIndex
from kb.search_query import read_search
from kb.search_texts import things
from ontology.ids import term
from tests.kb.scan import folded, pattern, quoted, words
from tests.kb.world import World

Key = tuple[str, str]
_TEXTS = """
SELECT ?g ?s ?t {
  GRAPH ?g { ?s ?p ?t }
  FILTER(isLiteral(?t) && (LANG(?t) != "" || DATATYPE(?t) = <http://www.w3.org/2001/XMLSchema#string>))
  FILTER(isIRI(?s) && ?t != "")
}
"""


@pytest.fixture(scope="module")
def lines(world: World) -> list[str]:
    return world.store.nquads().decode().splitlines()


@pytest.fixture(scope="module")
def index(lines: list[str]) -> TextIndex:
    return TextIndex(lines)


@pytest.fixture(scope="module")
def texts(world: World) -> dict[Key, list[str]]:
    """The texts of each thing in each graph, as the engine gives them."""
    found: dict[Key, list[str]] = {}
    for row in world.store.select(_TEXTS):
        found.setdefault((row["g"], row["s"]), []).append(row["t"])
    return found


class Scan:
    """Looks through all texts, folded once."""

    def __init__(self, texts: dict[Key, list[str]]) -> None:
        self._folded = {key: [*map(folded, said)] for key, said in texts.items()}

    def __call__(self, word: str) -> set[Key]:
        found = pattern(word)
        return {key for key, said in self._folded.items() if any(map(found.search, said))}


@pytest.fixture(scope="module")
def scan(texts: dict[Key, list[str]]) -> Scan:
    return Scan(texts)


def searched(index: TextIndex, text: str) -> set[Key]:
    hits = list(index.hits(read_search(text), scored=False))
    keys = {(hit.graph, hit.subject) for hit in hits}
    assert len(keys) == len(hits)
    return keys


def test_every_text_is_indexed(index: TextIndex, texts: dict[Key, list[str]]) -> None:
    assert index.size == len(texts) > 5000


def test_search_is_a_scan(index: TextIndex, texts: dict[Key, list[str]], scan: Scan) -> None:
    pool = [text for said in texts.values() for text in said]
    found = 0
    for word in words(pool, 300, seed=5):
        expected = scan(word)
        assert searched(index, quoted(word)) == expected, word
        found += bool(expected)
    assert 100 < found < 290


def test_words_joined_find_what_their_scans_joined_find(
    index: TextIndex, texts: dict[Key, list[str]], scan: Scan
) -> None:
    # Words that many texts have, so that joining them leaves something.
    pool = [text for said in texts.values() for text in said if len(text) > 60]
    some = {word: found for word in words(pool, 90, seed=6) if len(found := scan(word)) > 20}
    assert len(some) > 10
    chance = random.Random(7)
    left = 0
    for _ in range(100):
        chosen = chance.choices(sorted(some), k=3)
        x, y, z = map(quoted, chosen)
        a, b, c = (some[word] for word in chosen)
        for text, expected in (
            (f"{x} {y}", a & b),
            (f"{x} OR {y} AND {z}", a | (b & c)),
            (f"({x} OR {y}) {z}", (a | b) & c),
            (f"{x} NOT {y} OR {z}", (a - b) | c),
            (f"{x} AND NOT ({y} AND {z})", a - (b & c)),
            (f"{x} (NOT {y} OR {z})", a - (b - c)),
        ):
            assert searched(index, text) == expected, text
            left += bool(expected)
    assert left > 300


def test_old_forms_and_full_width_find_the_same(index: TextIndex) -> None:
    assert searched(index, "社區居民委員會") == searched(index, "社区居民委员会") != set()
    assert searched(index, "吉發〔２０１７〕３６號") == searched(index, "吉发〔2017〕36号") != set()


def test_scopes(index: TextIndex) -> None:
    search = read_search("社区")
    graph = "https://zhunru.example/graph/doc/jl-jifa-2017-36"
    here = list(index.hits(search, Scope([graph], "provision")))
    assert here
    assert {(hit.graph, hit.kind) for hit in here} == {(graph, "provision")}
    assert index.census(search)["provision"][graph] == len(here)
    plain = sorted(index.subjects(search, Scope([graph], "provision")))
    assert plain == sorted((hit.subject, hit.graph) for hit in here)
    assert list(index.hits(search, Scope([]))) == []
    assert list(index.hits(search, Scope(["https://zhunru.example/graph/none"]))) == []
    # Of the kind label only names count, not what else is said.
    called = read_search("demolition")
    label = [hit.subject for hit in index.hits(called, Scope(kind="label"))]
    assert label == ["https://zhunru.example/id/code/task-kinds/demolition"]
    assert len(list(index.hits(called))) > 1
    for kind, counts in index.census(called).items():
        assert sum(counts.values()) == len(list(index.hits(called, Scope(kind=kind)))), kind


def test_pages_put_together_are_the_whole(index: TextIndex) -> None:
    search = read_search("社区 NOT 村")
    whole = index.best(search, ANYWHERE, 10_000)
    assert [hit.score for hit in whole] == sorted((hit.score for hit in whole), reverse=True)
    pages, last = [], None
    while page := index.best(search, ANYWHERE, 7, last):
        pages += page
        last = After(page[-1].score, page[-1].subject, page[-1].graph)
    assert pages == whole
    assert {hit.id for hit in whole} == {hit.id for hit in index.hits(search)}


def test_the_same_graph_gives_the_same_index(lines: list[str], index: TextIndex) -> None:
    again = TextIndex(lines)
    search = read_search("社区")
    assert again.best(search, ANYWHERE, 50) == index.best(search, ANYWHERE, 50)


def test_lines_of_any_form() -> None:
    said = [
        '<http://a/s> <http://a/p> "a \\"b\\" \\\\ \\u793E\\n区" <http://a/g> .',
        '<http://a/s> <http://a/p> "not here"^^<http://a/d> <http://a/g> .',
        '<http://a/s> <http://a/p> "<http://a/s> <http://a/p> \\" .",  <http://a/g> .',
        '<http://a/t> <http://a/p> "社区"@zh-Hant .',
        '_:b <http://a/p> "社区" <http://a/g> .',
        f"<http://a/n> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{term('Norm')}> .",
        f'<http://a/n> <{term("quote")}> "社区" <http://a/g> .',
        "",
    ]
    found = {(thing.graph, thing.subject): thing for thing in things(sorted(said))}
    assert sorted(found) == [
        ("", "http://a/t"),
        ("http://a/g", "http://a/n"),
        ("http://a/g", "http://a/s"),
    ]
    assert [t.text for t in found["http://a/g", "http://a/s"].texts] == ['a "b" \\ 社\n区']
    assert found["", "http://a/t"].texts[0].language == "zh-Hant"
    assert found["http://a/g", "http://a/n"].kind == "norm"
