"""Several tasks in one request: each decided by itself, one verdict over all (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ontology.label import Label
from rules.decide import Decision
from rules.model import Rulebook
from rules.prose import wording_of
from rules.verdict import REFUSALS, strictest


def combine(
    kind: str,
    items: Sequence[tuple[str | None, Decision]],
    as_of: date,
    rulebook: Rulebook,
    *,
    as_of_assumed: bool = False,
) -> Decision:
    """One result body over decided items: the strictest verdict, and which items to strike."""
    verdict = strictest(decision.verdict for _, decision in items)
    strike = [i for i, (_, d) in enumerate(items) if d.verdict in REFUSALS]
    reason = next((d.reason for _, d in items if d.verdict is verdict), None)
    body = {
        "kind": kind,
        "as_of": as_of.isoformat(),
        "as_of_assumed": as_of_assumed,
        "revision": rulebook.revision,
        "verdict": verdict,
        "reason": reason,
        "summary": _summary(rulebook, kind, len(items), strike).to_json(),
        "strike": strike,
        "items": [
            {"index": i, "text": text, **decision.to_json()}
            for i, (text, decision) in enumerate(items)
        ],
    }
    return Decision(verdict, reason, body)


def _summary(rulebook: Rulebook, kind: str, count: int, strike: Sequence[int]) -> Label:
    form = wording_of(rulebook.wording, kind, "items")["strike" if strike else "keep"]
    separator = rulebook.wording["separator"]
    told = {
        language: form[language].format(
            count=count, strike=separator[language].join(str(i + 1) for i in strike)
        )
        for language in ("zh", "en")
    }
    return Label.from_json(told)
