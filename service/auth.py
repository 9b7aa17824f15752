"""Who may write: bearer tokens (RFC 6750) made by `zhunru token create`.

https://www.rfc-editor.org/rfc/rfc6750 — the API takes the Authorization header only; the pages keep
the token in a cookie of their own, guarded against forged forms (`service.web.login`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from service.errors import NeedsToken, NotAllowed
from service.store.record import instant
from service.store.tokens import ROLES, Role, Token, TokenStore

# It only describes the header to OpenAPI and splits it; what it says is judged here.
_BEARER: Final = HTTPBearer(
    auto_error=False, scheme_name="token", description="Made by `zhunru token create`."
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]
_HINT: Final = "make one with: zhunru token create --role {}"


def require(role: Role) -> Callable[..., Coroutine[Any, Any, Token]]:
    """A dependency: the token of a request whose role goes at least so far.

    Raises NeedsToken (401) or NotAllowed (403).
    """

    async def required(request: Request, credentials: _Credentials) -> Token:
        return await _authorised(request, credentials.credentials if credentials else "", role)

    return required


async def token_of(request: Request, role: Role) -> Token:
    """The token of a request whose role goes at least so far. Raises NeedsToken, NotAllowed."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return await _authorised(request, secret.strip() if scheme.lower() == "bearer" else "", role)


async def _authorised(request: Request, secret: str, role: Role) -> Token:
    if not secret:
        raise NeedsToken("this needs a token: Authorization: Bearer zr_…", hint=_HINT.format(role))
    store: TokenStore = request.app.state.tokens
    return await run_in_threadpool(authorise, store, secret, role)


def authorise(store: TokenStore, secret: str, role: Role) -> Token:
    """The valid token of a secret, its role at least `role`. Raises NeedsToken, NotAllowed."""
    found = store.find(secret)
    if found is None or not found.valid(instant()):
        raise NeedsToken("the token is unknown, expired or revoked", hint=_HINT.format(role))
    if not may(found, role):
        raise NotAllowed(f"a token of role {found.role} may not do this; it takes {role}")
    return found


def may(token: Token, role: Role) -> bool:
    """Whether a token's role goes as far as `role`."""
    return ROLES.index(token.role) >= ROLES.index(role)
