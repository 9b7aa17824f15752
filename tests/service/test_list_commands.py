"""`zhunru lists` and `zhunru token`: the same functions, on the store itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service import commands
from service.cli import app

SAMPLE = Path(__file__).parents[1] / "fixtures/lists/assist_items_anhui_guide_partial.csv"
WORDS = {"--jurisdiction": "220102", "--kind": "assist", "--start": "2021-05-01"}


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUNRU_DATABASE_URL", f"sqlite:///{tmp_path}/zhunru.db")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def take(file: Path, **changed: str) -> Result:
    words = WORDS | {"--title": "清单", "--source": "样例"}
    words |= {f"--{name}": value for name, value in changed.items()}
    pairs = [part for pair in words.items() for part in pair]
    return run("lists", "import", str(file), "--partial", "--by", "张三", *pairs)


def test_a_list_is_imported_shown_and_confirmed() -> None:
    done = take(SAMPLE)
    assert done.exit_code == 0
    assert "220102-assist-1: 4 rows, 4 to confirm" in done.stderr
    assert "row 1 column B: warning" in done.stderr
    shown = json.loads(run("lists", "show", "220102-assist-1", "--json").stdout)
    assert (shown["uploaded_by"], shown["complete"]) == ("张三", False)
    suggested = [r["number"] for r in shown["rows"] if r["mapping"]["codes"]]
    assert 2 in suggested
    assert run("lists", "confirm", "220102-assist-1", "--by", "李四").exit_code == 0
    shown = json.loads(run("lists", "show", "220102-assist-1", "--json").stdout)
    confirmed = [r["number"] for r in shown["rows"] if r["mapping"]["confirmed"]]
    assert confirmed == suggested
    assert {r["mapping"]["by"] for r in shown["rows"]} <= {"李四", None}
    every = run("lists", "show").stdout.splitlines()
    assert any(line.startswith("220102-assist-1\tassist\t220102\t2021-05-01") for line in every)
    assert "nothing changed" in take(SAMPLE).stderr


def test_a_bad_file_is_told_with_row_and_column_and_nothing_is_stored(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("事项\n甲\n甲\n", "utf-8")
    done = take(file)
    assert done.exit_code == commands.BAD_INPUT
    assert "row 3 column A: error: the same as row 2" in done.stderr
    assert "220102" not in run("lists", "show").stdout
    assert take(tmp_path / "none.csv").exit_code == commands.BAD_INPUT
    assert "did you mean assist?" in take(SAMPLE, kind="asist").stderr
    assert run("lists", "show", "220102-assist-9").exit_code == commands.BAD_INPUT
    assert run("lists", "confirm", "220102-assist-9").exit_code == commands.BAD_INPUT


def test_a_token_is_shown_once_listed_without_its_secret_and_revoked() -> None:
    made = run("token", "create", "--role", "legal", "--name", "张三", "--days", "30")
    assert made.exit_code == 0
    secret = made.stdout.strip()
    assert secret.startswith("zr_")
    assert len(secret) >= 40
    listed = run("token", "list")
    assert "张三\tlegal" in listed.stdout
    assert "valid" in listed.stdout
    assert secret not in listed.stdout + listed.stderr + made.stderr
    assert run("token", "revoke", "张三").exit_code == 0
    assert "revoked" in run("token", "list").stdout
    assert run("token", "revoke", "张三").exit_code == commands.FAILED
    assert run("token", "create", "--role", "boss").exit_code == commands.BAD_INPUT


def test_the_store_holds_no_secret(tmp_path: Path) -> None:
    secret = run("token", "create", "--role", "admin").stdout.strip()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("zhunru.db*"))
    assert b"admin" in kept
    assert secret.encode() not in kept
