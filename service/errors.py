"""What can go wrong, and the one table that turns it into HTTP (RFC 9457 problem details).

https://www.rfc-editor.org/rfc/rfc9457 — `type` is a stable URI reference under /problems/, which
answers with what it means. Nothing of an unforeseen exception is shown: it is logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ontology.issue import Issue
from rules.facts import BadFacts


class ServiceError(Exception):
    """Something a caller can be told: a sentence, the places at fault, and what to do.

    `headers` go with the response, before those that the table has for its kind.
    """

    def __init__(
        self,
        detail: str,
        *,
        hint: str = "",
        issues: Iterable[Issue] = (),
        members: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        self.issues = tuple(issues)
        self.members = dict(members or {})
        self.headers = dict(headers or {})


class BadSetting(ServiceError):
    """A setting that cannot be used; met at start only."""


class BadJson(ServiceError):
    """The body, or a line of it, is not JSON; the issue names line and column."""


class BadRequest(ServiceError):
    """JSON of the wrong form: its members, their types, or a query parameter."""


class BadList(BadRequest):
    """A list's file, or what is said of it, cannot be taken; nothing was changed."""


class BadPlan(BadRequest):
    """The file of a plan cannot be read."""


class NeedsToken(ServiceError):
    """Writing without a token, or with one that is unknown, ended or revoked."""


class NotAllowed(ServiceError):
    """A token whose role does not go so far."""


class NotFound(ServiceError):
    """No such page, kind, revision or decision."""


class UnknownKind(NotFound):
    """A decision kind that the rulebook does not have."""


class UnknownRevision(NotFound):
    """A revision that was never published here."""


class UnknownDecision(NotFound):
    """No receipt has this id."""


class UnknownList(NotFound):
    """No such list, version or row is registered."""


class UnknownKept(NotFound):
    """No result is kept under this hash."""


class KeptLimit(ServiceError):
    """A result that is too large to be kept, or one too many."""


class WrongMethod(ServiceError):
    """The address exists, the method does not."""


class WrongMediaType(ServiceError):
    """A body in a form that is not read here."""


class TooLarge(ServiceError):
    """A body, a line or a list over its limit."""


class UnknownHost(ServiceError):
    """The request names a host that is not served here."""


class Busy(ServiceError):
    """More answers wait for their receipt than may; nothing was stored."""


class StoreFailed(ServiceError):
    """The store did not take or give what was asked; nothing is acknowledged."""


class QueryFailed(ServiceError):
    """A SPARQL query without an answer, the engine's fault if nothing nearer is told."""


class BadQuery(QueryFailed):
    """Not a query, or not one by the protocol; line and column where its text is at fault."""


class QueryRefused(QueryFailed):
    """A query that would read outside of the dataset."""


class ReadOnly(QueryFailed):
    """An update."""


class NotAcceptable(QueryFailed):
    """No form that the client takes."""


class QueryDeadline(QueryFailed):
    """Stopped at its deadline."""


class QueryTooLarge(QueryFailed):
    """Over a cap of rows, bytes or memory."""


class QueryBusy(QueryFailed):
    """As many queries run and wait as may."""


class QueryEnded(QueryFailed):
    """Ended by an administrator."""


class UnknownQuery(NotFound):
    """No query of this id runs or waits."""


class NoGraph(QueryFailed):
    """No graph is built, or none could be loaded."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem: the last part of its URI, its status and its constant title."""

    slug: str
    status: int
    title: str
    meaning: str

    @property
    def uri(self) -> str:
        """The stable `type` of RFC 9457."""
        return f"/problems/{self.slug}"


INTERNAL = ProblemType(
    "internal", 500, "Internal error", "The service failed; no verdict was reached. It was logged."
)

