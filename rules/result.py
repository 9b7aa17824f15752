"""The result body of a decision: plain JSON values, the same bytes for the same case for ever.

Its members are those of DESIGN §6; `id`, time, engine version and list versions stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ontology.label import Label
from rules.agenda import Entry, due_json, due_of
from rules.assumptions import Assumption
from rules.case import Case, Part, part_to_json
from rules.changes import Changes
from rules.condition import Scalar, facts_of
from rules.demands import Demanded
from rules.domain import ABSENT
from rules.findings import Finding
from rules.model import Citation, Later
from rules.prose import Teller
from rules.questions import Answer, Missing
from rules.standards import Measured, Required, Standard
from rules.state import single
from rules.verdict import Outcome

Json = dict[str, Any]


def findings_json(case: Case, teller: Teller, found: Sequence[Finding]) -> list[Json]:
    """Findings with the facts that made them so, in words and with their quotes."""
    titles = {rule.id: rule.title for rule in case.compiled.network.rules}
    told = []
    for finding in found:
        part = case.parts[finding.parts[0]]
        rule = finding.rule
        because = [_because(case, teller, part, name, mask) for name, mask in finding.because]
        phrase = teller.listed(
            teller.known(name, mask, part.values.get(name)) for name, mask in finding.because
        )
        told.append(
            {
                "rule": rule.id,
                "title": rule.title.to_json(),
                "norm": rule.norm,
                "strength": rule.strength,
                "effect": rule.effect,
                "status": finding.status,
                "defeated_by": [
                    {"rule": defeat.rule, "ground": defeat.ground} for defeat in finding.defeated_by
                ],
                "parts": list(finding.parts),
                "inference": rule.inference,
                "start_in_doubt": finding.start_in_doubt,
                "because": because,
                "text": teller.finding(finding, phrase, titles).to_json(),
                "note": _label(rule.note),
                "doubt": _label(rule.doubt),
                "citations": [citation_json(c) for c in rule.citations],
            }
        )
    return told


def _because(case: Case, teller: Teller, part: Part, name: str, mask: int) -> Json:
    fact = case.compiled.network.facts[case.compiled.network.slots[name]]
    value: Scalar | None = part.values.get(name) if single(mask) else None
    return {
        "fact": name,
        "label": fact.label.to_json(),
        "value": value,
        "value_label": teller.value(fact, value).to_json(),
        "origin": part.origins[name] if single(mask) else "unknown",
    }


def requirements_json(case: Case, teller: Teller, found: Sequence[Demanded]) -> list[Json]:
    """Requirements with bearer, status and citation."""
    told = []
    for demanded in found:
        rule = demanded.rule
        if rule.requirement is None:
            continue
        told.append(
            {
                "rule": rule.id,
                "title": rule.title.to_json(),
                "text": rule.requirement.text.to_json(),
                "bearer": changer_json(teller, rule.requirement.bearer),
                "strength": rule.strength,
                "status": demanded.status,
                "applies": demanded.applies,
                "changeable": demanded.changeable,
                "facts": list(facts_of(rule.requirement.that)),
                "parts": list(demanded.parts),
                "doubt": _label(rule.doubt),
                "citations": [citation_json(c) for c in rule.citations],
            }
        )
    return told


def standards_json(case: Case, teller: Teller, found: Sequence[Standard]) -> list[Json]:
    """Standards with what was measured, what is required, what lacks, and by when."""
    return [_standard(case, teller, one) for one in found]


def _standard(case: Case, teller: Teller, one: Standard) -> Json:
    rule, requirement = one.rule, one.rule.requirement
    assert requirement is not None
    gaps = [required.gap for required in one.required if required.gap is not None]
    return {
        "rule": rule.id,
        "title": rule.title.to_json(),
        "norm": rule.norm,
        "strength": rule.strength,
        "decides": one.decides,
        "status": one.status,
        "applies": one.applies,
        "defeated_by": [{"rule": d.rule, "ground": d.ground} for d in one.defeated_by],
        "bearer": changer_json(teller, requirement.bearer),
        "measured": [_measured(case, teller, measured) for measured in one.measured],
        "required": [_required(case, teller, required) for required in one.required],
        "gap": gaps[0] if len(gaps) == 1 else None,
        "due": due_json(due_of(case, one), case),
        "text": requirement.text.to_json(),
        "parts": list(one.parts),
        "inference": rule.inference,
        "note": _label(rule.note),
        "doubt": _label(rule.doubt),
        "citations": [citation_json(c) for c in rule.citations],
    }


def agenda_json(teller: Teller, entries: Sequence[Entry]) -> list[Json]:
    """What is due by when and of whom, and whether it is done, due or overdue."""
    told = []
    for entry in entries:
        requirement = entry.rule.requirement
        assert requirement is not None
        told.append(
            {
                "rule": entry.rule.id,
                "title": entry.rule.title.to_json(),
                "what": requirement.text.to_json(),
                "bearer": changer_json(teller, requirement.bearer),
                "by": entry.by and entry.by.isoformat(),
                "status": entry.status,
                "doubt": _label(entry.rule.doubt),
                "citations": [citation_json(c) for c in entry.rule.citations],
            }
        )
    return told


def _measured(case: Case, teller: Teller, measured: Measured) -> Json:
    fact = case.compiled.network.facts[case.compiled.network.slots[measured.fact]]
    return {
        "fact": fact.name,
        "label": fact.label.to_json(),
        "value": measured.value,
        "value_label": teller.value(fact, measured.value).to_json(),
        "unit": fact.unit,
        "origin": measured.origin,
    }


def _required(case: Case, teller: Teller, required: Required) -> Json:
    test = required.test
    fact = case.compiled.network.facts[case.compiled.network.slots[test.fact]]
    return {
        "fact": fact.name,
        "label": fact.label.to_json(),
        "comparison": test.op,
        "values": list(test.values),
        "value_labels": [teller.value(fact, value).to_json() for value in test.values],
        "unit": fact.unit,
        "met": required.met,
        "gap": required.gap,
    }


def assumptions_json(case: Case, teller: Teller, found: Sequence[Assumption]) -> list[Json]:
    """Presumptions that decide, each with its ground, its question and where answers lead."""
    told = []
    for assumption in found:
        fact = case.compiled.network.facts[assumption.slot]
        if fact.presumption is None:
            continue
        told.append(
            {
                "fact": fact.name,
                "label": fact.label.to_json(),
                "value": fact.presumption.value,
                "value_label": teller.value(fact, fact.presumption.value).to_json(),
                "ground": fact.presumption.ground.to_json(),
                "question": fact.question.to_json(),
                "answers": _answers(
                    case, teller, assumption.slot, assumption.answers, fact.presumption.value
                ),
            }
        )
    return told


def missing_json(case: Case, teller: Teller, missing: Missing) -> Json:
    """Minimal sets of unknown facts, the answers that settle, and each question's leads."""
    network = case.compiled.network
    return {
        "complete": missing.complete,
        "sets": [
            {
                "facts": [network.facts[slot].name for slot in wanted.slots],
                "settles": [
                    {
                        "answers": {
                            network.facts[slot].name: list(network.domains[slot].values(mask))
                            for slot, mask in known.items()
                        },
                        "verdict": verdict,
                    }
                    for known, verdict in wanted.settles
                ],
            }
            for wanted in missing.sets
        ],
        "questions": [
            {
                "fact": network.facts[question.slot].name,
                "label": network.facts[question.slot].label.to_json(),
                "question": network.facts[question.slot].question.to_json(),
                "answers": _answers(case, teller, question.slot, question.answers),
            }
            for question in missing.questions
        ],
    }


