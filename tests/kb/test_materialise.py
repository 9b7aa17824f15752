"""What follows, against the same rules followed by other means: exactly the same statements."""

from __future__ import annotations

from collections import Counter

import pytest

from kb.inference import GRAPHS, InferenceRule, inference_rules, is_derived, parse
from kb.materialise import TooMuch, followed, is_transitivity, materialise
from kb.store import GraphStore
from tests.kb.following import (
    ID,
    OWL,
    RDF,
    RDFS,
    Facts,
    Triple,
    counted,
    integer,
    quads,
    zr,
)
from tests.kb.world import World

G = "<https://data.example/profiles>"


def lines(*statements: str) -> list[str]:
    return [f"{statement} {G} ." for statement in statements]


def split(store: GraphStore) -> tuple[list[Triple], dict[Triple, str]]:
    """What a store states, and what it derives, each with its graph."""
    stated: list[Triple] = []
    derived: dict[Triple, str] = {}
    for triple, graph in quads(store.nquads().decode().split("\n")):
        if is_derived(graph):
            assert triple not in derived, "a statement follows by one rule"
            derived[triple] = graph
        else:
            stated.append(triple)
    return stated, derived


def expected(stated: list[Triple]) -> set[Triple]:
    facts = Facts(stated)
    return (facts.all | counted(facts)) - set(stated)


def test_the_built_graph_holds_exactly_what_follows(world: World) -> None:
    stated, derived = split(world.store)
    # The description of the dataset was made after, of all of it.
    assert set(derived) == expected(stated)
    assert set(derived).isdisjoint(stated)
    found = Counter(graph.removeprefix(GRAPHS) for graph in derived.values())
    assert found["transitive"] > 6000
    assert found["norm-counts"] > 100


def profiles(world: World) -> list[str]:
    """The vocabulary, with three streets of two provinces and the communities in them."""
    place = f"{ID}place/"
    found = [
        line
        for line in world.store.nquads().decode().split("\n")
        if line.endswith("graph/vocabulary> .")
    ]
    for n, county in enumerate(("220102", "220103", "370102")):
        street = f"<x:street{n}>"
        found += lines(f"{street} <{RDF}type> {zr('Place')}")
        found += lines(f"{street} {zr('partOf')} <{place}{county}>")
        for m in range(n + 1):
            c = f"<x:c{n}{m}>"
            kind = ("UrbanCommunity", "Community", "RuralCommunity")[m]
            found += lines(
                f"{c} <{RDF}type> {zr(kind)}",
                f"{c} {zr('partOf')} {street}",
                f"{c} {zr('households')} {integer(1000 + 7 * n + 100 * m)}",
                f"<x:b{n}{m}> {zr('servesCommunity')} {c}",
                f"<x:b{n}{m}> <{RDF}type> {zr('ResidentsCommittee')}",
            )
    return found


def test_communities_are_followed_and_counted(world: World) -> None:
    """Data an administrator writes, by our terms: places, kinds, committees, indicators."""
    given = profiles(world)
    store = GraphStore("\n".join(given).encode())
    materialise(store)
    stated, derived = split(store)
    assert set(derived) == expected(stated)
    ns = "PREFIX zr: <https://zhunru.example/ns#>"
    (row,) = store.select(
        f"""{ns} SELECT ?n ?urban ?mean ?level {{
          ?a zr:countedPlace <{ID}place/220100> ; zr:communityCount ?n ; zr:placeLevel ?level .
          ?b zr:countedPlace <{ID}place/220100> ; zr:urbanCommunityCount ?urban .
          ?c zr:countedPlace <{ID}place/220100> ; zr:averageHouseholds ?mean }}"""
    )
    # 1000; 1007 and 1107. A residents' committee makes each of the three urban.
    assert row == {
        "n": "3",
        "urban": "3",
        "mean": "1038",
        "level": f"{ID}code/administrative-levels/prefectural",
    }
    graph = derived["<x:c11>", f"<{RDF}type>", zr("UrbanCommunity")]
    assert graph == f"{GRAPHS}urban-by-committee"


def test_the_same_statements_give_the_same_lines(world: World) -> None:
    given = profiles(world)
    assert followed(given) == followed(reversed(given))


CHAIN = [f"<x:p> <{RDF}type> <{OWL}TransitiveProperty>"]


