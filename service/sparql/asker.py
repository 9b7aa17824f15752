"""Who asks: a token's role, or anybody; and what they may take."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from ipaddress import ip_address
from math import inf

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from service.auth import authorise
from service.sparql.limits import Allowance, Caps
from service.sparql.wire import Query
from service.store.tokens import Role, TokenStore


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks; `client` tells them from others, empty where nothing can.

    An address of the loopback tells nobody apart: a proxy there asks for all it serves.
    """

    role: Role | None
    client: str
    caps: Caps

    def within(self, query: Query, seconds: float = inf) -> Query:
        """A query under their name and limits; `seconds` may lower the deadline."""
        caps = self.caps
        return replace(
            query,
            seconds=min(seconds, caps.seconds),
            rows=caps.rows,
            bytes=caps.bytes,
            memory=caps.memory,
            id=query_id(),
            role=self.role or "",
            client=self.client,
            running=caps.running,
        )


def query_id() -> str:
    """A name for a query, by which an administrator can end it."""
    return secrets.token_hex(8)


async def asker_of(request: Request, allowance: Allowance) -> Asker:
    """Who a request comes from; a token is not needed, but one that is shown must hold.

    Raises NeedsToken for a bearer token that is unknown or has ended, StoreFailed.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return Asker(None, _peer(request), allowance.everyone)
    store: TokenStore = request.app.state.tokens
    token = await run_in_threadpool(authorise, store, secret.strip(), "analyst")
    return Asker(token.role, f"token {token.id}", allowance.of(token.role))


def _peer(request: Request) -> str:
    host = request.client.host if request.client else ""
    try:
        return "" if ip_address(host).is_loopback else host
    except ValueError:
        return ""
