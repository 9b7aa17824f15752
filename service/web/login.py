"""Writing from pages: a token kept in a cookie, and forms that no other site can forge.

The cookie is HttpOnly and SameSite=Strict (RFC 6265bis §5.6); besides, each form carries a word
that only a page of this site could know, and a browser that says that a form stands elsewhere is
believed (OWASP Cross-Site Request Forgery Prevention Cheat Sheet).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from service.auth import authorise
from service.errors import NeedsToken, NotAllowed
from service.store.tokens import Role, Token, TokenStore
from service.web.templates import Pages

COOKIE: Final = "zhunru_token"
ROLE: Final[Role] = "legal"
_DAY: Final = 86_400
_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})
_AFTER: Final = ("/lists", "/rulebook", "/")
# Pages from which an analyst keeps results; what they show stands in their address.
_ANALYSTS: Final = re.compile(r"/(?:q/|result\?|kept\b|workbench\b)[^\\\x00-\x20\x7f]*")


@dataclass(frozen=True, slots=True)
class Writer:
    """Who may write from a page, and the word that the forms made for them carry."""

    token: Token
    csrf: str


@dataclass(frozen=True, slots=True)
class LoginPage:
    """The form for a token; `fault` names why the last one did not do."""

    writer: Writer | None
    fault: str
    after: str


def writer_of(request: Request, role: Role = ROLE) -> Writer | None:
    """Who may write, by the cookie, what takes a role; None where nobody may."""
    secret = request.cookies.get(COOKIE, "")
    store: TokenStore = request.app.state.tokens
    try:
        return Writer(authorise(store, secret, role), _word(secret)) if secret else None
    except (NeedsToken, NotAllowed):
        return None


def writing(request: Request, csrf: str, role: Role = ROLE) -> Writer:
    """Who writes by a form of this site. Raises NeedsToken, NotAllowed."""
    writer = logged_in(request, role)
    if not hmac.compare_digest(writer.csrf.encode(), csrf.encode()):
        raise NotAllowed("the form was not made for this login", hint="load the page again")
    return writer


def logged_in(request: Request, role: Role = ROLE) -> Writer:
    """Who may write, whatever the form says: to be asked before a form with a file is read.

    Raises NeedsToken, NotAllowed.
    """
    from_here(request)
    writer = writer_of(request, role)
    if writer is None:
        raise NeedsToken("writing needs a token", hint="log in with one at /login")
    return writer


def from_here(request: Request) -> None:
    """Nothing, or NotAllowed where a browser says that the form stands on another site."""
    # Forms of these pages say `Origin: null`, for their referrer policy keeps where they stand.
    origin = request.headers.get("origin", "null")
    foreign = origin != "null" and urlsplit(origin).netloc != request.headers.get("host")
    if foreign or request.headers.get("sec-fetch-site") in _ELSEWHERE:
        raise NotAllowed("the form stands on another site")


class LoginDesk:
    """Handlers of the login pages."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def page(self, request: Request, after: str = "/lists") -> Response:
        """The form, or who is logged in."""
        return self._show(request, "", after, 200)

    async def login(self, request: Request) -> Response:
        """Keep a token in the cookie, where it is one that may write."""
        from_here(request)
        form = await request.form(max_files=0, max_fields=10)
        secret, after = str(form.get("token", "")).strip(), str(form.get("after", ""))
        try:
            authorise(request.app.state.tokens, secret, _role(after))
        except NeedsToken:
            return self._show(request, "unknown", after, 401)
        except NotAllowed:
            return self._show(request, "role", after, 403)
        answer = RedirectResponse(_led(after), 303)
        answer.set_cookie(
            COOKIE,
            secret,
            max_age=_DAY,
            path="/",
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return answer

    async def logout(self, request: Request) -> Response:
        """Forget the token in this browser; it stays valid elsewhere."""
        form = await request.form(max_files=0, max_fields=10)
        writing(request, str(form.get("csrf", "")), "analyst")
        answer = RedirectResponse("/lists", 303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    def _show(self, request: Request, fault: str, after: str, status: int) -> Response:
        writer = None if fault else writer_of(request, _role(after))
        page = LoginPage(writer, fault, _led(after))
        answer = self._pages.render(request, "login.html", page, status)
        answer.headers["cache-control"] = "no-store"
        return answer


def _led(after: str) -> str:
    """Where a login leads: to the page it was asked from, never off this site."""
    return after if after in _AFTER or _ANALYSTS.fullmatch(after) else "/lists"


def _role(after: str) -> Role:
    return "analyst" if _ANALYSTS.fullmatch(after) else ROLE


def _word(secret: str) -> str:
    """A word that whoever lacks the secret cannot make, and that tells nothing of it."""
    return hmac.new(secret.encode(), b"zhunru forms", hashlib.sha256).hexdigest()
