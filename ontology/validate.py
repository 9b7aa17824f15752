"""The built graph against the shapes of this folder (SHACL, https://www.w3.org/TR/shacl/)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

from pyshacl import validate as run_shacl
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from ontology.ids import NS
from ontology.issue import Issue, Severity
from ontology.names import nearest
from ontology.sources import HERE, read_sources, short

ONTOLOGY: Final = ("policy.ttl", "terms/*.ttl", "alignments.ttl")
WORDS: Final = (*ONTOLOGY, "codelists/*.ttl", "concepts/*.ttl", "facts/*.ttl")
# With the things that texts name; these are whole only beside the texts.
CONTENT: Final = (*WORDS, "things/*.ttl", "inferred.ttl", "reused.ttl")


def read(patterns: Iterable[str], folder: Path = HERE) -> Graph:
    """The statements of Turtle files of a folder; ValueError where one is not Turtle."""
    graph = Graph()
    for pattern in patterns:
        sources, issues = read_sources(folder, pattern)
        if issues:
            raise ValueError("\n".join(str(issue) for issue in issues))
        for source in sources:
            graph += source.graph
    return graph


def read_nquads(data: bytes | str) -> Graph:
    """The statements of all graphs of an N-Quads document."""
    graph = Graph()
    for subject, predicate, value, _ in Dataset().parse(data=data, format="nquads").quads():
        graph.add((subject, predicate, value))
    return graph


@cache
def _cached(patterns: tuple[str, ...], folder: Path) -> Graph:
    """Read once for many validations; nobody may add to it."""
    return read(patterns, folder)


def validate(graph: Graph, folder: Path = HERE) -> list[Issue]:
    """What in a graph breaks a shape or uses a term that the ontology does not declare.

    The graph must hold the ontology: shapes on a class cover its subclasses.
    """
    shapes = _cached(("shapes/*.ttl",), folder)
    _, report, _ = run_shacl(graph, shacl_graph=shapes, inference="none", advanced=False)
    if not isinstance(report, Graph):
        raise TypeError(f"the validator gave no report: {report!r}")
    found = [*_results(report), *undeclared(graph, _cached(ONTOLOGY, folder))]
    return sorted(found, key=lambda issue: (issue.where, issue.message))


def undeclared(graph: Graph, ontology: Graph) -> Iterator[Issue]:
    """An issue for each property or class of our namespace that no source declares."""
    declared = {str(s) for s in ontology.subjects(RDF.type, None)}
    used = {str(p) for p in graph.predicates()} | {str(o) for o in graph.objects(None, RDF.type)}
    for name in sorted(used - declared):
        if name.startswith(NS):
            near = nearest(name, declared)
            hint = f"did you mean {short(near)}?" if near else ""
            yield Issue("error", f"{short(name)} is not declared", "policy.ttl", hint)


_SEVERITY: Final[dict[Node | None, Severity]] = {SH.Violation: "error"}


def _results(report: Graph) -> Iterator[Issue]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = report.value(result, SH.focusNode)
        path = report.value(result, SH.resultPath)
        message = report.value(result, SH.resultMessage)
        value = report.value(result, SH.value)
        shown = f"{message}" + (f", not {short(value)}" if isinstance(value, URIRef) else "")
        where = short(focus) if focus is not None else ""
        if isinstance(path, URIRef):
            where += f" {short(path)}"
        severity = _SEVERITY.get(report.value(result, SH.resultSeverity), "warning")
        yield Issue(severity, shown, where)
