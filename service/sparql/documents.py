"""RDF that a request carries: one document, or several as parts of a form."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from service.errors import BadQuery, WrongMediaType
from service.sparql.edit import Document
from service.sparql.formats import STATEMENTS
from service.sparql.protocol import utf8

MULTIPART: Final = "multipart/form-data"
# Of statements in one graph; N-Quads and TriG name graphs of their own.
_READ: Final = {f.media_type: f.name for f in STATEMENTS if f.name not in ("nq", "trig")}
_MOST_PARTS: Final = 100


async def documents_of(request: Request, base: str) -> tuple[Document, ...]:
    """The documents of a request, their relative IRIs starting at `base`.

    Raises WrongMediaType for what is not read as RDF, BadQuery for a form that cannot be read.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != MULTIPART:
        return (_document(content_type, base, await request.body()),)
    try:
        form = await request.form(max_files=_MOST_PARTS, max_fields=_MOST_PARTS)
    except HTTPException as error:
        raise BadQuery(f"the form cannot be read: {error.detail}") from None
    found = []
    for name, part in form.multi_items():
        if not isinstance(part, UploadFile):
            raise WrongMediaType(
                f"the part {name[:60]} of the form is no file", hint="give it a filename"
            )
        found.append(_document(part.content_type or "", base, await part.read()))
    return tuple(found)


def _document(content_type: str, base: str, data: bytes) -> Document:
    media, _, rest = content_type.partition(";")
    form = _READ.get(media.strip().lower())
    if form is None:
        raise WrongMediaType(
            f"a graph of type {media.strip()[:60] or '(none)'} is not read",
            hint=f"send {', '.join(_READ)}, or files of these in {MULTIPART}",
        )
    utf8(rest)
    return Document(form, base, data)
