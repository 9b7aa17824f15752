"""GET /v1/vocabulary/{kind}: the facts a decision asks for, and the JSON Schema of its request."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from ontology.vocabulary import CodeList, Fact, Vocabulary
from service.api.answering import tagged
from service.api.openapi import PROBLEMS
from service.api.request_schema import request_schema
from service.deciding import known_kind
from service.deps import ServiceDep

router = APIRouter(prefix="/v1/vocabulary", tags=["vocabulary"], responses=PROBLEMS)

Kind = Annotated[str, Path(description="Decision kind.", examples=["admissibility"])]


@router.get("/{kind}", response_model=dict[str, Any])
def vocabulary(request: Request, service: ServiceDep, kind: Kind) -> Response:
    """Facts in order: types, codes, labels, questions, presumptions, who can change them."""
    rulebook = service.head()
    words = rulebook.vocabulary
    body = describe(known_kind(kind, rulebook), words) | {"revision": rulebook.revision}
    return tagged(request, rulebook.revision, orjson.dumps(body))


@router.get("/{kind}/schema", response_model=dict[str, Any])
def schema(request: Request, service: ServiceDep, kind: Kind) -> Response:
    """JSON Schema 2020-12 of a request."""
    rulebook = service.head()
    body = request_schema(known_kind(kind, rulebook), rulebook.vocabulary)
    return tagged(request, rulebook.revision, orjson.dumps(body), "application/schema+json")


def describe(kind: str, words: Vocabulary) -> dict[str, Any]:
    """The facts of a kind and the code lists they draw from."""
    facts, decision = words.facts(kind), words.decision(kind)
    used = dict.fromkeys(f.codes for f in facts if f.codes)
    return {
        "kind": kind,
        "label": decision.label and decision.label.to_json(),
        "meaning": decision.meaning and decision.meaning.to_json(),
        "verdict_by": decision.verdict_by,
        "groups": [{"name": g.name, "label": g.label.to_json()} for g in decision.groups],
        "facts": [_fact(fact, words) for fact in facts],
        "code_lists": {name: _code_list(words.code_lists[name]) for name in used},
    }


def _fact(fact: Fact, words: Vocabulary) -> dict[str, Any]:
    presumption = fact.presumption
    changer = words.code_lists["changers"].get(fact.changeable_by)
    return {
        "name": fact.name,
        "type": fact.type,
        "codes": fact.codes,
        "unit": fact.unit,
        "scale": fact.scale,
        "label": fact.label.to_json(),
        "question": fact.question.to_json(),
        "meaning": fact.meaning.to_json(),
        "applies_when": fact.applies_when,
        "derived": fact.derived,
        "computed": fact.computed
        and {
            "dividend": fact.computed.dividend,
            "divisor": fact.computed.divisor,
            "factor": str(fact.computed.factor),
        },
        "presumption": presumption
        and {"value": presumption.value, "ground": presumption.ground.to_json()},
        "changeable_by": {
            "code": fact.changeable_by,
            "label": changer.label.to_json() if changer else None,
        },
        "changes": [
            {"to": c.to, "act": c.act.to_json(), "proof": c.proof.to_json()} for c in fact.changes
        ],
    }


def _code_list(codes: CodeList) -> dict[str, Any]:
    return {
        "label": codes.label.to_json(),
        "concepts": [
            {
                "code": c.code,
                "broader": c.broader,
                "label": c.label.to_json(),
                "alt": list(c.alt),
                "definition": c.definition and c.definition.to_json(),
            }
            for c in codes.concepts
        ],
    }
