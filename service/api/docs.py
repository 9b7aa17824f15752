"""GET /docs: the reference of the API in a browser; GET /problems/…: what an error type means."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Annotated, Any, Final

from fastapi import APIRouter
from fastapi import Path as PathParameter
from starlette.responses import HTMLResponse, Response

from service.api.answering import json_response
from service.errors import PROBLEMS, NotFound
from service.web.assets import load_assets

router = APIRouter(tags=["operation"])

_PAGE: Final = Path(__file__).with_name("docs.html")
_DIST: Final = Path(__file__).parent.parent / "static" / "dist"


@router.get("/docs", include_in_schema=False)
def docs() -> HTMLResponse:
    """Swagger UI over /openapi.json, from files of this service only."""
    assets = load_assets(_DIST)
    page = Template(_PAGE.read_text("utf-8"))
    return HTMLResponse(page.substitute(style=assets.url("docs.css"), script=assets.url("docs.js")))


@router.get("/problems/{slug}", response_model=dict[str, Any])
def meaning(
    slug: Annotated[
        str, PathParameter(description="Last part of a problem's type.", examples=["bad-facts"])
    ],
) -> Response:
    """What a type of problem means, where its URI is followed."""
    for kind in PROBLEMS.values():
        if kind.slug == slug:
            return json_response(
                {
                    "type": kind.uri,
                    "title": kind.title,
                    "status": kind.status,
                    "meaning": kind.meaning,
                }
            )
    raise NotFound("there is no such type of problem")
