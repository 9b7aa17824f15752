"""GET and PUT /v1/lists: what jurisdictions register, in versions that never change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from kb.register import KINDS, ListKind, RegisteredList
from kb.standing import governing, prefix_of
from ontology.issue import Issue
from ontology.places import UnknownPlace
from service.accept import preferred
from service.api.answering import json_response
from service.api.openapi import PROBLEMS
from service.auth import require
from service.body import parse_json
from service.deciding import today
from service.deps import ListsDep
from service.envelope import parse_day
from service.errors import BadList, BadRequest, UnknownList, WrongMediaType
from service.lists import forms
from service.lists.asked import Said, asked_of, mapping_of, place_prefix
from service.lists.keeping import Lists, Taken, remarks
from service.store.tokens import Token

router = APIRouter(prefix="/v1/lists", tags=["lists"], responses=PROBLEMS)

JSON: Final = "application/json"
CSV: Final = "text/csv; charset=utf-8"
TURTLE: Final = "text/turtle; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMS: Final = (JSON, "text/csv", "text/turtle")
_READ: Final = frozenset({"text/csv", XLSX, "application/octet-stream"})
_MOST_ROWS: Final = 2000

_MAPPING: Final[dict[str, Any]] = {
    "action": "correct",
    "codes": ["publicity"],
    "role": "assist",
}


def _body(example: dict[str, Any]) -> dict[str, Any]:
    content = {JSON: {"schema": {"type": "object"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


Place = Annotated[
    str, Path(description="GB/T 2260 code or name; 000000 is the nation.", examples=["000000"])
]
Kind = Annotated[str, Path(description="Kind of list.", examples=["certificates-negative"])]
OwnPlace = Annotated[str, Path(description="GB/T 2260 code or name.", examples=["220102"])]
OwnKind = Annotated[str, Path(description="Kind of list.", examples=["assist"])]
ListId = Annotated[str, Path(description="Id of a version.", examples=["cn-minfa-2020-20-list-1"])]
RowNumber = Annotated[int, Path(ge=1, description="Number of a row.", examples=[1])]
Writer = Annotated[Token, Depends(require("legal"))]


@router.get("", response_model=dict[str, Any])
def every(lists: ListsDep) -> Response:
    """Every version of every list, without rows: shipped ones and what was registered here."""
    found = sorted(lists.register().lists, key=lambda one: (one.jurisdiction, one.kind, one.id))
    return json_response({"lists": [forms.summary(one) for one in found]})


@router.get("/{jurisdiction}", response_model=dict[str, Any])
def of_place(lists: ListsDep, jurisdiction: Place) -> Response:
    """Every version of a jurisdiction's own lists, former codes included, without rows."""
    prefix = _prefix(jurisdiction, today(), lists)
    codes = _codes(prefix, lists)
    found = [one for one in lists.register().lists if one.jurisdiction in codes]
    return json_response({"lists": [forms.summary(one) for one in found]})


@router.get("/{jurisdiction}/{kind}", response_model=dict[str, Any])
def in_force(
    request: Request,
    lists: ListsDep,
    jurisdiction: Place,
    kind: Kind,
    at: Annotated[str, Query(description="Day; absent: today.")] = "",
) -> Response:
    """The version in force on a day, as JSON, CSV or Turtle.

    One registered under a former code governs the same division on; its jurisdiction tells.
    """
    day = _day(at)
    prefix = _prefix(jurisdiction, day, lists)
    register = lists.register()
    governs, left_out = governing(register, _kind(kind), prefix, day, lists.vocabulary.places)
    found = governs.list if governs else None
    for shipped in register.shipped(_kind(kind)):
        if found is None and shipped.jurisdiction == prefix and shipped.possibly_in_force(day):
            found = shipped
    if found is None:
        raise UnknownList(
            f"no list of kind {kind} of {jurisdiction[:40]} is in force on {day}",
            hint="; ".join(one.why.en for one in left_out)
            or "GET …/versions tells all that were registered",
        )
    return _answer(request, found, lists)


