"""Finding decisions again in the table that keeps them."""

from __future__ import annotations

from sqlalchemy import Engine, select

from service.store.record import Record
from service.store.tables import decisions


def find(engine: Engine, decision_id: str) -> Record | None:
    """The record of an id, or None."""
    with engine.connect() as connection:
        row = connection.execute(
            select(decisions).where(decisions.c.id == decision_id)
        ).one_or_none()
    return None if row is None else Record(**row._mapping)
