"""Facts that the knowledge base knows: what a code's entry says, and what stands on a list.

Pure: facts, day, lists and words in, derivations out. A given fact beats a derived one and the
conflict is shown; that is for whoever decides, who is told of every derivation here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kb.register import Register, RegisteredList
from ontology.label import Label
from ontology.places import UnknownPlace, within
from ontology.vocabulary import CodeList, GovernmentDuty, Vocabulary


@dataclass(frozen=True, slots=True)
class Derivation:
    """A derived fact, for the part of a task that `part` names, with its source.

    `list` and `row` name the row of the list it comes from, where it comes from one.
    """

    fact: str
    value: bool | str
    part: Mapping[str, str]
    source: Label
    list: str | None = None
    row: int | None = None


def derive(
    kind: str,
    facts: Mapping[str, object],
    as_of: date,
    register: Register,
    vocabulary: Vocabulary,
) -> tuple[Derivation, ...]:
    """What follows from facts given for a decision kind on a day.

    Facts may still be faulty: names and codes that are not known derive nothing.
    """
    if kind != "admissibility":
        return ()
    duties = _duties(facts, vocabulary.code_lists["task-kinds"])
    listed = _listed(facts, as_of, register, vocabulary)
    return (*duties, *listed)


def _codes(value: object) -> Iterator[str]:
    """The codes of a fact that is one code or several, each once, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from dict.fromkeys(code for code in value if isinstance(code, str))
    elif isinstance(value, set | frozenset):
        yield from sorted(code for code in value if isinstance(code, str))


def _duties(facts: Mapping[str, object], kinds: CodeList) -> Iterator[Derivation]:
    for code in _codes(facts.get("task.kind")):
        if duty := _duty(code, kinds):
            yield Derivation("task.government_duty", duty.value, {"task.kind": code}, duty.source)


def _duty(code: str, kinds: CodeList) -> GovernmentDuty | None:
    """What the entry of a kind, or of the nearest broader kind that speaks of it, says."""
    above: str | None = code
    while above is not None and (concept := kinds.get(above)):
        if concept.government_duty is not None:
            return concept.government_duty
        above = concept.broader
    return None


def _listed(
    facts: Mapping[str, object], as_of: date, register: Register, vocabulary: Vocabulary
) -> Iterator[Derivation]:
    """Certificates on a negative list that is surely in force that day and there.

    That a certificate is on no list derives nothing: a local list may still name it.
    """
    certificates = vocabulary.code_lists["certificates"]
    for code in _codes(facts.get("certificate.name")):
        for found in register.of_kind("certificates-negative"):
            if not found.surely_in_force(as_of) or not _applies(found, facts, as_of, vocabulary):
                continue
            for row in found.rows:
                if certificates.covers(row.code, code):
                    part = {"certificate.name": code}
                    yield Derivation(
                        "certificate.list", "negative", part, row.cited, found.id, row.number
                    )


def _applies(
    found: RegisteredList, facts: Mapping[str, object], as_of: date, vocabulary: Vocabulary
) -> bool:
    if not found.jurisdiction:
        return True
    place = facts.get("community.jurisdiction")
    if not isinstance(place, str):
        return False
    try:
        return within(vocabulary.places.resolve(place, as_of).place.code, found.jurisdiction)
    except UnknownPlace:
        return False
