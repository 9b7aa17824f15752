"""Deciding a request: read its envelope, derive, decide each case, combine (DESIGN §2).

`rule_on` is a pure function of request, rulebook, lists and day; `service.decision_service` adds
what changes: the current revision, the clock, the receipt. The API, the pages and the command line
all come through here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import orjson

from kb.derive import look_up
from kb.register import Register
from ontology.issue import Issue
from ontology.names import nearest
from ontology.places import Resolution
from rules.combine import combine
from rules.decide import Decision, decide
from rules.facts import BadFacts
from rules.model import Rulebook
from rules.receipt import canonical, digest
from rules.zone_events import facts_from
from service.basis import Basis, LeftOut
from service.basis import to_bytes as basis_text
from service.envelope import Detail, Envelope, read
from service.errors import BadRequest, UnknownKind
from service.messages import message
from service.store.record import Record, instant, new_id

# China has kept one time zone without summer time since 1991, so no zone database is needed.
_SHANGHAI = timezone(timedelta(hours=8))


def today() -> date:
    """The day it is in China."""
    return datetime.now(_SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Ruling:
    """The result body of a request and what it rests on beside the request, case by case."""

    kind: str
    as_of: date
    body: dict[str, Any]
    bases: tuple[Basis, ...]
    annotations: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """The list versions that were looked at; of a replay none."""

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The lists that could not be used, each once."""
        return tuple(dict.fromkeys(one for basis in self.bases for one in basis.left_out))


@dataclass(frozen=True, slots=True)
class Answer:
    """A result body with what stands beside it; `record` where it is to be kept."""

    body: Mapping[str, Any]
    id: str | None
    decided_at: str
    engine: str
    lists: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    record: Record | None = None

    def _beside(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "decided_at": self.decided_at,
            "engine": self.engine,
            "lists": list(self.lists),
            "lists_left_out": [one.to_json() for one in self.left_out],
            "annotations": [
                {"path": path, "why": message("annotation")} for path in self.annotations
            ],
        }

    def to_json(self) -> dict[str, Any]:
        """The flat answer of the API."""
        return {**self._beside(), **self.body}

    def to_bytes(self) -> bytes:
        """The flat answer as JSON; what is recorded leaves as the very bytes that are kept."""
        if self.record is None:
            return orjson.dumps(self.to_json())
        return orjson.dumps(self._beside())[:-1] + b"," + self.record.result[1:]


def known_kind(kind: str, rulebook: Rulebook) -> str:
    """The kind itself; UnknownKind with the nearest name where the rulebook lacks it."""
    kinds = rulebook.vocabulary.kinds
    if kind not in kinds:
        near = nearest(kind, kinds)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(kinds)}"
        raise UnknownKind(f"there are no decisions of kind {kind[:60]!r}", hint=hint)
    return kind


def read_request(
    value: object, kind: str, rulebook: Rulebook, detail: Detail = "full", limit: int = 1000
) -> Envelope:
    """The envelope of a JSON value for a kind. Raises UnknownKind, BadRequest."""
    facts = rulebook.vocabulary.facts(known_kind(kind, rulebook))
    envelope = read(value, (fact.name for fact in facts), detail, limit)
    if envelope.events is not None and kind != "lifecycle":
        message = "events are the history of a zone, which lifecycle decides on"
        raise BadRequest(message, issues=[Issue("error", message, "$.events")])
    return envelope


def rule_on(
    kind: str,
    envelope: Envelope,
    rulebook: Rulebook,
    register: Register,
    day: date,
    recorded: Sequence[Basis] | None = None,
) -> Ruling:
    """Decide every case of an envelope; `day` where it names none.

    `recorded` bases, one a case, replace deriving and resolving anew (a replay). Raises BadFacts
    with the places of all faults in the request; EngineFault where the engine fails.
    """
    as_of = envelope.as_of or day
    assumed = envelope.as_of is None
    words = rulebook.vocabulary
    issues: list[Issue] = []
    decided: list[Decision] = []
    bases: list[Basis] = []
    lists: set[str] = set()
    for index, case in enumerate(envelope.cases):
        if envelope.events is not None:
            case = replace(case, facts={**facts_from(envelope.events, as_of), **case.facts})
        if recorded:
            basis = recorded[index]
        else:
            looked = look_up(kind, case.facts, as_of, register, words)
            left_out = tuple(LeftOut(one.list.id, one.why) for one in looked.left_out)
            basis = Basis(looked.derived, left_out=left_out)
            lists.update(looked.lists)
        try:
            decision = decide(
                kind,
                case.facts,
                as_of,
                rulebook,
                derived=basis.derived,
                detail=envelope.detail,
                as_of_assumed=assumed,
                not_a_task=envelope.not_a_task,
                place=basis.place,
                replayed=bool(recorded),
            )
        except BadFacts as error:
            issues += [replace(issue, where=case.locate(issue.where)) for issue in error.issues]
            continue
        decided.append(decision)
        # Also what followed from the facts themselves: a replay derives nothing anew.
        bases.append(Basis(decision.derived, basis.place, basis.left_out))
    if issues:
        raise BadFacts(issues)
    body = decided[0].to_json()
    if envelope.several:
        texts = [case.text for case in envelope.cases]
        items = list(zip(texts, decided, strict=True))
        body = combine(kind, items, as_of, rulebook, as_of_assumed=assumed).to_json()
    body |= {"ignored": _ignored(body, envelope)}
    named = tuple(sorted(lists))
    return Ruling(kind, as_of, body, tuple(bases), envelope.annotations, named)


def place_of(
    facts: Mapping[str, Any], kind: str, rulebook: Rulebook, day: date
) -> Resolution | None:
    """The place that facts already decided on mean on a day; None where they name none."""
    for fact in rulebook.vocabulary.facts(kind):
        if fact.type == "place" and facts.get(fact.name) is not None:
            return rulebook.vocabulary.places.resolve(str(facts[fact.name]).strip(), day)
    return None


def _ignored(body: Mapping[str, Any], envelope: Envelope) -> list[dict[str, Any]]:
    """Facts that do not exist in a case and so played no part, where the request gives them."""
    inner = body.get("items", (body,))
    return [
        entry | {"path": case.locate(entry["path"])}
        for case, result in zip(envelope.cases, inner, strict=True)
        for entry in result.get("ignored", ())
    ]


def unrecorded(ruling: Ruling, engine: str) -> Answer:
    """The answer that leaves no receipt."""
    return Answer(
        body=ruling.body,
        id=None,
        decided_at=instant(),
        engine=engine,
        lists=ruling.lists,
        annotations=ruling.annotations,
        left_out=ruling.left_out,
    )


def recorded(ruling: Ruling, value: object, envelope: Envelope, engine: str) -> Answer:
    """The answer with the record that must be stored before it leaves."""
    result = canonical(ruling.body)
    request = value | {"detail": envelope.detail} if isinstance(value, dict) else value
    record = Record(
        id=new_id(),
        kind=ruling.kind,
        decided_at=instant(),
        engine=engine,
        as_of=ruling.as_of.isoformat(),
        revision=str(ruling.body["revision"]),
        request=orjson.dumps(request),
        derived=basis_text(ruling.bases),
        lists=orjson.dumps(ruling.lists),
        result=result,
        result_sha256=digest(result),
    )
    return Answer(
        body=ruling.body,
        id=record.id,
        decided_at=record.decided_at,
        engine=engine,
        lists=ruling.lists,
        annotations=ruling.annotations,
        left_out=ruling.left_out,
        record=record,
    )
