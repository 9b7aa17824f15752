"""A decided result arranged for reading: what decides first, questions that can be answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from ontology.label import Label
from ontology.vocabulary import Vocabulary
from service.web.asked import Asked, field_name, own_field_name
from service.web.links import list_href
from service.web.sources import Source, source_in

Json: TypeAlias = Mapping[str, Any]

# More answers than this are offered in a list box instead of as buttons.
_BUTTONS: Final = 8


@dataclass(frozen=True, slots=True)
class Defeater:
    """A rule that prevails, its title where it is among the findings, and on what grounds."""

    rule: str
    title: Label | None
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule on one set of facts; `body` is its JSON."""

    body: Json
    sources: tuple[Source, ...]
    defeaters: tuple[Defeater, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings by what they do for the verdict; each list is in the order of the result.

    `nearest` are the permits that came nearest where the texts are silent.
    """

    deciding: tuple[Finding, ...]
    defeated: tuple[Finding, ...]
    open: tuple[Finding, ...]
    nearest: tuple[Finding, ...]
    advice: tuple[Finding, ...]
    others: tuple[Finding, ...]


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


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact taken from the knowledge base, and the question that corrects it.

    `given` is what was said of it otherwise; then that is used.
    """

    body: Json
    label: Label
    values: tuple[Label | bool | str, ...]
    given: tuple[Label | bool | str, ...]
    href: str
    correction: Question | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as it was given."""

    label: Label
    values: tuple[Label | bool | str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind (or certificate) of a task that is of several."""

    values: tuple[Label | bool | str, ...]
    verdict: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition on admission; `body` is its JSON.

    `certain` where it counts now: what only may apply, or would once nothing forbids, is told less.
    """

    body: Json
    sources: tuple[Source, ...]
    certain: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """The result of one task. `body` is its JSON, for what needs no arranging."""

    index: int
    number: int
    text: str
    body: Json
    findings: Findings
    requirements: tuple[Requirement, ...]
    questions: tuple[Question, ...]
    sets: tuple[tuple[Label, ...], ...]
    assumptions: tuple[Question, ...]
    derived: tuple[Derived, ...]
    parts: tuple[Part, ...]
    stated: tuple[Stated, ...]
    struck: bool = False


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The whole page; `pairs` are the form fields that ask the same again."""

    kind: str
    body: Json
    permalink: str
    edit: str
    pairs: tuple[tuple[str, str], ...]
    items: tuple[Decided, ...]
    ignored: tuple[Json, ...]

    @property
    def single(self) -> bool:
        """Whether one task was asked about, outside any list of items."""
        return "items" not in self.body


def result_page(
    body: Json, asked: Asked, words: Vocabulary, permalink: str, edit: str
) -> ResultPage:
    """The page of a result, with the request that it answers."""
    kind = body["kind"]
    single = "items" not in body
    results = [body] if single else body["items"]
    strike = frozenset(() if single else body["strike"])
    return ResultPage(
        kind=kind,
        body=body,
        permalink=permalink,
        edit=edit,
        pairs=tuple(asked.pairs()),
        items=tuple(
            _decided(result, at, asked, kind, words, struck=result.get("index", at) in strike)
            for at, result in enumerate(results)
        ),
        ignored=tuple(
            entry
            for result in ([body] if single else [body, *results])
            for entry in result.get("ignored", ())
        ),
    )


def _decided(
    result: Json, at: int, asked: Asked, kind: str, words: Vocabulary, *, struck: bool
) -> Decided:
    def question(value: Json) -> Question:
        return _question(value, at, asked)

    return Decided(
        index=at,
        number=at + 1,
        text=result.get("text") or "",
        body=result,
        findings=_findings(result),
        requirements=tuple(
            Requirement(r, tuple(source_in(c) for c in r["citations"]), _counts(r, result))
            for r in result["requirements"]
        ),
        questions=tuple(question(q) for q in result["missing"]["questions"]),
        sets=tuple(
            tuple(_label(kind, name, words) for name in entry["facts"])
            for entry in result["missing"]["sets"]
        ),
        assumptions=tuple(question(a) for a in result["assumptions"]),
        derived=tuple(_derived(d, at, asked, kind, words) for d in _once(result["derived"])),
        parts=tuple(
            Part(
                tuple(
                    v for name, value in p["facts"].items() for v in said(kind, name, value, words)
                ),
                p["verdict"],
                p["reason"],
            )
            for p in result["parts"]
        ),
        stated=tuple(
            Stated(_label(kind, name, words), said(kind, name, value, words))
            for name, value in _in_order(result["facts"], kind, words)
            if name != "community.jurisdiction"  # The place stands in the head, resolved.
        ),
        struck=struck,
    )


def _findings(result: Json) -> Findings:
    demanded = {r["rule"] for r in result["requirements"]}
    shown = [f for f in result["findings"] if f["rule"] not in demanded]
    titles = {f["rule"]: Label.from_json(f["title"]) for f in result["findings"]}
    # What forbids outweighs what permits; the rest of the order is the result's own.
    weight = {"forbids": 0, "permits": 1}

    def those(status: str, effects: tuple[str, ...]) -> tuple[Finding, ...]:
        found = [f for f in shown if f["status"] == status and f["effect"] in effects]
        found.sort(key=lambda f: weight.get(f["effect"], 2))
        return tuple(
            Finding(f, tuple(source_in(c) for c in f["citations"]), _defeaters(f, titles))
            for f in found
        )

    silent = result["reason"] == "no-rule"
    decides, tells = ("forbids", "permits"), ("advises", "requires", "none")
    return Findings(
        deciding=those("holds", decides),
        defeated=those("defeated", decides + tells),
        open=those("unknown", decides),
        nearest=those("fails", ("permits",)) if silent else (),
        advice=those("holds", tells),
        others=those("fails", ("forbids", *tells) if silent else decides + tells)
        + those("unknown", tells),
    )


def _counts(requirement: Json, result: Json) -> bool:
    if result["verdict"] == "inadmissible":
        return requirement["status"] == "unmet" and not requirement["changeable"]
    return bool(requirement["applies"] == "applies")


def _defeaters(finding: Json, titles: Mapping[str, Label]) -> tuple[Defeater, ...]:
    grounds: dict[str, list[str]] = {}
    for defeat in finding["defeated_by"]:
        grounds.setdefault(defeat["rule"], []).append(defeat["ground"])
    return tuple(Defeater(r, titles.get(r), tuple(g)) for r, g in grounds.items())


def _question(value: Json, at: int, asked: Asked) -> Question:
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


def _once(derived: Iterable[Json]) -> list[Json]:
    """What was derived alike for several parts, told once."""
    told: dict[tuple[object, ...], Json] = {}
    for one in derived:
        key = (one["fact"], one["value"], one["source"]["zh"], one["conflict"])
        told.setdefault(key, one)
    return list(told.values())


def _derived(value: Json, at: int, asked: Asked, kind: str, words: Vocabulary) -> Derived:
    name = value["fact"]
    fact = words.fact(kind, name)
    correction = None
    if fact is not None and fact.type in ("boolean", "code"):
        codes = words.code_lists[fact.codes].concepts if fact.codes else ()
        held = value["value"]
        answers = (
            tuple(Answer(_text(v), v) for v in (True, False) if v != held)
            if fact.type == "boolean"
            else tuple(Answer(c.code, c.label) for c in codes if c.code != held)
        )
        correction = Question(
            _field(name, at, asked), fact.label, fact.question, (Outcome(None, answers),)
        )
    given = value["conflict"]
    return Derived(
        value,
        _label(kind, name, words),
        said(kind, name, value["value"], words),
        () if given is None else said(kind, name, given, words),
        list_href(value["list"], value["row"]) if value["list"] else "",
        correction,
    )


def _field(name: str, at: int, asked: Asked) -> str:
    """A fact common to all items is asked once; one an item says for itself belongs to it."""
    own = name in asked.items[at].facts
    return own_field_name(name, at) if own else field_name(name, at)


def said(kind: str, name: str, value: object, words: Vocabulary) -> tuple[Label | bool | str, ...]:
    """A fact's value in words: labels of codes, yes and no as such, anything else as written."""
    fact = words.fact(kind, name)
    codes = words.code_lists.get(fact.codes or "") if fact else None
    values: Iterable[object] = value if isinstance(value, list | tuple) else (value,)
    found: list[Label | bool | str] = []
    for one in values:
        concept = codes.get(str(one)) if codes else None
        found.append(one if isinstance(one, bool) else concept.label if concept else str(one))
    return tuple(found)


def _label(kind: str, name: str, words: Vocabulary) -> Label:
    fact = words.fact(kind, name)
    return fact.label if fact else Label(name, name)


def _in_order(facts: Json, kind: str, words: Vocabulary) -> list[tuple[str, object]]:
    order = {fact.name: at for at, fact in enumerate(words.facts(kind))}
    return sorted(facts.items(), key=lambda pair: order.get(pair[0], len(order)))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
