"""Facts that can be said on the spot: each answer is a button that asks again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ontology.label import Label
from ontology.vocabulary import Vocabulary
from service.web.asked import Asked, field_name, own_field_name
from service.web.findings import Json

# More answers than this are offered in a list box instead of as buttons.
_BUTTONS: Final = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """A value that may be given; None as its verdict: where it leads is not known."""

    value: str
    label: Label | bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answers that lead to one verdict."""

    verdict: str | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that can be said on the spot, in the form field `field`."""

    field: str
    label: Label
    question: Label
    outcomes: tuple[Outcome, ...]
    assumed: Label | bool | None = None
    ground: Label | None = None

    @property
    def control(self) -> Literal["buttons", "select"]:
        """Buttons while they are few."""
        few = sum(len(o.answers) for o in self.outcomes) <= _BUTTONS
        return "buttons" if few else "select"


def question_of(value: Json, at: int, asked: Asked) -> Question:
    """A question of a result (or a presumption, which is one) about the item at `at`."""
    name = value["fact"]
    return Question(
        field=_field(name, at, asked),
        label=Label.from_json(value["label"]),
        question=Label.from_json(value["question"]),
        outcomes=tuple(
            Outcome(
                group["verdict"],
                tuple(
                    Answer(_text(v), v if isinstance(v, bool) else Label.from_json(label))
                    for v, label in zip(group["values"], group["labels"], strict=True)
                ),
            )
            for group in value["answers"]
        ),
        assumed=_assumed(value) if "ground" in value else None,
        ground=Label.from_json(value["ground"]) if "ground" in value else None,
    )


def _assumed(value: Json) -> Label | bool:
    held = value["value"]
    return held if isinstance(held, bool) else Label.from_json(value["value_label"])


def correction_of(
    name: str, held: object, at: int, asked: Asked, kind: str, words: Vocabulary
) -> Question | None:
    """What else a fact may be than `held`; None for a fact that has no few values."""
    fact = words.fact(kind, name)
    if fact is None or fact.type not in ("boolean", "code"):
        return None
    if fact.type == "boolean":
        answers = tuple(Answer(_text(v), v) for v in (True, False) if v != held)
    else:
        concepts = words.code_lists[fact.codes].concepts if fact.codes else ()
        answers = tuple(Answer(c.code, c.label) for c in concepts if c.code != held)
    field = _field(name, at, asked)
    return Question(field, fact.label, fact.question, (Outcome(None, answers),))


def _field(name: str, at: int, asked: Asked) -> str:
    """A fact common to all items is asked once; one an item says for itself belongs to it."""
    own = name in asked.items[at].facts
    return own_field_name(name, at) if own else field_name(name, at)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
