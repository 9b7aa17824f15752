"""Grounds of derived statements: the premises are in the graph, and the statement follows."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from kb.explain import Statement
from kb.inference import inference_rule_of, inference_rules, is_derived
from kb.materialise import materialise
from kb.store import GraphStore
from service.sparql.asker import Asker
from service.sparql.limits import Caps
from service.sparql.terms import Table, read_table
from service.why.reading import SHOWN, Reader, Reason
from service.why.telling import walked
from tests.awaiting import awaited
from tests.kb.following import OWL, RDF, RDFS, integer, quads, zr

EACH = 5
ANYBODY = Asker(None, "", Caps())
G = "<https://data.example/profiles>"


class InMemory:
    """A store asked without a process beside."""

    def __init__(self, store: GraphStore) -> None:
        self.store = store
        self.asked = 0

    async def first(
        self, text: str, most: int, seconds: float = 0.0, asker: Asker | None = None
    ) -> Table:
        self.asked += 1
        return read_table("tsv", self.store.answer(text).text("tsv"), most)


def reason_of(store: GraphStore, statement: Statement, graph: str = "") -> Reason | None:
    return awaited(Reader(InMemory(store), ANYBODY).reason(statement, graph))


def made(*lines: str) -> GraphStore:
    store = GraphStore("\n".join(f"{line} {G} ." for line in lines).encode())
    materialise(store)
    return store


def profiles(built_graph: Path) -> GraphStore:
    """The built graph with communities, so that every rule gives something."""
    lines = [
        line
        for line in built_graph.read_text("utf-8").split("\n")
        if line and "/graph/derived/" not in line
    ]
    place = "<https://zhunru.example/id/place/220102>"
    for n in range(SHOWN + 5):
        c, b = f"<x:c{n}>", f"<x:b{n}>"
        kind = ("ResidentsCommittee", "VillagersCommittee")[n % 2]
        for said in (
            f"{c} <{RDF}type> {zr('Community')}",
            f"{c} {zr('partOf')} {place}",
            f"{c} {zr('households')} {integer(500 + n)}",
            f"{b} {zr('servesCommunity')} {c}",
            f"{b} <{RDF}type> {zr(kind)}",
            f"<x:v{n}> {zr('hasVersion')} <x:w{n}>",
        ):
            lines.append(f"{said} {G} .")
    store = GraphStore("\n".join(lines).encode())
    materialise(store)
    return store


@pytest.fixture(scope="module")
def store(built_graph: Path) -> GraphStore:
    return profiles(built_graph)


@pytest.fixture(scope="module")
def derived(store: GraphStore) -> dict[str, list[Statement]]:
    """The derived statements by rule."""
    found: dict[str, list[Statement]] = {}
    for triple, graph in quads(store.nquads().decode().split("\n")):
        if is_derived(graph):
            rule = inference_rule_of(graph)
            assert rule is not None
            found.setdefault(rule.name, []).append(Statement(*triple))
    return found


@pytest.mark.parametrize("rule", [rule.name for rule in inference_rules()])
def test_premises_are_stated_and_entail(
    store: GraphStore, derived: dict[str, list[Statement]], rule: str
) -> None:
    """Of some statements of every rule: the stated leaves alone give the statement again."""
    told = sorted(derived[rule])
    for statement in told[:: max(1, len(told) // EACH)]:
        reason = reason_of(store, statement)
        assert reason is not None
        assert reason.rule is not None
        assert reason.rule.name == rule
        every = list(walked(reason))
        assert not any(each.cut for each in every)
        leaves = [each.statement for each in every if not each.premises]
        assert all(not each.derived for each in every if not each.premises)
        for leaf in leaves:
            assert store.ask(
                f"ASK {{ GRAPH ?g {{ {leaf} }} FILTER(!CONTAINS(STR(?g), 'derived')) }}"
            )
        if reason.size > reason.shown:
            continue  # the rest of what was counted is not shown; its number is told
        again = made(*(str(leaf).removesuffix(" .") for leaf in leaves))
        assert again.ask(f"ASK {{ GRAPH <{reason.rule.graph}> {{ {statement} }} }}"), statement


def test_what_is_counted_is_told_by_number(store: GraphStore) -> None:
    statement = Statement(
        "<https://zhunru.example/id/standing/communities/220102>",
        zr("communityCount"),
        integer(SHOWN + 5),
    )
    reason = reason_of(store, statement)
    assert reason is not None
    assert (reason.size, reason.shown) == (SHOWN + 5, SHOWN)
    members = {p.statement.subject for p in reason.premises} - {
        "<https://zhunru.example/id/place/220102>"
    }
    assert len(members) == SHOWN


def test_a_long_way_is_told_step_by_step() -> None:
    """What lies in what, not what follows from steps within steps."""
    chain = "abcdef"
    store = made(
        f"<x:in> <{RDF}type> <{OWL}TransitiveProperty>",
        *(f"<x:{a}> <x:in> <x:{b}>" for a, b in pairwise(chain)),
    )
    reason = reason_of(store, Statement("<x:a>", "<x:in>", "<x:f>"))
    assert reason is not None
    steps = [p.statement for p in reason.premises[1:]]
    assert [s.subject for s in steps] == [f"<x:{c}>" for c in chain[:-1]]
    assert all(p.premises == () for p in reason.premises)


def test_no_ground_goes_in_a_circle() -> None:
    """Two properties within each other, and their inverses: only what is stated grounds them."""
    store = made(
        f"<x:p> <{RDFS}subPropertyOf> <x:q>",
        f"<x:q> <{RDFS}subPropertyOf> <x:p>",
        f"<x:p> <{OWL}inverseOf> <x:r>",
        f"<x:r> <{RDFS}subPropertyOf> <x:s>",
        f"<x:s> <{OWL}inverseOf> <x:q>",
        "<x:a> <x:q> <x:b>",
    )
    for triple, graph in quads(store.nquads().decode().split("\n")):
        if not is_derived(graph):
            continue
        reason = reason_of(store, Statement(*triple))
        assert reason is not None
        leaves = {each.statement for each in walked(reason) if not each.premises}
        assert Statement("<x:a>", "<x:q>", "<x:b>") in leaves

        def on_no_path_twice(each: Reason, above: tuple[Statement, ...] = ()) -> None:
            assert each.statement not in above
            for premise in each.premises:
                on_no_path_twice(premise, (*above, each.statement))

        on_no_path_twice(reason)


def test_of_several_grounds_the_plainest_is_told() -> None:
    store = made(
        f"<x:A> <{RDFS}subClassOf> <x:B>",
        f"<x:B> <{RDFS}subClassOf> <x:C>",
        f"<x:i> <{RDF}type> <x:A>",
    )
    reason = reason_of(store, Statement("<x:i>", f"<{RDF}type>", "<x:C>"))
    assert reason is not None
    assert [p.derived for p in reason.premises] == [False, False, False]


def test_a_statement_that_is_not_there_has_no_ground(store: GraphStore) -> None:
    nowhere = Statement("<x:c0>", zr("within"), "<https://zhunru.example/id/place/370000>")
    reader = Reader(InMemory(store), ANYBODY)
    assert awaited(reader.reason(nowhere)) is None
    near = awaited(reader.near(nowhere))
    assert {s.object for s in near} == {
        f"<https://zhunru.example/id/place/{code}>"
        for code in ("220102", "220100", "220000", "000000")
    }
    assert awaited(reader.near(Statement("<x:none>", "<x:p>", "<x:o>"))) == ()


def test_a_graph_may_be_named(store: GraphStore) -> None:
    statement = Statement("<x:c0>", zr("within"), "<https://zhunru.example/id/place/220000>")
    transitive = next(rule.graph for rule in inference_rules() if rule.name == "transitive")
    assert reason_of(store, statement, transitive) is not None
    assert reason_of(store, statement, "https://data.example/profiles") is None
