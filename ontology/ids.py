"""IRIs of everything the knowledge base names; the only place where they are minted."""

from __future__ import annotations

from typing import Final

BASE: Final = "https://zhunru.example/"
NS: Final = f"{BASE}ns#"


def instrument_iri(key: str) -> str:
    """The IRI of an instrument."""
    return f"{BASE}id/doc/{key}"


def provision_iri(key: str, eid: str) -> str:
    """The IRI of a provision of an instrument."""
    return f"{BASE}id/doc/{key}/{eid}"


def list_iri(list_id: str) -> str:
    """The IRI of a registered list."""
    return f"{BASE}id/list/{list_id}"


def list_row_iri(list_id: str, row: int) -> str:
    """The IRI of a row of a registered list."""
    return f"{BASE}id/list/{list_id}/{row}"
