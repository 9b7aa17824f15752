"""The rules of `derived/*.rq`: what follows from the graph, each a CONSTRUCT with its ground.

A rule's statements stand in a graph named after it. The header tells why they follow, in both
languages; `{name}` in a ground is what the variable stands for in a case at hand::

    # title-zh: 上位类
    # title-en: wider class
    # ground-zh: “{class}”是“{wider}”的下位类……
    # ground-en: “{class}” is a narrower class of “{wider}” …
    # order: 50

A rule that counts names the variable of what it counts, `# counts: norm`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from kb.patterns import Construct, read, variables
from ontology.ids import graph_iri
from ontology.issue import Issue
from ontology.label import Label
from ontology.names import nearest

HERE: Final = Path(__file__).with_name("derived")
GRAPHS: Final = graph_iri("derived/")
"""What the names of all derived graphs start with."""

_HEADER: Final = re.compile(r"# *([a-z-]+): *(.*\S)")
_NEEDED: Final = ("title-zh", "title-en", "ground-zh", "ground-en", "order")
_KEYS: Final = (*_NEEDED, "counts")


class BadRule(Exception):
    """A rule's file that does not hold; `issues` say what and where."""

    def __init__(self, *issues: Issue) -> None:
        self.issues = issues
        super().__init__("\n".join(str(issue) for issue in issues))


@dataclass(frozen=True, slots=True)
class InferenceRule:
    """A rule: the file's name without suffix, its title, ground and place in the order.

    `counts` is the variable of what it counts or averages, without question mark; empty where it
    does neither. What such a rule gives is a premise of no other.
    """

    name: str
    title: Label
    ground: Label
    order: int
    counts: str
    text: str
    construct: Construct

    @property
    def graph(self) -> str:
        """The IRI of the graph of what it gives."""
        return GRAPHS + self.name


@cache
def inference_rules(folder: Path = HERE) -> tuple[InferenceRule, ...]:
    """All rules in their order; BadRule with every fault at its file and line."""
    found: list[InferenceRule] = []
    issues: list[Issue] = []
    for path in sorted(folder.glob("*.rq")):
        try:
            found.append(parse(path.stem, path.read_text("utf-8")))
        except BadRule as error:
            issues += error.issues
    by_order: dict[int, str] = {}
    for rule in found:
        if rule.order in by_order:
            where = f"{rule.name}.rq:1"
            message = f"the order {rule.order} is that of {by_order[rule.order]}"
            issues.append(Issue("error", message, where, "orders differ, in steps of ten"))
        by_order[rule.order] = rule.name
    if issues:
        raise BadRule(*issues)
    return tuple(sorted(found, key=lambda rule: rule.order))


def inference_rule_of(graph: str, folder: Path = HERE) -> InferenceRule | None:
    """The rule that a graph is named after; None for any other graph."""
    return next((rule for rule in inference_rules(folder) if rule.graph == graph), None)


def is_derived(graph: str) -> bool:
    """Whether a graph of this name holds what follows rather than what is stated."""
    return graph.startswith(GRAPHS)


def parse(name: str, text: str) -> InferenceRule:
    """A rule from its file's text; BadRule where header and query do not hold."""
    issues: list[Issue] = []
    header: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#"):
            break
        if found := _HEADER.fullmatch(line):
            header[found[1]] = found[2]
            if found[1] not in _KEYS:
                near = nearest(found[1], _KEYS)
                hint = f"did you mean {near}?" if near else ""
                message = f"a header has no {found[1]}"
                issues.append(Issue("error", message, f"{name}.rq:{number}", hint))
    where = f"{name}.rq:1"
    issues += [
        Issue("error", f"the header has no {key}", where) for key in _NEEDED if key not in header
    ]
    if not issues and not header["order"].isdecimal():
        issues.append(Issue("error", f"{header['order']} is no number", where))
    try:
        construct = read(text)
        issues += _unbound(construct, where)
        if bool(construct.group) != ("counts" in header):
            issues.append(Issue("error", "what groups says what it counts, nothing else", where))
    except ValueError as error:
        issues.append(Issue("error", str(error), where))
    if issues:
        raise BadRule(*issues)
    title = Label(header["title-zh"], header["title-en"])
    ground = Label(header["ground-zh"], header["ground-en"])
    order, counts = int(header["order"]), header.get("counts", "")
    return InferenceRule(name, title, ground, order, counts, text, construct)


def _unbound(construct: Construct, where: str) -> list[Issue]:
    """A variable of the template that the body does not bind would give nothing, silently."""
    lost = variables(construct.head) - variables(construct.where)
    return [Issue("error", f"nothing binds ?{name}", where) for name in sorted(lost)]
