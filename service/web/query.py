"""The page that asks the graph: a query, questions to begin with, the answer as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from kb.library import Library
from kb.query import Query as Question
from kb.query import queries
from ontology.ids import graph_iri
from ontology.names import nearest
from service.deciding import today
from service.deps import LibraryDep, ServiceDep
from service.errors import NotFound
from service.linked.about import Shown, shown
from service.linked.labels import labels
from service.sparql.advice.advising import Advice
from service.sparql.asker import Asker, asker_of
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.explaining import Explanation, explain
from service.sparql.formats import ROWS, STATEMENTS
from service.sparql.knowing import Knowing
from service.sparql.prefixes import load_prefixes
from service.sparql.protocol import MAX_BYTES
from service.sparql.streaming import unless_gone
from service.sparql.wire import Failure
from service.sparql.wire import Query as Written
from service.web.language import Language, language_of
from service.web.query_fields import RESERVED, AskedQuestion, asked_question
from service.web.templates import Pages

SHOWN: Final = 500
_ADVICE_SECONDS: Final = 2.0
"""So long an answer that is there waits for what there is to say of its query."""
_FIRST: Final = """
SELECT ?instrument ?title ?number WHERE {
  ?instrument a zr:Instrument ; eli:title ?title .
  OPTIONAL { ?instrument zr:documentNumber ?number }
} ORDER BY ?number
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A table with labels for its IRIs; `more` where rows were left out."""

    names: tuple[str, ...]
    rows: tuple[tuple[Shown | None, ...], ...]
    more: bool
    truth: bool | None
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer; `line` is the line of the query that is at fault."""

    failure: Failure
    line: str


@dataclass(frozen=True, slots=True)
class QueryPage:
    """The query, what came of it, and the questions that one may begin with.

    `asked` is the question chosen among them, with the fields of its parameters. `run` is what was
    wanted of the query beside its answer: `advise`, `explain`, or nothing. `called` are the names
    of graphs in the explanation.
    """

    query: str
    rows: int
    answer: Answer | None
    fault: Fault | None
    questions: tuple[Question, ...]
    asked: AskedQuestion | None
    seconds: float
    shown: int
    run: str
    advice: tuple[Advice, ...]
    explanation: Explanation | None
    called: Mapping[str, str]

    @property
    def advised(self) -> bool:
        """Whether nothing but advice was wanted, and could be given."""
        return self.run == "advise" and self.fault is None


def graph_of(request: Request) -> Graph:
    """The graph of the app."""
    graph: Graph = request.app.state.graph
    return graph


class QueryDesk:
    """Handler of the page."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def page(
        self,
        request: Request,
        graph: Annotated[Graph, Depends(graph_of)],
        service: ServiceDep,
        library: LibraryDep,
        query: Annotated[str, Query(max_length=MAX_BYTES)] = "",
        question: Annotated[str, Query(max_length=100)] = "",
        advise: Annotated[str, Query(max_length=10)] = "",
        explain: Annotated[str, Query(max_length=10)] = "",
    ) -> Response:
        """The empty page, a question with its fields, or an answer; advice on a query of one's own
        beside it, or by itself, or with an explanation in place of the answer."""
        questions = queries()
        chosen = next((q for q in questions if q.name == question), None)
        if question and chosen is None:
            raise NotFound("no question has this name", hint=nearest_question(question))
        asked = None
        if chosen is not None and not query:
            given = {k: v for k, v in request.query_params.items() if k not in RESERVED}
            asked = asked_question(chosen, given, service.head(), library, today())
        text = query or (asked.text if asked else "")
        run = "advise" if advise else "explain" if explain else ""
        done = _Done()
        if text.strip() and (asked is None or asked.sound):
            # Questions of ours have been thought about; one that was stopped may be advised on.
            asker = await asker_of(request, graph.allowance)
            language = language_of(request)
            desk = _Desk(graph, request.app.state.knowing, asker, language, library)
            # Who leaves the page stops the query.
            done = await unless_gone(request.receive, desk.done(text, run, asked is None)) or done
        page = QueryPage(
            query=text or _example(),
            rows=min(max((text or _example()).count("\n") + 2, 8), 30),
            answer=done.answer,
            fault=done.fault,
            questions=questions,
            asked=asked,
            seconds=graph.caps.seconds,
            shown=SHOWN,
            run=run,
            advice=done.advice,
            explanation=done.explanation,
            called=done.called,
        )
        status = 200 if done.fault is None else _STATUS.get(done.fault.failure.slug, 500)
        if asked is not None and not asked.sound:
            status = 422
        return self._pages.render(request, "query.html", page, status)


_STATUS: Final = {
    "bad-query": 400,
    "query-refused": 403,
    "read-only": 400,
    "query-too-large": 422,
    "query-busy": 429,
    "no-graph": 503,
    "query-deadline": 504,
}


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of a query."""

    answer: Answer | None = None
    fault: Fault | None = None
    advice: tuple[Advice, ...] = ()
    explanation: Explanation | None = None
    called: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Asks for somebody, to be read in a language."""

    graph: Graph
    knowing: Knowing
    asker: Asker
    language: Language
    library: Library

    async def done(self, text: str, run: str, own: bool) -> _Done:
        """What was wanted of a query; `own` where advice is wanted on what it says too."""
        try:
            if run == "advise":
                return _Done(advice=await self.knowing.advice(text))
            if run == "explain":
                found = await explain(self.graph, self.knowing, self.asker.within(Written(text)))
                called = await self._called(found.graphs)
                return _Done(advice=found.advice, explanation=found, called=called)
            answer = await _answer(self.graph, text, self.language, self.asker)
        except Failed as failed:
            advice = await self.knowing.hints(text)
            return _Done(fault=_fault(failed.failure, text), advice=advice)
        advice = await self.knowing.hints(text, _ADVICE_SECONDS) if own else ()
        return _Done(answer, advice=advice)

    async def _called(self, graphs: Iterable[str]) -> dict[str, str]:
        """What graphs are called: that of an instrument by its number, else by a label or by the
        end of its IRI."""
        names = {graph: graph.removeprefix(graph_iri("")) for graph in graphs}
        names |= await labels(self.graph, names, self.language)
        return names | {
            graph_iri(f"doc/{each.key}"): each.number or each.title
            for each in self.library.instruments
        }


async def _answer(graph: Graph, text: str, language: Language, asker: Asker) -> Answer:
    table = await graph.first(text, SHOWN, asker=asker)
    iris = [term.text for row in table.rows for term in row if term and term.kind == "iri"]
    called = await labels(graph, iris, language)
    rows = tuple(tuple(shown(term, called) if term else None for term in row) for row in table.rows)
    forms = STATEMENTS if table.statements else ROWS
    return Answer(table.names, rows, table.more, table.truth, tuple(f.name for f in forms))


def nearest_question(name: str) -> str:
    """The name that was probably meant, as a hint; empty where none is near."""
    near = nearest(name, (question.name for question in queries()))
    return f"did you mean {near}?" if near else ""


def _fault(failure: Failure, text: str) -> Fault:
    lines = text.splitlines()
    at = failure.line - 1
    return Fault(failure, lines[at] if 0 <= at < len(lines) else "")


def _example() -> str:
    prefixes = load_prefixes()
    used = (f"PREFIX {name}: <{prefixes[name]}>" for name in ("eli", "zr"))
    return "\n".join(used) + _FIRST
