"""The OpenAPI description: FastAPI's own, with the bodies that handlers read themselves.

https://spec.openapis.org/oas/v3.1.0 — the examples are files, and a test sends each of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from service.api.query import parameters
from service.api.schemas import ANSWERS, ProblemOut
from service.envelope import RequestModel

_REF: Final = "#/components/schemas/{model}"
_EXAMPLES: Final = Path(__file__).with_name("examples")
_DECIDE: Final = "/v1/decisions/{kind}"
_KIND: Final = {
    "name": "kind",
    "in": "path",
    "required": True,
    "description": "Decision kind.",
    "schema": {"type": "string"},
    "example": "admissibility",
}
_SUMMARIES: Final = {
    "demolition": "One task: responsibility for demolition put on a committee",
    "items": "Several tasks in one paper",
    "list": "Several requests, each by itself",
}

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "What is wrong with the request", "model": ProblemOut},
    "5XX": {"description": "What failed here; no verdict was reached", "model": ProblemOut},
}
"""Declared by every router: FastAPI writes the model once and refers to it."""


def example(name: str) -> Any:
    """The value of an example request."""
    return json.loads((_EXAMPLES / f"{name}.json").read_text("utf-8"))


def describe(app: FastAPI) -> None:
    """Let `app.openapi()` include the bodies of decisions, with examples that can be sent."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            for path in document["paths"].values():
                for operation in path.values():
                    _as_problems(operation["responses"])
                    _with_example(operation.get("parameters", ()))
            document["paths"] = {_DECIDE: {"post": _decide(document)}} | document["paths"]
            app.openapi_schema = document
        return app.openapi_schema

    # FastAPI documents this assignment as the way to extend the description.
    app.openapi = described  # type: ignore[method-assign]


def _as_problems(responses: dict[str, Any]) -> None:
    for status in ("4XX", "5XX"):
        content = responses.get(status, {}).get("content")
        if content:
            content["application/problem+json"] = content.pop("application/json")


def _decide(document: dict[str, Any]) -> dict[str, Any]:
    problem = {"$ref": _REF.format(model=ProblemOut.__name__)}
    return {
        "tags": ["decisions"],
        "summary": "Decide",
        "description": "Decide what is asked. Facts not given are unknown, never false.",
        "operationId": "decide",
        "parameters": [_KIND, *parameters()],
        "requestBody": _decide_body(document),
        "responses": {
            "200": {
                "description": "A decision, a list of them, or a line for each line",
                "content": {
                    "application/json": {"schema": _answers(document)},
                    "application/x-ndjson": {"schema": {"type": "string"}},
                },
            },
            **{
                status: {
                    "description": told["description"],
                    "content": {"application/problem+json": {"schema": problem}},
                }
                for status, told in PROBLEMS.items()
            },
        },
    }


def _with_example(parameters: Iterable[dict[str, Any]]) -> None:
    """Swagger UI fills in `example`, not the `examples` of a schema."""
    for parameter in parameters:
        if examples := parameter["schema"].pop("examples", None):
            parameter["example"] = examples[0]


def _answers(document: dict[str, Any]) -> dict[str, Any]:
    _, described = models_json_schema(
        [(model, "serialization") for model in ANSWERS], ref_template=_REF
    )
    document["components"]["schemas"] |= described["$defs"]
    one = [{"$ref": _REF.format(model=model.__name__)} for model in ANSWERS]
    problem = {"$ref": _REF.format(model=ProblemOut.__name__)}
    return {"anyOf": [*one, {"type": "array", "items": {"anyOf": [*one, problem]}}]}


def _decide_body(document: dict[str, Any]) -> dict[str, Any]:
    request = RequestModel.model_json_schema(ref_template=_REF)
    document["components"]["schemas"] |= request.pop("$defs", {})
    document["components"]["schemas"]["DecisionRequest"] = request
    one = {"$ref": _REF.format(model="DecisionRequest")}
    line = json.dumps(example("demolition"), ensure_ascii=False)
    return {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"anyOf": [one, {"type": "array", "items": one}]},
                "examples": {
                    name: {"summary": summary, "value": example(name)}
                    for name, summary in _SUMMARIES.items()
                },
            },
            "application/x-ndjson": {
                "schema": {"type": "string", "description": "One request a line."},
                "example": f"{line}\n{line}\n",
            },
        },
    }
