"""Canonical bytes of a result: RFC 8785, so that equal results are equal to the byte for ever."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson


def canonical(body: dict[str, Any]) -> bytes:
    """RFC 8785 (JSON Canonicalization Scheme) bytes of a result body.

    orjson's sorted compact form is the canonical one for what results hold: ASCII member names, no
    floating-point numbers, integers below 2^53 (proved against the `rfc8785` package in the tests).
    Raises TypeError for values JSON does not know.
    """
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def digest(body: bytes) -> str:
    """SHA-256 of canonical bytes as lower-case hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()