def naive(rule: InferenceRule, store: GraphStore) -> set[bytes]:
    """A rule run as its text says, again and again."""
    found: set[bytes] = set()
    while True:
        new = {*store.construct(rule.text, 10**6).splitlines(keepends=True)} - found
        if not new:
            return found
        found |= new
        store.put(b"".join(new), "x:naive")


@pytest.mark.parametrize(
    "pairs", ["ab bc cd de", "ab bc ca cd", "ab ac bd cd de", "aa ab", "ab cd"]
)
def test_transitive_pairs_are_those_that_the_rule_says(pairs: str) -> None:
    """The closure of kb.closure is that of the SPARQL text, circles and all."""
    rule = next(rule for rule in inference_rules() if rule.name == "transitive")
    assert is_transitivity(rule)
    given = lines(*CHAIN, *(f"<x:{pair[0]}> <x:p> <x:{pair[1]}>" for pair in pairs.split()))
    data = "\n".join(given).encode()
    stated = {line.removesuffix(f" {G} .") + " .\n" for line in given}
    by_text = {line.decode() for line in naive(rule, GraphStore(data))} - stated
    store = GraphStore(data)
    materialise(store, [rule])
    _, derived = split(store)
    assert {" ".join(triple) + " .\n" for triple in derived} == by_text


def test_what_two_graphs_state_is_not_derived_again() -> None:
    given = lines(f"<x:C> <{RDFS}subClassOf> <x:D>", f"<x:a> <{RDF}type> <x:C>")
    given.append(f"<x:a> <{RDF}type> <x:D> <x:other> .")
    assert followed(given) == []
    unnamed = [f"<x:a> <{RDF}type> <x:C> ."]
    assert followed([*given[:1], *unnamed]) == [f"<x:a> <{RDF}type> <x:D> <{GRAPHS}subclass> ."]


def test_a_blank_node_stays_the_same_node() -> None:
    given = lines(f"<x:C> <{RDFS}subClassOf> <x:D>", f"_:a <{RDF}type> <x:C>", "_:a <x:q> <x:b>")
    store = GraphStore("\n".join(given).encode())
    materialise(store)
    assert store.ask("ASK { ?a a <x:D> ; <x:q> <x:b> }")


def test_a_circle_of_classes_comes_to_an_end() -> None:
    given = lines(
        f"<x:C> <{RDFS}subClassOf> <x:D>",
        f"<x:D> <{RDFS}subClassOf> <x:C>",
        f"<x:a> <{RDF}type> <x:C>",
    )
    assert [line.split()[2] for line in followed(given)] == ["<x:D>"]


def test_too_much_is_refused() -> None:
    chain = lines(*CHAIN, *(f"<x:{n}> <x:p> <x:{n + 1}>" for n in range(30)))
    store = GraphStore("\n".join(chain).encode())
    with pytest.raises(TooMuch, match="transitive gives more than 100"):
        materialise(store, most=100)


def test_rules_run_until_nothing_more_follows() -> None:
    """A later rule may feed an earlier one: what is narrower leads to what has an inverse."""
    given = lines(
        f"<x:p> <{RDFS}subPropertyOf> <x:q>",
        f"<x:q> <{OWL}inverseOf> <x:r>",
        f"<x:r> <{RDFS}subPropertyOf> <x:t>",
        f"<x:t> <{RDF}type> <{OWL}TransitiveProperty>",
        "<x:b> <x:p> <x:a>",
        "<x:c> <x:p> <x:b>",
    )
    store = GraphStore("\n".join(given).encode())
    materialise(store)
    stated, derived = split(store)
    assert set(derived) == Facts(stated).all - set(stated)
    assert derived["<x:a>", "<x:t>", "<x:c>"] == f"{GRAPHS}transitive"


def test_a_rule_of_ones_own_is_run_too() -> None:
    text = """# title-zh: 甲
# title-en: a
# ground-zh: 甲
# ground-en: a
# order: 1
CONSTRUCT { ?a <x:grandparent> ?c } WHERE { ?a <x:parent> ?b . ?b <x:parent> ?c }"""
    store = GraphStore(
        "\n".join(lines("<x:a> <x:parent> <x:b>", "<x:b> <x:parent> <x:c>")).encode()
    )
    assert materialise(store, [parse("grand", text)]) == {"grand": 1}
    assert f"{GRAPHS}grand" in store.graphs()
