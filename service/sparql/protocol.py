"""A request of the SPARQL 1.1 Protocol → a query (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request

from service.errors import BadQuery, ReadOnly, WrongMediaType
from service.sparql.asker import Asker
from service.sparql.asking import query_id
from service.sparql.formats import NAMES
from service.sparql.wire import Query

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
MAX_BYTES: Final = 100_000

Parameters = Mapping[str, Sequence[str]]


async def query_of(request: Request, asker: Asker) -> Query | None:
    """The query of a request; None for a GET that asks nothing.

    Raises BadQuery, WrongMediaType, ReadOnly for an update.
    """
    in_url = _parameters(request.scope["query_string"])
    if request.method in ("GET", "HEAD"):
        if not in_url:
            return None
        return _query(in_url, in_url, request, asker)
    media, _, rest = request.headers.get("content-type", "").partition(";")
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    if rest and rest.strip().lower().startswith("charset=") and charset not in ("utf-8", "utf8"):
        raise WrongMediaType("only UTF-8 is read", hint="leave charset out")
    body = await request.body()
    match media.strip().lower():
        case "application/x-www-form-urlencoded":
            return _query(_parameters(body), in_url, request, asker)
        case "application/sparql-query":
            return _query({**in_url, "query": [_text(body)]}, in_url, request, asker)
        case "application/sparql-update":
            raise _read_only()
        case other:
            raise WrongMediaType(
                f"a body of type {other[:60] or '(none)'} is not read",
                hint=f"send {DIRECT}, or {FORM} with query=",
            )


def _query(given: Parameters, in_url: Parameters, request: Request, asker: Asker) -> Query:
    if "update" in given:
        raise _read_only()
    caps = asker.caps
    text = _one(given, "query")
    if text is None:
        raise BadQuery("there is no query", hint="give it as query=")
    if len(text.encode()) > MAX_BYTES:
        raise BadQuery(f"a query may have {MAX_BYTES:,} bytes")
    options = {**in_url, **given}
    name = _one(options, "format") or ""
    if name and name not in NAMES:
        raise BadQuery(f"no such format: {name[:40]}", hint=f"one of {', '.join(NAMES)}")
    graphs = {key: given.get(f"{key}-graph-uri") for key in ("default", "named")}
    if any("\0" in iri for iris in graphs.values() for iri in iris or ()):
        raise BadQuery("an IRI has no NUL in it")
    default, named = (tuple(found) if (found := graphs[k]) else None for k in ("default", "named"))
    if named is not None and default is None:
        default = ()
    return Query(
        text=text,
        accept=", ".join(request.headers.getlist("accept")),
        format=name,
        default=default,
        named=(named or ()) if default is not None else None,
        known=tuple(t.strip() for t in request.headers.get("if-none-match", "").split(",") if t),
        head=request.method == "HEAD",
        seconds=min(_seconds(_one(options, "timeout")), caps.seconds),
        rows=caps.rows,
        bytes=caps.bytes,
        memory=caps.memory,
        id=query_id(),
        role=asker.role or "",
        client=asker.client,
        running=caps.running,
    )


def _seconds(given: str | None) -> float:
    try:
        seconds = float(given) if given else float("inf")
    except ValueError:
        seconds = 0
    if not seconds > 0:
        raise BadQuery("timeout= is a number of seconds above 0")
    return seconds


def _parameters(encoded: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100
        )
    except (UnicodeDecodeError, ValueError):
        raise BadQuery("the parameters are not percent-encoded UTF-8") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadQuery(f"the query is not UTF-8 (at byte {error.start})") from None


def _one(given: Parameters, name: str) -> str | None:
    found = given.get(name, ())
    if len(found) > 1:
        raise BadQuery(f"{name}= stands more than once")
    return found[0] if found else None


def _read_only() -> ReadOnly:
    return ReadOnly(
        "updates are not taken: the graph is built, and what is published is projected into it",
        hint="ask with query=",
    )
