"""What holds for every request and answer: the host named, the size of the body, the headers.

Pure ASGI (https://asgi.readthedocs.io), one layer, for it stands in the way of every decision.
"""

from __future__ import annotations

from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import TooLarge, UnknownHost
from service.lists.grid import MAX_FILE
from service.metrics import Metrics
from service.problems import response, told_of

NDJSON = b"application/x-ndjson"

# https://owasp.org/www-project-secure-headers/ ; the pages load scripts and styles from here only.
# Swagger UI draws its icons from data: addresses.
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


class Guard:
    """Refuses foreign hosts and over-sized bodies, adds the headers, answers for what breaks."""

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], max_body_bytes: int, metrics: Metrics
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.encode() for host in hosts)
        self._max = max_body_bytes
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._metrics.responded(scope["method"], message["status"])
                given = list(message.get("headers", ()))
                named = {name for name, _ in given}  # a page may be stricter than this
                message["headers"] = given + [h for h in _RAW_HEADERS if h[0] not in named]
            await send(message)

        try:
            receive_guarded = self._admit(scope, receive)
            await self._app(scope, receive_guarded, send_guarded)
        except Exception as error:
            if started:
                raise  # too late for an answer: the connection is cut instead
            await response(told_of(error))(scope, receive, send_guarded)

    def _admit(self, scope: Scope, receive: Receive) -> Receive:
        """The stream of the body, capped. Raises UnknownHost, TooLarge."""
        host = length = kind = b""
        chunked = False
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"content-length":
                length = value
            elif name == b"content-type":
                kind = value
            elif name == b"transfer-encoding":
                chunked = True
        if _name(host) not in self._hosts:
            raise UnknownHost(
                "the Host header names no host served here",
                hint="add the name to ZHUNRU_ALLOWED_HOSTS",
            )
        if kind.startswith(NDJSON) or not (length or chunked):
            return receive  # a stream has no size; its lines are capped where they are read
        most = max(self._max, MAX_FILE) if _takes_file(scope) else self._max
        if length.isdigit() and int(length) <= most:
            return receive
        if length:
            raise _too_large(most)
        return _capped(receive, most)


class Faults:
    """Answers for what breaks within the framework, which has only words of its own for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        started = False

        async def send_seen(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            await response(told_of(error))(scope, receive, send)


def _takes_file(scope: Scope) -> bool:
    """Whether a list may be uploaded there; who may not is told before the body is read."""
    path: str = scope["path"]
    return path == "/lists" or (scope["method"] == "PUT" and path.startswith("/v1/lists/"))


def _capped(receive: Receive, most: int) -> Receive:
    """A body that comes in chunks, counted as it comes."""
    seen = 0

    async def receive_capped() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise _too_large(most)
        return message

    return receive_capped


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"a body may have {most} bytes")


def _name(host: bytes) -> bytes:
    """The name in a Host header: lower case, without the port (RFC 9110 §7.2)."""
    if host.startswith(b"["):
        return host[: host.find(b"]") + 1].lower()
    return host.partition(b":")[0].lower()
