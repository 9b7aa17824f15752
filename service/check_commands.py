"""`zhunru rules check`, `rules test` and `eval`: what holds of the rules as they stand in files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typer

from kb.library import load_library
from ontology.issue import ContentError
from ontology.vocabulary import load_vocabulary
from rules.cases import load_cases, run_cases, table
from rules.check import check as check_rulebook
from rules.facts import BadFacts
from rules.practice import Report, load_practice, run_practice
from service.commands import FAILED, fail, shipped, show_table
from service.deciding import read_request, rule_on, today
from service.errors import BadRequest, UnknownKind
from service.settings import Settings

PRACTICE: Final = Path(__file__).parent.parent / "tests" / "fixtures" / "practice.jsonl"


def check() -> None:
    """Name every fault of rules and cases; end with FAILED where one is an error."""
    root = Settings().rulebook_path
    try:
        issues = check_rulebook(load_vocabulary(), load_library(), root)
    except ContentError as error:
        issues = list(error.issues)
    for issue in issues:
        typer.echo(str(issue))
    errors = sum(issue.severity == "error" for issue in issues)
    typer.echo(f"{errors} errors, {len(issues) - errors} warnings", err=True)
    if errors:
        raise typer.Exit(FAILED)


def test() -> None:
    """Run the cases beside the rules; end with FAILED where one comes out otherwise."""
    content = shipped()
    cases, issues = load_cases(Settings().rulebook_path)
    if issues:
        fail("the cases cannot be read", issues, code=FAILED)
    outcomes = run_cases(cases, content.rulebook)
    show_table(("rule", "cases", "failed", "statuses"), table(outcomes))
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in failed:
        typer.echo(
            f"{outcome.example.where}: {outcome.example.title.zh}: {outcome.problem}", err=True
        )
    typer.echo(f"{len(outcomes)} cases, {len(failed)} failed", err=True)
    if failed:
        raise typer.Exit(FAILED)


def evaluate(file: Path | None) -> None:
    """Compare verdicts with the labels of practice cases; FAILED where one is dangerous."""
    path = file or PRACTICE
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        fail(f"{path} cannot be read: {reason}", hint="name a file of cases as JSON lines")
    cases, issues = load_practice(text, str(path))
    if issues:
        fail("the cases cannot be read", issues)
    content = shipped()

    def answer(request: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
        try:
            envelope = read_request(dict(request), kind, content.rulebook)
        except BadRequest as error:
            raise BadFacts(error.issues) from None
        return rule_on(kind, envelope, content.rulebook, content.register, today()).body

    try:
        report = run_practice(cases, answer)
    except UnknownKind as error:
        fail(f"{path}: {error.detail}", hint=error.hint)
    _tell(report)
    if report.counts.dangerous:
        raise typer.Exit(FAILED)


def _tell(report: Report) -> None:
    rows = [
        (row.id, row.labels.expected, row.verdict or "—", _mark(row), row.text)
        for row in (*report.cases, *report.items)
    ]
    show_table(("id", "expected", "verdict", "", "text"), rows)
    for row in report.disagreements:
        typer.echo(
            f"\n{row.id} {row.labels.expected} → {row.verdict} {row.reason or ''} {_mark(row)}"
        )
        typer.echo(f"  {row.text}\n  {row.why}")
        for ground in (row.error, *row.grounds) if row.error else row.grounds:
            typer.echo(f"  {ground}")
    counts = report.counts
    typer.echo(
        f"\n{counts.cases} cases: {counts.within} acceptable "
        f"({counts.within / max(counts.cases, 1):.1%}), {counts.agree} as labelled, "
        f"{counts.dangerous} dangerous, {counts.errors} unreadable, "
        f"{counts.silent} not asking what is missing, {counts.unplaced} without their scope"
    )


def _mark(row: Any) -> str:
    if row.dangerous:
        return "DANGEROUS"
    return "" if row.agrees else "acceptable" if row.within else "WRONG"
