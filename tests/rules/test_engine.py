"""The durable_rules adapter: what durable_rules 2.0.28 does wrong, it never comes to do.

Each test names the trap it guards against. What could crash or hang runs in a process of its own
(`test_engine_limits.py`).
"""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import durable_rules_engine as native
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import engine as adapter
from rules.engine import Engine, EngineFault
from rules.network import Network, compile_rules
from rules.reference import generate
from rules.state import State
from tests.rules.generate import KIND, rulebook
from tests.rules.limits import agree, chance
from tests.rules.small import book, fact, is_, rule
from tests.rules.strategies import conditions, network_of, states


def network(seed: int) -> Network:
    made = rulebook(seed)
    return compile_rules(KIND, made.rules[KIND], made.vocabulary)


def wide(count: int = 40) -> Network:
    """Rules that all hold at once where all facts are true."""
    facts = [fact(f"f{i}") for i in range(4)]
    rules = [
        rule(f"r{i}", "permits", {"all": [is_(f"f{i % 4}"), is_(f"f{(i + 1 + i // 4) % 4}")]})
        for i in range(count)
    ]
    made = book(facts, rules)
    return compile_rules(KIND, made.rules[KIND], made.vocabulary)


def known(of: Network, value: bool) -> State:
    """All truth values the same, all periods in force."""
    facts = [(4 if value else 2) for _ in of.facts]
    return (*facts, *[4] * len(of.windows))


# --- right answers -------------------------------------------------------------------------------


@given(st.data())
def test_the_engine_has_the_kleene_value_of_every_tree(data: st.DataObject) -> None:
    made = network_of(
        data.draw(st.lists(conditions, min_size=1, max_size=4)), data.draw(conditions)
    )
    engine, plain = Engine(made), generate(made)
    for _ in range(3):
        state = data.draw(states(made))
        assert engine(state) == plain(state)


@pytest.mark.parametrize("seed", range(20))
def test_generated_rulebooks(seed: int) -> None:
    made = network(seed)
    agree(Engine(made), made, 100, seed)


def test_1_every_rule_that_matches_fires() -> None:
    """`post` fires one rule and consumes the event."""
    made = wide()
    everything = (1 << len(made.trees)) - 1
    assert Engine(made)(known(made, True)) == (everything, everything)


def test_6_alternatives_that_all_hold_count_once() -> None:
    """`|` fires once for each branch that holds."""
    either = {"any": [is_(f"f{i}") for i in range(8)]}
    made = book(
        [fact(f"f{i}") for i in range(8)], [rule("r", "permits", {"all": [either, either]})]
    )
    compiled = compile_rules(KIND, made.rules[KIND], made.vocabulary)
    assert Engine(compiled)(known(compiled, True)) == (1, 1)
    agree(Engine(compiled), compiled, 200)


def test_9_nothing_matching_and_the_same_question_again_are_answers_like_others() -> None:
    """Both raise in the documented usage."""
    made = wide()
    engine = Engine(made)
    for _ in range(3):
        assert engine(known(made, False)) == (0, 0)
        assert engine(known(made, True))[0] > 0
        assert engine(known(made, True))[0] > 0


def test_14_questions_without_number_need_one_session() -> None:
    """A 1,025th session is out of memory."""
    made = wide(8)
    agree(Engine(made), made, 3000)


# --- nothing of a question outlives it ------------------------------------------------------------


class Boom(BaseException):
    """Not even an Exception: as when a worker is told to stop."""


Patch = Callable[[Any], Any]


def _after(times: int, real: Any, error: type[BaseException]) -> Any:
    left = [times]

    def failing(*arguments: Any) -> Any:
        found = real(*arguments)
        left[0] -= 1
        if left[0] < 0:
            raise error("injected")
        return found

    return failing


