"""Requests made by schemathesis from the API's description, and what comes of them.

https://schemathesis.readthedocs.io — positive requests fit the description, negative ones do not.
"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from typing import Any, Final

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

LONGEST: Final = 60_000
"""A longer head of a request is refused by the web server, in words of its own."""


def fuzz(
    base: str, examples: int, known: dict[str, str], token: str
) -> tuple[Counter[str], list[str]]:
    """Send so many requests of each mode to each operation: how many came to which status, and
    what failed: a status of 500 or more, or a refusal that is no problem by RFC 9457.

    `known` are path parameters that lead somewhere, beside the examples of the description."""
    document = httpx.get(f"{base}/openapi.json", timeout=30).json()
    fuzzer = Fuzzer(base, {"Authorization": f"Bearer {token}"})
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        told = document["paths"][operation.path][operation.method].get("parameters", ())
        shown = {p["name"]: p["example"] for p in told if p["in"] == "path" and "example" in p}
        for mode in GenerationMode:
            fuzzer.ask(operation.as_strategy(generation_mode=mode), known | shown, examples)
    return fuzzer.statuses, fuzzer.faults


class Fuzzer:
    """Sends requests and keeps what came of them."""

    def __init__(self, base: str, headers: dict[str, str]) -> None:
        self.statuses: Counter[str] = Counter()
        self.faults: list[str] = []
        self._base = base
        self._headers = headers

    def ask(self, cases: SearchStrategy[Any], there: dict[str, Any], examples: int) -> None:
        """Send so many, the same each time."""

        @given(case=cases)
        @settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def send(case: Case[Any]) -> None:
            # Half of them ask for what there is: by chance it is never met.
            if self.statuses.total() % 2 and case.path_parameters:
                case.path_parameters = {
                    name: there.get(name, value) for name, value in case.path_parameters.items()
                }
            answer = case.call(base_url=self._base, headers=self._headers, timeout=60)
            self.statuses[f"{answer.status_code // 100}xx"] += 1
            if len(str(answer.request.url)) > LONGEST:
                return
            if fault := _fault(answer.status_code, answer.headers, answer.content):
                self.faults.append(f"{fault}: {case.as_curl_command()}")

        # Where an operation takes nothing, no request can be wrong.
        with suppress(Unsatisfiable):
            send()


def _fault(status: int, headers: Any, body: bytes) -> str | None:
    if status >= 500:
        return f"{status} {body[:300]!r}"
    if status < 400 or not body:
        return None
    kind = headers.get("content-type")
    if "application/problem+json" not in str(kind):
        return f"{status} {kind} {body[:300]!r}"
    told = json.loads(body)
    if told.get("status") != status or not told.get("type", "").startswith("/problems/"):
        return f"{status} {told}"
    return None