PROBLEMS: Mapping[type[Exception], ProblemType] = {
    BadJson: ProblemType(
        "bad-json", 400, "Not JSON", "The body is not one JSON text; errors name line and column."
    ),
    BadRequest: ProblemType(
        "bad-request", 422, "Bad request", "The JSON is not a request of this kind."
    ),
    BadFacts: ProblemType(
        "bad-facts",
        422,
        "Bad facts",
        "A fact is not in the vocabulary of this kind, or its value is not of the fact's type.",
    ),
    BadList: ProblemType(
        "bad-list",
        422,
        "Bad list",
        "The file of a list, or what is said of it, cannot be taken; errors name row and column.",
    ),
    BadPlan: ProblemType(
        "bad-plan", 422, "Bad plan", "The file of a plan is neither a readable .docx nor text."
    ),
    NeedsToken: ProblemType(
        "needs-token", 401, "Token needed", "Writing needs a valid token: Authorization: Bearer."
    ),
    NotAllowed: ProblemType("not-allowed", 403, "Not allowed", "The token's role may not do this."),
    UnknownHost: ProblemType(
        "unknown-host", 400, "Unknown host", "The Host header names no host served here."
    ),
    NotFound: ProblemType("not-found", 404, "Not found", "Nothing is at this address."),
    UnknownKind: ProblemType(
        "unknown-kind", 404, "Unknown decision kind", "The rulebook has no decisions of this kind."
    ),
    UnknownRevision: ProblemType(
        "unknown-revision", 404, "Unknown revision", "No such revision was published here."
    ),
    UnknownDecision: ProblemType(
        "unknown-decision", 404, "Unknown decision", "No decision was recorded under this id."
    ),
    UnknownList: ProblemType(
        "unknown-list", 404, "Unknown list", "No such list, version or row is registered."
    ),
    UnknownKept: ProblemType(
        "unknown-kept", 404, "Unknown result", "No result is kept under this hash."
    ),
    KeptLimit: ProblemType(
        "kept-limit", 422, "Not kept", "The result is too large to be kept, or one too many."
    ),
    WrongMethod: ProblemType(
        "wrong-method", 405, "Method not allowed", "The address does not take this method."
    ),
    TooLarge: ProblemType(
        "too-large", 413, "Too large", "The body, a line of it or the list is over its limit."
    ),
    WrongMediaType: ProblemType(
        "wrong-media-type", 415, "Unsupported media type", "The body is in a form not read here."
    ),
    StoreFailed: ProblemType(
        "store-failed", 503, "Store unavailable", "The store failed; nothing was acknowledged."
    ),
    Busy: ProblemType(
        "busy", 503, "Busy", "Too many answers wait to be stored; ask again after Retry-After."
    ),
    UnknownQuery: ProblemType(
        "unknown-query", 404, "Unknown query", "No query of this id runs or waits."
    ),
    BadQuery: ProblemType(
        "bad-query", 400, "Bad query", "Not SPARQL, or not by its protocol; line and column tell."
    ),
    QueryRefused: ProblemType(
        "query-refused", 403, "Query refused", "The query would read outside of the dataset."
    ),
    ReadOnly: ProblemType("read-only", 405, "Read only", "Updates are not taken here."),
    NotAcceptable: ProblemType(
        "not-acceptable", 406, "Not acceptable", "No form that Accept lets; the detail lists them."
    ),
    QueryTooLarge: ProblemType(
        "query-too-large",
        422,
        "Query too large",
        "The answer is over the cap of rows or bytes, or computing it over that of memory.",
    ),
    QueryBusy: ProblemType(
        "query-busy", 429, "Too many queries", "No worker is free; ask again after Retry-After."
    ),
    QueryFailed: ProblemType(
        "query-failed", 500, "Query failed", "The engine failed; the query has no answer."
    ),
    QueryEnded: ProblemType("query-ended", 503, "Query ended", "An administrator ended the query."),
    NoGraph: ProblemType(
        "no-graph", 503, "No graph", "The graph is not built, or cannot be loaded."
    ),
    QueryDeadline: ProblemType(
        "query-deadline", 504, "Deadline passed", "The query was stopped at its deadline."
    ),
    Exception: INTERNAL,
}

RETRY_AFTER_SECONDS = 1

# What a problem, or else its status, asks for beside the body (RFC 6750 §3, RFC 9110 §10.2.1):
# https://www.rfc-editor.org/rfc/rfc6750, https://www.rfc-editor.org/rfc/rfc9110
_LATER = {"Retry-After": str(RETRY_AFTER_SECONDS)}
_HEADERS: Mapping[str | int, Mapping[str, str]] = {
    "needs-token": {"WWW-Authenticate": 'Bearer realm="zhunru"'},
    "not-allowed": {"WWW-Authenticate": 'Bearer realm="zhunru", error="insufficient_scope"'},
    "read-only": {"Allow": "GET, HEAD, POST, OPTIONS"},  # of queries
    429: _LATER,
    503: _LATER,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as it leaves: RFC 9457 members, and `errors` with the places at fault."""

    type: ProblemType
    detail: str
    hint: str = ""
    issues: tuple[Issue, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, object] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The JSON form; `hint` and `errors` only where there are any."""
        body: dict[str, Any] = {
            "type": self.type.uri,
            "title": self.type.title,
            "status": self.type.status,
            "detail": self.detail,
        }
        if self.hint:
            body["hint"] = self.hint
        if self.issues:
            body["errors"] = [
                {"path": i.where, "message": i.message} | ({"hint": i.hint} if i.hint else {})
                for i in self.issues
            ]
        return body | dict(self.members)


def problem_type(error: Exception) -> ProblemType:
    """The row of the table for the nearest class of an exception."""
    return next(PROBLEMS[c] for c in type(error).__mro__ if c in PROBLEMS)


def problem(error: Exception) -> Problem:
    """What a caller is told of an exception; of an unforeseen one, nothing but that it happened."""
    kind = problem_type(error)
    match error:
        case BadFacts():
            issues = tuple(error.issues)
            return Problem(kind, _count(issues), issues=issues)
        case ServiceError():
            headers = {
                **(_HEADERS.get(kind.slug) or _HEADERS.get(kind.status, {})),
                **error.headers,
            }
            return Problem(kind, error.detail, error.hint, error.issues, headers, error.members)
        case _:
            return Problem(INTERNAL, INTERNAL.meaning)


def _count(issues: tuple[Issue, ...]) -> str:
    return "one fact cannot be read" if len(issues) == 1 else f"{len(issues)} faults in the facts"
