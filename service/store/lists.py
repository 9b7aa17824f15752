"""Registered lists as they are kept: versions that never change, mappings that are only added to.

Writers take the one row of `register` first, so that uploads and mappings go one after another in
every kind of database; its generation is what readers compare before each decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, and_, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from service.errors import StoreFailed
from service.store.glance import Glance
from service.store.record import instant
from service.store.tables import list_mappings, list_rows, lists, register

_GENERATION = "SELECT generation FROM register"


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as uploaded, with the mapping suggested for it (JSON)."""

    number: int
    text: str
    basis: str = ""
    department: str = ""
    note: str = ""
    suggestion: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """What is to be kept of an upload; days are ISO 8601 text."""

    jurisdiction: str
    kind: str
    title: str
    complete: bool
    start: str
    end: str | None
    source: str
    uploaded_by: str
    sha256: str
    file: bytes
    rows: tuple[StoredRow, ...]


@dataclass(frozen=True, slots=True)
class StoredList:
    """A version as kept, without its file."""

    id: str
    jurisdiction: str
    kind: str
    version: int
    title: str
    complete: bool
    start: str
    end: str | None
    source: str
    uploaded_by: str
    uploaded_at: str
    sha256: str
    rows: tuple[StoredRow, ...]


@dataclass(frozen=True, slots=True)
class StoredMapping:
    """What a person said that a row is."""

    id: int
    list_id: str
    number: int
    action: str
    mapping: Mapping[str, Any]
    by: str
    at: str


class ListStore:
    """Reads and writes of the tables of lists."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._generation = Glance(engine, _GENERATION, "the register of lists cannot be read")

    def generation(self) -> int:
        """How often anything changed; read before every decision. Raises StoreFailed."""
        found = self._generation()
        if found is None:
            raise StoreFailed("the register of lists is missing")
        return int(found)

    def add(self, upload: Upload) -> tuple[str, bool]:
        """Keep an upload as the next version, or find the version that is the very same.

        The id, and whether it is new. Raises StoreFailed.
        """
        try:
            with self._engine.begin() as connection:
                self._begin(connection)
                same = connection.execute(_same(upload)).scalar()
                if same is not None:
                    return str(same), False
                list_id = self._insert(connection, upload)
                _advance(connection)
        except SQLAlchemyError as error:
            raise StoreFailed("the list could not be stored") from error
        return list_id, True

    def _insert(self, connection: Connection, upload: Upload) -> str:
        last = connection.execute(
            select(func.max(lists.c.version)).where(
                and_(lists.c.jurisdiction == upload.jurisdiction, lists.c.kind == upload.kind)
            )
        ).scalar()
        version = (last or 0) + 1
        list_id = f"{upload.jurisdiction.ljust(6, '0')}-{upload.kind}-{version}"
        connection.execute(
            insert(lists).values(
                id=list_id,
                jurisdiction=upload.jurisdiction,
                kind=upload.kind,
                version=version,
                title=upload.title,
                complete=upload.complete,
                start_day=upload.start,
                end_day=upload.end,
                source=upload.source,
                uploaded_by=upload.uploaded_by,
                uploaded_at=instant(),
                sha256=upload.sha256,
                file=upload.file,
            )
        )
        connection.execute(
            insert(list_rows),
            [
                {
                    "list_id": list_id,
                    "number": row.number,
                    "text": row.text,
                    "basis": row.basis,
                    "department": row.department,
                    "note": row.note,
                    "suggestion": orjson.dumps(row.suggestion or {}),
                }
                for row in upload.rows
            ],
        )
        return list_id

    def map(
        self, list_id: str, said: Sequence[tuple[int, str, Mapping[str, Any]]], by: str
    ) -> None:
        """Keep what a person says that rows (number, action, mapping) are; all or none."""
        at = instant()
        try:
            with self._engine.begin() as connection:
                self._begin(connection)
                connection.execute(
                    insert(list_mappings),
                    [
                        {
                            "list_id": list_id,
                            "number": number,
                            "action": action,
                            "mapping": orjson.dumps(mapping),
                            "mapped_by": by,
                            "mapped_at": at,
                        }
                        for number, action, mapping in said
                    ],
                )
                _advance(connection)
        except SQLAlchemyError as error:
            raise StoreFailed("the mapping could not be stored") from error

    def read(
        self, known: Iterable[str], after: int
    ) -> tuple[int, list[StoredList], list[StoredMapping]]:
        """The generation with the versions not `known` and the mappings after an id, in order."""
        have = frozenset(known)
        try:
            # One transaction, so that all three are of the same moment.
            with self._engine.begin() as connection:
                if self._engine.dialect.name != "sqlite":
                    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                generation = int(connection.execute(select(register.c.generation)).scalar_one())
                heads = connection.execute(_HEADS).all()
                fresh = [
                    _stored(connection, head._mapping) for head in heads if head.id not in have
                ]
                rows = connection.execute(
                    select(list_mappings)
                    .where(list_mappings.c.id > after)
                    .order_by(list_mappings.c.id)
                ).all()
        except SQLAlchemyError as error:
            raise StoreFailed("lists cannot be read") from error
        return generation, fresh, [_mapping(row._mapping) for row in rows]

    def said(self, list_id: str) -> list[StoredMapping]:
        """Everything persons said of the rows of a version, in order."""
        query = select(list_mappings).where(list_mappings.c.list_id == list_id)
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(query.order_by(list_mappings.c.id)).all()
        except SQLAlchemyError as error:
            raise StoreFailed("mappings cannot be read") from error
        return [_mapping(row._mapping) for row in rows]

    def close(self) -> None:
        """Give back the kept connection."""
        self._generation.close()

    def _begin(self, connection: Connection) -> None:
        if self._engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(register.c.id).with_for_update())


_HEADS = select(*(column for column in lists.c if column.name != "file")).order_by(lists.c.id)


def _advance(connection: Connection) -> None:
    connection.execute(update(register).values(generation=register.c.generation + 1))


def _same(upload: Upload) -> Any:
    """The version with the same file and the same words around it."""
    return select(lists.c.id).where(
        and_(
            lists.c.jurisdiction == upload.jurisdiction,
            lists.c.kind == upload.kind,
            lists.c.sha256 == upload.sha256,
            lists.c.title == upload.title,
            lists.c.complete == upload.complete,
            lists.c.start_day == upload.start,
            lists.c.end_day.is_(None) if upload.end is None else lists.c.end_day == upload.end,
            lists.c.source == upload.source,
        )
    )


def _stored(connection: Connection, head: Mapping[Any, Any]) -> StoredList:
    rows = connection.execute(
        select(list_rows).where(list_rows.c.list_id == head["id"]).order_by(list_rows.c.number)
    ).all()
    return StoredList(
        id=head["id"],
        jurisdiction=head["jurisdiction"],
        kind=head["kind"],
        version=head["version"],
        title=head["title"],
        complete=bool(head["complete"]),
        start=head["start_day"],
        end=head["end_day"],
        source=head["source"],
        uploaded_by=head["uploaded_by"],
        uploaded_at=head["uploaded_at"],
        sha256=head["sha256"],
        rows=tuple(
            StoredRow(
                row.number,
                row.text,
                row.basis,
                row.department,
                row.note,
                orjson.loads(row.suggestion),
            )
            for row in rows
        ),
    )


def _mapping(row: Mapping[Any, Any]) -> StoredMapping:
    return StoredMapping(
        row["id"],
        row["list_id"],
        row["number"],
        row["action"],
        orjson.loads(row["mapping"]),
        row["mapped_by"],
        row["mapped_at"],
    )
