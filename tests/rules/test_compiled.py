"""Compiled rulebooks: built once, bounded, shared by threads, freed (DESIGN §5)."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import durable_rules_engine as native
import pytest

from rules.compiled import Compilations, Compiled, compile_kind, reference_kind, shared
from rules.engine import Engine, EngineFault
from rules.network import CompileError
from tests.rules.generate import KIND, rulebook
from tests.rules.small import book, fact, is_, rule


def engine_of(compiled: Compiled) -> Engine:
    assert isinstance(compiled.evaluate, Engine)
    return compiled.evaluate


def test_a_revision_is_compiled_once() -> None:
    kept = Compilations()
    first = kept.get(rulebook(1), KIND)
    assert kept.get(rulebook(1), KIND) is first, "the same revision, though another object"
    assert kept.get(rulebook(2), KIND) is not first


def test_the_least_recently_used_goes_first() -> None:
    kept = Compilations(size=2)
    first, second = (kept.get(rulebook(seed), KIND) for seed in (1, 2))
    assert kept.get(rulebook(1), KIND) is first
    kept.get(rulebook(3), KIND)
    assert kept.get(rulebook(1), KIND) is first
    assert kept.get(rulebook(2), KIND) is not second


def test_what_is_dropped_is_freed_in_durable_rules_too(monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[Any] = []
    delete = native.delete_ruleset

    def deleting(handle: Any) -> Any:
        freed.append(handle)
        return delete(handle)

    monkeypatch.setattr(native, "delete_ruleset", deleting)
    kept = Compilations(size=1)
    made = rulebook(5)
    compiled = kept.get(made, KIND)
    engine = weakref.ref(engine_of(compiled))
    mine = {shard._handle for shard in engine_of(compiled)._shards}
    kept.get(rulebook(6), KIND)
    gc.collect()
    assert not mine & {*freed}, "in use by somebody still"
    del compiled
    gc.collect()
    assert engine() is None
    assert mine
    assert mine <= {*freed}


def test_one_in_use_outlives_the_cache() -> None:
    kept = Compilations(size=1)
    made = rulebook(5)
    compiled = kept.get(made, KIND)
    for seed in range(6, 12):
        kept.get(rulebook(seed), KIND)
    state = tuple(domain.everything for domain in compiled.network.domains)
    assert compiled.evaluate(state) == reference_kind(made, KIND).evaluate(state)


def test_threads_get_one_compilation() -> None:
    kept, found = Compilations(), set[int]()
    made = rulebook(5)
    threads = [
        threading.Thread(target=lambda: found.add(id(kept.get(made, KIND)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1


def test_what_cannot_be_compiled_is_not_kept() -> None:
    kept = Compilations()
    broken = book([fact("x")], [rule("r", "permits", is_("nobody"))])
    for _ in range(2):
        with pytest.raises(CompileError):
            kept.get(broken, KIND)
    with pytest.raises(KeyError):
        kept.get(broken, "lottery")


def test_the_process_has_one_cache() -> None:
    assert shared() is shared()


def test_a_kind_without_rules_is_silent() -> None:
    compiled = compile_kind(book([fact("x")], []), KIND)
    assert compiled.evaluate((6,)) == (0, 0)
    engine_of(compiled).close()
    with pytest.raises(EngineFault):
        compiled.evaluate((6,))


def test_values_are_exact_while_nothing_open_is_read_twice() -> None:
    """`repeated`: x is read by the ban and by its exception, y through what makes it exist."""
    y = fact("y", when=is_("x"))
    made = book(
        [fact("x"), y, fact("z")],
        [
            rule("ban", "forbids", {"all": [is_("x"), is_("z")]}),
            rule("exception", "permits", is_("y"), defeats=["ban"]),
            rule("demand", "requires", is_("z"), that={"any": [is_("z"), is_("x")]}),
        ],
    )
    compiled = compile_kind(made, KIND)
    slots = compiled.network.slots
    window = len(made.vocabulary.facts(KIND))
    x, z, begun = 1 << slots["x"], 1 << slots["z"], 1 << window
    assert compiled.repeated == (x | begun, 0, z)
