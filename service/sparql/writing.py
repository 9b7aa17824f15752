"""Requests that write: an update, or a graph of the Graph Store Protocol.

Only administrators write, and only graphs of their own: what was built from the texts or published
from the rulebook and the lists cannot be reached from here (`service.sparql.editing`).
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from service.auth import token_of
from service.sparql.asking import Graph
from service.sparql.client import Failed
from service.sparql.edit import Edit, Edited
from service.sparql.streaming import told, unless_gone
from service.sparql.text import Refused, place
from service.sparql.update import Update, prepared
from service.sparql.wire import Failure
from service.store.tokens import Token

_log = logging.getLogger(__name__)


async def updated(request: Request, graph: Graph, update: Update) -> Response:
    """The response to an update: 204 once the next query sees it.

    Raises NeedsToken, NotAllowed, QueryFailed.
    """
    token = await token_of(request, "admin")
    since = time.monotonic()
    try:
        operations = prepared(update, await graph.closed())
    except Refused as refused:
        line, column = place(update.text, refused.at) if refused.at >= 0 else (0, 0)
        failure = Failure(refused.slug, str(refused), line=line, column=column)
        raise told(failure, since) from None
    except Failed as failed:
        raise told(failed.failure, since) from None
    placed = not (update.using or update.using_named)
    edit = Edit("update", operations=operations, placed=placed)
    edited = await edited_by(token, request, graph, edit)
    return Response(status_code=499 if edited is None else 204)


async def edited_by(token: Token, request: Request, graph: Graph, edit: Edit) -> Edited | None:
    """What comes of an administrator's edit; None where they did not wait for it.

    Raises ReadOnly, QueryFailed; then nothing was changed.
    """
    since = time.monotonic()
    caps = graph.allowance.of(token.role)
    edit = replace(edit, seconds=caps.seconds, memory=caps.memory, bytes=caps.bytes)
    try:
        edited = await unless_gone(request.receive, graph.edit(edit))
    except Failed as failed:
        raise told(failed.failure, since) from None
    if edited is not None and edited.changed:
        where = "by update" if edit.kind == "update" else f"{edit.kind} {edit.graph or 'unnamed'}"
        _log.warning("graphs were written by %s (token %s): %s", token.name, token.id, where)
    return edited
