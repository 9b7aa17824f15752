"""Coverage for people at a terminal (rich)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.exercised import TRUTHS, Exercise, Shown
from service.coverage import Counts, Coverage, DocumentCover
from service.holes import WHYS, Hole, Why, holes, rests_on

_NUMBERS: Final = (
    "sentences", "norms", "strict", "principle", "effort", "decidable", "executed", "rules",
    "cases",
)  # fmt: skip
_SAID: Final[dict[Why, str]] = {
    "no-account": "sentences without account",
    "no-rule": "norms that facts could decide, without a rule",
    "no-figure": "norms that need a figure the text does not give",
    "discretion": "norms whose bearer is free",
    "direction": "norms that give a direction only",
    "internal": "norms on acts that no decision kind judges",
    "lost": "rules whose quote is not found any more",
    "list": "rules that rest on rows of a list alone",
    "not-held": "rules that rest on texts not held alone",
    "no-norm": "rules whose words stand in no norm (a heading, a report)",
    "no-case": "rules without a case",
}


def tell(console: Console, coverage: Coverage, key: str = "") -> None:
    """Documents, or the provisions of one; then its holes, for one document each of them."""
    document = coverage.document(key)
    if document is None:
        _documents(console, coverage)
    else:
        _provisions(console, document)
    found = [] if key and document is None else list(holes(coverage, key))
    _reasons(console, found)
    # Of all documents there are hundreds of norms: those are told for one at a time.
    listed = [hole for hole in found if key or hole.of != "norm"]
    for why in WHYS:
        _listed(console, why, [hole for hole in listed if hole.why == why])
    if not key:
        console.print("Every norm without a rule: zhunru coverage KEY", style="dim")


def tell_conditions(
    console: Console, coverage: Coverage, exercises: Iterable[Exercise], key: str = ""
) -> None:
    """What cases show of the comparisons of each rule; a comparison fully shown is only counted."""
    chosen = {rule.rule.id for rule in coverage.rules if not key or rests_on(rule, key)}
    table = _table("rule", "in", "comparison", *TRUTHS)
    full = all_ = 0
    for exercise in exercises:
        if exercise.rule.id not in chosen:
            continue
        for shown in exercise.shown:
            all_ += 1
            full += not shown.missing
            if shown.missing:
                said = (Text(exercise.rule.id), shown.compared.role, Text(str(shown.compared)))
                table.add_row(*said, *(_times(shown, n) for n in range(len(TRUTHS))))
    if table.row_count:
        console.print(table)
    console.print(f"{full} of {all_} comparisons are shown with every value they can have")


def _documents(console: Console, coverage: Coverage) -> None:
    table = _table("text", *_NUMBERS)
    for document in coverage.documents:
        instrument = document.instrument
        table.add_row(Text(instrument.number or instrument.key), *_numbers(document.counts))
    table.add_section()
    table.add_row("all", *_numbers(coverage.counts))
    console.print(table)


def _provisions(console: Console, document: DocumentCover) -> None:
    table = _table("provision", *_NUMBERS)
    for cover in document.provisions:
        if cover.sentences:
            table.add_row(Text(cover.provision.label), *_numbers(cover.counts))
    table.add_section()
    table.add_row("all", *_numbers(document.counts))
    console.print(table)


def _numbers(counts: Counts) -> tuple[str, ...]:
    strength = counts.strength
    found = (
        counts.all_sentences, counts.norms, strength["strict"], strength["in-principle"],
        strength["best-effort"], counts.check["rule"], counts.executed, counts.rules, counts.cases,
    )  # fmt: skip
    return tuple(str(number) if number else "·" for number in found)


def _reasons(console: Console, found: Sequence[Hole]) -> None:
    counted = Counter(hole.why for hole in found)
    table = _table("holes", "")
    for why in WHYS:
        if counted[why]:
            table.add_row(str(counted[why]), _SAID[why])
    console.print(table if found else "no holes")


def _listed(console: Console, why: Why, found: Sequence[Hole]) -> None:
    if not found:
        return
    console.print(Text(f"\n{_SAID[why]}", style="bold"))
    for hole in found:
        place = f"{hole.provision} " if hole.provision else ""
        console.print(Text(f"  {place}{hole.id}  {hole.text}"))


def _table(*columns: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for number, name in enumerate(columns):
        right = name in _NUMBERS or name in TRUTHS or name == "holes"
        table.add_column(name, justify="right" if right else "left", no_wrap=right or number == 0)
    return table


def _times(shown: Shown, n: int) -> Text:
    truth = TRUTHS[n]
    if truth in shown.never:
        return Text("never", style="dim")
    times = shown.cases[truth]
    return Text(str(times)) if times else Text("missing", style="bold red")
