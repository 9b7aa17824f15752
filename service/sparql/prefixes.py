"""What queries need not spell out: prefixes that are offered, and the base of relative IRIs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from ontology.ids import BASE

ENDPOINT: Final = f"{BASE}sparql"
"""What relative IRIs in a query start at (SPARQL 1.1 §4.1.1.2), whatever host it was sent to:
`<id/rule/…>` names the same rule everywhere."""

GRAPH_STORE: Final = f"{BASE}rdf-graph-store"
"""What graphs that administrators write may be named under; all other names of ours are built."""

_FILE = Path(__file__).with_name("prefixes.json")


@cache
def load_prefixes() -> dict[str, str]:
    """Prefix → namespace."""
    found: dict[str, str] = json.loads(_FILE.read_text("utf-8"))
    return found


def reserved(graph: str) -> bool:
    """Whether a graph of this name is made by building and publishing, never by writing."""
    return graph.startswith(BASE) and not graph.startswith(f"{GRAPH_STORE}/")
