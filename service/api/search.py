"""GET /v1/search: exact Chinese full text, page by page."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from kb.instrument import Instrument
from kb.search_texts import KINDS
from ontology.ids import instrument_iri
from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.api.sparql import GraphDep
from service.deps import LibraryDep, ServiceDep
from service.errors import BadRequest
from service.search.answer import Answer, Result, answer
from service.search.asked import MOST, USUAL, Asked, Fault, read_asked
from service.sparql.asker import asker_of
from service.sparql.streaming import unless_gone

router = APIRouter(prefix="/v1/search", tags=["search"], responses=PROBLEMS)

_WORDS: Final = "Words joined by AND, OR, NOT and brackets; “quotation marks” for a phrase."
_INSTRUMENT: Final = "Key, document number or IRI of an instrument."
_PROVINCE: Final = "Code or name of a province: its instruments alone."


@router.get("", response_model=dict[str, Any])
async def search(
    request: Request,
    graph: GraphDep,
    service: ServiceDep,
    library: LibraryDep,
    q: Annotated[str, Query(description=_WORDS, examples=["社区 AND 清单"])] = "",
    kind: Annotated[str, Query(description=f"One of {', '.join(KINDS)}.")] = KINDS[0],
    instrument: Annotated[str, Query(description=_INSTRUMENT)] = "",
    province: Annotated[str, Query(description=_PROVINCE)] = "",
    limit: Annotated[str, Query(description=f"Hits on a page, up to {MOST}.")] = str(USUAL),
    cursor: Annotated[str, Query(description="`next` of the page before.")] = "",
) -> Response:
    """Things whose texts have the words, the best first, each with a snippet and all places.

    Width, capitals and traditional forms make no difference; a word may have any length. Places
    are offsets of characters in the text as it is written.
    """
    asked, faults = read_asked(request.query_params, library, service.head().vocabulary.places)
    if faults:
        raise _bad(faults)
    asker = await asker_of(request, graph.allowance)
    # Who leaves stops the search.
    found = await unless_gone(request.receive, answer(graph, library, asked, "zh", asker))
    if found is None:
        return Response(status_code=499)
    headers = {"cache-control": "no-cache"}
    if found.next:
        following = {**request.query_params, "cursor": found.next}
        headers["link"] = f'</v1/search?{urlencode(following)}>; rel="next"'
    return json_response(_told(found), headers)


def _bad(faults: tuple[Fault, ...]) -> BadRequest:
    first = faults[0]
    members: dict[str, object] = {"parameter": first.name, "message": first.message.to_json()}
    if first.column:
        members["column"] = first.column
    return BadRequest(
        str(first.issue),
        hint=first.hint,
        issues=[fault.issue for fault in faults],
        members=members,
    )


def _told(found: Answer) -> dict[str, Any]:
    return {
        **_asked(found.asked),
        "total": found.total,
        "hits": list(map(_hit, found.results)),
        "next": found.next or None,
        "counts": {
            "kinds": dict(found.kinds),
            "instruments": [
                {**_instrument(each), "count": count} for each, count in found.instruments
            ],
        },
        "generation": found.generation,
    }


def _asked(asked: Asked) -> dict[str, Any]:
    return {
        "q": asked.words,
        "kind": asked.kind,
        "instrument": asked.instrument and asked.instrument.key,
        "province": asked.province or None,
    }


def _hit(result: Result) -> dict[str, Any]:
    hit, seat = result.hit, result.provision
    return {
        "iri": hit.subject,
        "kind": result.kind,
        "href": result.href,
        "score": hit.score,
        "label": result.name or None,
        "instrument": result.instrument and _instrument(result.instrument),
        "provision": seat and {"iri": seat.iri, "label": seat.label},
        "property": hit.property,
        "language": hit.language or None,
        "snippet": {
            "text": hit.snippet,
            "start": hit.start,
            "marks": hit.marks,
            "before": hit.before,
            "after": hit.after,
        },
        "at": hit.at,
    }


def _instrument(instrument: Instrument) -> dict[str, Any]:
    return {
        "key": instrument.key,
        "iri": instrument_iri(instrument.key),
        "number": instrument.number,
        "title": instrument.title,
    }
