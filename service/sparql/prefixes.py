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

_FILE = Path(__file__).with_name("prefixes.json")


@cache
def load_prefixes() -> dict[str, str]:
    """Prefix → namespace."""
    found: dict[str, str] = json.loads(_FILE.read_text("utf-8"))
    return found
