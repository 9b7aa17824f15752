"""The commands for lists and tokens: `zhunru lists …`, `zhunru token …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

lists = typer.Typer(no_args_is_help=True, help="Register and show the lists of places.")
token = typer.Typer(no_args_is_help=True, help="Make and revoke the tokens that writing needs.")


@lists.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV (UTF-8 or GB18030) or XLSX.")],
    jurisdiction: Annotated[str, typer.Option(help="GB/T 2260 code or name of the place.")],
    kind: Annotated[str, typer.Option(help="autonomy, assist, certificates-negative, …")],
    start: Annotated[str, typer.Option(help="First day in force, YYYY-MM-DD.")],
    title: Annotated[str, typer.Option(help="Title, as the document has it.")],
    source: Annotated[str, typer.Option(help="Where the list was published.")],
    complete: Annotated[
        bool, typer.Option("--complete/--partial", help="Whether what is not on it is not listed.")
    ],
    end: Annotated[str, typer.Option(help="First day no longer in force.")] = "",
    by: Annotated[str, typer.Option(help="Who registers it; absent: the system's user.")] = "",
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Register a list: all of the file, or nothing and every fault with row and column."""
    given = {
        "jurisdiction": jurisdiction,
        "kind": kind,
        "start": start,
        "end": end,
        "title": title,
        "source": source,
        "complete": "true" if complete else "false",
    }
    from service import list_commands

    list_commands.take(file, given, by, as_json=json)


@lists.command("show")
def show(
    list_id: Annotated[str | None, typer.Argument(help="Id of a version; absent: all.")] = None,
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show every version, or the rows of one with what they are or may be."""
    from service import list_commands

    list_commands.show(list_id, as_json=json)


@lists.command("confirm")
def confirm(
    list_id: Annotated[str, typer.Argument(help="Id of a version.")],
    rows: Annotated[list[int] | None, typer.Argument(help="Row numbers; absent: all.")] = None,
    by: Annotated[str, typer.Option(help="Who confirms; absent: the system's user.")] = "",
) -> None:
    """Confirm what is suggested for rows that nobody has confirmed yet."""
    from service import list_commands

    list_commands.confirm(list_id, rows or [], by)


@token.command("create")
def create(
    role: Annotated[str, typer.Option(help="analyst, legal or admin.")],
    name: Annotated[str, typer.Option(help="Whose token it is.")] = "",
    days: Annotated[int | None, typer.Option(help="Days until it ends.", min=1, max=3660)] = None,
) -> None:
    """Make a token and print it; it is shown only now."""
    from service import list_commands

    list_commands.create_token(role, name, days)


@token.command("list")
def list_() -> None:
    """List tokens, without their secrets."""
    from service import list_commands

    list_commands.list_tokens()


@token.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="Id or name of the token.")]) -> None:
    """End a token at once."""
    from service import list_commands

    list_commands.revoke_token(name)