@pytest.mark.parametrize("error", [native.error, MemoryError, Boom])
@pytest.mark.parametrize("times", [0, 1, 7])
@pytest.mark.parametrize(
    "call", ["assert_fact", "start_action_for_state", "complete_and_start_action"]
)
def test_2_a_fault_leaves_nothing_for_the_next_question(
    monkeypatch: pytest.MonkeyPatch, call: str, times: int, error: type[BaseException]
) -> None:
    """Half-propagated, the facts of one request fire the rules of the next (8 times of 8)."""
    made = wide()
    engine = Engine(made)
    with monkeypatch.context() as broken:
        broken.setattr(native, call, _after(times, getattr(native, call), error))
        if call != "complete_and_start_action":
            for _ in range(times):
                engine(known(made, True))
        with pytest.raises(Boom if error is Boom else EngineFault):
            engine(known(made, True))
    assert engine(known(made, False)) == (0, 0)
    agree(engine, made, 50)


def everything_said_to(engine: Engine, shard: int) -> str:
    """The fact that fires every rule of a ruleset."""
    keys = dict.fromkeys(rule.key for rule in engine._shards[shard]._rules.values())
    return "{" + "".join(f'"{key}":1,' for key in keys) + '"id":"1"}'


def test_2_a_fact_that_is_still_there_is_a_fault_and_then_gone() -> None:
    made = wide()
    engine = Engine(made)
    native.assert_fact(engine._shards[0]._handle, everything_said_to(engine, 0))
    with pytest.raises(EngineFault, match="earlier question"):
        engine(known(made, True))
    agree(engine, made, 20)


def test_a_ruleset_that_does_not_answer_as_told_is_never_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(native, "start_action_for_state", lambda handle, offset: None)
    with pytest.raises(EngineFault, match="nothing fires"):
        Engine(wide())
    monkeypatch.undo()
    real = native.create_ruleset

    def forgetful(name: str, definition: str) -> Any:
        written = json.loads(definition)
        written.popitem()
        return real(name, json.dumps(written))

    monkeypatch.setattr(native, "create_ruleset", forgetful)
    with pytest.raises(EngineFault, match="does not answer"):
        Engine(wide())


def test_a_session_that_fell_silent_is_a_fault_not_an_answer() -> None:
    """An action begun and not completed keeps a session for 30 s: all rules seem to fail."""
    made = wide()
    engine = Engine(made)
    handle = engine._shards[0]._handle
    _, offset = native.assert_fact(handle, everything_said_to(engine, 0))
    native.start_action_for_state(handle, offset)
    native.retract_fact(handle, '{"id":"1"}')
    with pytest.raises(EngineFault, match="nothing fires"):
        engine(known(made, True))
    agree(engine, made, 50)


def test_a_closed_engine_gives_no_answer_rather_than_a_wrong_one() -> None:
    made = wide()
    engine = Engine(made)
    engine.close()
    engine.close()
    with pytest.raises(EngineFault, match="closed"):
        engine(known(made, True))


# --- nothing of the caller's reaches it -----------------------------------------------------------


def test_3_and_15_no_thread_is_started() -> None:
    """Polling threads can take a firing, or walk a session while it is deleted."""
    before = set(threading.enumerate())
    made = wide()
    Engine(made)(known(made, True))
    assert set(threading.enumerate()) <= before


def test_4_names_that_share_a_hash_are_refused() -> None:
    """durable_rules compares names by 32-bit FNV alone: these two are one to it."""
    assert adapter._fnv1a("p3ca2eca2f1") == adapter._fnv1a("p1bf497ed12")
    with pytest.raises(EngineFault, match="hash"):
        adapter._refuse_hash_collisions(["a", "p3ca2eca2f1", "p1bf497ed12"])
    ours = [*adapter._ATTRIBUTES, *adapter._RULES, "id", "sid", "$s", "m"]
    hashes = {adapter._fnv1a(name) for name in dict.fromkeys(ours)}
    assert len(hashes) == len(set(ours))
    names = adapter._attributes()
    assert len(set(names.keys)) == adapter.MAX_KEYS
    assert len(set(names.denials)) == adapter.MAX_DENIALS
    assert not set(names.keys) & set(names.denials)


