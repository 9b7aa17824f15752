"""The ground of a statement in words: names of its terms, and why it follows in the case."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from kb.explain import Statement
from kb.inference import InferenceRule
from ontology.ids import graph_iri
from ontology.label import Label
from service.linked.about import Shown, shown
from service.linked.labels import labels
from service.sparql.asking import Graph
from service.why.asked import href, read
from service.why.reading import Reason

_ORIGINS: Final = Path(__file__).with_name("origins.json")
_NAME: Final = re.compile(r"\{(\w+)\}")

Names = Mapping[str, str]
"""Labels by IRI."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where what is stated comes from: a graph, the kind of content, and its files."""

    graph: str
    label: Label
    file: str


@dataclass(frozen=True, slots=True)
class Words:
    """What terms are called in both languages."""

    zh: Names
    en: Names

    def of(self, term: str, language: str) -> Shown:
        """A term, as N-Triples write it, as it is shown."""
        return shown(read(term), self.zh if language == "zh" else self.en)


async def words_of(graph: Graph, statements: list[Statement], reason: Reason | None) -> Words:
    """The names of all terms that a ground, or statements, speak of. Raises Failed."""
    terms = {t for s in statements for t in (s.subject, s.predicate, s.object)}
    for each in walked(reason):
        s = each.statement
        terms |= {s.subject, s.predicate, s.object, *each.case.values()}
    iris = sorted(term[1:-1] for term in terms if term.startswith("<"))
    return Words(await labels(graph, iris, "zh"), await labels(graph, iris, "en"))


def walked(reason: Reason | None) -> Iterator[Reason]:
    """A reason and all that it leads to."""
    if reason is not None:
        yield reason
        for premise in reason.premises:
            yield from walked(premise)


def because(reason: Reason, words: Words) -> Label | None:
    """The ground of the rule with the names of the case in it; None for what is stated."""
    if reason.rule is None:
        return None

    def said(language: str) -> str:
        def name(found: re.Match[str]) -> str:
            term = reason.case.get(found[1])
            return words.of(term, language).name if term else found[1]

        assert reason.rule is not None
        return _NAME.sub(name, getattr(reason.rule.ground, language))

    return Label(said("zh"), said("en"))


def origin_of(statement: Statement, graph: str) -> Origin:
    """Where a statement of a graph comes from."""
    base = graph_iri("")
    if not graph.startswith(base):
        return Origin(graph, Label("管理员写入的图", "a graph that an administrator wrote"), "")
    local = graph.removeprefix(base)
    for origin in _origins():
        subject = origin.get("subject", "").replace("*", local.removeprefix("doc/"))
        if (
            local.startswith(origin["graph"])
            and subject in statement.subject
            and origin.get("property", "") in statement.predicate
        ):
            return Origin(graph, Label(origin["zh"], origin["en"]), origin["file"])
    raise AssertionError("the last origin is that of any graph")


@cache
def _origins() -> tuple[Mapping[str, str], ...]:
    return tuple(json.loads(_ORIGINS.read_text("utf-8")))


def why_json(reason: Reason, words: Words, generation: str) -> dict[str, Any]:
    """The ground as JSON: nested, with every rule once beside it."""
    rules = {each.rule.name: each.rule for each in walked(reason) if each.rule}
    return {
        **_reason(reason, words),
        "rules": {name: _rule(rule) for name, rule in sorted(rules.items())},
        "generation": generation,
    }


def statement_json(statement: Statement) -> dict[str, str]:
    """A statement as JSON: IRIs bare, literals as N-Triples write them."""
    terms = (statement.subject, statement.predicate, statement.object)
    names = ("subject", "predicate", "object")
    bare = (term[1:-1] if term.startswith("<") else term for term in terms)
    return dict(zip(names, bare, strict=True))


def _rule(rule: InferenceRule) -> dict[str, Any]:
    return {
        "graph": rule.graph,
        "title": rule.title.to_json(),
        "ground": rule.ground.to_json(),
        "sparql": rule.text,
    }


def _reason(reason: Reason, words: Words) -> dict[str, Any]:
    told: dict[str, Any] = {
        "statement": statement_json(reason.statement),
        "derived": reason.derived,
        "graphs": list(reason.graphs),
        "why": href(reason.statement, ".json"),
    }
    if ground := because(reason, words):
        assert reason.rule is not None
        told["rule"] = reason.rule.name
        told["because"] = ground.to_json()
        told["premises"] = [_reason(premise, words) for premise in reason.premises]
        if reason.size:
            told["counted"] = {"size": reason.size, "shown": reason.shown}
        if reason.cut:
            told["cut"] = True
    elif not reason.derived:
        told["origins"] = [
            {"graph": o.graph, **o.label.to_json(), "file": o.file}
            for o in (origin_of(reason.statement, graph) for graph in reason.graphs)
        ]
        told["evidence"] = [
            {
                "quote": e.quote,
                "instrument": {"iri": e.instrument, "number": e.number, "title": e.title},
                "provision": {"iri": e.provision, "label": e.label},
                "sentence": e.sentence,
            }
            for e in reason.evidence
        ]
    return told
