"""Networks and states for hypothesis: conditions of any shape, knowledge of any kind."""

from __future__ import annotations

from hypothesis import strategies as st

from rules.condition import All, Condition, Either, Not, to_json
from rules.condition import Test as Comparison
from rules.network import Network, compile_rules
from rules.state import State
from tests.rules.generate import KIND
from tests.rules.small import book, fact, is_, rule

FACTS = (
    fact("a"),
    fact("b", by="assigner"),
    fact("c", when=is_("a")),
    fact("d", when={"not": is_("c")}, by="assigner"),
    fact("role", "code"),
    fact("number", "integer"),
)
_COMPARISONS = (
    *(Comparison(name, "is", (value,)) for name in "abcd" for value in (True, False)),
    Comparison("role", "is", ("r2",)),
    Comparison("role", "in", ("r0", "r3")),
    Comparison("number", "at-least", (2,)),
    Comparison("number", "less-than", (5,)),
    Comparison("number", "in", (2, 7)),
)

conditions: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(_COMPARISONS),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: Either(tuple(parts))),
    ),
    max_leaves=8,
)


def network_of(trees: list[Condition], required: Condition | None = None) -> Network:
    """A network whose rules have these conditions, the last one requiring another."""
    rules = [rule(f"rule.{i}", "permits", to_json(tree)) for i, tree in enumerate(trees)]
    if required is not None:
        rules.append(rule("demand", "requires", that=to_json(required)))
    made = book(FACTS, rules)
    return compile_rules(KIND, made.rules[KIND], made.vocabulary)


@st.composite
def states(draw: st.DrawFn, network: Network) -> State:
    """What may be known: for each slot some regions, absence among them where it may be."""
    masks: list[int] = []
    for slot, domain in enumerate(network.domains):
        single = list(domain.split(domain.everything | (slot in network.applies_when)))
        masks.append(sum(draw(st.sets(st.sampled_from(single), min_size=1))))
    return tuple(masks)
