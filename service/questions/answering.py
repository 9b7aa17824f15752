"""An answer in whatever form is wanted but a page, under the rules of HTTP: tags, caps, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from kb.query_show import Show
from ontology.label import Label
from service.deciding import today
from service.questions.answer import PLAIN, Answer, answer_of
from service.questions.forms import About, as_csv, as_xlsx
from service.questions.negotiation import Form
from service.questions.permalink import Then, address, compared
from service.questions.plain import answer_json, compared_json
from service.sparql import wire
from service.sparql.address import origin
from service.sparql.asker import Asker
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.protocol import known_tags
from service.sparql.results import generation_of, is_volatile
from service.sparql.streaming import answered, told, unless_gone
from service.web.language import Language

VARY: Final = "Accept, Cookie"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked: the query, where its answer is had, and what is told beside it.

    `asked` is what the address says of it; `told` are members of its plain JSON.
    """

    text: str
    path: str
    asked: Mapping[str, str]
    file: str
    title: Label
    parameters: Sequence[tuple[Label, str]] = ()
    show: Show = PLAIN
    told: Mapping[str, Any] = field(default_factory=dict)

    def permalink(self, answer: Answer) -> str:
        """Where the answer can be had again."""
        return address(self.path, self.asked, answer.result)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an answer is wanted: its form, its language, what it is compared with.

    `most` rows of plain JSON are enough; then a result over the limits is answered by its first.
    """

    form: Form
    language: Language
    then: Then | None = None
    most: int | None = None


async def respond(
    request: Request, graph: Graph, asker: Asker, subject: Subject, wanted: Wanted
) -> Response:
    """The answer, whole or not at all. Raises QueryFailed."""
    form = wanted.form
    if form.sparql:
        query = wire.Query(
            subject.text,
            format=form.sparql,
            known=known_tags(request),
            head=request.method == "HEAD",
        )
        return await answered(request, graph, asker.within(query))
    plain = wanted.then is None and wanted.most is None and not is_volatile(subject.text)
    try:
        # Weak, as the endpoint's: what a coding makes of it has other bytes.
        common = plain and not asker.privy
        tag = _tag(await generation_of(graph), wanted) if common else ""
        if _known(request, tag):
            return Response(status_code=304, headers=_headers(tag))
        work = answer_of(graph, subject.text, asker, wanted.language, subject.show, wanted.most)
        answer = await unless_gone(request.receive, work)
    except Failed as failed:
        raise told(failed.failure, 0.0) from None
    if answer is None:
        return Response(status_code=499)
    headers = _headers(_tag(answer.result.generation, wanted) if plain else "")
    if _known(request, headers.get("etag", "")):
        return Response(status_code=304, headers=headers)
    if not answer.result.cut:
        headers["link"] = f'<{subject.permalink(answer)}>; rel="bookmark"'
    if form.name in ("csv", "xlsx"):
        headers["content-disposition"] = f'attachment; filename="{subject.file}.{form.name}"'
    body = _body(request, subject, answer, wanted)
    return Response(body, media_type=form.content_type, headers=headers)


def _body(request: Request, subject: Subject, answer: Answer, wanted: Wanted) -> bytes:
    match wanted.form.name:
        case "csv":
            return as_csv(answer, wanted.language)
        case "xlsx":
            link = origin(request) + subject.permalink(answer)
            about = About(subject.title, subject.parameters, link, today())
            return as_xlsx(answer, about, wanted.language)
        case _:
            found = compared(wanted.then, answer.result) if wanted.then else None
            return orjson.dumps(
                {
                    **subject.told,
                    "query": subject.text,
                    **answer_json(answer),
                    "permalink": None if answer.result.cut else subject.permalink(answer),
                    "compared": compared_json(found),
                }
            )


def _known(request: Request, tag: str) -> bool:
    return bool(tag) and not {tag, "*"}.isdisjoint(known_tags(request))


def _tag(generation: str, wanted: Wanted) -> str:
    return f'W/"{generation}.{wanted.form.name}.{wanted.language}"' if generation else ""


def _headers(tag: str) -> dict[str, str]:
    told = {"vary": VARY, "cache-control": "no-cache"}
    return told | {"etag": tag} if tag else told
