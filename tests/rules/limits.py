"""What could crash, hang or leak, each run by name in a process of its own.

    python -m tests.rules.limits swaps 500

prints what was measured and ends with 0, or dies. `tests/prove/engine.py` runs the full counts.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from random import Random
from typing import Any

import psutil

from ontology.vocabulary import Fact
from rules.compiled import Compilations, compile_kind
from rules.decide import decide
from rules.engine import Engine
from rules.model import Rule
from rules.network import Network, compile_rules
from rules.reference import generate
from rules.state import State
from tests.rules.generate import DAY, KIND, day, requests, rulebook
from tests.rules.small import book, fact, is_, rule


def chance(random: Random, of: Network) -> State:
    """Some knowledge: of each slot all regions, some, or one."""
    masks = []
    for slot, domain in enumerate(of.domains):
        whole = domain.everything | (slot in of.applies_when)
        single = domain.split(whole)
        few = random.sample(single, k=random.randint(1, len(single))) if single else []
        masks.append(random.choice((whole, sum(few), random.choice(single) if single else 0)))
    return tuple(masks)


def agree(engine: Engine, of: Network, count: int, seed: int = 0) -> None:
    """The engine says of any knowledge what the generated function says."""
    plain, random = generate(of), Random(seed)
    for _ in range(count):
        state = chance(random, of)
        assert engine(state) == plain(state), state
    everything = tuple(domain.everything for domain in of.domains)
    assert engine(everything) == plain(everything), "nothing is known"


def network_of(facts: list[Fact], rules: list[Rule]) -> Network:
    """The network of a rulebook made by hand."""
    made = book(facts, rules)
    return compile_rules(KIND, made.rules[KIND], made.vocabulary)


def one_fact(count: int) -> None:
    """Many rules on one fact: more than 64 nodes pending for it are error 303."""
    facts = [fact("n", "integer"), fact("x")]
    rules = [
        rule(f"r{i}", "permits", {"all": [{"fact": "n", "at-least": i}, is_("x")]})
        for i in range(count)
    ]
    made = network_of(facts, rules)
    agree(Engine(made), made, 200)


def equal_conditions(count: int) -> None:
    """256 rules with one condition crash, 257 are error 108."""
    both = {"all": [is_("x"), is_("y")]}
    made = network_of(
        [fact("x"), fact("y")], [rule(f"r{i}", "permits", both) for i in range(count)]
    )
    agree(Engine(made), made, 100)


def distinct_conditions(count: int) -> None:
    """513 distinct root conditions hang."""
    facts = [fact("n", "integer"), fact("m", "integer")]
    rules = [
        rule(f"r{i}", "permits", {"all": [is_("n", i), {"fact": "m", "less-than": i}]})
        for i in range(count)
    ]
    made = network_of(facts, rules)
    agree(Engine(made), made, 30)


def attributes(count: int) -> None:
    """253 properties of one fact are error 302."""
    names = [f"f{i}" for i in range(count)]
    ring = zip(names, [*names[1:], names[0]], strict=True)
    rules = [rule(f"r.{a}", "permits", {"all": [is_(a), is_(b, False)]}) for a, b in ring]
    rules += [
        rule(f"w{i}", "permits", {"all": [is_(n) for n in names[i : i + 150]]})
        for i in range(0, count - 150, 50)
    ]
    made = network_of([fact(name) for name in names], rules)
    agree(Engine(made), made, 30)
    all_true = (*[4] * count, *[4] * len(made.windows))
    assert Engine(made)(all_true) == generate(made)(all_true)


def absences(count: int) -> None:
    """A rule that asks only for absence fires on the engine's own record, without end."""
    nots = [{"all": [{"not": is_(f"f{i}")}, {"not": is_("f0")}]} for i in range(count)]
    facts = [fact(f"f{i}") for i in range(count)]
    made = network_of(facts, [rule(f"r{i}", "permits", nots[i]) for i in range(count)])
    agree(Engine(made), made, 100)


def never_asked(count: int) -> None:
    """Deleting a session in which no action ran frees what was never set."""
    made = network_of([fact("x"), fact("y")], [rule("r", "permits", {"all": [is_("x"), is_("y")]})])
    nothing = (2, 2, *[4] * len(made.windows))
    for i in range(count):
        engine = Engine(made)
        if i % 2:
            assert engine(nothing) == (0, 0)
        engine.close() if i % 3 else gc.collect()


def decisions(count: int) -> None:
    """Growth over decisions on one rulebook, in KiB."""
    made, on = rulebook(5), day(5)
    compiled = compile_kind(made, KIND)
    asked = requests(5, made, 200)

    def work(number: int) -> None:
        one = asked[number % len(asked)]
        decide(KIND, one.facts, on, made, derived=one.derived, detail="verdict", compiled=compiled)

    print(_growth(work, count, count // 10))


def questions(count: int) -> None:
    """Growth over questions to one engine, in KiB."""
    made = rulebook(5)
    compiled = compile_rules(KIND, made.rules[KIND], made.vocabulary)
    engine, random = Engine(compiled), Random(0)
    states = [chance(random, compiled) for _ in range(2000)]
    print(_growth(lambda number: engine(states[number % len(states)]), count, count // 10))


def swaps(count: int) -> None:
    """Growth over rulebooks that follow one another through the cache, in KiB."""
    kept = Compilations(size=2)
    made = [rulebook(seed) for seed in range(8)]

    def work(number: int) -> None:
        law = made[number % len(made)]
        decide(KIND, {}, DAY, law, detail="verdict", compiled=kept.get(law, KIND))

    print(_growth(work, count, max(16, count // 10)))


def _growth(work: Callable[[int], Any], count: int, warm_up: int) -> int:
    process = psutil.Process()
    for number in range(warm_up):
        work(number)
    gc.collect()
    before = process.memory_info().rss
    for number in range(count):
        work(number)
    gc.collect()
    return (process.memory_info().rss - before) // 1024


if __name__ == "__main__":
    globals()[sys.argv[1]](int(sys.argv[2]))