@router.get("/{jurisdiction}/{kind}/versions", response_model=dict[str, Any])
def versions(lists: ListsDep, jurisdiction: Place, kind: Kind) -> Response:
    """Every version of one list, by start, without rows; former codes of the place included."""
    prefix = _prefix(jurisdiction, today(), lists)
    register = lists.register()
    shipped = (one for one in register.shipped(_kind(kind)) if one.jurisdiction == prefix)
    codes = sorted(_codes(prefix, lists), key=lambda code: code == prefix)
    found = [*shipped, *(one for code in codes for one in register.versions(_kind(kind), code))]
    return json_response({"lists": [forms.summary(one) for one in found]})


@router.get("/{jurisdiction}/{kind}/{list_id}", response_model=dict[str, Any])
def version(
    request: Request,
    lists: ListsDep,
    jurisdiction: Place,
    kind: Kind,
    list_id: ListId,
) -> Response:
    """One version, as JSON, CSV or Turtle."""
    found = lists.register().get(list_id)
    codes = _codes(_prefix(jurisdiction, today(), lists), lists)
    if found is None or found.kind != _kind(kind) or found.jurisdiction not in codes:
        raise UnknownList(f"{jurisdiction[:40]} has no {kind} list {list_id[:80]}")
    return _answer(request, found, lists)


