"""JSON responses."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response


def json_response(body: object, headers: dict[str, str] | None = None) -> Response:
    """A value as JSON, written by orjson."""
    return Response(orjson.dumps(body), media_type="application/json", headers=headers)


def tagged(
    request: Request, tag: str, body: bytes, media_type: str = "application/json"
) -> Response:
    """A body under a strong ETag; 304 where the client has it already (RFC 9110 §13.1.2)."""
    etag = f'"{tag}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    known = {
        t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")
    }
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