def changes_json(case: Case, teller: Teller, changes: Changes) -> Json:
    """Sets of acts of substance with who can do them and what would prove them."""
    return {
        "complete": changes.complete,
        "sets": [
            {
                "changes": [
                    {
                        "fact": act.fact.name,
                        "label": act.fact.label.to_json(),
                        "from": case.parts[0].values.get(act.fact.name),
                        "to": act.change.to,
                        "by": changer_json(teller, act.fact.changeable_by),
                        "act": act.change.act.to_json(),
                        "proof": act.change.proof.to_json(),
                    }
                    for act in acts
                ]
            }
            for acts in changes.sets
        ],
    }


def derived_json(case: Case, teller: Teller) -> list[Json]:
    """What was derived or computed, from where, and whether a given fact stood against it."""
    told = []
    for number, part in enumerate(case.parts):
        for one in part.derived:
            differs = part.values.get(one.fact) != one.value
            row = _derived(part, number, one.fact, one.value, one.source, differs)
            told.append(row | {"list": one.list, "row": one.row})
        state = case.compiled.frame.settle(part.raw)
        for computed in part.computed:
            name = computed.fact.name
            if state[case.compiled.network.slots[name]] != ABSENT:
                source = teller.computation(computed)
                differs = Decimal(str(part.values[name])) != Decimal(computed.value)
                row = _derived(part, number, name, computed.value, source, differs)
                told.append(row | {"list": None, "row": None})
    return told