@router.put(
    "/{jurisdiction}/{kind}",
    response_model=dict[str, Any],
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "A header with 事项 (序号, 依据, 责任部门, 备注 beside it) and rows.",
            "content": {
                "text/csv": {
                    "schema": {"type": "string"},
                    "example": "序号,事项,依据\n1,协助做好人口普查,《全国人口普查条例》\n",
                },
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        },
    },
)
async def put(
    request: Request,
    lists: ListsDep,
    writer: Writer,
    jurisdiction: OwnPlace,
    kind: OwnKind,
    title: Annotated[
        str, Query(description="Title, as the document has it.", examples=["社区协助工作事项清单"])
    ] = "",
    complete: Annotated[
        str,
        Query(
            description="true where what is not on the list is not listed at all.",
            examples=["false"],
        ),
    ] = "",
    start: Annotated[str, Query(description="First day in force.", examples=["2021-05-01"])] = "",
    end: Annotated[str, Query(description="First day no longer in force.")] = "",
    source: Annotated[
        str, Query(description="Where the list was published.", examples=["https://list.example/"])
    ] = "",
) -> Response:
    """Register a list: the next version, its rows mapped by suggestion and not yet confirmed.

    The very same file and words again are the version that is there already (200). A file with any
    fault changes nothing; errors name row and column.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in _READ:
        raise WrongMediaType(
            f"a body of type {media[:60] or '(none)'} is not read",
            hint=f"send Content-Type: text/csv or {XLSX}",
        )
    given = {
        "jurisdiction": jurisdiction,
        "kind": kind,
        "title": title,
        "complete": complete,
        "start": start,
        "end": end,
        "source": source,
    }
    data = await request.body()
    asked = asked_of(given, lists.vocabulary, today())
    taken = await run_in_threadpool(lists.take, asked, data, writer.name)
    answer = json_response(_told(taken, lists))
    answer.status_code = 201 if taken.fresh else 200
    answer.headers["location"] = _path(taken.list)
    return answer


@router.get("/{list_id}/rows/{number}/mapping", response_model=dict[str, Any])
def said(
    lists: ListsDep,
    list_id: ListId,
    number: RowNumber,
) -> Response:
    """Who said what of a row and when, in order."""
    found = lists.register().get(list_id)
    if found is None or found.row(number) is None:
        raise UnknownList(f"{list_id[:80]} has no row {number}")
    told = [
        {"action": one.action, "mapping": one.mapping, "by": one.by, "at": one.at}
        for one in lists.audit(list_id)
        if one.number == number
    ]
    return json_response({"said": told})


@router.post(
    "/{list_id}/rows/{number}/mapping",
    response_model=dict[str, Any],
    openapi_extra=_body(_MAPPING),
)
async def map_row(
    request: Request,
    lists: ListsDep,
    writer: Writer,
    list_id: ListId,
    number: RowNumber,
) -> Response:
    """Confirm the suggestion for a row, correct it, or clear what was said of it."""
    said_of = mapping_of(number, parse_json(await request.body()))
    found = await run_in_threadpool(lists.map, list_id, [said_of], writer.name)
    return json_response(_rows(found, {number}, lists))


@router.post(
    "/{list_id}/mapping",
    response_model=dict[str, Any],
    openapi_extra=_body({"rows": [1]} | _MAPPING),
)
async def map_rows(
    request: Request,
    lists: ListsDep,
    writer: Writer,
    list_id: ListId,
) -> Response:
    """The same for several rows: {"rows": [1, 2], "action": …}; all or none."""
    value = parse_json(await request.body())
    numbers = value.pop("rows", None) if isinstance(value, dict) else None
    if not isinstance(numbers, list) or not _numbers(numbers):
        issue = Issue(
            "error", f"rows is a list of 1 to {_MOST_ROWS} different row numbers", "$.rows"
        )
        raise BadList("the mapping cannot be read", issues=[issue])
    wanted: list[Said] = [mapping_of(number, value) for number in numbers]
    found = await run_in_threadpool(lists.map, list_id, wanted, writer.name)
    return json_response(_rows(found, set(numbers), lists))


def _numbers(value: list[object]) -> bool:
    return (
        0 < len(value) <= _MOST_ROWS
        and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in value)
        and len(set(value)) == len(value)
    )


def _rows(found: RegisteredList, numbers: set[int], lists: Lists) -> Mapping[str, Any]:
    told = forms.whole(found, lists.vocabulary, lists.candidates(found.id))
    return told | {"rows": [row for row in told["rows"] if row["number"] in numbers]}


def _told(taken: Taken, lists: Lists) -> dict[str, Any]:
    told = forms.whole(taken.list, lists.vocabulary, lists.candidates(taken.list.id))
    issues = remarks(taken.remarks)
    return told | {"remarks": [{"path": i.where, "message": i.message} for i in issues]}


def _answer(request: Request, found: RegisteredList, lists: Lists) -> Response:
    headers = {"vary": "accept"}
    match preferred(request.headers.get("accept", ""), _FORMS):
        case "text/csv":
            headers["content-disposition"] = f'attachment; filename="{found.id}.csv"'
            body, media = forms.as_csv(found, lists.vocabulary), CSV
        case "text/turtle":
            body, media = forms.as_turtle([found]), TURTLE
        case _:
            told = forms.whole(found, lists.vocabulary, lists.candidates(found.id))
            body, media = orjson.dumps(told), JSON
    return Response(body, media_type=media, headers=headers)


def _path(found: RegisteredList) -> str:
    place = found.jurisdiction.ljust(6, "0")
    return f"/v1/lists/{place}/{found.kind}/{found.id}"


def _kind(text: str) -> ListKind:
    for kind in KINDS:
        if kind == text:
            return kind
    raise UnknownList(
        f"no kind of list is called {text[:40]}", hint=f"there are: {', '.join(KINDS)}"
    )


def _day(text: str) -> date:
    try:
        return parse_day(text) if text else today()
    except ValueError as error:
        raise BadRequest(
            "the day cannot be read", issues=[Issue("error", str(error), "?at")]
        ) from None


def _codes(prefix: str, lists: Lists) -> frozenset[str]:
    """The code of a place with those that it, or a part of it, had before."""
    past = lists.vocabulary.places.formers(prefix, today())
    return frozenset((prefix, *(prefix_of(former.place.code) for former in past)))


def _prefix(text: str, day: date, lists: Lists) -> str:
    try:
        return place_prefix(text, day, lists.vocabulary)
    except UnknownPlace as error:
        hint = f"did you mean {error.nearest}?" if error.nearest else ""
        raise UnknownList(f"no place {text[:40]} is known", hint=hint) from None
