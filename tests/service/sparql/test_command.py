"""`zhunru sparql`: the built graph without a service."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service import commands
from service.cli import app


@pytest.fixture(autouse=True)
def graph(built_graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUNRU_GRAPH_PATH", str(built_graph))


def run(text: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["sparql", "-", *options], input=text)


def test_rows_are_json_in_a_pipe_and_statements_turtle() -> None:
    told = run("SELECT ?s { ?s a <https://zhunru.example/ns#Instrument> } LIMIT 2")
    assert told.exit_code == 0, told.output
    assert len(json.loads(told.stdout)["results"]["bindings"]) == 2
    told = run("DESCRIBE <https://zhunru.example/id/rule/jl-2017-36.five-matters>")
    assert "zr:restsOn" in told.stdout


def test_a_form_can_be_named_and_must_fit() -> None:
    assert run("SELECT (1 AS ?n) {}", "--format", "csv").stdout_bytes == b"n\r\n1\r\n"
    told = run("SELECT (1 AS ?n) {}", "--format", "ttl")
    assert told.exit_code == commands.BAD_INPUT
    assert "json, xml, csv, tsv" in told.stderr


def test_a_file_is_read_and_its_faults_have_a_place(tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("SELECT * {\n  ?s nope:x ?o }", "utf-8")
    told = CliRunner().invoke(app, ["sparql", str(file)])
    assert told.exit_code == commands.BAD_INPUT
    assert f"{file}:2:" in told.stderr
    told = CliRunner().invoke(app, ["sparql", str(tmp_path / "none.rq")])
    assert told.exit_code == commands.BAD_INPUT


@pytest.mark.parametrize("text", ["LOAD <file:///etc/passwd>", "ASK { SERVICE <http://x/> {} }"])
def test_the_command_reaches_no_further_than_the_endpoint(text: str) -> None:
    told = run(text)
    assert told.exit_code == commands.BAD_INPUT
    assert "-:1:" in told.stderr


def test_without_a_graph_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHUNRU_GRAPH_PATH", str(tmp_path / "none.nq"))
    told = run("ASK {}")
    assert told.exit_code == commands.BAD_INPUT
    assert "zhunru build" in told.stderr
