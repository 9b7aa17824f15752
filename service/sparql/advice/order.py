"""Pages of an answer that has no order."""

from __future__ import annotations

from collections.abc import Iterator

from service.sparql.advice.finding import Asked, Found
from service.sparql.advice.scope import selects


def offset_without_order(asked: Asked) -> Iterator[Found]:
    """OFFSET without ORDER BY: two pages may hold one row twice, and another one never (§15.4)."""
    for select in selects(asked.tree):
        offset = select.clauses.get("OFFSET")
        if offset is None or "ORDER" in select.clauses:
            continue
        if asked.tokens[offset.first + 1].text.strip("0"):
            yield Found("offset-without-order", offset.start)
