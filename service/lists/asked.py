"""What is said of a list beside its file, and of its rows by a person, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal, cast, get_args

from kb.register import REGISTRABLE, ListKind
from kb.standing import prefix_of
from ontology.issue import Issue
from ontology.names import nearest
from ontology.places import UnknownPlace
from ontology.vocabulary import CodeList, Vocabulary
from service.envelope import parse_day
from service.errors import BadList

Action = Literal["confirm", "correct", "clear"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

_MAX_TEXT: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What an upload is: place, kind, title, and the days it is in force."""

    jurisdiction: str
    kind: ListKind
    title: str
    complete: bool
    start: date
    end: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says that a row is. `mapping` says it where the action is correct."""

    number: int
    action: Action
    mapping: Mapping[str, Any] = field(default_factory=dict)


def asked_of(given: Mapping[str, str], vocabulary: Vocabulary, today: date) -> Asked:
    """What words of an address, a form or a command say. Raises BadList with every fault."""
    issues: list[Issue] = []
    kind = _kind(given.get("kind", ""), issues)
    days = {name: _day(name, given.get(name, ""), issues) for name in ("start", "end")}
    start, end = days["start"], days["end"]
    if start is None and not given.get("start"):
        issues.append(
            Issue("error", "say from which day the list is in force", "start", "start=2021-05-01")
        )
    if start and end and end <= start:
        issues.append(Issue("error", "the list ends before it starts", "end"))
    jurisdiction = _place(given.get("jurisdiction", ""), start or today, vocabulary, issues)
    texts = {name: _text(name, given.get(name, ""), issues) for name in ("title", "source")}
    complete = given.get("complete", "")
    if complete not in ("true", "false"):
        hint = "true: what is not on it is not listed; false: only some of the list is here"
        issues.append(Issue("error", "say whether the list is complete", "complete", hint))
    if issues or start is None:
        raise BadList("what is said of the list cannot be taken", issues=issues)
    return Asked(
        jurisdiction,
        cast(ListKind, kind),
        texts["title"],
        complete == "true",
        start,
        end,
        texts["source"],
    )


def place_prefix(text: str, day: date, vocabulary: Vocabulary) -> str:
    """The prefix of GB/T 2260 codes that a code or name of a place means; UnknownPlace if none."""
    return prefix_of(vocabulary.places.resolve(text, day).place.code)


def checked(said: Said, codes: CodeList, roles: CodeList) -> None:
    """Nothing, or BadList where a mapping names what the vocabulary lacks."""
    if said.action != "correct":
        return
    issues = [
        _unknown(code, codes, f"$.codes[{at}]")
        for at, code in enumerate(said.mapping["codes"])
        if codes.get(code) is None
    ]
    role = said.mapping["role"]
    if role and roles.get(role) is None:
        issues.append(_unknown(role, roles, "$.role"))
    if issues:
        raise BadList(f"row {said.number} cannot be mapped so", issues=issues)


def mapping_of(number: int, value: object) -> Said:
    """What a JSON value says of a row. Raises BadList."""
    if not isinstance(value, dict) or value.get("action") not in ACTIONS:
        raise BadList(
            "a mapping is a JSON object with an action",
            issues=[Issue("error", f"action is one of {', '.join(ACTIONS)}", "$.action")],
        )
    action: Action = value["action"]
    allowed = {"action", "codes", "role", "statutory_basis"} if action == "correct" else {"action"}
    issues = [
        Issue("error", f"{name[:40]} has no meaning with {action}", f"$.{name[:40]}")
        for name in value
        if name not in allowed
    ]
    if action != "correct":
        if issues:
            raise BadList("the mapping cannot be read", issues=issues)
        return Said(number, action)
    codes, role = value.get("codes"), value.get("role", "")
    basis = value.get("statutory_basis")
    if not _strings(codes):
        text = "codes is a list of codes; an empty one says that the row is of none"
        issues.append(Issue("error", text, "$.codes"))
    if not isinstance(role, str):
        issues.append(Issue("error", "role is a code of the roles", "$.role"))
    if basis is not None and not isinstance(basis, bool):
        issues.append(Issue("error", "true, false, or left out", "$.statutory_basis"))
    if issues:
        raise BadList("the mapping cannot be read", issues=issues)
    return Said(number, action, {"codes": codes, "role": role, "statutory_basis": basis})


def _strings(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) <= 20
        and all(isinstance(one, str) for one in value)
    )


def _kind(text: str, issues: list[Issue]) -> str:
    if text not in REGISTRABLE:
        near = nearest(text, REGISTRABLE)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(REGISTRABLE)}"
        issues.append(Issue("error", f"no kind of list is called {text[:40]!r}", "kind", hint))
    return text


def _day(name: str, text: str, issues: list[Issue]) -> date | None:
    if not text:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        issues.append(Issue("error", str(error), name))
        return None


def _place(text: str, day: date, vocabulary: Vocabulary, issues: list[Issue]) -> str:
    try:
        return place_prefix(text, day, vocabulary)
    except UnknownPlace as error:
        hint = f"did you mean {error.nearest}?" if error.nearest else "a GB/T 2260 code or a name"
        issues.append(Issue("error", f"no place {text[:40]!r} is known", "jurisdiction", hint))
        return ""


def _text(name: str, text: str, issues: list[Issue]) -> str:
    flat = " ".join(text.split())
    if not flat:
        hint = {"title": "as the document calls it", "source": "where the list was published"}
        issues.append(Issue("error", f"say the {name} of the list", name, hint[name]))
    elif len(flat) > _MAX_TEXT:
        issues.append(Issue("error", f"has more than {_MAX_TEXT} characters", name))
    elif not flat.isprintable():
        issues.append(Issue("error", "has characters that cannot be shown", name))
    return flat


def _unknown(code: str, codes: CodeList, where: str) -> Issue:
    near = nearest(code, codes.codes)
    hint = f"did you mean {near}?" if near else ""
    return Issue("error", f"{codes.id} has no code {code[:60]!r}", where, hint)
