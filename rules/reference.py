"""A generated Python function with the meaning of a network: oracle in tests, fast path for batch.

It is generated from the condition trees, not from the paths the engine uses, so that the two can
disagree where either is wrong. Strong Kleene values are 0 (false), 1 (unknown), 2 (true); all is
the minimum, any the maximum, not the mirror (Kleene, Introduction to Metamathematics, §64).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from rules.condition import All, Condition, Either, Not, Test
from rules.network import Network

Evaluator = Callable[[tuple[int, ...]], tuple[int, int]]
"""From the masks of possible regions, slot by slot, to (certainly true, possibly true) bits."""


def generate(network: Network) -> Evaluator:
    """The reference evaluator of a network."""
    scope: dict[str, object] = {}
    exec(compile(source(network), "<reference>", "exec"), scope)
    return cast("Evaluator", scope["evaluate"])


def source(network: Network) -> str:
    """The Python text of the reference evaluator, for reading and for `generate`."""
    names: dict[Test, str] = {}
    lines = ["def evaluate(state):", "    certain = possible = 0"]
    for tree in network.trees:
        for test in _tests(tree):
            if test not in names:
                names[test] = f"t{len(names)}"
                slot = network.slots[test.fact]
                mask = network.domains[slot].truth[test]
                lines.append(f"    m = state[{slot}]")
                lines.append(
                    f"    {names[test]} = (1 if m & ~{mask:#x} else 2) if m & {mask:#x} else 0"
                )
    for bit, tree in enumerate(network.trees):
        lines += [
            f"    v = {_expression(tree, names)}",
            "    if v:",
            f"        possible |= {1 << bit:#x}",
            "        if v == 2:",
            f"            certain |= {1 << bit:#x}",
        ]
    lines.append("    return certain, possible")
    return "\n".join(lines) + "\n"


def _tests(tree: Condition) -> list[Test]:
    match tree:
        case Test():
            return [tree]
        case Not(part):
            return _tests(part)
        case All(parts) | Either(parts):
            return [test for part in parts for test in _tests(part)]


def _expression(tree: Condition, names: dict[Test, str]) -> str:
    match tree:
        case Test():
            return names[tree]
        case Not(part):
            return f"(2 - {_expression(part, names)})"
        case All(parts):
            return _fold("min", parts, names, "2")
        case Either(parts):
            return _fold("max", parts, names, "0")


def _fold(name: str, parts: tuple[Condition, ...], names: dict[Test, str], empty: str) -> str:
    if not parts:
        return empty
    inner = [_expression(part, names) for part in parts]
    return inner[0] if len(inner) == 1 else f"{name}({', '.join(inner)})"
