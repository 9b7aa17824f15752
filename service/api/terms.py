"""GET /v1/terms: what a query may name, found by what it is called."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from ontology.issue import Issue
from ontology.names import nearest
from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.errors import BadRequest
from service.questions.terms import KINDS, MOST, Hit, Kind, Terms
from service.sparql.client import Failed
from service.sparql.cors import OpenRoute
from service.sparql.prefixes import load_prefixes
from service.sparql.streaming import told

router = APIRouter(prefix="/v1/terms", tags=["sparql"], responses=PROBLEMS, route_class=OpenRoute)

_Q: Final = "Words of a label in Chinese or English, or part of a name such as zr:Res."
_PREFER: Final = f"The kind that stands where it is typed: {', '.join(KINDS)}."


@router.get("", response_model=dict[str, Any])
async def terms(
    request: Request,
    q: Annotated[str, Query(description=_Q, max_length=200, examples=["居委会"])] = "",
    prefer: Annotated[str, Query(description=_PREFER)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="Hits, the best first.")] = 20,
) -> Response:
    """Classes, properties, codes, instruments, bodies and places by what they are called.

    `written` is how a query names it; `prefixes` are those that it may use.
    """
    known: Terms = request.app.state.terms
    try:
        hits = await known.find(q, _kind(prefer), limit)
    except Failed as failed:
        raise told(failed.failure, 0.0) from None
    found = {"terms": list(map(_hit, hits)), "prefixes": load_prefixes()}
    return json_response(found, {"cache-control": "max-age=60"})


def _kind(text: str) -> Kind | None:
    if not text:
        return None
    for kind in KINDS:
        if kind == text:
            return kind
    near = nearest(text, KINDS)
    hint = f"did you mean {near}?" if near else f"one of {', '.join(KINDS)}"
    issue = Issue("error", f"there is no kind {text[:40]}", "?prefer", hint)
    raise BadRequest(issue.message, hint=hint, issues=[issue])


def _hit(hit: Hit) -> dict[str, Any]:
    named = hit.named
    return {
        "iri": named.iri,
        "written": named.written,
        "kind": named.kind,
        "label": named.label.to_json(),
        "by": hit.by,
        "scheme": named.scheme or None,
        "used": named.used,
    }
