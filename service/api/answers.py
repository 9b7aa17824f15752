"""Answers and problems as they stand in a list or in a stream."""

from __future__ import annotations

import orjson

from service.deciding import Answer
from service.problems import told_of


def written(answer: Answer | Exception, root: str = "$", line: int | None = None) -> bytes:
    """An answer as JSON; an exception as its problem, at `root` of a list or `line` of a stream."""
    if isinstance(answer, Answer):
        return answer.to_bytes()
    told = told_of(answer).to_json()
    if line is not None:
        told["line"] = line
    for error in told.get("errors", ()):
        if error["path"].startswith("$"):
            error["path"] = root + error["path"][1:]
    return orjson.dumps(told)
