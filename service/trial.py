"""What a change is tried on: cases beside the rules, files of cases, recorded decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from kb.derive import derive
from kb.register import Register
from ontology.issue import Issue
from ontology.vocabulary import Vocabulary
from rules.cases import Example, read_cases
from rules.difference import Question
from rules.model import Rulebook
from service import basis
from service.envelope import Envelope, read
from service.errors import BadRequest, StoreFailed
from service.store.tables import decisions

CASE, FILE, LOG = "rulebook", "file", "log"
"""Where questions come from."""


def of_examples(examples: Iterable[Example], *books: Rulebook) -> Iterator[Question]:
    """The cases beside the rules; one whose rule is in none of the rulebooks is left out."""
    kinds = {r.id: kind for book in books for kind, rules in book.rules.items() for r in rules}
    for example in examples:
        if example.rule in kinds:
            yield Question(
                name=example.where,
                source=CASE,
                text=example.title.zh,
                kind=kinds[example.rule],
                as_of=example.as_of,
                facts=dict(example.facts),
            )


def of_file(
    path: Path, register: Register, today: date, *books: Rulebook
) -> tuple[list[Question], list[Issue]]:
    """Cases of a file: YAML as beside the rules, or JSON lines, each a request or with one.

    An item of a request is a question of its own. Issues name the line; OSError is the caller's.
    """
    if path.suffix in (".yaml", ".yml"):
        examples, issues = read_cases(path.read_text("utf-8"), str(path))
        return list(of_examples(examples, *books)), issues
    questions: list[Question] = []
    issues = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            issues.append(Issue("error", f"not JSON: {error.msg}", f"{where}:{error.colno}"))
            continue
        if not isinstance(value, dict):
            issues.append(Issue("error", "a case is a JSON object", where))
            continue
        found, faults = _of_line(value, where, register, today, books)
        questions += found
        issues += faults
    return questions, issues


def of_log(engine: Engine, *books: Rulebook) -> Iterator[Question]:
    """Recorded decisions, the latest first, each question once; StoreFailed where unreadable."""
    columns = (c for n, c in decisions.c.items() if n in ("id", "kind", "as_of", "request"))
    query = select(*columns, decisions.c.derived).order_by(decisions.c.decided_at.desc())
    seen: set[bytes] = set()
    try:
        with engine.connect().execution_options(yield_per=500) as connection:
            for row in connection.execute(query):
                asked = (row.kind.encode(), row.as_of.encode(), row.request, row.derived)
                key = hashlib.sha256(b"\0".join(asked)).digest()
                if key not in seen:
                    seen.add(key)
                    yield from _of_record(row, books)
    except SQLAlchemyError as error:
        raise StoreFailed("receipts cannot be read") from error


def _of_record(row: Any, books: Iterable[Rulebook]) -> Iterator[Question]:
    envelope = _envelope(orjson.loads(row.request), row.kind, books, len(row.request))
    bases = basis.from_bytes(row.derived)
    for index, (case, based) in enumerate(zip(envelope.cases, bases, strict=True)):
        yield Question(
            name=f"{row.id}[{index}]" if envelope.several else row.id,
            source=LOG,
            text=case.text or "",
            kind=row.kind,
            as_of=date.fromisoformat(row.as_of),
            facts=case.facts,
            derived=based.derived,
            place=based.place,
            not_a_task=envelope.not_a_task,
        )


def _of_line(
    value: dict[str, Any], where: str, register: Register, today: date, books: Iterable[Rulebook]
) -> tuple[list[Question], list[Issue]]:
    kind = str(value.get("kind") or "admissibility")
    words = _words(kind, books)
    if words is None:
        return [], [Issue("error", f"there are no decisions of kind {kind}", where)]
    try:
        envelope = _envelope(value.get("request", value), kind, books)
    except BadRequest as error:
        faults = error.issues or (Issue("error", error.detail, "$"),)
        return [], [Issue(i.severity, i.message, f"{where}: {i.where}", i.hint) for i in faults]
    day = envelope.as_of or today
    name, text = str(value.get("id") or where), str(value.get("text") or "")
    return [
        Question(
            name=f"{name}[{index}]" if envelope.several else name,
            source=FILE,
            text=case.text or text,
            kind=kind,
            as_of=day,
            facts=case.facts,
            derived=derive(kind, case.facts, day, register, words),
            not_a_task=envelope.not_a_task,
        )
        for index, case in enumerate(envelope.cases)
    ], []


def _words(kind: str, books: Iterable[Rulebook]) -> Vocabulary | None:
    return next((b.vocabulary for b in books if kind in b.vocabulary.kinds), None)


def _envelope(value: object, kind: str, books: Iterable[Rulebook], limit: int = 1000) -> Envelope:
    """The envelope of a request, whichever of the rulebooks it was written for."""
    names = {f.name for b in books for f in b.vocabulary.kinds.get(kind, ())}
    return read(value, names, "full", limit)
