"""Facts as they are given: checked against the vocabulary, brought into one form.

Absent (or null) means unknown, never false. Nothing is guessed: a wrong name, type or code is an
issue at its JSON path with the nearest valid name (DESIGN §4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from ontology.issue import Issue
from ontology.names import nearest
from ontology.places import Resolution, UnknownPlace
from ontology.vocabulary import Fact, Vocabulary
from rules.condition import Scalar

Value = Scalar | tuple[str, ...]
MAX_TEXT: Final = 2000
MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that JSON readers agree on (RFC 8785 §3.2.2.3)."""
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?")


class BadFacts(Exception):
    """Facts that cannot be decided on; `issues` says what and where."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__("; ".join(str(issue) for issue in issues))
        self.issues = tuple(issues)


@dataclass(frozen=True, slots=True)
class Given:
    """Facts in one form, in vocabulary order: sets in code-list order, places as resolved."""

    values: Mapping[str, Value]
    place: Resolution | None


def read_facts(
    kind: str,
    facts: Mapping[str, object],
    as_of: date,
    vocabulary: Vocabulary,
    path: str = "$.facts",
    place: Resolution | None = None,
) -> Given:
    """Check facts and bring them into one form. Raises BadFacts with every issue found.

    `place` is a recorded resolution: a replay must not look the place up in today's table.
    """
    given = [fact for fact in vocabulary.facts(kind) if fact.name in facts]
    issues: list[Issue] = []
    if len(given) != len(facts):
        issues += _undeclared(kind, facts, vocabulary, path)
    values: dict[str, Value] = {}
    for fact in given:
        name = fact.name
        raw = facts[name]
        if raw is None:
            continue
        where = f"{path}['{name}']"
        if fact.type == "place":
            found = place or _place(raw, as_of, vocabulary, where)
            if isinstance(found, Issue):
                issues.append(found)
            else:
                place = found
                values[name] = str(raw).strip()
            continue
        read = _read(fact, raw, vocabulary, where)
        if isinstance(read, list):
            issues += read
        else:
            values[name] = read
    if issues:
        raise BadFacts(issues)
    return Given(values, place)


def _undeclared(
    kind: str, facts: Mapping[str, object], vocabulary: Vocabulary, path: str
) -> Iterator[Issue]:
    declared = [fact.name for fact in vocabulary.facts(kind)]
    for name in facts:
        if name not in declared:
            near = nearest(str(name), declared)
            hint = f"did you mean {near}?" if near else ""
            told = _plain(str(name))
            yield Issue("error", f"{told} is not a fact of {kind}", f"{path}['{told}']", hint)


def _place(raw: object, as_of: date, vocabulary: Vocabulary, where: str) -> Resolution | Issue:
    if not isinstance(raw, str) or len(raw) > MAX_TEXT or not _is_text(raw):
        return Issue("error", "a place is a GB/T 2260 code or a name, as text", where)
    try:
        return vocabulary.places.resolve(raw.strip(), as_of)
    except UnknownPlace as unknown:
        hint = f"did you mean {unknown.nearest}?" if unknown.nearest else ""
        return Issue("error", str(unknown), where, hint)


def _read(fact: Fact, raw: object, vocabulary: Vocabulary, where: str) -> Value | list[Issue]:
    match fact.type:
        case "boolean":
            return raw if isinstance(raw, bool) else [_expected("true or false", raw, where)]
        case "code":
            if not isinstance(raw, str):
                return [_expected("one code", raw, where)]
            return _code(fact, raw, vocabulary, where) or raw
        case "codes":
            return _codes(fact, raw, vocabulary, where)
        case "integer":
            return _integer(raw, where)
        case "decimal":
            return _decimal(fact, raw, where)
        case "date":
            return _day(raw, where)
        case _:
            if isinstance(raw, str) and len(raw) <= MAX_TEXT and _is_text(raw):
                return raw
            return [_expected(f"a text of at most {MAX_TEXT} characters", raw, where)]


def _integer(raw: object, where: str) -> Value | list[Issue]:
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= MAX_INTEGER:
        return raw
    return [_expected("a whole number", raw, where)]


def _day(raw: object, where: str) -> Value | list[Issue]:
    try:
        if isinstance(raw, str) and date.fromisoformat(raw).isoformat() == raw:
            return raw
    except ValueError:
        pass
    return [_expected("a day as YYYY-MM-DD", raw, where)]


def _codes(fact: Fact, raw: object, vocabulary: Vocabulary, where: str) -> Value | list[Issue]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple):
        return [_expected("a list of codes", raw, where)]
    issues: list[Issue] = []
    for i, code in enumerate(given):
        at = where if isinstance(raw, str) else f"{where}[{i}]"
        if not isinstance(code, str):
            issues.append(_expected("a code", code, at))
        else:
            issues += _code(fact, code, vocabulary, at)
    if issues:
        return issues
    if len(given) == 1:
        return tuple(given)
    chosen = set(given)
    return tuple(code for code in vocabulary.code_lists[str(fact.codes)].codes if code in chosen)


def _code(fact: Fact, raw: str, vocabulary: Vocabulary, where: str) -> list[Issue]:
    code_list = vocabulary.code_lists[str(fact.codes)]
    if code_list.get(raw) is not None:
        return []
    words = {word: c.code for c in code_list.concepts for word in (c.code, c.label.zh, *c.alt)}
    near = nearest(raw, words)
    hint = f"did you mean {words[near]}?" if near else f"see the code list {code_list.id}"
    return [Issue("error", f"{_shown(raw)} is not a code of {code_list.id}", where, hint)]


def _decimal(fact: Fact, raw: object, where: str) -> Value | list[Issue]:
    # Through the written form: 0.1 means the decimal 0.1, not its binary neighbour.
    number = _number(raw)
    if number is None or abs(number) > MAX_INTEGER:
        return [_expected("a decimal number", raw, where)]
    scale = fact.scale or 0
    if fact.computed is not None and number.scaleb(scale) % 1:
        scale += 1  # It may lie between two numbers that have its scale, and be asked for there.
    rounded = number.quantize(Decimal(1).scaleb(-scale))
    if rounded != number:
        # Rounding could carry a number over the figure that a rule names.
        return [_expected(f"a number with at most {scale} decimals", raw, where)]
    return format(abs(rounded) if rounded == 0 else rounded, "f")


def _number(raw: object) -> Decimal | None:
    if isinstance(raw, bool) or (isinstance(raw, int) and abs(raw) > MAX_INTEGER):
        return None
    written = str(raw) if isinstance(raw, int | float) else raw
    return Decimal(written) if isinstance(written, str) and _NUMBER.fullmatch(written) else None


def _is_text(raw: str) -> bool:
    # A lone surrogate cannot be written as UTF-8, so it could be neither stored nor answered.
    try:
        raw.encode()
    except UnicodeEncodeError:
        return False
    return True


def _expected(what: str, raw: object, where: str) -> Issue:
    return Issue("error", f"{what} is expected, not {_shown(raw)}", where)


def _shown(raw: object) -> str:
    match raw:
        case str():
            text = repr(_plain(raw))
        case bool() | float():
            text = repr(raw)
        case int():
            text = repr(raw) if abs(raw) <= MAX_INTEGER else "so large a number"
        case list() | tuple():
            text = "a list"
        case Mapping():
            text = "an object"
        case _:
            text = f"a {type(raw).__name__}"
    return text if len(text) <= 60 else text[:57] + "…"


def _plain(text: str) -> str:
    return text if _is_text(text) else text.encode("ascii", "backslashreplace").decode()
