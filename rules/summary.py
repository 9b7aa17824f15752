"""The one or two sentences that say what a decision comes to and on what ground."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ontology.label import Label
from rules.case import Case
from rules.condition import facts_of
from rules.demands import Demanded
from rules.findings import Finding
from rules.prose import Teller
from rules.verdict import Reason, Verdict

_MANY: Final = 8
"""More unknown facts than this are counted, and only so many named, where standards decide."""


def summary(
    case: Case,
    teller: Teller,
    found: Sequence[Finding],
    demanded: Sequence[Demanded],
    verdict: Verdict,
    reason: Reason | None,
) -> Label:
    """What a verdict is told as, from the findings and requirements it rests on."""

    def told(effect: str, *statuses: str) -> list[Finding]:
        return [f for f in found if f.rule.effect == effect and f.status in statuses]

    match verdict:
        case Verdict.INADMISSIBLE:
            if bans := told("forbids", "holds"):
                return teller.fill("verdict", "inadmissible", grounds=teller.grounds(bans))
            barred = [d for d in demanded if d.status == "unmet" and not d.changeable]
            if barred:
                grounds = teller.grounds(barred)
                return teller.fill("verdict", "inadmissible-requirement", grounds=grounds)
            grounds = teller.grounds(told("forbids", "unknown"))
            return teller.fill("verdict", "inadmissible-completions", grounds=grounds)
        case Verdict.CONDITIONAL:
            wanted = [d.rule.requirement for d in demanded if d.status != "met"]
            texts = teller.listed(requirement.text for requirement in wanted if requirement)
            return teller.fill("verdict", "conditional", requirements=texts)
        case Verdict.ADMISSIBLE:
            grounds = teller.grounds(told("permits", "holds") or told("permits", "unknown"))
            return teller.fill("verdict", "admissible", grounds=grounds)
        case Verdict.NON_COMPLIANT:
            return _violated(teller, [*told("forbids", "holds", "unknown")], demanded)
        case Verdict.COMPLIANT:
            grounds = teller.grounds(d for d in demanded if d.status == "met")
            return teller.fill("verdict", "compliant", grounds=grounds)
        case Verdict.UNDETERMINED:
            return _undetermined(case, teller, found, demanded, reason)


def _violated(teller: Teller, bans: Sequence[Finding], demanded: Sequence[Demanded]) -> Label:
    unmet = [d for d in demanded if (d.status, d.applies) == ("unmet", "applies")]
    failed: list[Finding | Demanded] = [*(b for b in bans if b.status == "holds"), *unmet]
    if failed:
        titles = teller.listed(one.rule.title for one in failed)
        grounds = teller.grounds(failed)
        return teller.fill("verdict", "non-compliant", failed=titles, grounds=grounds)
    may: list[Finding | Demanded] = [*bans, *(d for d in demanded if d.status != "met")]
    return teller.fill("verdict", "non-compliant-completions", grounds=teller.grounds(may))


def _undetermined(
    case: Case,
    teller: Teller,
    found: Sequence[Finding],
    demanded: Sequence[Demanded],
    reason: Reason | None,
) -> Label:
    facts, slots = case.compiled.network.facts, case.compiled.network.slots
    unknown = {n for f in found if f.status == "unknown" for n, m in f.because if m & (m - 1)}
    word = str(reason)
    if case.compiled.table.by == "standards":
        unknown |= set(_unmeasured(case, demanded))
        word = "facts-many" if reason is Reason.FACTS and len(unknown) > _MANY else word
    labels = [facts[slots[name]].label for name in sorted(unknown, key=slots.__getitem__)]
    count = str(len(labels))
    nearest = [f for f in found if (f.rule.effect, f.status) == ("permits", "fails")]
    return teller.fill(
        "reason",
        word,
        nearest=teller.listed(f.rule.title for f in nearest),
        unknown=teller.listed(labels[:_MANY] if word == "facts-many" else labels),
        count=Label(count, count),
        doubts=teller.grounds(f for f in found if f.start_in_doubt),
    )


def _unmeasured(case: Case, demanded: Iterable[Demanded]) -> Iterable[str]:
    """The facts not known that standards turn on."""
    for one in demanded:
        if one.status == "unknown" and one.rule.requirement is not None:
            origins = case.parts[one.parts[0]].origins
            yield from (
                name for name in facts_of(one.rule.requirement.that) if origins[name] == "unknown"
            )
