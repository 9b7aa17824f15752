"""What codes outside of facts are called (actors, topics, kinds of relation …): `concepts.json`.

Compiled from `concepts/*.ttl` (SKOS, https://www.w3.org/TR/skos-reference/), so that pages and the
command line need neither an RDF library nor the graph to say them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ontology.label import Label
from ontology.vocabulary import CodeList

_FILE: Final = Path(__file__).with_name("concepts.json")


@dataclass(frozen=True, slots=True)
class Concepts:
    """Labels by scheme and code, each scheme in its given order."""

    labels: Mapping[str, Mapping[str, Label]]

    def label(self, scheme: str, code: str) -> Label:
        """What a code is called; the code itself where the scheme or the code is not known."""
        return self.labels.get(scheme, {}).get(code) or Label(code, code)


def to_bytes(schemes: Mapping[str, CodeList]) -> bytes:
    """The file form: sorted schemes, their codes in order, one member a line."""
    document = {
        name: {concept.code: concept.label.to_json() for concept in schemes[name].concepts}
        for name in sorted(schemes)
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


@cache
def load_concepts() -> Concepts:
    """The compiled labels, read once."""
    document = json.loads(_FILE.read_text("utf-8"))
    return Concepts(
        {
            scheme: {code: Label.from_json(label) for code, label in codes.items()}
            for scheme, codes in document.items()
        }
    )
