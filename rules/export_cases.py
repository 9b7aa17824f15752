"""The cases beside the rules as RDF: what each rule must come to on which facts, on which day.

Terms are those of `ontology/terms/decided.ttl`. Cases are made up by who writes the rules, so their
facts are of nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from ontology.ids import case_iri, code_iri, graph_iri, rule_iri, term
from rules.cases import Example
from rules.export import literal

_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
_DATE: Final = "http://www.w3.org/2001/XMLSchema#date"


def case_quads(cases: Iterable[Example]) -> list[str]:
    """The cases as sorted N-Quads lines of the graph of cases."""
    graph = f"<{graph_iri('cases')}>"
    counts: dict[str, int] = {}
    lines: set[str] = set()
    for case in cases:
        counts[case.rule] = counts.get(case.rule, 0) + 1
        iri = case_iri(case.rule, counts[case.rule])
        lines |= {f"<{iri}> <{p}> {o} {graph} ." for p, o in _case(case)}
    return sorted(lines)


def _case(case: Example) -> Iterator[tuple[str, str]]:
    yield _RDF_TYPE, f"<{term('Case')}>"
    yield term("caseOf"), f"<{rule_iri(case.rule)}>"
    yield term("caseStatus"), f"<{code_iri('case-statuses', case.status)}>"
    yield term("asOf"), f'"{case.as_of.isoformat()}"^^<{_DATE}>'
    for language, text in (("zh", case.title.zh), ("en", case.title.en)):
        yield _RDFS_LABEL, f"{literal(text)}@{language}"
    if case.verdict is not None:
        yield term("verdict"), f"<{code_iri('verdicts', case.verdict)}>"
    for name, value in (("verdictReason", case.reason), ("requirementStatus", case.requirement)):
        if value is not None:
            yield term(name), literal(value)
    facts = json.dumps(dict(case.facts), ensure_ascii=False, sort_keys=True, default=str)
    yield term("caseFacts"), literal(facts)
