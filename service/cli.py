"""The `zhunru` command. Errors go to stderr with their place and a hint.

Exit codes: 0 done (for `decide`: decided, whatever the verdict); 1 checks found errors, a test
failed or a verdict would change; 2 the input or a setting cannot be used; 3 the program failed,
there is no verdict.

Each command loads what it works with when it is called: together that takes longer to load than
most commands to run.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated, Literal

import typer

from service import commands, list_cli

app = typer.Typer(
    name="zhunru",
    help="Decide what may be handed to a community, with the sentence that says so.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
rules = typer.Typer(no_args_is_help=True, help="Check, test, compare and publish the rulebook.")
app.add_typer(rules, name="rules")
app.add_typer(list_cli.lists, name="lists")
app.add_typer(list_cli.token, name="token")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one.")] = None,
    workers: Annotated[int | None, typer.Option(help="Web processes.", min=1, max=64)] = None,
) -> None:
    """Serve the API and the pages until stopped."""
    commands.serve(host, port, workers)


@app.command()
def build(
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("var/graph"),
) -> None:
    """Build the knowledge graph and the compiled rulebook: same input, same bytes."""
    commands.build(out)


@app.command()
def decide(
    kind: Annotated[str, typer.Argument(help="Decision kind, e.g. admissibility.")],
    file: Annotated[str, typer.Argument(help="Request as JSON; - for standard input.")] = "-",
    as_of: Annotated[str | None, typer.Option(help="Day whose rules are asked.")] = None,
    detail: Annotated[Literal["verdict", "full"], typer.Option()] = "full",
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language on a terminal.")] = "zh",
    json: Annotated[bool, typer.Option("--json", help="JSON on a terminal too.")] = False,
) -> None:
    """Decide a request (one, or a list of them); nothing is recorded."""
    commands.decide(kind, file, as_of, detail, lang, as_json=json or not sys.stdout.isatty())


@rules.command("check")
def check() -> None:
    """Check rules, quotes and cases; name each fault with file, line and column."""
    from service import check_commands

    check_commands.check()


@rules.command("test")
def test() -> None:
    """Run the cases beside the rules."""
    from service import check_commands

    check_commands.test()


@rules.command("schema")
def schema(
    out: Annotated[Path | None, typer.Option(help="Folder instead of the rulebook's.")] = None,
) -> None:
    """Write the JSON Schemas that give editors completion and errors."""
    from service import rule_commands

    rule_commands.schema(out)


@rules.command("diff")
def diff(
    against: Annotated[
        str | None,
        typer.Option(help="A revision or a file with one, instead of what decides now."),
    ] = None,
    cases: Annotated[
        list[Path] | None,
        typer.Option(help="Further cases: JSON lines, or YAML as beside the rules; repeatable."),
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Recorded decisions as well.")] = False,
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show the rules that differ and every verdict that would change (then the exit code is 1)."""
    from service import rule_commands

    rule_commands.diff(against, cases or [], log=log, as_json=json)


@rules.command("publish")
def publish(
    note: Annotated[str, typer.Option(help="What changes, and why.")] = "",
    by: Annotated[str, typer.Option(help="Who publishes: a role, or a given name.")] = "legal",
) -> None:
    """Check and test the rules, store them as a revision and let it decide at once."""
    from service import rule_commands

    rule_commands.publish(note, by)


@rules.command("revisions")
def revisions() -> None:
    """List what was published, when, by whom and why; an asterisk marks what decides."""
    from service import rule_commands

    rule_commands.revisions()


@app.command("eval")
def evaluate(
    file: Annotated[Path | None, typer.Argument(help="Cases as JSON lines.")] = None,
) -> None:
    """Decide practice cases and show where verdict and label differ, with the law's ground."""
    from service import check_commands

    check_commands.evaluate(file)


@app.command()
def coverage(
    key: Annotated[str, typer.Argument(help="A text, e.g. jl-jifa-2017-36; a rule.")] = "",
    json: Annotated[bool, typer.Option("--json", help="JSON on a terminal too.")] = False,
    conditions: Annotated[
        bool, typer.Option("--conditions", help="What cases show of each comparison as well.")
    ] = False,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Only id, text and account of each sentence of KEY.")
    ] = False,
    generate: Annotated[
        bool, typer.Option("--generate", help="Cases that fill holes of conditions (KEY: a rule).")
    ] = False,
) -> None:
    """Show what carries each sentence, which rules execute it, and every hole with its reason.

    Ends with 1 where a sentence has no account or a rule has lost its quote.
    """
    from service import coverage_commands as found

    if sentences:
        found.sentences(key)
    elif generate:
        found.generate(key)
    else:
        found.coverage(key, as_json=json or not sys.stdout.isatty(), conditions=conditions)


@app.command()
def plan(file: Annotated[Path, typer.Argument(help="A plan, .docx or text.")]) -> None:
    """Count a zone's plan and find its required parts, as facts of an application."""
    commands.plan(file)


@app.command("sparql")
def sparql(
    file: Annotated[str, typer.Argument(help="A query; - for standard input.")] = "-",
    form: Annotated[
        str | None,
        typer.Option("--format", help="json, xml, csv, tsv; ttl, nt, jsonld, nq, trig, rdf."),
    ] = None,
    advise: Annotated[
        bool, typer.Option("--advise", help="Tell what is slow or misleading; run nothing.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell time, size and graphs in place of the answer.")
    ] = False,
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language on a terminal.")] = "zh",
) -> None:
    """Ask the built graph in SPARQL: a table on a terminal, JSON or Turtle in a pipe."""
    from service import advice_commands
    from service.graph_commands import sparql as ask

    if advise:
        advice_commands.advise(file, lang)
    elif explain:
        advice_commands.explain(file, lang)
    else:
        ask(file, form)


def main() -> None:
    """Run the command; the process ends with its exit code."""
    try:
        app()
    except Exception:  # noqa: BLE001 - the last resort: what nobody foresaw, with its trace
        traceback.print_exc()
        print("zhunru: unforeseen failure; nothing was decided", file=sys.stderr)
        sys.exit(commands.FAULT)
