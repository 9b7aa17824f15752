"""A decided result arranged for reading: what decides first, questions that can be answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ontology.label import Label
from ontology.vocabulary import Vocabulary
from service.basis import LeftOut
from service.web.asked import Asked
from service.web.findings import Findings, Json, Part, Requirement, counts, findings_of
from service.web.form import form_path
from service.web.links import list_href
from service.web.questions import Question, correction_of, question_of
from service.web.said import Word, label_of, said
from service.web.sources import source_in
from service.web.standards import Due, Standards, agenda_of, standards_of


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact taken from the knowledge base, and the question that corrects it.

    `given` is what was said of it otherwise; then that is used.
    """

    body: Json
    label: Label
    values: tuple[Word, ...]
    given: tuple[Word, ...]
    href: str
    correction: Question | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact as it was given."""

    label: Label
    values: tuple[Word, ...]


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
    standards: Standards
    agenda: tuple[Due, ...]
    struck: bool = False


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The whole page; `pairs` are the form fields that ask the same again.

    `left_out` are lists that were not used, and why.
    """

    kind: str
    label: Label
    body: Json
    permalink: str
    edit: str
    again: str
    pairs: tuple[tuple[str, str], ...]
    items: tuple[Decided, ...]
    ignored: tuple[Json, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def single(self) -> bool:
        """Whether one task was asked about, outside any list of items."""
        return "items" not in self.body


def result_page(
    body: Json,
    asked: Asked,
    words: Vocabulary,
    permalink: str,
    edit: str,
    left_out: Iterable[LeftOut] = (),
) -> ResultPage:
    """The page of a result, with the request that it answers."""
    kind = body["kind"]
    single = "items" not in body
    results = [body] if single else body["items"]
    strike = frozenset(() if single else body["strike"])
    return ResultPage(
        kind=kind,
        label=words.decision(kind).label or Label(kind, kind),
        body=body,
        permalink=permalink,
        edit=edit,
        again=form_path(kind),
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
        left_out=tuple(dict.fromkeys(left_out)),
    )


def _decided(
    result: Json, at: int, asked: Asked, kind: str, words: Vocabulary, *, struck: bool
) -> Decided:
    parts = tuple(
        Part(
            tuple(v for name, value in p["facts"].items() for v in said(kind, name, value, words)),
            p["verdict"],
            p["reason"],
        )
        for p in result["parts"]
    )
    return Decided(
        index=at,
        number=at + 1,
        text=result.get("text") or "",
        body=result,
        findings=findings_of(result, parts),
        requirements=tuple(
            Requirement(r, tuple(source_in(c) for c in r["citations"]), counts(r, result))
            for r in result["requirements"]
            if not result.get("standards")  # There each has its row.
        ),
        questions=tuple(question_of(q, at, asked) for q in result["missing"]["questions"]),
        sets=tuple(
            tuple(label_of(kind, name, words) for name in entry["facts"])
            for entry in result["missing"]["sets"]
        ),
        assumptions=tuple(question_of(a, at, asked) for a in result["assumptions"]),
        derived=tuple(_derived(d, at, asked, kind, words) for d in _once(result["derived"])),
        parts=parts,
        stated=tuple(
            Stated(label_of(kind, name, words), said(kind, name, value, words))
            for name, value in _in_order(result["facts"], kind, words)
            if not _is_place(kind, name, words)  # The place stands in the head, resolved.
        ),
        standards=standards_of(result),
        agenda=agenda_of(result),
        struck=struck,
    )


def _is_place(kind: str, name: str, words: Vocabulary) -> bool:
    fact = words.fact(kind, name)
    return fact is not None and fact.type == "place"


def _once(derived: Iterable[Json]) -> list[Json]:
    """What was derived alike for several parts, told once."""
    told: dict[tuple[object, ...], Json] = {}
    for one in derived:
        key = (one["fact"], one["value"], one["source"]["zh"], one["conflict"])
        told.setdefault(key, one)
    return list(told.values())


def _derived(value: Json, at: int, asked: Asked, kind: str, words: Vocabulary) -> Derived:
    name = value["fact"]
    given = value["conflict"]
    return Derived(
        value,
        label_of(kind, name, words),
        said(kind, name, value["value"], words),
        () if given is None else said(kind, name, given, words),
        list_href(value["list"], value["row"]) if value["list"] else "",
        correction_of(name, value["value"], at, asked, kind, words),
    )


def _in_order(facts: Json, kind: str, words: Vocabulary) -> list[tuple[str, object]]:
    order = {fact.name: at for at, fact in enumerate(words.facts(kind))}
    return sorted(facts.items(), key=lambda pair: order.get(pair[0], len(order)))
