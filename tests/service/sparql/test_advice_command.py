"""`zhunru sparql --advise` and `--explain`: a query judged against the built graph."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service import advice_commands, commands
from service.cli import app

EARLY = """PREFIX eli: <http://data.europa.eu/eli/ontology#>
SELECT * { OPTIONAL { ?s <https://zhunru.example/ns#documentNumber> ?n } ?s eli:title ?t }"""


@pytest.fixture(autouse=True)
def graph(built_graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUNRU_GRAPH_PATH", str(built_graph))


def run(text: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["sparql", "-", *options], input=text)


def test_advice_is_json_in_a_pipe() -> None:
    told = run(EARLY, "--advise")
    assert told.exit_code == 0, told.output
    (advice,) = json.loads(told.stdout)
    assert (advice["slug"], advice["line"], advice["column"]) == ("optional-first", 2, 12)


def test_on_a_terminal_it_has_its_place_and_the_rewritten_query(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    file = tmp_path / "q.rq"
    file.write_text(EARLY, "utf-8")
    advice_commands.advise(str(file), "en")
    told = capsys.readouterr().out
    assert told.startswith(f"{file}:2:12: misleading: OPTIONAL stands before")
    assert "SELECT * { ?s eli:title ?t OPTIONAL {" in told
    advice_commands.explain(str(file), "zh")
    told = capsys.readouterr().out
    assert "OPTIONAL 写在" in told
    assert "?s eli:title ?t" in told
    assert "https://zhunru.example/graph/" in told


def test_an_explanation_counts_what_the_command_would_write() -> None:
    told = json.loads(run(EARLY, "--explain").stdout)
    answer = run(EARLY, "--format", "json")
    assert told["ended"] == "whole"
    assert told["rows"] == len(json.loads(answer.stdout)["results"]["bindings"])
    assert told["bytes"] == len(answer.stdout_bytes)


@pytest.mark.parametrize("option", ["--advise", "--explain"])
def test_faults_have_their_place(option: str) -> None:
    told = run("SELECT * {\n  ?s nope:x ?o }", option)
    assert told.exit_code == commands.BAD_INPUT
    assert "-:2:6: the prefix nope:" in told.stderr
    told = run("DROP ALL", option)
    assert told.exit_code == commands.BAD_INPUT


def test_without_a_graph_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHUNRU_GRAPH_PATH", str(tmp_path / "none.nq"))
    told = run("ASK {}", "--advise")
    assert told.exit_code == commands.BAD_INPUT
    assert "zhunru build" in told.stderr
