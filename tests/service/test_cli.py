"""The command line: JSON in a pipe, words on a terminal, errors with their place, exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from ontology.issue import ContentError, Issue
from rules.engine import EngineFault
from service import check_commands, commands
from service.cli import app
from service.shipped import Shipped
from service.terminal import Teller, words
from tests.service.conftest import DEMOLITION, Client

UNREADABLE = {"facts": {"task.knd": 1}}


@pytest.fixture(autouse=True)
def _built_once(shipped: Shipped, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "load_shipped", lambda *_: shipped)


def run(*arguments: str, given: object = None) -> Result:
    text = given if isinstance(given, str) else json.dumps(given)
    return CliRunner().invoke(app, list(arguments), input=text)


def test_decide_answers_as_the_api_does(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(DEMOLITION), "utf-8")
    told = run("decide", "admissibility", str(file))
    assert told.exit_code == 0
    from_api = client.decide(DEMOLITION, "?record=false").json()
    from_command = json.loads(told.stdout)
    for changing in ("decided_at",):
        del from_api[changing], from_command[changing]
    assert from_command == from_api


def test_decide_reads_standard_input_and_lists(client: Client) -> None:
    told = run("decide", "admissibility", "-", "--detail", "verdict", given=[DEMOLITION] * 2)
    assert told.exit_code == 0
    assert [one["verdict"] for one in json.loads(told.stdout)] == ["inadmissible"] * 2


def test_the_day_of_the_command_prevails() -> None:
    told = run("decide", "admissibility", "--as-of", "2016-01-01", given=DEMOLITION)
    assert json.loads(told.stdout)["as_of"] == "2016-01-01"


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("admissibility",), UNREADABLE, "$.facts['task.knd']: error: "),
        (("admissibility",), UNREADABLE, "did you mean task.kind?"),
        (("admissibility",), [DEMOLITION, UNREADABLE], "$[1].facts['task.knd']: error: "),
        (("admissibility",), [DEMOLITION, 3], "$[1]: error: a request is a JSON object"),
        (("admissibility",), '{"facts": }', "line 1 column 11"),
        (("admissibility", "/nowhere/x.json"), "", "/nowhere/x.json: cannot be read"),
        (("admissibility", "--as-of", "yesterday"), DEMOLITION, "--as-of: a day is written"),
        (("admisibility",), DEMOLITION, "did you mean admissibility?"),
    ],
)
def test_what_cannot_be_decided_is_said_on_stderr_and_nothing_on_stdout(
    arguments: tuple[str, ...], given: object, says: str
) -> None:
    told = run("decide", *arguments, given=given)
    assert told.exit_code == commands.BAD_INPUT
    assert says in told.stderr
    assert told.stdout == ""


def test_an_engine_fault_has_an_exit_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Any:
        raise EngineFault("x")

    monkeypatch.setattr(commands, "rule_on", broken)
    told = run("decide", "admissibility", given=DEMOLITION)
    assert told.exit_code == commands.FAULT
    assert told.stdout == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_terminal_shows_verdict_reasons_quotes_and_changes(
    client: Client, shipped: Shipped, language: Any
) -> None:
    body = client.decide(DEMOLITION, "?record=false").json()
    out = io.StringIO()
    console = Console(file=out, width=500, highlight=False)
    Teller(console, language, shipped.rulebook).result(body)
    shown = out.getvalue()
    say = words(language)
    assert shown.startswith(say["verdict"]["inadmissible"])
    assert body["summary"][language] in shown
    quotes = [
        citation["quote"]
        for finding in body["findings"]
        if finding["status"] != "fails"
        for citation in finding["citations"]
    ]
    assert quotes
    assert all(quote in shown for quote in quotes)
    acts = [c["act"][language] for found in body["changes"]["sets"] for c in found["changes"]]
    assert acts
    assert all(act in shown for act in acts)


def test_a_terminal_shows_items_and_questions(client: Client, shipped: Shipped) -> None:
    facts = {"task.kind": ["demolition"], "community.jurisdiction": "吉林省"}
    request = {"items": [{"text": "甲", "facts": facts}], "as_of": "2019-01-01"}
    body = client.decide(request, "?record=false").json()
    questions = body["items"][0]["missing"]["questions"]
    out = io.StringIO()
    Teller(Console(file=out, width=500), "zh", shipped.rulebook).result(body)
    assert "第 1 项" in out.getvalue()
    assert questions
    assert all(question["question"]["zh"] in out.getvalue() for question in questions)


def test_both_languages_have_the_same_words() -> None:
    def names(value: Any) -> Any:
        return {k: names(v) for k, v in value.items()} if isinstance(value, dict) else ""

    assert names(words("zh")) == names(words("en"))


def test_rules_check_passes_the_shipped_rulebook() -> None:
    told = run("rules", "check")
    assert told.exit_code == 0, told.output
    assert "0 errors" in told.stderr


def test_rules_check_names_each_fault_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = Issue("error", "no such fact", "rules/x.yaml:3:7", "did you mean y?")
    monkeypatch.setattr(check_commands, "check_rulebook", lambda *_: [fault])
    told = run("rules", "check")
    assert told.exit_code == commands.FAILED
    assert told.stdout == "rules/x.yaml:3:7: error: no such fact (did you mean y?)\n"


def test_rules_test_runs_every_case() -> None:
    told = run("rules", "test")
    assert told.exit_code == 0, told.output
    assert "0 failed" in told.stderr
    assert len(told.stdout.splitlines()) >= 20  # a line for every rule


def case(name: str, acceptable: str, **request: Any) -> str:
    labels = {"expected_verdict": acceptable, "acceptable_verdicts": [acceptable]}
    return json.dumps({"id": name, "text": "甲", "request": request or DEMOLITION} | labels)


def test_eval_shows_each_disagreement_with_the_laws_ground(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(case("A", "inadmissible") + "\n" + case("B", "admissible"), "utf-8")
    told = run("eval", str(file))
    assert told.exit_code == 0
    assert "2 cases: 1 acceptable (50.0%)" in told.stdout
    assert "B admissible → inadmissible" in told.stdout
    assert "拆迁拆违" in told.stdout.split("B admissible → inadmissible")[1]


def test_eval_counts_what_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(case("A", "admissible", fact={}), "utf-8")
    told = run("eval", str(file))
    assert "1 unreadable" in told.stdout
    assert "did you mean facts?" in told.stdout


@pytest.mark.parametrize("content", [None, b"{", b"\xff"])
def test_eval_says_what_is_wrong_with_a_file(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "cases.jsonl"
    if content is not None:
        file.write_bytes(content)
    told = run("eval", str(file))
    assert told.exit_code == commands.BAD_INPUT
    assert str(file) in told.stderr


def test_eval_fails_where_a_task_is_let_in_that_nobody_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(case("A", "inadmissible"), "utf-8")

    body: Any = {"verdict": "admissible", "reason": None, "findings": [], "requirements": []}
    admitting = SimpleNamespace(body=body)
    monkeypatch.setattr(check_commands, "rule_on", lambda *_: admitting)
    told = run("eval", str(file))
    assert told.exit_code == commands.FAILED
    assert "DANGEROUS" in told.stdout


def test_bad_content_is_named_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Any:
        raise ContentError([Issue("error", "not verbatim", "rules/x.yaml:9:3")])

    monkeypatch.setattr(commands, "load_shipped", broken)
    told = run("decide", "admissibility", given=DEMOLITION)
    assert told.exit_code == commands.FAILED
    assert "rules/x.yaml:9:3: error: not verbatim" in told.stderr


def test_build_says_what_it_wrote(tmp_path: Path) -> None:
    told = run("build", "--out", str(tmp_path / "graph"))
    assert told.exit_code == 0, told.output
    assert str(tmp_path / "graph" / "graph.nq") in told.stdout
    assert "sha256:" in told.stdout


def test_build_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = run("build", "--out", str(tmp_path / "file" / "graph"))
    assert told.exit_code == commands.BAD_INPUT
    assert "cannot be written" in told.stderr
