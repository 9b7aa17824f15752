"""Errors are RFC 9457 problems with stable types, and show nothing of what nobody foresaw."""

from __future__ import annotations

import pytest

from ontology.issue import Issue
from rules.engine import EngineFault
from rules.facts import BadFacts
from service import errors
from service.errors import INTERNAL, PROBLEMS, ServiceError, problem, problem_type
from service.publishing import NotPublished
from service.receipts import Receipts
from tests.service.conftest import Client

# Other services code against these: a change here breaks them (DESIGN §9).
STABLE = {
    "/problems/bad-facts": 422,
    "/problems/bad-json": 400,
    "/problems/bad-list": 422,
    "/problems/bad-plan": 422,
    "/problems/bad-query": 400,
    "/problems/bad-request": 422,
    "/problems/busy": 503,
    "/problems/internal": 500,
    "/problems/kept-limit": 422,
    "/problems/needs-token": 401,
    "/problems/no-graph": 503,
    "/problems/not-acceptable": 406,
    "/problems/not-allowed": 403,
    "/problems/not-found": 404,
    "/problems/query-busy": 429,
    "/problems/query-ended": 503,
    "/problems/unknown-query": 404,
    "/problems/query-deadline": 504,
    "/problems/query-failed": 500,
    "/problems/query-refused": 403,
    "/problems/query-too-large": 422,
    "/problems/read-only": 405,
    "/problems/store-failed": 503,
    "/problems/too-large": 413,
    "/problems/unknown-decision": 404,
    "/problems/unknown-host": 400,
    "/problems/unknown-kept": 404,
    "/problems/unknown-kind": 404,
    "/problems/unknown-list": 404,
    "/problems/unknown-revision": 404,
    "/problems/wrong-media-type": 415,
    "/problems/wrong-method": 405,
}


def test_types_and_their_status_are_stable() -> None:
    assert {kind.uri: kind.status for kind in PROBLEMS.values()} == STABLE


def test_every_error_of_the_service_is_in_the_table() -> None:
    def below(cls: type[ServiceError]) -> list[type[ServiceError]]:
        return [cls, *(c for sub in cls.__subclasses__() for c in below(sub))]

    never_over_http = {ServiceError, errors.BadSetting, NotPublished}
    assert {c for c in below(ServiceError) if problem_type(c("x")) is INTERNAL} == never_over_http


@pytest.mark.parametrize("error", [ValueError("secret"), EngineFault("secret"), KeyError("secret")])
def test_the_unforeseen_shows_nothing(error: Exception) -> None:
    told = problem(error).to_json()
    assert told["status"] == 500
    assert "secret" not in str(told)


def test_faults_carry_path_message_and_hint() -> None:
    told = problem(BadFacts([Issue("error", "m", "$.facts", "h"), Issue("error", "n", "$")]))
    assert told.to_json()["errors"] == [
        {"path": "$.facts", "message": "m", "hint": "h"},
        {"path": "$", "message": "n"},
    ]


@pytest.mark.parametrize(
    ("error", "header", "says"),
    [
        (errors.NeedsToken, "WWW-Authenticate", 'Bearer realm="zhunru"'),
        (errors.NotAllowed, "WWW-Authenticate", "insufficient_scope"),
        (errors.ReadOnly, "Allow", "GET"),
        (errors.QueryBusy, "Retry-After", "1"),
    ],
)
def test_some_problems_say_what_they_ask_for(
    error: type[ServiceError], header: str, says: str
) -> None:
    """RFC 6750 §3, RFC 9110 §10.2.1 and §10.2.3."""
    assert says in problem(error("x")).headers[header]
    assert not problem(errors.QueryRefused("x")).headers  # a 403 that no token would change


def test_busy_says_when_to_ask_again() -> None:
    assert problem(errors.Busy("x")).headers == {"Retry-After": "1"}


def test_each_type_answers_with_what_it_means(client: Client) -> None:
    for uri, status in STABLE.items():
        body = client.get(uri).json()
        assert (body["type"], body["status"]) == (uri, status)
        assert body["meaning"]
    assert client.get("/problems/none").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("DELETE", "/v1/rulebook", 405, "wrong-method"),
        ("GET", "/v1/decisions/admissibility/replay", 405, "wrong-method"),
        ("POST", "/v1/decisions/admissibility?record=maybe", 422, "bad-request"),
        ("POST", "/v1/decisions/admissibility?detail=brief", 422, "bad-request"),
        ("GET", "/static/nothing.js", 404, "not-found"),
    ],
)
def test_the_frameworks_own_errors_are_problems_too(
    client: Client, method: str, path: str, status: int, slug: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{slug}"


def test_an_unforeseen_failure_is_a_problem_without_its_text(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(Receipts, "find", broken)
    answer = client.get("/v1/decisions/x")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "secret of the house" in caplog.text  # who runs the service must find it
