"""A change of what administrators write, as it is handed to the process that makes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from service.sparql.wire import Failure


@dataclass(frozen=True, slots=True)
class Document:
    """RDF of one graph: ttl, nt, rdf or jsonld, and what its relative IRIs start at."""

    form: str
    base: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Edit:
    """An update (its operations), or a graph put, added to or removed; None: the unnamed one.

    `placed` tells that a place in the operations' texts is one in what was sent. `bytes` is the
    most that everything written may take as N-Quads.
    """

    kind: Literal["update", "put", "add", "remove"]
    operations: tuple[str, ...] = ()
    placed: bool = True
    graph: str | None = None
    documents: tuple[Document, ...] = ()
    seconds: float = 30.0
    memory: int = 1 << 30
    bytes: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of it: whether anything changed, whether the graph had statements before and has
    now, and all named graphs with statements that there are now."""

    changed: bool
    before: bool
    after: bool
    graphs: tuple[str, ...] = field(default=())


def to_bytes(edit: Edit) -> bytes:
    """A line of JSON, then the documents one after the other."""
    told = asdict(edit)
    told["documents"] = [(d.form, d.base, len(d.data)) for d in edit.documents]
    return b"\n".join((json.dumps(told).encode(), b"".join(d.data for d in edit.documents)))


def from_bytes(data: bytes) -> Edit:
    """What `to_bytes` wrote."""
    head, _, rest = data.partition(b"\n")
    told: dict[str, Any] = json.loads(head)
    documents, at = [], 0
    for form, base, size in told["documents"]:
        documents.append(Document(form, base, rest[at : at + size]))
        at += size
    operations = tuple(told["operations"])
    return Edit(**{**told, "documents": tuple(documents), "operations": operations})


def outcome_to_json(outcome: Edited | Failure) -> bytes:
    """What came of an edit, or why nothing did."""
    return json.dumps({type(outcome).__name__: asdict(outcome)}).encode()


def outcome_from_json(data: bytes) -> Edited | Failure:
    """What `outcome_to_json` wrote. Raises ValueError where it is something else."""
    told: dict[str, Any] = json.loads(data)
    if failed := told.get("Failure"):
        return Failure(**failed)
    graphs: Sequence[str] = told["Edited"].pop("graphs")
    return Edited(**told["Edited"], graphs=tuple(graphs))