def test_11_the_first_test_of_every_rule_is_for_something_that_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A rule of absences alone fires on the engine's own record of the session, without end."""
    definitions: list[Any] = []
    create = native.create_ruleset

    def creating(name: str, definition: str) -> Any:
        definitions.append(json.loads(definition))
        return create(name, definition)

    monkeypatch.setattr(native, "create_ruleset", creating)
    for seed in range(10):
        Engine(network(seed))
    tests = [rule["all"][0]["m"]["$and"] for made in definitions for rule in made.values()]
    assert tests
    for first, *others in tests:
        assert list(first.values()) == [1]
        assert first.keys() <= set(adapter._attributes().keys)
        assert all(list(other) == ["$nex"] for other in others)


def test_5_and_16_to_20_facts_are_our_names_and_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """No coercion, None, text, regex, nesting or priority: none is ever written."""
    definitions: list[Any] = []
    facts: list[dict[str, Any]] = []
    create, ask = native.create_ruleset, native.assert_fact

    def creating(name: str, definition: str) -> Any:
        definitions.append(json.loads(definition))
        return create(name, definition)

    def asking(handle: Any, told: str) -> Any:
        facts.append(json.loads(told))
        return ask(handle, told)

    monkeypatch.setattr(native, "create_ruleset", creating)
    monkeypatch.setattr(native, "assert_fact", asking)
    for seed in range(10):
        made = network(seed)
        agree(Engine(made), made, 10, seed)
    names = set(adapter._ATTRIBUTES)
    assert len(facts) > 100
    for told in facts:
        assert told.pop("id") == "1"
        assert set(told) <= names
        assert all(value == 1 and type(value) is int for value in told.values())
    for definition in definitions:
        for written in definition.values():
            assert set(written) == {"all"}
            assert set(_keys(written)) - names <= {"all", "m", "$and", "$nex"}


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def test_7_and_8_no_action_and_no_batch_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults in actions are swallowed; batches run the actions of the last session only."""

    def never(*_: Any) -> None:
        raise AssertionError("not to be called")

    def never_either(_: Any) -> None:
        never()

    monkeypatch.setattr(adapter, "_ignore", never_either)
    for call in ("assert_event", "assert_events", "assert_facts", "update_state", "assert_timers"):
        monkeypatch.setattr(native, call, never)
    made = wide()
    agree(Engine(made), made, 50)


# --- threads and processes ------------------------------------------------------------------------


def test_threads_share_an_engine() -> None:
    """Without a lock 12,063 of 16,000 questions failed."""
    made = network(5)
    engine = Engine(made)
    failed: list[BaseException] = []

    def work(seed: int) -> None:
        try:
            agree(engine, made, 300, seed)
        except BaseException as problem:  # noqa: BLE001 - whatever it is, the test fails with it
            failed.append(problem)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def answers(seed: int) -> tuple[int, list[tuple[int, int]]]:
    """In a worker: what its own engine says."""
    made = network(seed)
    engine, random = Engine(made), Random(seed)
    return os.getpid(), [engine(chance(random, made)) for _ in range(100)]


_inherited: list[Engine] = []


def answers_of_the_parents_engine(seed: int) -> tuple[int, list[tuple[int, int]]]:
    """In a forked worker: what the engine made before the fork says."""
    random = Random(seed)
    return os.getpid(), [_inherited[0](chance(random, network(seed))) for _ in range(100)]


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_workers_have_engines_of_their_own(method: str) -> None:
    agree(Engine(network(1)), network(1), 10)
    with multiprocessing.get_context(method).Pool(2) as pool:
        found = pool.map(answers, range(6), chunksize=1)
    assert os.getpid() not in {process for process, _ in found}
    for seed, (_, said) in enumerate(found):
        made = network(seed)
        plain, random = generate(made), Random(seed)
        assert said == [plain(chance(random, made)) for _ in range(100)]


def test_a_forked_worker_may_ask_the_engine_it_inherited() -> None:
    made = network(3)
    _inherited[:] = [Engine(made)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        found = pool.map(answers_of_the_parents_engine, [3, 3, 3, 3], chunksize=1)
    plain, random = generate(made), Random(3)
    expected = [plain(chance(random, made)) for _ in range(100)]
    assert all(said == expected for _, said in found)
    agree(_inherited.pop(), made, 50)