def _derived(
    part: Part, number: int, name: str, value: Scalar, source: Label, differs: bool
) -> Json:
    given = part.origins[name] == "given"
    return {
        "fact": name,
        "value": value,
        "part": number,
        "source": source.to_json(),
        "used": not given,
        "conflict": part.values.get(name) if given and differs else None,
    }


def parts_json(case: Case, outcomes: Sequence[Outcome]) -> list[Json]:
    """The parts with their verdicts."""
    return [part_to_json(p, o) for p, o in zip(case.parts, outcomes, strict=True)]


def place_json(case: Case) -> Json | None:
    """The place the given one resolved to."""
    found = case.given.place
    if found is None:
        return None
    return {"code": found.place.code, "name": found.place.name, "note": _label(found.note)}


def horizon_json(later: Sequence[Later]) -> list[Json]:
    """Later instruments known but not held."""
    return [
        {"number": e.number, "title": e.title, "date": e.date, "note": e.note.to_json()}
        for e in later
    ]


def ignored_json(case: Case, teller: Teller) -> list[Json]:
    """Given facts that do not exist for what the task is."""
    why = teller.fill("ignored", "no-such-fact-here").to_json()
    return [{"path": f"$.facts['{name}']", "why": why} for name in case.ignored]


def citation_json(citation: Citation) -> Json:
    """A citation as results show it."""
    inner = citation.quoted_in
    return {
        "instrument": citation.number,
        "title": citation.title,
        "provision": citation.provision,
        "iri": citation.iri,
        "quote": citation.quote,
        "quoted_in": inner
        and {
            "instrument": inner.number,
            "title": inner.title,
            "provision": inner.provision,
            "iri": inner.iri,
        },
    }


def changer_json(teller: Teller, code: str) -> Json:
    """Who can change a fact or must meet a requirement."""
    lists = teller.vocabulary.code_lists
    # A bearer may also be the committee itself, which changes nothing but must do something.
    concept = lists["changers"].get(code) or lists["addressees"].get(code)
    label = concept.label if concept else Label(code, code)
    return {"code": code, "label": label.to_json()}


def _answers(
    case: Case,
    teller: Teller,
    slot: int,
    answers: Sequence[Answer],
    presumed: Scalar | None = None,
) -> list[Json]:
    """Answers with their verdicts, save the one that is presumed already."""
    network = case.compiled.network
    fact, domain = network.facts[slot], network.domains[slot]
    told = []
    for answer in answers:
        if values := domain.values(answer.mask, presumed):
            labels = [teller.value(fact, value).to_json() for value in values]
            told.append({"values": list(values), "labels": labels, "verdict": answer.verdict})
    return told


def _label(label: Label | None) -> Json | None:
    return label.to_json() if label else None
