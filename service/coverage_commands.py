"""What `zhunru coverage` does; `cli` only names its options."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import orjson
import typer
from rich.console import Console
from rich.progress import Progress

from kb.instrument import Instrument
from kb.library import Library, read_library
from ontology.issue import Issue
from ontology.names import nearest
from rules.case_text import case_yaml
from rules.cases import Example, load_cases
from rules.exercised import Bench, Hole, exercise
from rules.filling import Proposal, proposals
from rules.load import Cited, RawRule, load_rules
from rules.model import Citation, Rule
from service.commands import FAILED, fail, shipped
from service.coverage import Coverage, cover
from service.coverage_json import to_json
from service.coverage_tables import tell, tell_conditions
from service.settings import Settings


def coverage(key: str, *, as_json: bool, conditions: bool) -> None:
    """Tell what is covered; ends with FAILED where a sentence or a rule's quote is not."""
    library, found, issues = _covered()
    instrument = _known(key, library)
    if instrument is not None and not instrument.held:
        fail(f"the text of {key} is not held", hint=_held(library))
    exercises = exercise(_bench(), _examples()) if conditions else None
    if as_json:
        told = to_json(found, key, exercises)
        option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        sys.stdout.buffer.write(orjson.dumps(told, option=option))
    else:
        console = Console(highlight=False)
        tell(console, found, key)
        if exercises is not None:
            tell_conditions(console, found, exercises, key)
    for issue in issues:
        typer.echo(str(issue), err=True)
    if found.broken or issues:
        raise typer.Exit(FAILED)


def sentences(key: str) -> None:
    """Print id, text and account of every sentence of a text, as annotators need them."""
    library, issues = read_library()
    instrument = _known(key, library)
    if instrument is None or not instrument.held:
        fail("name a text that is held", hint=_held(library))
    accounts = {account.sentence: account.kind for account in instrument.accounts}
    missing = 0
    for provision in instrument.provisions:
        for sentence in provision.sentences:
            account = accounts.get(sentence.id)
            missing += account is None
            words = " ".join(sentence.text.split())
            typer.echo(f"{sentence.id}\t{words}\t{account or ''}")
    for issue in issues:
        typer.echo(str(issue), err=True)
    if missing:
        typer.echo(f"{missing} sentences without account", err=True)
        raise typer.Exit(FAILED)


def generate(rule: str) -> None:
    """Print cases that would show what the cases of a rule (of all rules: "") do not show."""
    bench = _bench()
    known = [r.id for rules in bench.rulebook.rules.values() for r in rules]
    if rule and rule not in known:
        near = nearest(rule, known)
        fail(f"no rule {rule} is known", hint=f"did you mean {near}?" if near else "")
    todo = [e for e in exercise(bench, _examples()) if e.holes and rule in ("", e.rule.id)]
    made: list[Proposal] = []
    unfilled: list[Hole] = []
    quiet = not sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=quiet) as progress:
        for one in progress.track(todo, description="making cases"):
            found, left = proposals(bench, one)
            made += found
            unfilled += left
    if made:
        typer.echo("# Generated: what the engine decides, for a person to review.\ncases:")
    for proposal in made:
        typer.echo(case_yaml(proposal.example, tuple(_remarks(proposal))), nl=False)
    for hole in unfilled:
        typer.echo(f"{hole.rule}: no case of two changes shows {_said(hole)}", err=True)
    filled = sum(len(proposal.fills) for proposal in made)
    typer.echo(f"{len(made)} cases for {filled} holes, {len(unfilled)} left", err=True)


def _remarks(proposal: Proposal) -> Iterator[str]:
    yield f"From {proposal.base.where}. Shows:"
    for hole in proposal.fills:
        yield f"  {_said(hole)}"


def _said(hole: Hole) -> str:
    return f"{hole.compared.role}: {hole.compared} ({hole.truth})"


def _covered() -> tuple[Library, Coverage, list[Issue]]:
    """The coverage of the files as they are, with the errors of what could not be read."""
    library, issues = read_library()
    raw, faults = load_rules(Settings().rulebook_path)
    rules = [_cited(rule, library) for rule in raw]
    errors = [issue for issue in faults if issue.severity == "error"]
    return library, cover(library, rules, _examples()), [*issues, *errors]


def _examples() -> tuple[Example, ...]:
    examples, issues = load_cases(Settings().rulebook_path)
    if issues:
        fail("the cases cannot be read", issues, code=FAILED)
    return examples


def _bench() -> Bench:
    return Bench(shipped().rulebook)


def _cited(raw: RawRule, library: Library) -> Rule:
    """A rule with its citations as they are written, found or not."""
    return replace(raw.rule, citations=tuple(_citation(c, library) for c in raw.cites))


def _citation(cited: Cited, library: Library) -> Citation:
    def of(name: str, provision: str, within: Citation | None = None) -> Citation:
        known = library.instrument(name) or library.by_number(name)
        key, number, title = name, "", ""
        if known is not None:
            key, number, title = known.key, known.number or "", known.title
        return Citation(key, number, title, provision, "", cited.quote, within)

    inner = of(*cited.quoted_in) if cited.quoted_in else None
    return of(cited.instrument, cited.provision, inner)


def _known(key: str, library: Library) -> Instrument | None:
    """The instrument of a key; ends where none has it. No key: None."""
    if not key:
        return None
    found = library.instrument(key)
    if found is None:
        near = nearest(key, (i.key for i in library.instruments))
        fail(f"no instrument {key} is known", hint=f"did you mean {near}?" if near else "")
    return found


def _held(library: Library) -> str:
    return ", ".join(i.key for i in library.instruments if i.held)
