"""Whether anything was published or registered since, told by one look."""

from __future__ import annotations

from sqlalchemy import Engine

from service.store.glance import Glance

# Every move of the head is a publication, and every change of the lists counts the register on.
_CHANGES = """SELECT (SELECT COALESCE(MAX(id), 0) FROM publications)
  || ' ' || (SELECT COALESCE(MAX(generation), 0) FROM register)"""


def look(engine: Engine) -> Glance:
    """Reads a text that differs from the one before once revisions or lists do."""
    return Glance(engine, _CHANGES, "what was published cannot be read")
