"""The generated function: the meaning of the trees, without paths (DESIGN §5)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules.condition import All, Either
from rules.condition import Test as Comparison
from rules.reference import generate, source
from rules.state import kleene
from tests.rules.strategies import conditions, network_of, states


@given(st.data())
def test_the_function_has_the_kleene_value_of_every_tree(data: st.DataObject) -> None:
    network = network_of(
        data.draw(st.lists(conditions, min_size=1, max_size=4)), data.draw(conditions)
    )
    state = data.draw(states(network))
    certain, possible = generate(network)(state)
    for bit, tree in enumerate(network.trees):
        value = (certain >> bit & 1) + (possible >> bit & 1)
        assert value == kleene(tree, network, state), tree


def test_the_function_is_plain_python_that_can_be_read() -> None:
    network = network_of([Comparison("a", "is", (True,)), All(()), Either(())])
    text = source(network)
    assert text.startswith("def evaluate(state):\n")
    compile(text, "evaluate", "exec")
    begun = len(network.windows)
    facts = [domain.everything for domain in network.domains[: len(network.facts)]]
    certain, possible = generate(network)((*facts, *[0b100] * begun))
    assert certain & 0b111 == 0b010, "all of nothing holds, any of nothing fails"
    assert possible & 0b111 == 0b011
