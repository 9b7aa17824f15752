"""One thing and what is said of it, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kb.explain import Statement
from kb.inference import GRAPHS
from ontology.ids import BASE
from service.linked.labels import labels
from service.linked.naming import here, in_query
from service.sparql.asker import Asker
from service.sparql.asking import Graph
from service.sparql.prefixes import load_prefixes
from service.sparql.terms import Term
from service.web.language import Language
from service.why.asked import href, written

SHOWN: Final = 500

# With the graph of what follows; what is stated stands in no derived graph.
_OUT: Final = """
SELECT DISTINCT ?p ?x ?from {{ {0} ?p ?x
  OPTIONAL {{ GRAPH ?from {{ {0} ?p ?x }} FILTER(STRSTARTS(STR(?from), "{1}")) }}
}} ORDER BY ?p BOUND(?from) ?x
"""
_IN: Final = """
SELECT DISTINCT ?p ?x ?from {{ ?x ?p {0}
  OPTIONAL {{ GRAPH ?from {{ ?x ?p {0} }} FILTER(STRSTARTS(STR(?from), "{1}")) }}
}} ORDER BY ?p BOUND(?from) ?x
"""
# What the fragments of a thing say belongs to it: its citations, repairs, requirements.
_DATA: Final = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ BIND({0} AS ?s) ?s ?p ?o }}
  UNION {{ {0} ?link ?s . ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{1}#")) }}
  UNION {{ {0} ?link ?part . ?part ?sub ?s . ?s ?p ?o
    FILTER(STRSTARTS(STR(?part), "{1}#") && STRSTARTS(STR(?s), "{1}#")) }}
}}
"""
_GRAPH: Final = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {0} {{ ?s ?p ?o }} }}"
_TERMS: Final = """
CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER(?s = {0} || STRSTARTS(STR(?s), "{1}#")) }}
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A term as it is shown: its text, its address, what it is called, else its short name."""

    text: str
    href: str = ""
    label: str = ""
    language: str = ""
    datatype: str = ""
    short: str = ""

    @property
    def name(self) -> str:
        """The label, or the IRI as short as it can be told from others."""
        return self.label or self.short


@dataclass(frozen=True, slots=True)
class Value:
    """What is at the other end of a statement, whether that follows, and where it is told why."""

    it: Shown
    derived: bool
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """Everything one property says of a thing."""

    property: Shown
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AboutPage:
    """The plain page of a thing; `more` where there is more than is shown."""

    iri: str
    path: str
    title: str
    out: tuple[Said, ...]
    into: tuple[Said, ...]
    more: bool


def statements_query(iri: str, name: str) -> str:
    """The query for the statements of a thing, of a graph, or of the ontology."""
    if "/graph/" in iri:
        return _GRAPH.format(name)
    return (_TERMS if iri.endswith("/ns") else _DATA).format(name, iri)


async def exists(graph: Graph, iri: str, asker: Asker | None = None) -> bool:
    """Whether anything is said of it, or in it, that who asks may see. Raises Failed."""
    if "/graph/" in iri:
        return iri in (await graph.current()).graphs
    name = in_query(iri)
    text = f"ASK {{ {{ {name} ?p ?o }} UNION {{ ?s ?p {name} }} }}"
    table = await graph.first(text, 1, asker=asker)
    return bool(table.truth)


async def siblings(graph: Graph, iri: str) -> list[str]:
    """IRIs beside it, from which the nearest can be told. Raises Failed."""
    if "/graph/" in iri:
        return list((await graph.current()).graphs)
    above = iri.rpartition("/")[0]
    text = f'SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{above}/")) }}'
    rows = (await graph.first(text, 10_000)).rows
    return [term.text for (term,) in rows if term is not None and "#" not in term.text]


async def about(graph: Graph, iri: str, language: Language) -> AboutPage | None:
    """The page of a thing; None where nothing is said of it. Raises Failed."""
    name = in_query(iri)
    if name is None:
        return None
    out = await graph.first(_OUT.format(name, GRAPHS), SHOWN)
    into = await graph.first(_IN.format(name, GRAPHS), SHOWN)
    if not out.rows and not into.rows:
        return None
    terms = [term for table in (out, into) for row in table.rows for term in row if term]
    iri_term = Term("iri", iri)
    called = await labels(graph, [iri, *(t.text for t in terms if t.kind == "iri")], language)
    return AboutPage(
        iri=iri,
        path=here(iri),
        title=called.get(iri, ""),
        out=_grouped(out.rows, called, lambda p, x: _why(iri_term, p, x)),
        into=_grouped(into.rows, called, lambda p, x: _why(x, p, iri_term)),
        more=out.more or into.more,
    )


def shown(term: Term, called: Mapping[str, str]) -> Shown:
    """A term with its address here and its label."""
    if term.kind != "iri":
        return Shown(term.text, language=term.language, datatype=term.datatype)
    address = here(term.text)
    followable = address.startswith(("/", "http://", "https://"))
    return Shown(
        term.text,
        address if followable else "",
        called.get(term.text, ""),
        short=_short(term.text),
    )


def _short(iri: str) -> str:
    for prefix, namespace in load_prefixes().items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.removeprefix(BASE)


def _grouped(
    rows: Iterable[tuple[Term | None, ...]],
    called: Mapping[str, str],
    why: Callable[[Term, Term], str],
) -> tuple[Said, ...]:
    by_property: dict[Term, list[Value]] = {}
    for prop, value, derived in rows:
        if prop is not None and value is not None:
            told = Value(shown(value, called), derived is not None, why(prop, value))
            by_property.setdefault(prop, []).append(told)
    return tuple(Said(shown(prop, called), tuple(values)) for prop, values in by_property.items())


def _why(*terms: Term) -> str:
    """The address of the ground of a statement; a blank node has no name to ask by."""
    if any(term.kind == "blank" for term in terms):
        return ""
    return href(Statement(*map(written, terms)))
