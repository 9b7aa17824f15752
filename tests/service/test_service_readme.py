"""What service/README.md says is what the code says."""

from __future__ import annotations

from pathlib import Path

from service.commands import BAD_INPUT, FAILED, FAULT
from service.errors import PROBLEMS
from service.settings import Settings

ROOT = Path(__file__).parents[2] / "service"
TEXT = (ROOT / "README.md").read_text("utf-8")


def rows(title: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = TEXT.split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_settings() -> None:
    def shown(default: object) -> str:
        return "(none)" if default in (None, ()) else f"`{default}`"

    assert rows("Settings") == [
        [f"`ZHUNRU_{name.upper()}`", shown(field.default), field.description]
        for name, field in Settings.model_fields.items()
    ]


def test_errors() -> None:
    told = {tuple(row) for row in rows("Errors")}
    assert told == {(f"`{k.uri}`", str(k.status), k.meaning) for k in PROBLEMS.values()}
    assert len(rows("Errors")) == len(told)


def test_exit_codes() -> None:
    assert [row[0] for row in rows("Exit codes")] == [str(c) for c in (0, FAILED, BAD_INPUT, FAULT)]


def test_every_module_named_is_there() -> None:
    section = TEXT.split("| where | what |")[1].split("\n## ")[0]
    names = section.split("`")[1::2]
    paths = [name for name in names if "/" in name or name.endswith(".py")]
    assert len(paths) >= 15
    missing = [n for n in paths if not ((ROOT / n).exists() or (ROOT / "api" / n).exists())]
    assert missing == []
