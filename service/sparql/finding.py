"""Hits of a full-text search for `/v1/search` and its page: asked of a worker like a query."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from kb.search_index import After, Hit, Scope, TextIndex
from kb.search_marks import shown
from kb.search_query import Search, read_search
from kb.search_texts import Kind


@dataclass(frozen=True, slots=True)
class Find:
    """A search: its words, where to look, how many hits to give after which one."""

    words: str
    kind: Kind
    graphs: tuple[str, ...] | None
    most: int
    after: After | None = None


@dataclass(frozen=True, slots=True)
class FoundHit:
    """A hit with the text that shows best why it is one.

    `at` are the places of the words in that text, `marks` those in the snippet, which begins at
    `start`; `before` and `after` tell that the text goes on there.
    """

    subject: str
    graph: str
    score: float
    property: str
    language: str
    at: tuple[tuple[int, int], ...]
    snippet: str
    start: int
    marks: tuple[tuple[int, int], ...]
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, the best first, and how many there are of each kind in each graph."""

    hits: tuple[FoundHit, ...]
    census: dict[Kind, dict[str, int]]


def find(index: TextIndex, asked: str) -> bytes:
    """The answer to `asking`, as JSON. Raises BadSearch."""
    told = json.loads(asked)
    after = told["after"] and After(**told["after"])
    search = read_search(told["words"])
    hits = index.best(search, Scope(told["graphs"], told["kind"]), told["most"], after)
    found = [_shown(index, search, hit) for hit in hits]
    answer = {"hits": [asdict(hit) for hit in found if hit], "census": index.census(search)}
    return json.dumps(answer, ensure_ascii=False).encode()


def asking(asked: Find) -> str:
    """What is told to a worker."""
    return json.dumps(asdict(asked), ensure_ascii=False)


def found(answer: bytes) -> Found:
    """What `find` wrote."""
    told: dict[str, Any] = json.loads(answer)
    hits = (
        FoundHit(**{**hit, "at": _spans(hit["at"]), "marks": _spans(hit["marks"])})
        for hit in told["hits"]
    )
    return Found(tuple(hits), told["census"])


def _spans(told: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in told)


def _shown(index: TextIndex, search: Search, hit: Hit) -> FoundHit | None:
    texts = index.texts(hit)
    if hit.kind == "label":
        texts = tuple(text for text in texts if text.name)
    best = shown(search, texts)
    if best is None:
        return None
    snippet = best.snippet
    return FoundHit(
        hit.subject,
        hit.graph,
        hit.score,
        best.text.property,
        best.text.language,
        best.at,
        snippet.text,
        snippet.start,
        snippet.marks,
        snippet.before,
        snippet.after,
    )
