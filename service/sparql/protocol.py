"""A request of the SPARQL 1.1 Protocol → a query or an update.

https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs

from pydantic_core import Url
from starlette.requests import Request

from service.errors import BadQuery, ReadOnly, WrongMediaType
from service.sparql.asker import Asker
from service.sparql.formats import NAMES, is_format
from service.sparql.update import Update
from service.sparql.wire import Query

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
MAX_BYTES: Final = 100_000
COMPONENT: Final = re.compile(rb"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")
"""What a query component may hold (RFC 3986 §3.4), so that it can stand in a link as it came."""

_MOST_FIELDS: Final = 1000
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"

# Whole, and nothing in it that would end it in SPARQL (RFC 3987; SPARQL 1.1 §19.8, IRIREF).
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^<>\"{}|^`\\\x00-\x20]*")

Parameters = Mapping[str, Sequence[str]]


async def asked_of(request: Request, asker: Asker, *, writable: bool) -> Query | Update | None:
    """What a request asks; None for a GET that asks nothing.

    Raises BadQuery, WrongMediaType, and ReadOnly for an update where nothing may be written, or
    by GET.
    """
    in_url = parameters(request.scope["query_string"])
    if request.method in ("GET", "HEAD"):
        if not in_url:
            return None
        if "update" in in_url:
            raise _read_only("an update is sent by POST" if writable else _BUILT)
        return _query(in_url, request, asker, writable)
    media, _, rest = request.headers.get("content-type", "").partition(";")
    utf8(rest)
    body = await request.body()
    match media.strip().lower():
        case "application/x-www-form-urlencoded":
            given = _joined(in_url, parameters(body))
            if "update" not in given:
                return _query(given, request, asker, writable)
        case "application/sparql-query":
            return _query(_joined(in_url, {"query": [_text(body)]}), request, asker, writable)
        case "application/sparql-update":
            given = _joined(in_url, {"update": [_text(body)]})
        case other:
            raise WrongMediaType(
                f"a body of type {other[:60] or '(none)'} is not read",
                hint=f"send {DIRECT}, or {FORM} with query=",
            )
    if not writable:
        raise _read_only(_BUILT)
    return _update(given)


def _query(given: Parameters, request: Request, asker: Asker, writable: bool) -> Query:
    text = one(given, "query")
    if text is None:
        raise BadQuery("there is no query", hint="give it as query=")
    _short_enough(text)
    default, named = (
        tuple(map(graph_iri, given[key])) if key in given else None
        for key in ("default-graph-uri", "named-graph-uri")
    )
    if named is not None and default is None:
        default = ()
    return Query(
        text=text,
        accept=", ".join(request.headers.getlist("accept")),
        format=format_of(given),
        default=default,
        named=(named or ()) if default is not None else None,
        known=known_tags(request),
        head=request.method == "HEAD",
        open=writable,
        **asker.limits(_seconds(one(given, "timeout"))),
    )


def _update(given: Parameters) -> Update:
    if "query" in given:
        raise BadQuery("a request holds a query or an update, not both")
    text = one(given, "update")
    assert text is not None  # an update is one by this
    _short_enough(text)
    using, named = (
        tuple(map(graph_iri, given.get(key, ())))
        for key in ("using-graph-uri", "using-named-graph-uri")
    )
    return Update(text, using, named)


def format_of(given: Parameters) -> str:
    """The first value of `format=` that is known; empty where none is given. Raises BadQuery.

    SPARQLWrapper sends it twice, the second time as media types with commas between.
    """
    words = [word.strip() for value in given.get("format", ()) for word in value.split(",")]
    found = next(filter(is_format, words), "")
    if any(words) and not found:
        raise BadQuery(f"no such format: {words[0][:40]}", hint=f"one of {', '.join(NAMES)}")
    return found


def known_tags(request: Request) -> tuple[str, ...]:
    """The entity tags that the client has (RFC 9110 §13.1.2)."""
    return tuple(t.strip() for t in request.headers.get("if-none-match", "").split(",") if t)


def parameters(encoded: bytes) -> dict[str, list[str]]:
    """Names with their values, from a query string or a form. Raises BadQuery."""
    if COMPONENT.fullmatch(encoded) and encoded.count(b"&") < _MOST_FIELDS:
        # In a fifth of the time; but what is not UTF-8 it would replace, not refuse.
        pairs = Url(f"http://-/?{encoded.decode('ascii')}").query_params()
        if not any(_REPLACED in name or _REPLACED in value for name, value in pairs):
            found: dict[str, list[str]] = {}
            for name, value in pairs:
                found.setdefault(name, []).append(value)
            return found
    try:
        return parse_qs(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except (UnicodeDecodeError, ValueError):
        raise BadQuery("the parameters are not percent-encoded UTF-8") from None


def one(given: Parameters, name: str) -> str | None:
    """The value of a name; None where it is not given. Raises BadQuery for several."""
    found = given.get(name, ())
    if len(found) > 1:
        raise BadQuery(f"{name}= stands more than once")
    return found[0] if found else None


def graph_iri(text: str) -> str:
    """The IRI of a graph as it is given. Raises BadQuery where it is none, or not a whole one."""
    if not _IRI.fullmatch(text):
        raise BadQuery(f"{text[:200]!r} is no absolute IRI")
    return text


def utf8(content_type_parameters: str) -> None:
    """Raises WrongMediaType where a Content-Type names another charset than UTF-8."""
    for parameter in content_type_parameters.split(";"):
        name, _, value = parameter.strip().lower().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            raise WrongMediaType("only UTF-8 is read", hint="leave charset out")


def _joined(first: Parameters, second: Parameters) -> dict[str, list[str]]:
    """Both: what stands in the address as well as in the body is not passed over."""
    return {
        name: [*first.get(name, ()), *second.get(name, ())]
        for name in (*first, *(name for name in second if name not in first))
    }


def _seconds(given: str | None) -> float:
    try:
        seconds = float(given) if given else float("inf")
    except ValueError:
        seconds = 0
    if not seconds > 0:
        raise BadQuery("timeout= is a number of seconds above 0")
    return seconds


def _short_enough(text: str) -> None:
    if len(text.encode()) > MAX_BYTES:
        raise BadQuery(f"a query may have {MAX_BYTES:,} bytes")


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQuery(f"the query is not UTF-8 (at byte {error.start})") from None


_BUILT: Final = (
    "updates are not taken: the graph is built, and what is published is projected into it"
)


def _read_only(why: str) -> ReadOnly:
    return ReadOnly(why, hint="ask with query=")
