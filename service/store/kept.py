"""Results that are kept: added once, never changed, told by the hash of their bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from service.errors import KeptLimit, StoreFailed
from service.store.record import instant
from service.store.tables import kept

_TOLD: Final = [column for column in kept.columns if column.name != "document"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept result without its bytes; `at` as `store.records.instant` writes it.

    `hash` is the SHA-256 of the bytes, `result` that of what was found
    (`service.sparql.results`); `generation` is empty where the store does not tell it.
    """

    hash: str
    title: str
    query: str
    generation: str
    result: str
    rows: int
    by: str
    at: str


class KeptStore:
    """Reads and writes of the table `kept`. Every method may raise StoreFailed."""

    def __init__(self, engine: Engine, most: int) -> None:
        self._engine = engine
        self._most = most

    def keep(self, new: Kept, document: bytes) -> tuple[Kept, bool]:
        """Keep a result; the very same one again is the one that is there. Whether it is new.

        `at` is set here. Raises KeptLimit where as many are kept as may be.
        """
        if there := self.find(new.hash):
            return there, False
        row = {
            "hash": new.hash,
            "title": new.title,
            "query": new.query,
            "generation": new.generation,
            "result": new.result,
            "row_count": new.rows,
            "kept_by": new.by,
            "kept_at": instant(),
            "document": document,
        }
        try:
            with self._engine.begin() as connection:
                count = connection.execute(select(func.count()).select_from(kept)).scalar_one()
                if count >= self._most:
                    raise KeptLimit(
                        f"{count} results are kept, which is as many as may be",
                        hint="see ZHUNRU_KEPT_RESULTS",
                    )
                connection.execute(insert(kept).values(row))
        except IntegrityError:
            pass  # another has just kept the same
        except SQLAlchemyError as error:
            raise StoreFailed("the result could not be kept") from error
        else:
            return self._there(new.hash), True
        return self._there(new.hash), False

    def find(self, name: str) -> Kept | None:
        """The kept result of a hash."""
        found = self._read(select(*_TOLD).where(kept.c.hash == name))
        return found[0] if found else None

    def document(self, name: str) -> bytes | None:
        """The very bytes of a hash."""
        try:
            with self._engine.connect() as connection:
                query = select(kept.c.document).where(kept.c.hash == name)
                found: bytes | None = connection.execute(query).scalar()
        except SQLAlchemyError as error:
            raise StoreFailed("kept results cannot be read") from error
        return found

    def of_result(self, result: str, query: str) -> Kept | None:
        """The first that was kept of what a query found."""
        chosen = select(*_TOLD).where(kept.c.result == result, kept.c.query == query)
        found = self._read(chosen.order_by(kept.c.kept_at).limit(1))
        return found[0] if found else None

    def latest(self, most: int, before: str = "") -> list[Kept]:
        """So many, the last kept first; with `before`, of those kept before that instant."""
        chosen = select(*_TOLD).order_by(kept.c.kept_at.desc(), kept.c.hash).limit(most)
        return self._read(chosen.where(kept.c.kept_at < before) if before else chosen)

    def _there(self, name: str) -> Kept:
        found = self.find(name)
        if found is None:
            raise StoreFailed("the result could not be kept")
        return found

    def _read(self, query: object) -> list[Kept]:
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(query).all()  # type: ignore[call-overload]
        except SQLAlchemyError as error:
            raise StoreFailed("kept results cannot be read") from error
        return [Kept(*row) for row in rows]
