"""The query of a decision: `record` and `detail`, and nothing that looks like them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ontology.issue import Issue
from ontology.names import nearest
from service.envelope import Detail
from service.errors import BadRequest


class DecisionQuery(BaseModel):
    """What the address may say beside the body."""

    model_config = ConfigDict(extra="forbid")

    record: bool = Field(True, description="False stores nothing and gives no id.")
    detail: Detail = Field("full", description="For requests that do not say.")


@lru_cache(maxsize=64)
def read_query(text: bytes) -> tuple[bool, Detail]:
    """`record` and `detail` of a query string. Raises BadRequest: a misspelt name is no default."""
    if not text:
        return True, "full"
    given = dict(parse_qsl(text.decode("latin-1"), keep_blank_values=True))
    try:
        found = DecisionQuery.model_validate(given)
    except ValidationError as error:
        issues = [_issue(fault) for fault in error.errors(include_url=False)]
        raise BadRequest("the query cannot be read", issues=issues) from None
    return found.record, found.detail


def parameters() -> list[dict[str, Any]]:
    """The query in the words of OpenAPI."""
    schema = DecisionQuery.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema[name].pop("description"),
            "schema": schema[name],
        }
        for name in DecisionQuery.model_fields
    ]


def _issue(fault: Any) -> Issue:
    name = str(fault["loc"][0])[:60]
    if fault["type"] != "extra_forbidden":
        return Issue("error", str(fault["msg"]), f"?{name}")
    near = nearest(name, DecisionQuery.model_fields)
    hint = (
        f"did you mean {near}?" if near else f"there are: {', '.join(DecisionQuery.model_fields)}"
    )
    return Issue("error", f"unknown parameter {name}", f"?{name}", hint)
