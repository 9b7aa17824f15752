"""`zhunru rules schema|diff|publish|revisions`, as legal staff use them in a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rules.load import RULEBOOK
from rules.schema import CASES, RULES
from service.cli import app
from service.commands import BAD_INPUT, FAILED
from service.settings import Settings
from service.shipped import Shipped
from service.store.database import open_database
from service.store.migrate import upgrade
from service.store.revisions import RevisionStore
from tests.service.conftest import running
from tests.service.test_publishing import BAN, edit


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rulebook and a store of its own, named by the settings."""
    folder = Path(shutil.copytree(RULEBOOK, tmp_path / "rulebook"))
    monkeypatch.setenv("ZHUNRU_RULEBOOK_PATH", str(folder))
    monkeypatch.setenv("ZHUNRU_DATABASE_URL", settings.database_url)
    return folder


@pytest.fixture
def published(settings: Settings, shipped: Shipped) -> str:
    """The store with the shipped rulebook deciding."""
    engine = open_database(settings.database_url)
    upgrade(engine)
    store = RevisionStore(engine)
    store.publish(shipped.rulebook.revision, shipped.rulebook.document(), "first")
    store.close()
    engine.dispose()
    return shipped.rulebook.revision


# Kept out by the ban on the five matters alone.
PROMOTION = {
    "facts": {
        "task.kind": ["investment-promotion"],
        "task.role": "responsible",
        "task.government_duty": False,
        "community.jurisdiction": "吉林省长春市南关区",
    },
    "as_of": "2019-09-12",
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rules", *arguments])


def lenient(desk: Path) -> None:
    """The ban on the five matters becomes mere advice."""
    edit(desk, "effect: forbids", "effect: advises")


def test_schema_writes_both_files(desk: Path, tmp_path: Path) -> None:
    told = run("schema")
    assert told.exit_code == 0, told.output
    assert told.stdout.split() == [str(desk / RULES), str(desk / CASES)]
    assert run("schema", "--out", str(tmp_path / "new/er")).exit_code == 0
    for name in (RULES, CASES):
        assert (tmp_path / "new/er" / name).read_bytes() == (RULEBOOK / name).read_bytes()
    (tmp_path / "file").write_text("")
    told = run("schema", "--out", str(tmp_path / "file/x"))
    assert told.exit_code == BAD_INPUT
    assert "cannot be written" in told.stderr


def test_diff_says_that_nothing_changes(published: str) -> None:
    told = run("diff")
    assert told.exit_code == 0, told.output
    assert told.stdout == ""
    assert told.stderr.startswith("0 rules added, 0 removed, 0 altered; 0 of ")


def test_diff_without_anything_published_says_what_to_do() -> None:
    told = run("diff")
    assert told.exit_code == BAD_INPUT
    assert "nothing is published" in told.stderr
    assert "--against" in told.stderr


def test_diff_shows_rules_and_verdicts_that_change(desk: Path, published: str) -> None:
    lenient(desk)
    told = run("diff")
    assert told.exit_code == 1, told.output
    lines = told.stdout.splitlines()
    assert any(line.startswith(f"~ {BAN}  ") and line.endswith(": effect") for line in lines)
    rows = [line.split("\t") for line in lines if "\t" in line]
    assert rows
    for place, verdict, rules, text in rows:
        assert ".cases.yaml:" in place
        assert " → " in verdict
        assert rules == BAN
        assert text
    assert "0 rules added, 0 removed, 1 altered" in told.stderr


def test_diff_takes_cases_of_files_and_recorded_decisions(
    desk: Path, settings: Settings, shipped: Shipped, tmp_path: Path
) -> None:
    with running(settings, shipped) as client:
        recorded = [client.decide(PROMOTION).json()["id"] for _ in range(2)]
        items = {"items": [{"text": "甲", "facts": PROMOTION["facts"]}], "as_of": "2019-09-12"}
        several = client.decide(items).json()["id"]
    lenient(desk)
    lines = [{"id": "P1", "text": "拆", "request": PROMOTION}, items]
    file = tmp_path / "own.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    told = run("diff", "--cases", str(file), "--log", "--json")
    assert told.exit_code == 1, told.output
    found = {c["case"]: c for c in json.loads(told.stdout)["changed"]}
    assert found["P1"]["source"] == "file"
    assert found["P1"]["before"]["verdict"] == "inadmissible"
    assert found["P1"]["rules"] == [BAN]
    assert found[f"{file}:2[0]"]["text"] == "甲"
    logged = {name for name, c in found.items() if c["source"] == "log"}
    assert logged - set(recorded) == {f"{several}[0]"}
    assert len(logged & set(recorded)) == 1  # asked twice, tried once


def test_diff_takes_a_revision_or_its_document(
    desk: Path, published: str, shipped: Shipped, tmp_path: Path
) -> None:
    file = tmp_path / "rulebook.json"
    file.write_bytes(shipped.rulebook.document())
    assert run("diff", "--against", str(file)).exit_code == 0
    assert run("diff", "--against", published[:16]).exit_code == 0
    told = run("diff", "--against", "nowhere")
    assert told.exit_code == BAD_INPUT
    assert "zhunru rules revisions" in told.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        (b"\xff", "not UTF-8"),
        (b"{", ":1"),
        (b"3", "a JSON object"),
        (b'{"facts": {}, "itms": []}', "did you mean items?"),
        (b'{"kind": "horoscope", "facts": {}}', "no decisions of kind horoscope"),
    ],
)
def test_diff_says_what_is_wrong_with_a_file_of_cases(
    published: str, desk: Path, tmp_path: Path, content: bytes | None, says: str
) -> None:
    lenient(desk)
    file = tmp_path / "own.jsonl"
    if content is not None:
        file.write_bytes(content)
    told = run("diff", "--cases", str(file))
    assert told.exit_code == BAD_INPUT
    assert says in told.stderr
    assert str(file) in told.stderr
    assert told.stdout == ""


def test_rules_that_do_not_hold_are_no_difference_but_a_fault(desk: Path, published: str) -> None:
    path = edit(desk, "effect: forbids", "effect: forbid")
    told = run("diff")
    assert told.exit_code == BAD_INPUT
    assert "did you mean forbids?" in told.stderr
    assert path.name in told.stderr


def test_publish_and_its_trace(desk: Path, published: str) -> None:
    edit(desk, "不在此限", "不在此限之内")
    done = run("publish", "--note", "说明更清楚", "--by", "法制科")
    assert done.exit_code == 0, done.output
    new = done.stdout.strip()
    assert published in done.stderr
    listed = [line.split("\t") for line in run("revisions").stdout.splitlines()]
    assert [(row[0], row[1], row[3], row[4]) for row in listed] == [
        ("*", new, "法制科", "说明更清楚"),
        ("", published, "release", "first"),
    ]
    again = run("publish")
    assert again.exit_code == FAILED
    assert "nothing has changed" in again.stderr


def test_publish_refuses_what_its_cases_contradict(desk: Path, published: str) -> None:
    lenient(desk)
    told = run("publish")
    assert told.exit_code == FAILED
    assert "not published" in told.stderr
    assert ".cases.yaml:" in told.stderr
    assert len(run("revisions").stdout.splitlines()) == 1
