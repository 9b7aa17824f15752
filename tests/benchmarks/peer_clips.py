"""CLIPS through clipspy: one template with a slot a fact, one rule a bit.

A rule fires where its condition possibly holds, and adds its bit to the second mask; where the
condition certainly holds, to the first as well. A function in CLIPS takes the facts, asserts, runs,
retracts and returns both masks, so that a question is one call from Python.

Tried, on the practice cases, microseconds a question: rules that call back into Python 153; the
agenda read instead of run 94; two rules a bit that add to globals 85; one rule a bit 58; the same
within one function 47. Conditions as pattern constraints instead of one test are slower (186
against 94) and facts given as text slower still (399). What every rule tests (place, period) as
pattern constraints and the rest as a test is as fast as all in one test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import clips

from rules.state import State
from tests.benchmarks.coding import Atom, Both, Coding, Masks, Some, Tree, atoms_of
from tests.benchmarks.rounds import Contender

_WORD: Final = 60
_ONES: Final = (1 << _WORD) - 1


def contender(coding: Coding, states: Sequence[State]) -> Contender:
    """One rule a bit, asked by one call."""
    facts = [tuple(coding.facts(state).values()) for state in states]
    return Contender("clipspy", _Clips(coding), facts)


class _Clips:
    def __init__(self, coding: Coding) -> None:
        environment = clips.Environment()
        # Integers have 64 bits in CLIPS, so masks are told in words.
        words = range(0, len(coding.network.trees), _WORD)
        self._shifts = tuple(words)
        masks = [(f"?*{name}-{at}*", coding.always >> at & _ONES) for at in words for name in "cp"]
        environment.build("(defglobal " + " ".join(f"{mask} = 0" for mask, _ in masks) + ")")
        slots = " ".join(f"(slot {name})" for name in coding.names)
        environment.build(f"(deftemplate case {slots})")
        for bit, tree in coding.trees:
            environment.build(_rule(bit, tree, coding.names))
        given = " ".join(f"?{name}" for name in coding.names)
        values = " ".join(f"({name} ?{name})" for name in coding.names)
        cleared = " ".join(f"(bind {mask} {always})" for mask, always in masks)
        told = " ".join(mask for mask, _ in masks)
        environment.build(
            f"(deffunction ask ({given}) {cleared}"
            f" (bind ?case (assert (case {values}))) (run) (retract ?case) (create$ {told}))"
        )
        self._environment = environment  # CLIPS ends with it
        self._call: Any = environment.call

    def __call__(self, facts: tuple[int, ...]) -> Masks:
        told = self._call("ask", *facts)
        certain = possible = 0
        for shift, sure, may in zip(self._shifts, told[::2], told[1::2], strict=True):
            certain |= sure << shift
            possible |= may << shift
        return certain, possible


def _rule(bit: int, tree: Tree, names: tuple[str, ...]) -> str:
    read = {atom.name for atom in atoms_of(tree)}
    pattern = " ".join(f"({name} ?{name})" for name in names if name in read)
    at = bit // _WORD * _WORD
    certain, possible, value = f"?*c-{at}*", f"?*p-{at}*", 1 << bit - at
    return (
        f"(defrule bit-{bit} (case {pattern}) (test {_test(tree, False)}) =>"
        f" (bind {possible} (+ {possible} {value}))"
        f" (if {_test(tree, True)} then (bind {certain} (+ {certain} {value}))))"
    )


def _test(tree: Tree, certain: bool) -> str:
    match tree:
        case Atom():
            passing, failing = tree.values(certain)
            if len(failing) < len(passing):
                return f"(neq ?{tree.name} {' '.join(map(str, failing))})"
            same = [f"(eq ?{tree.name} {value})" for value in passing]
            return same[0] if len(same) == 1 else f"(or {' '.join(same)})"
        case Both(parts) | Some(parts):
            word = "and" if isinstance(tree, Both) else "or"
            return f"({word} {' '.join(_test(part, certain) for part in parts)})"
