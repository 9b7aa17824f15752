"""Who asks: a token's role, or anybody; and what they may take."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from math import inf
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from service.auth import authorise
from service.settings import LOOPBACK_HOSTS
from service.sparql.limits import Allowance, Caps
from service.sparql.wire import Query
from service.store.tokens import Role, TokenStore

# What proxies add (RFC 7239, RFC 9110 §7.6.3, and the older headers they still send).
_PASSED_ON: Final = frozenset((
    b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto",
    b"x-real-ip",
))  # fmt: skip

_ELSEWHERE: Final = frozenset({b"cross-site", b"same-site"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks; `client` tells them from others, empty where nothing can.

    An address of the loopback tells nobody apart: a proxy there asks for all it serves. Who is
    `privy` may read receipts, and asks with the graph of decisions.
    """

    role: Role | None
    client: str
    caps: Caps
    privy: bool = False

    def within(self, query: Query, seconds: float = inf) -> Query:
        """A query under their name and limits; `seconds` may lower the deadline."""
        return query._replace(**self.limits(seconds))

    def limits(self, seconds: float = inf) -> dict[str, Any]:
        """What `within` sets of a query: who asks, and what they may take."""
        caps = self.caps
        return {
            "seconds": min(seconds, caps.seconds),
            "rows": caps.rows,
            "bytes": caps.bytes,
            "memory": caps.memory,
            "id": query_id(),
            "role": self.role or "",
            "client": self.client,
            "running": caps.running,
            "privy": self.privy,
        }


def query_id() -> str:
    """A name for a query, by which an administrator can end it."""
    return secrets.token_hex(8)


async def asker_of(request: Request, allowance: Allowance) -> Asker:
    """Who a request comes from; a token is not needed, but one that is shown must hold.

    Raises NeedsToken for a bearer token that is unknown or has ended, StoreFailed.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return Asker(None, _peer(request), allowance.everyone, local(request))
    store: TokenStore = request.app.state.tokens
    token = await run_in_threadpool(authorise, store, secret.strip(), "analyst")
    return Asker(token.role, f"token {token.id}", allowance.of(token.role), privy=True)


def local(request: Request) -> bool:
    """Whether somebody on this machine asks, by a name of the loopback and through no proxy.

    DESIGN §8: off loopback, receipts need a role. A page of another site that a browser here shows
    is nobody on this machine, for the endpoint answers any origin (Fetch, §3.2 Origin, and Fetch
    Metadata): https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/
    """
    near = request.client is not None and _is_loopback(request.client.host)
    headers = dict(reversed(request.scope["headers"]))  # of several of a name, the first
    host = headers.get(b"host", b"").decode("latin-1").rpartition("@")[2]
    name = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    if not near or name.lower() not in LOOPBACK_HOSTS or not _PASSED_ON.isdisjoint(headers):
        return False
    if headers.get(b"sec-fetch-site", b"none") in _ELSEWHERE:
        return False
    origin = f"{request.scope['scheme']}://{host}".encode("latin-1")
    return bool(headers.get(b"origin", origin) == origin)


def _peer(request: Request) -> str:
    host = request.client.host if request.client else ""
    return "" if _is_loopback(host) or not _is_address(host) else host


@lru_cache(maxsize=64)
def _is_loopback(host: str) -> bool:
    return _is_address(host) and ip_address(host).is_loopback


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
