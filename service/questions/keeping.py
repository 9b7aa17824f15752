"""Keeping a result: asked once more, and its bytes stored so that they can be had for ever."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from starlette.concurrency import run_in_threadpool

from kb.query_show import Show
from ontology.issue import Issue
from ontology.label import Label
from service.errors import BadRequest, KeptLimit
from service.linked.labels import labels
from service.questions.answer import PLAIN
from service.questions.document import QUERY, Asked, written
from service.sparql.asker import Asker
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.results import Result, result_of
from service.sparql.streaming import told
from service.store.kept import Kept, KeptStore
from service.store.tokens import Token

MOST_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class ToKeep:
    """What is to be kept, and the hash that it should have ("" for whatever it has)."""

    title: str
    text: str
    asked: Asked = QUERY
    show: Show = PLAIN
    expected: str = ""


class Keeping:
    """Keeps results."""

    def __init__(self, store: KeptStore, most_bytes: int) -> None:
        self.store = store
        self._most = most_bytes

    async def keep(self, graph: Graph, wanted: ToKeep, by: Token) -> tuple[Kept, bool]:
        """Keep what a query finds now; whether it was not kept before.

        It is asked as anybody would ask, for anybody may read what is kept. Raises BadRequest,
        QueryFailed, KeptLimit, StoreFailed.
        """
        _check(wanted)
        asker = Asker(None, f"token {by.id}", graph.allowance.everyone)
        try:
            result = await result_of(graph, wanted.text, asker)
            names = await _names(graph, result)
        except Failed as failed:
            raise told(failed.failure, 0.0) from None
        if wanted.expected and wanted.expected != result.sha256:
            raise BadRequest(
                "the result is another one by now; nothing was kept",
                hint="look at the present result, and keep that",
                issues=[Issue("error", f"the hash is now {result.sha256}", "$.result")],
            )
        document = written(wanted.title, wanted.asked, result, names, wanted.show)
        if len(document) > self._most:
            raise KeptLimit(
                f"the result has {len(document):,} bytes; {self._most:,} may be kept",
                hint="ask for less, or see ZHUNRU_KEPT_BYTES",
            )
        new = Kept(
            hash=sha256(document).hexdigest(),
            title=wanted.title,
            query=wanted.text,
            generation=result.generation,
            result=result.sha256,
            rows=len(result.table.rows),
            by=by.name,
            at="",
        )
        return await run_in_threadpool(self.store.keep, new, document)


def _check(wanted: ToKeep) -> None:
    if not wanted.title.strip() or len(wanted.title) > MOST_TITLE:
        raise _bad("title", f"a title of 1 to {MOST_TITLE} characters is needed, to cite it by")
    for name, text in (("title", wanted.title), ("query", wanted.text)):
        if "\0" in text:
            raise _bad(name, f"the {name} holds a character that no text has")


def _bad(name: str, message: str) -> BadRequest:
    return BadRequest(message, issues=[Issue("error", message, f"$.{name}")])


async def _names(graph: Graph, result: Result) -> dict[str, Label]:
    iris = {term.text for row in result.table.rows for term in row if term and term.kind == "iri"}
    zh, en = [await labels(graph, sorted(iris), language) for language in ("zh", "en")]
    return {iri: Label(zh[iri], en.get(iri, zh[iri])) for iri in sorted(iris) if iri in zh}
